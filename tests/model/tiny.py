"""A causal model small enough to be made in a test, with weights by a seed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import LlamaConfig, LlamaForCausalLM

from browseagent.model.convert import Adapter

TOWER = "The tower was built in 1871 by Thomas Pell, an engineer."


def tiny_llama(seed: int = 0) -> Any:
    torch.manual_seed(seed)
    config = LlamaConfig(
        vocab_size=257,
        hidden_size=32,
        intermediate_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        attn_implementation="eager",
    )
    return LlamaForCausalLM(config).eval()


def merge_adapter(model: nn.Module, path: Path) -> None:
    """Adds the adapter at ``path`` to the model's weights, as PyTorch computes it."""
    adapter = Adapter(path)
    layers = dict(model.named_modules())
    with torch.no_grad():
        for name in adapter.layers:
            up, down = (torch.from_numpy(adapter.tensors[f"{name}.{each}"]) for each in ("up", "down"))
            layers[name].weight += adapter.scale * (up @ down)
