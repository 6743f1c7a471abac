"""Summaries: the pieces of the pages that an editor would take, in their order, each a quote.

A chooser learnt from editors' choices says how likely each piece would be taken (``answer/chooser.py``). They
are taken greedily, least like those already taken (maximal marginal relevance; Carbonell & Goldstein, 1998).
No model reads: it costs less than a question, and works without one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import chain

from browseagent.answer.chooser import Rated, Vector, default_chooser
from browseagent.answer.lexical import words
from browseagent.answer.passages import units
from browseagent.answer.pieces import pieces
from browseagent.records import Coverage, Document, Length, Summary

POINTS: dict[Length, int] = {"short": 3, "medium": 6, "long": 12}
ALIKE, SAME_SECTION = 1.5, 0.1
"""What a piece loses, in logits, for being like one that is taken, and for each under the same heading."""
REPEATS = 0.6
"""Cosine from which a piece says what another has said."""
LEAST = 0.04
"""A piece that an editor would take less likely is no point, where there is another."""


def summarize(
    documents: Sequence[Document], length: Length = "medium", *, most: int | None = None
) -> Summary:
    """The points of some documents, ``most`` where fewer than the length says are wanted; what one page says
    is not said again of another."""
    wanted = most or POINTS[length]
    found = [default_chooser().rated(pieces(document)) for document in documents]
    chosen: list[Rated] = []
    for rated, share in zip(found, _shares(wanted, documents), strict=True):
        chosen += taken(rated, share, chosen)
    read = list(chain.from_iterable(found))
    coverage = Coverage(
        chars=sum(len(document.text) for document in documents),
        chars_read=sum(unit.passage.end - unit.passage.start for each in read for unit in each.piece.units),
        passages=sum(len(units(document)) for document in documents),
        passages_read=sum(len(each.piece.units) for each in read),
    )
    return Summary(points=tuple(each.piece.point() for each in chosen), coverage=coverage)


def _shares(points: int, documents: Sequence[Document]) -> list[int]:
    """How many points each document gets: at least one, longer ones more, by the square root."""
    sizes = [math.sqrt(len(document.text)) for document in documents]
    return [max(1, round(points * size / (sum(sizes) or 1.0))) for size in sizes]


def taken(rated: Sequence[Rated], points: int, before: Sequence[Rated] = ()) -> list[Rated]:
    """The pieces of one document that are taken, in its order; ``before``: what is said already."""
    said = {_folded(each) for each in before}
    found: list[Rated] = []
    while len(found) < points:
        best, best_rating = None, -math.inf
        for each in rated:
            if each in found or _folded(each) in said:
                continue
            likeness = max((_cosine(each.vector, other.vector) for other in (*before, *found)), default=0.0)
            section = each.piece.units[0].section
            beside = sum(section == other.piece.units[0].section for other in found)
            rating = _logit(each.likelihood) - ALIKE * likeness - SAME_SECTION * beside
            if likeness < REPEATS and rating > best_rating:
                best, best_rating = each, rating
        if best is None or (found and best.likelihood < LEAST):
            break
        found.append(best)
        said.add(_folded(best))
    return sorted(found, key=lambda each: each.piece.place)


def _folded(rated: Rated) -> str:
    return " ".join(words(rated.piece.words_shown))


def _logit(likelihood: float) -> float:
    return (
        math.log(likelihood / (1 - likelihood)) if 0 < likelihood < 1 else math.copysign(30, likelihood - 0.5)
    )


def _cosine(one: Vector, other: Vector) -> float:
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())
