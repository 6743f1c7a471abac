"""One passage and many questions in one row of tokens: the passage is read once for all of them.

    passage | question 1 answer 1 | question 2 answer 2 | …

Each branch sees the passage and itself, never another branch, and its positions go on from the
passage's end: what the model computes for a branch is what it would compute for that branch alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from browseagent.model.two_way import stacked


@dataclass(frozen=True, slots=True)
class Branch:
    """Tokens that follow the prefix, and how much the loss of predicting each of them counts."""

    tokens: tuple[int, ...]
    weights: tuple[float, ...] = ()
    """As long as ``tokens``, or empty where nothing is trained. The first is not predicted: 0."""


@dataclass(frozen=True, slots=True)
class Row:
    """A prefix and its branches."""

    prefix: tuple[int, ...]
    branches: tuple[Branch, ...]

    def __len__(self) -> int:
        return len(self.prefix) + sum(len(branch.tokens) for branch in self.branches)


def ids_of(row: Row) -> torch.Tensor:
    """Token numbers, shape (1, length)."""
    return torch.tensor([[*row.prefix, *(token for branch in row.branches for token in branch.tokens)]])


def positions_of(row: Row) -> torch.Tensor:
    """Positions, shape (1, length)."""
    start = len(row.prefix)
    after = [start + place for branch in row.branches for place in range(len(branch.tokens))]
    return torch.tensor([[*range(start), *after]])


def branch_mask(prefix: int, lengths: Sequence[int], dtype: torch.dtype) -> torch.Tensor:
    """What may be attended to, as a bias to add: 0 or the least number of ``dtype``. Two masks: in the upper
    layers the prefix sees all of itself (:mod:`browseagent.model.two_way`).

    Args:
        prefix: tokens of the prefix.
        lengths: tokens of each branch.
        dtype: the attention scores' type.

    Returns:
        Shape (2, 1, length, length), rows attend to columns.
    """
    length = prefix + sum(lengths)
    seen = torch.zeros(length, length, dtype=torch.bool)
    seen[:, :prefix] = True
    start = 0
    for size in (prefix, *lengths):
        seen[start : start + size, start : start + size] = torch.ones(size, size, dtype=torch.bool).tril()
        start += size
    upper = seen.clone()
    upper[:prefix, :prefix] = True
    both = stacked(seen[None, None], upper[None, None])
    return torch.zeros(both.shape, dtype=dtype).masked_fill_(~both, torch.finfo(dtype).min)


def targets_of(row: Row) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """(positions whose state predicts, tokens to predict, weights), each of shape (predicted,)."""
    at: list[int] = []
    tokens: list[int] = []
    weights: list[float] = []
    start = len(row.prefix)
    for branch in row.branches:
        for place, weight in enumerate(branch.weights):
            if place and weight:
                at.append(start + place - 1)
                tokens.append(branch.tokens[place])
                weights.append(weight)
        start += len(branch.tokens)
    return torch.tensor(at), torch.tensor(tokens), torch.tensor(weights)
