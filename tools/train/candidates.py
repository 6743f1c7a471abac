"""Which answers a question is judged with in training: right ones, and wrong ones that the reader itself
finds likely.

A wrong one begins where the model at hand likes to begin an answer, so that what is learnt is to tell apart
what it would confuse (hard negatives, drawn anew at every step).
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

import torch

from browseagent.model.reader_format import SHORT_ANSWER, Start
from tools.train.groups import Asked

WRONG = 2
"""Wrong answers of a passage and question."""
RIGHT = 2
"""Right ones, where only the sentence is known within which they begin, or that they may stand in."""
TRIED = 12
"""Beginnings that are looked at for them."""
ALIKE = 0.5
"""Share of common letters (F1) with a right answer from which words are right."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An answer that is judged."""

    tokens: tuple[int, ...]
    right: bool


def candidates(
    asked: Asked, starts: Sequence[Start], likely: torch.Tensor, text: str, chance: random.Random
) -> list[Candidate]:
    """Some answers to a question of one passage; ``likely`` holds the log-probability of every token as the
    first of an answer, shape (vocabulary,)."""
    if not starts:
        return []
    found: dict[tuple[int, ...], Candidate] = {}
    if asked.answer[:-1]:
        found[asked.answer[:-1]] = Candidate(asked.answer[:-1], True)
    scores = likely[torch.tensor([start.tokens[0] for start in starts])].tolist()
    # The Gumbel-max trick: drawn without putting back, each as often as it is likely.
    drawn = sorted(range(len(starts)), key=lambda i: -(scores[i] - _gumbel(chance)))
    wanted = {True: RIGHT if asked.stretches else 0, False: WRONG}
    for number in drawn[:TRIED]:
        start = starts[number]
        end = _end(start, chance)
        right = None if end is None else is_right(asked, start.offset, start.ends[end], text)
        if end is None or right is None or not wanted[right]:
            continue
        tokens = start.tokens[: end + 1]
        if tokens not in found:
            found[tokens] = Candidate(tokens, right)
            wanted[right] -= 1
    inside = [start for start in starts if any(a <= start.offset < b for a, b in asked.stretches)]
    while wanted[True] and inside:
        wanted[True] -= 1
        start = chance.choice(inside)
        end = _end(start, chance)
        if end is not None:
            tokens = start.tokens[: end + 1]
            found[tokens] = Candidate(tokens, True)
    return list(found.values())


def _gumbel(chance: random.Random) -> float:
    """Minus a draw of the standard Gumbel distribution."""
    return math.log(chance.expovariate(1.0) + 1e-9)


def _end(start: Start, chance: random.Random) -> int | None:
    """The number of a token at which an answer from there may end, drawn among the short ones."""
    ends = [number for number, end in enumerate(start.ends[:SHORT_ANSWER]) if end >= 0]
    return chance.choice(ends) if ends else None


def is_right(asked: Asked, start: int, end: int, text: str) -> bool | None:
    """Whether a stretch of a passage's text is a right answer; None where it is neither right nor wrong."""
    if any(first <= start < last for first, last in asked.stretches):
        return True
    words = text[start:end]
    if any(words == text[first:last] for first, last in asked.spans):
        return True
    shared = max((_alike((start, end), span) for span in asked.spans), default=0.0)
    return True if shared >= ALIKE else False if not shared else None


def _alike(one: tuple[int, int], other: tuple[int, int]) -> float:
    shared = max(0, min(one[1], other[1]) - max(one[0], other[0]))
    return 2 * shared / (one[1] - one[0] + other[1] - other[0])
