"""The runtime alone: ``python bench/_runtime.py FOLDER TOKENS``.

Loads the embedded model's layers and reads so many tokens, in batches of four rows of 256, and does nothing
else of the program.
"""

from __future__ import annotations

import sys
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from browseagent.model.decoder import Text, batch_of
from browseagent.model.engine import open_decoder

ROWS, WIDTH = 4, 256


def main(folder: Path, tokens: int) -> None:
    """Loads and reads."""
    decoder, _ = open_decoder(folder, "openvino")
    left = tokens
    while left > 0:
        rows = [tuple(range(5, 5 + min(WIDTH, max(1, left - row * WIDTH)))) for row in range(ROWS)]
        rows = rows[: max(1, -(-min(left, ROWS * WIDTH) // WIDTH))]
        decoder.read(batch_of([[Text(row)] for row in rows]))
        left -= sum(map(len, rows))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
