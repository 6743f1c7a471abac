"""Log-probabilities of some tokens, a piece of the vocabulary at a time: the widest matrix of a small model
is never in memory as a whole, nor are the likelihoods of all 49,000 tokens after each of 400 states."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from browseagent.model.decoder import Ints
from browseagent.model.tensors import Floats

PIECE = 4096
"""Tokens. Between 2,048 and the whole vocabulary the time is the same (280 states: a tenth of a second)."""


def log_probabilities(states: Floats, table: Floats, wanted: Ints, done: Callable[[], None]) -> Floats:
    """Of tokens ``wanted`` (n, k) after states (n, width), by the projection's table (tokens, width).

    Always in float32: in bfloat16 logits of 20 are an eighth apart. ``done`` is called after each piece.
    """
    found = np.empty(wanted.shape, np.float32)
    top = np.full((len(states), 1), -np.inf, np.float32)
    total = np.zeros((len(states), 1), np.float32)
    for first in range(0, len(table), PIECE):
        piece = table[first : first + PIECE]
        logits = states @ piece.T
        rows, places = np.nonzero((wanted >= first) & (wanted < first + len(piece)))
        found[rows, places] = logits[rows, wanted[rows, places] - first]
        higher = np.maximum(top, logits.max(1, keepdims=True))
        logits -= higher
        total = total * np.exp(top - higher) + np.exp(logits, out=logits).sum(1, keepdims=True)
        top = higher
        done()
    rated: Floats = found - top - np.log(total)
    return rated
