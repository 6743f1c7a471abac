"""How many tokens the embedded model reads for one question: ``python bench/_tokens.py QUESTION URL``."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from browseagent import Agent
from browseagent.config import default_settings
from browseagent.model.decoder import Batch
from browseagent.model.openvino import OpenVinoDecoder
from browseagent.model.tensors import Floats

_READ = OpenVinoDecoder.read


async def main(question: str, url: str) -> int:
    """Asks, counting."""
    count = 0

    def read(self: OpenVinoDecoder, batch: Batch) -> tuple[Floats, Sequence[tuple[Floats, Floats]]]:
        nonlocal count
        count += batch.tokens
        return _READ(self, batch)

    OpenVinoDecoder.read = read  # type: ignore[method-assign]
    async with Agent(settings=replace(default_settings(), offline=True)) as agent:
        await agent.ask(question, url)
    return count


if __name__ == "__main__":
    print(asyncio.run(main(*sys.argv[1:])))
