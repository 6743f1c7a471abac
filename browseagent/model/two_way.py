"""Attention in both directions within what is read first, in the upper layers of a causal model.

A passage comes before its question, so a causal model reads each of its words without those that follow. The
layers from a number on are trained, and used, as a prefix language model (Raffel et al., 2020, "Exploring the
Limits of Transfer Learning", 3.2.1): there the tokens of a passage see all of it. What it is made into still
does not depend on what follows, so that keys and values can be kept. The layers below stay as they were
pretrained. An adapter says from which layer on it was trained so, and so does the model it is merged into.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

FIELD = "two_way_from"
"""Of an adapter's note and of a model's ``config.json``: the first layer that sees in both directions;
without it none does."""


def middle(model: Any) -> int:
    """The layer from which on readers are trained so: the first of the upper half."""
    return len(model.base_model.layers) // 2


def stacked(lower: torch.Tensor, upper: torch.Tensor) -> torch.Tensor:
    """Masks of the layers below and from there on, shape (rows, 1, tokens, seen) each, as one for
    :func:`see_both_ways`."""
    import torch

    return torch.cat([lower, upper])


def see_both_ways(model: Any, first: int) -> None:
    """Has a Llama of Transformers take :func:`stacked` masks, the second of them from layer ``first`` on.
    Masks that are no two are left as they are."""

    def chosen(second: bool) -> Any:
        def hook(_: Any, args: tuple[Any, ...], given: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
            mask, rows = given.get("attention_mask"), args[0].shape[0]
            if mask is not None and mask.shape[0] == 2 * rows:
                given = given | {"attention_mask": mask[rows:] if second else mask[:rows]}
            return args, given

        return hook

    for number, layer in enumerate(model.base_model.layers):
        layer.register_forward_pre_hook(chosen(number >= first), with_kwargs=True)
