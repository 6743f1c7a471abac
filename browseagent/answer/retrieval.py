"""The excerpts of documents that a question is about by their words alone (BM25), however long the pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from browseagent.answer.bm25 import BM25
from browseagent.answer.excerpts import Excerpt, excerpts
from browseagent.answer.lexical import terms
from browseagent.answer.passages import Unit
from browseagent.answer.question import Question
from browseagent.records import Document

READ = 8
"""Excerpts that are read for a question: some 1,900 tokens the first time. On pages never trained on eight
hold the answer for .97 of those in the main text and .94 of those beside it, six for .95 and .90."""
UNIT_WEIGHT = 0.5
"""Of the best unit's own BM25 score beside the whole excerpt's."""
EXCERPT_WEIGHT = 0.3
"""Of the excerpt's BM25 score beside a unit's own, where units are compared."""
Key = tuple[str, int, int]
"""Of a unit: its document's URL and length, and where it begins."""


@dataclass(frozen=True, slots=True)
class Index:
    """The excerpts of some documents, ready for BM25."""

    excerpts: tuple[Excerpt, ...]
    by_excerpt: BM25
    by_unit: BM25
    number: dict[Key, int]
    """Of each unit, by its document and place."""
    unit_terms: tuple[frozenset[str], ...]
    owner: tuple[int, ...]
    """For each unit the number of its excerpt."""


@dataclass(frozen=True, slots=True)
class Scores:
    """What BM25 gives every excerpt and every unit for one question."""

    by_excerpt: list[float]
    by_unit: list[float]


@lru_cache(maxsize=4)
def index_of(documents: tuple[Document, ...]) -> Index:
    """The index of some documents, which is kept for a while."""
    shown = [excerpt for document in documents for excerpt in excerpts(document)]
    texts = [terms(f"{excerpt.heading} {excerpt.text}") for excerpt in shown]
    every = [(number, unit) for number, excerpt in enumerate(shown) for unit in excerpt.units]
    unit_texts = [terms(unit.reading) for _, unit in every]
    return Index(
        tuple(shown),
        BM25(texts, k1=1.2, b=0.5),
        BM25(unit_texts),
        {unit_key(unit): place for place, (_, unit) in enumerate(every)},
        tuple(map(frozenset, unit_texts)),
        tuple(number for number, _ in every),
    )


def best_excerpts(
    question: Question, documents: Sequence[Document], most: int, budget: int
) -> tuple[Excerpt, ...]:
    """The excerpts that a question is about by their words alone, in the order of the documents, at most
    ``most`` of them and about ``budget`` tokens."""
    return excerpts_for((question,), documents, most, budget)


def excerpts_for(
    questions: Sequence[Question], documents: Sequence[Document], most: int, budget: int
) -> tuple[Excerpt, ...]:
    """The same for several questions: the best excerpt of each, then the second of each, and so on, as far as
    one budget goes."""
    index = index_of(tuple(documents))
    ranked = [retrieve(scores_of(each, index), index, budget, most=most) for each in questions]
    chosen: list[int] = []
    for i, _ in (each for rank in zip_longest(*ranked) for each in rank if each is not None):
        if i not in chosen:
            budget -= _tokens(index.excerpts[i])
            if chosen and budget < 0:
                break
            chosen.append(i)
    return tuple(index.excerpts[i] for i in sorted(chosen))


def _tokens(excerpt: Excerpt) -> int:
    """About how many tokens an excerpt has where it is shown."""
    return len(excerpt.text) // 3 + 50


def scores_of(question: Question, index: Index) -> Scores:
    """What BM25 gives to all that is indexed."""
    return Scores(index.by_excerpt.scores(question.sought), index.by_unit.scores(question.sought))


def unit_key(unit: Unit) -> Key:
    """What tells a unit from all others. Equal documents may be different objects (both are cached)."""
    document = unit.passage.document
    return document.url, len(document.text), unit.passage.start


def unit_scores(scores: Scores, index: Index) -> list[float]:
    """Of each unit its own score with a share of its excerpt's."""
    return [
        own + EXCERPT_WEIGHT * scores.by_excerpt[i]
        for own, i in zip(scores.by_unit, index.owner, strict=True)
    ]


def best_units(question: Question, documents: Sequence[Document], most: int) -> list[Unit]:
    """The units that a question is about by their words alone, best first; none that shares no word."""
    index = index_of(tuple(documents))
    units = [unit for excerpt in index.excerpts for unit in excerpt.units]
    rated = unit_scores(scores_of(question, index), index)
    best = sorted((i for i, score in enumerate(rated) if score > 0), key=lambda i: (-rated[i], i))
    return [units[i] for i in best[:most]]


def retrieve(scores: Scores, index: Index, budget: int, most: int = READ) -> list[tuple[int, float]]:
    """(excerpt, score) of the best excerpts that fit the budget, best first."""
    best_unit = [0.0] * len(scores.by_excerpt)
    for number, score in zip(index.owner, scores.by_unit, strict=True):
        best_unit[number] = max(best_unit[number], score)
    total = [a + UNIT_WEIGHT * b for a, b in zip(scores.by_excerpt, best_unit, strict=True)]
    kept: list[tuple[int, float]] = []
    for i in sorted(range(len(total)), key=lambda i: (-total[i], i))[:most]:
        budget -= _tokens(index.excerpts[i])
        if kept and budget < 0:
            break
        kept.append((i, total[i]))
    return kept
