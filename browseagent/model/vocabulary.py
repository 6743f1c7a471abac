"""Log-probabilities of some tokens, a piece of the vocabulary at a time: the widest matrix of a small model
is never in memory as a whole, nor are the likelihoods of all 49,000 tokens after each of 400 states."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from browseagent.model.decoder import Ints
from browseagent.model.tensors import Floats

PIECE = 4096
"""Tokens. Between 2,048 and the whole vocabulary the time is the same (280 states: a tenth of a second)."""


def log_probabilities(
    states: Floats, table: Floats, rows: Ints, tokens: Ints, done: Callable[[], None]
) -> Floats:
    """Of each of ``tokens`` after the state, one of ``states`` (n, width), in the same place of ``rows``, by
    the projection's table (tokens, width).

    Always in float32: in bfloat16 logits of 20 are an eighth apart. ``done`` is called after each piece.
    """
    found = np.empty(len(tokens), np.float32)
    top = np.full((len(states), 1), -np.inf, np.float32)
    total = np.zeros((len(states), 1), np.float32)
    for first in range(0, len(table), PIECE):
        piece = table[first : first + PIECE]
        logits = states @ piece.T
        here = (tokens >= first) & (tokens < first + len(piece))
        found[here] = logits[rows[here], tokens[here] - first]
        higher = np.maximum(top, logits.max(1, keepdims=True))
        logits -= higher
        total = total * np.exp(top - higher) + np.exp(logits, out=logits).sum(1, keepdims=True)
        top = higher
        done()
    rated: Floats = found - (top + np.log(total))[rows, 0]
    return rated
