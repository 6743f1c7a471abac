"""From a question and documents to ranked answers, with a trained reader.

BM25 (:mod:`browseagent.answer.retrieval`) picks a few excerpts, however long the pages; the reader says of
each how likely it is that it has no answer, which of its words would be one, and how sure it is of them. A
linear combination of that with what the words alone tell rates the answers; of the likeliest sentence's
answers the one is given that is nearest to the others.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

from browseagent.answer.excerpts import Excerpt
from browseagent.answer.expect import fits, is_priced, may_answer
from browseagent.answer.passages import Unit
from browseagent.answer.question import Kind, Question
from browseagent.answer.retrieval import (
    Index,
    Key,
    Scores,
    index_of,
    retrieve,
    scores_of,
    unit_key,
    unit_scores,
)
from browseagent.answer.spans import is_former
from browseagent.answer.weights import Weights
from browseagent.answer.word_f1 import least_risk
from browseagent.answer.yesno import may_decide
from browseagent.model.port import Reader, Reading, ReadPassage, Span
from browseagent.records import Document

_EDGES = re.compile(r"^[\W_]+|[\W_]+$|\b(the|an?)\b", re.I)


@dataclass(frozen=True, slots=True)
class AnswerFeatures:
    """What is known of one answer to one question."""

    likelihood: float
    """Log-probability of the words as the answer, given the excerpt and the question."""
    none: float
    """Log-probability that the excerpt has no answer."""
    bm25: float
    """The excerpt's BM25 score over the best excerpt's."""
    unit_bm25: float
    """The unit's own score, with a share of its excerpt's, over the best unit's anywhere."""
    cover: float
    """Share of the question's content terms in the unit, weighted by how rare they are."""
    fits: float
    """1 where the words have the form that the question expects (a number, a price, a date, a name)."""
    length: float
    """Logarithm of the number of words."""
    judged: float
    """Log-odds of being right, as the reader judges it when it has written it."""
    share: float
    """Logarithm of its share, by that, among the best answers of each unit and that there is none."""


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: a span of a document, the unit that holds it, and how good it is."""

    unit: Unit
    start: int
    end: int
    features: AnswerFeatures
    score: float
    yes: float
    """Log-odds of yes against no in its excerpt, where the question asks which."""

    @property
    def text(self) -> str:
        """The words of the answer."""
        return self.unit.passage.document.text[self.start : self.end]


def read_answers(
    question: Question,
    documents: Sequence[Document],
    reader: Reader,
    budget: int,
    weights: Weights,
) -> list[Found]:
    """The answers that the documents may give, of at most ``budget`` tokens of reading: first the one with
    the least risk (:mod:`browseagent.answer.word_f1`), then the others from the best score on."""
    index = index_of(tuple(documents))
    if not index.excerpts:
        return []
    scores = scores_of(question, index)
    chosen = retrieve(scores, index, budget)
    readings = reader.read(question.words, [_passage(index.excerpts[i]) for i, _ in chosen])
    found = [
        Found(unit, start, end, features, weights.rank(asdict(features)), yes)
        for unit, start, end, features, yes in _answers(question, index, scores, chosen, readings)
    ]
    found = [
        each
        for each in found
        if may_decide(question, each.unit)
        and (may_answer(question, each.text) or is_priced(question, each.unit.passage.document, each.start))
    ]
    # A price is an amount of money, whatever else is likely: the weights were fitted where none is asked for.
    priced = [each for each in found if question.kind is Kind.MONEY and each.features.fits]
    now = [each for each in priced if not is_former(question, each.unit.passage.document.text, each.start)]
    rated = sorted(now or priced or found, key=lambda each: -each.score)
    if not rated:
        return []
    given = least_risk(
        [each.text for each in rated],
        [each.score for each in rated],
        [unit_key(each.unit) for each in rated],
    )
    return [rated[given], *rated[:given], *rated[given + 1 :]]


def _passage(excerpt: Excerpt) -> ReadPassage:
    """What the reader is shown: an answer stands in one unit, and in the document as it is."""
    return ReadPassage(excerpt.heading, excerpt.text, excerpt.stretches)


def _answers(
    question: Question,
    index: Index,
    scores: Scores,
    chosen: Sequence[tuple[int, float]],
    readings: Sequence[Reading],
) -> Iterator[tuple[Unit, int, int, AnswerFeatures, float]]:
    asked = set(question.sought)
    idf = {term: index.by_unit.idf(term) for term in asked}
    mass = sum(idf.values()) or 1.0
    top = max(score for _, score in chosen) or 1.0
    by_unit = unit_scores(scores, index)
    most = max(by_unit) or 1.0
    placed = [
        list(_placed(index.excerpts[i], reading)) for (i, _), reading in zip(chosen, readings, strict=True)
    ]
    mass_judged = _mass(each for some in placed for each in some)
    for (i, score), reading, some in zip(chosen, readings, placed, strict=True):
        excerpt = index.excerpts[i]
        for span, unit, start, end in some:
            words = excerpt.text[span.start : span.end]
            number = index.number[unit_key(unit)]
            features = AnswerFeatures(
                likelihood=max(-15.0, span.likelihood),
                none=max(-15.0, reading.none),
                bm25=score / top,
                unit_bm25=by_unit[number] / most,
                cover=sum(idf[term] for term in asked & index.unit_terms[number]) / mass,
                fits=float(fits(question.kind, words) or is_priced(question, unit.passage.document, start)),
                length=math.log(max(1, len(words.split()))),
                judged=span.judged,
                share=span.judged - mass_judged,
            )
            yield unit, start, end, features, reading.yes


def _placed(excerpt: Excerpt, reading: Reading) -> Iterator[tuple[Span, Unit, int, int]]:
    """The answers of an excerpt that stand in one unit of the document, and where in it."""
    for span in reading.spans:
        place = excerpt.span(span.start, span.end)
        unit = excerpt.unit_at(place[0]) if place else None
        if place is not None and unit is not None and place[1] <= unit.passage.end:
            yield span, unit, *place


def _mass(every: Iterable[tuple[Span, Unit, int, int]]) -> float:
    """Log of the summed odds of the best answer of each unit, and of 1: that there is none."""
    best: dict[Key, float] = {}
    for span, unit, *_ in every:
        key = unit_key(unit)
        best[key] = max(span.judged, best.get(key, span.judged))
    most = max((0.0, *best.values()))
    return most + math.log(math.exp(-most) + sum(math.exp(each - most) for each in best.values()))


def same_words(words: str) -> str:
    """What two writings of one answer have in common."""
    return " ".join(_EDGES.sub(" ", words).casefold().split())
