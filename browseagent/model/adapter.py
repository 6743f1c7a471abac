"""A low-rank adapter's file, and weights with it merged: ``W + (alpha / rank) B A`` (Hu et al., 2021).

Without PyTorch; how one is trained is in :mod:`browseagent.model.lora`.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
from safetensors import SafetensorError, safe_open

from browseagent.errors import ModelError
from browseagent.model.tensors import Floats

PROJECTIONS = ("q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj")
"""The linear maps of a Llama layer, which adapters correct."""


class Adapter:
    """What an adapter adds to the weights of a model."""

    def __init__(self, path: Path) -> None:
        """Raises :class:`ModelError` where the file is no adapter."""
        try:
            with safe_open(str(path), framework="numpy") as file:
                notes = json.loads((file.metadata() or {})["adapter"])
                self.scale = float(notes["alpha"] / notes["rank"])
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
