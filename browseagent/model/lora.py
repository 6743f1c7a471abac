"""Low-rank adapters: what is trained of a model, kept in a small file, merged into its weights.

A linear map ``y = W x`` becomes ``y = W x + (alpha / rank) B (A x)`` with W frozen (Hu et al., 2021,
"LoRA: Low-Rank Adaptation of Large Language Models"). A is random, B zero, so that training begins
at the model as it was. Merging adds ``(alpha / rank) B A`` to W: the model is as fast as before.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from torch import nn

from browseagent.durable import write_atomically
from browseagent.errors import ModelError
from browseagent.model import two_way
from browseagent.model.convert import PROJECTIONS


class LoraLinear(nn.Module):
    """A frozen linear map and its low-rank correction; computes in the frozen map's dtype."""

    def __init__(self, frozen: nn.Linear, rank: int, alpha: float, generator: torch.Generator) -> None:
        super().__init__()
        self.frozen = frozen
        self.scale = alpha / rank
        width = frozen.in_features
        self.down = nn.Parameter(
            torch.empty(rank, width).normal_(0, 1 / math.sqrt(width), generator=generator)
        )
        """A, shape (rank, in), float32."""
        self.up = nn.Parameter(torch.zeros(frozen.out_features, rank))
        """B, shape (out, rank), float32."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """x of shape (…, in) to (…, out)."""
        inner = nn.functional.linear(x, self.down.to(x.dtype))
        corrected: torch.Tensor = self.frozen(x)
        return corrected + nn.functional.linear(inner, (self.up * self.scale).to(x.dtype))


def add_adapters(model: nn.Module, *, rank: int, alpha: float, seed: int) -> dict[str, nn.Parameter]:
    """Freezes a model and puts an adapter on each of its :data:`PROJECTIONS`; gives what is to be
    trained, by name, in a fixed order. Raises :class:`ModelError` where the model has none of them."""
    generator = torch.Generator().manual_seed(seed)
    for parameter in model.parameters():
        parameter.requires_grad_(False)
    trained: dict[str, nn.Parameter] = {}
    for name, parent, child, layer in list(_layers(model, nn.Linear)):
        adapted = LoraLinear(layer, rank, alpha, generator)
        setattr(parent, child, adapted)
        trained[f"{name}.down"], trained[f"{name}.up"] = adapted.down, adapted.up
    if not trained:
        raise ModelError("this model has no layers that adapters are made for", hint="Llama's are")
    return trained


def save_adapter(
    path: Path, trained: Mapping[str, torch.Tensor], *, alpha: float, about: str, two_way_from: int | None
) -> None:
    """Stores an adapter as float16 safetensors, atomically; ``about`` says in words what it is, and
    ``two_way_from`` from which layer on it was trained with attention in both directions."""
    rank = next(tensor.shape[0] for name, tensor in trained.items() if name.endswith(".down"))
    tensors = {name: tensor.detach().to(torch.float16).contiguous() for name, tensor in trained.items()}
    # One note: the order of several would differ from run to run, and with it the file's hash.
    note = json.dumps({"alpha": alpha, "rank": rank, "about": about, two_way.FIELD: two_way_from})
    write_atomically(path, save(tensors, metadata={"adapter": note}))


def _layers(model: nn.Module, kind: type[Any]) -> Iterator[tuple[str, nn.Module, str, Any]]:
    """(name, parent, name in the parent, layer) of each projection, in the model's order."""
    for name, parent in model.named_modules():
        for child, layer in parent.named_children():
            if child in PROJECTIONS and isinstance(layer, kind):
                yield f"{name}.{child}", parent, child, layer
