"""A model's files as they are stored: float32 weights with the reader's adapter merged, and its tokenizer.

From a GGUF, or from the folder that earlier versions stored (bfloat16, the adapter merged already).
One tensor is in memory at a time, and neither PyTorch nor Transformers is needed. Float32 costs twice
the disk of bfloat16, and is what most processors compute in: a runtime takes it from the file as it
lies there (:mod:`browseagent.model.openvino`).
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError, safe_open

from browseagent.errors import ModelError
from browseagent.model import two_way
from browseagent.model.tensors import Floats, write_tensors

WEIGHTS, CONFIG = "model.safetensors", "config.json"
PROJECTIONS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
"""The linear maps of a Llama layer, which adapters correct."""
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
    if adapter is not None and change.two_way_from is not None:
        config = json.loads((folder / CONFIG).read_text("utf-8")) | {two_way.FIELD: change.two_way_from}
        (folder / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
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
    for name in sorted(each.name for each in stored.iterdir() if each.name not in (WEIGHTS, CONFIG)):
        shutil.copyfile(stored / name, folder / name)
    config = json.loads((stored / CONFIG).read_text("utf-8")) | {"dtype": "float32"}
    (folder / CONFIG).write_text(json.dumps(config, indent=2) + "\n", encoding="utf-8")
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


class Adapter:
    """What a low-rank adapter adds to the weights of a model: ``(alpha / rank) B A`` (Hu et al., 2021). How
    one is trained is in :mod:`browseagent.model.lora`."""

    def __init__(self, path: Path) -> None:
        """Raises :class:`ModelError` where the file is no adapter."""
        try:
            with safe_open(str(path), framework="numpy") as file:
                notes = json.loads((file.metadata() or {})["adapter"])
                self.alpha = float(notes["alpha"])
                self.scale = self.alpha / notes["rank"]
                self.about = str(notes.get("about", ""))
                self.two_way_from: int | None = notes.get(two_way.FIELD)
                self.tensors: dict[str, Floats] = {
                    name: file.get_tensor(name).astype(np.float32)
                    for name in file.keys()  # noqa: SIM118 - no mapping
                }
        except (OSError, KeyError, ValueError, TypeError, SafetensorError) as error:
            raise ModelError(f"the adapter {path} cannot be used: {error}") from error
        self.path = path

    @property
    def layers(self) -> set[str]:
        """Names of the linear maps that it corrects."""
        return {name.rpartition(".")[0] for name in self.tensors}

    def check(self, names: set[str]) -> None:
        """Raises :class:`ModelError` unless it is for just these linear maps."""
        if self.layers != names or len(self.tensors) != 2 * len(names):
            raise ModelError(f"the adapter {self.path} cannot be used: it is for another model")

    def merged(self, layer: str, weight: Floats) -> Floats:
        """The weight of a linear map, shape (out, in), with what the adapter adds to it; unchanged where it
        adds nothing. Raises :class:`ModelError` where the shapes do not fit."""
        if f"{layer}.up" not in self.tensors:
            return weight
        change = self.scale * (self.tensors[f"{layer}.up"] @ self.tensors[f"{layer}.down"])
        if change.shape != weight.shape:
            raise ModelError(f"the adapter {self.path} cannot be used: {layer} has another shape")
        merged: Floats = weight + change
        return merged
