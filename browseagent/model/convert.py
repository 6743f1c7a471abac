"""A model's files as they are stored: float32 weights with the reader's adapter merged, and its tokenizer.

From a GGUF, or from the folder that earlier versions stored (bfloat16, the adapter merged already).
One tensor is in memory at a time, and neither PyTorch nor Transformers is needed. Float32 costs twice
the disk of bfloat16, and is what most processors compute in: a runtime takes it from the file as it
lies there (:mod:`browseagent.model.openvino_decoder`).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from browseagent.errors import ModelError
from browseagent.model.adapter import PROJECTIONS, Adapter
from browseagent.model.tensors import Floats, write_tensors

WEIGHTS = "model.safetensors"
Progress = Callable[[int, int], None]
"""Is told how many of how many tensors are written."""


def convert(gguf: Path, folder: Path, adapter: Path | None, progress: Progress) -> None:
    """Writes the model in ``gguf`` to ``folder``. Raises :class:`ModelError`."""
    from browseagent.model.gguf_file import GgufModel

    model = GgufModel(gguf)
    shapes = model.shapes
    tensors = model.tensors()
    if adapter is not None:
        change = Adapter(adapter)
        layers = {name.removesuffix(".weight") for name in shapes}
        change.check({layer for layer in layers if layer.rpartition(".")[2] in PROJECTIONS})
        tensors = ((name, change.merged(name.removesuffix(".weight"), each)) for name, each in tensors)
    model.write(folder)
    write_tensors(folder / WEIGHTS, shapes, _counted(tensors, len(shapes), progress))


def widen(stored: Path, folder: Path, progress: Progress) -> None:
    """Writes the model that an earlier version stored in bfloat16 to ``folder``: the same weights, each twice
    as wide. Raises :class:`ModelError` where they are of another type."""
    path = stored / WEIGHTS
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        fields: dict[str, Any] = json.loads(file.read(size))
    fields.pop("__metadata__", None)
    if any(about["dtype"] != "BF16" for about in fields.values()):
        raise ModelError(f"{path} is not of the type that was stored", hint="browseagent model fetch --force")
    for name in sorted(each.name for each in stored.iterdir() if each.name not in (WEIGHTS, "config.json")):
        shutil.copyfile(stored / name, folder / name)
    config = json.loads((stored / "config.json").read_text("utf-8")) | {"dtype": "float32"}
    (folder / "config.json").write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
    shapes = {name: about["shape"] for name, about in fields.items()}
    tensors = _widened(np.memmap(path, np.uint8, "r", 8 + size), fields)
    write_tensors(folder / WEIGHTS, shapes, _counted(tensors, len(shapes), progress))


def _widened(data: Any, fields: Mapping[str, Any]) -> Iterator[tuple[str, Floats]]:
    """A bfloat16 is the first half of a float32."""
    for name, about in fields.items():
        start, end = about["data_offsets"]
        half = np.frombuffer(data[start:end], "<u2").astype(np.uint32)
        yield name, (half << 16).view(np.float32).reshape(about["shape"])


def _counted(
    tensors: Iterator[tuple[str, Floats]], total: int, progress: Progress
) -> Iterator[tuple[str, Floats]]:
    for done, each in enumerate(tensors):
        progress(done, total)
        yield each
    progress(total, total)
