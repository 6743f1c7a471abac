"""GGUF to safetensors through Transformers, the reader's adapter merged into the weights.

Run as a child: ``python -m browseagent.model.convert GGUF FOLDER [ADAPTER]``.

A process of its own, so that the conversion can be given a deadline, its memory (about 1.3 GB for
135 million parameters, in float32 while it is unpacked) goes back at once, and nothing that the
libraries print reaches our own output.
"""

from __future__ import annotations

import sys
from pathlib import Path

OFFLINE = {"HF_HUB_OFFLINE": "1", "HF_HUB_DISABLE_TELEMETRY": "1", "TRANSFORMERS_VERBOSITY": "error"}
"""Environment in which Transformers asks no server for anything."""


def convert(gguf: Path, folder: Path, adapter: Path | None = None) -> None:
    """Writes the model in ``gguf`` to ``folder`` as bfloat16 safetensors, with its tokenizer.

    ``adapter`` is merged first where it is given.

    Unpacking gives float32. Rounding that to bfloat16 moves a weight by at most 2**-9 of itself,
    while the four-bit quantisation that it came from has steps of a fifteenth of a block's range.
    """
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

    model = AutoModelForCausalLM.from_pretrained(
        str(gguf.parent),
        gguf_file=gguf.name,
        dtype=torch.bfloat16,
        quantization_config=GgufConfig(dequantize=True),
    )
    tokenizer = AutoTokenizer.from_pretrained(str(gguf.parent), gguf_file=gguf.name)
    if adapter is not None:
        from browseagent.model.lora import merge_adapter

        merge_adapter(model, adapter)
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]), *map(Path, sys.argv[3:4]))
