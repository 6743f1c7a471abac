"""From a question and documents to ranked answers, with a trained reader.

BM25, and what the model makes of single units as evidence (:mod:`browseagent.answer.evidence`), pick a
few excerpts, however long the pages; the reader says of each how likely it makes the question, how
likely it is that it has no answer, and which of its words would be one. A linear combination of that
with what the words alone tell rates the answers; of the likeliest sentence's answers the one is given that is
nearest to the others. Equal answers of several excerpts support each other.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from itertools import zip_longest

from browseagent.answer.bm25 import BM25
from browseagent.answer.evidence import Evidence
from browseagent.answer.excerpts import Excerpt, excerpts
from browseagent.answer.expect import fits, may_answer
from browseagent.answer.lexical import terms
from browseagent.answer.passages import Unit
from browseagent.answer.question import Kind, Question
from browseagent.answer.spans import is_former
from browseagent.answer.weights import Weights
from browseagent.answer.word_f1 import least_risk
from browseagent.model.port import Reader, Reading, ReadPassage, Span
from browseagent.records import Document

READ = 6
"""Excerpts that are read for a question: some 1,500 tokens the first time."""
EXCERPT_WEIGHT = 0.3
"""Of the excerpt's BM25 score beside a unit's own, where units are compared."""
SURE = 3
"""Of the best evidence, whose excerpts are read whatever BM25 says of them."""
UNKNOWN = -4.0
"""Below the best evidence: where a unit stands that was not looked at as evidence."""
UNIT_WEIGHT = 0.5
"""Of the best unit's own BM25 score beside the whole excerpt's."""
Key = tuple[str, int, int]
"""Of a unit: its document's URL and length, and where it begins."""
_EDGES = re.compile(r"^[\W_]+|[\W_]+$|\b(the|an?)\b", re.I)


@dataclass(frozen=True, slots=True)
class AnswerFeatures:
    """What is known of one answer to one question."""

    likelihood: float
    """Log-probability of the words as the answer, given the excerpt and the question."""
    none: float
    """Log-probability that the excerpt has no answer."""
    asked: float
    """Nats a token by which the excerpt makes the question likelier than the average excerpt read."""
    bm25: float
    """The excerpt's BM25 score over the best excerpt's."""
    unit_bm25: float
    """The unit's own score, with a share of its excerpt's, over the best unit's anywhere."""
    before: float
    """The BM25 score of the unit before it in the excerpt, over the best unit's anywhere."""
    cover: float
    """Share of the question's content terms in the unit, weighted by how rare they are."""
    excerpt_cover: float
    """The same for the whole excerpt with its heading."""
    gain: float
    """Nats a token by which the unit alone makes the question likelier than the page's title does; 0 where it
    was not looked at as evidence."""
    evidence: float
    """The unit's score as evidence, less that of the best."""
    strangers: float
    """Share of the question's names and numbers that the excerpt does not hold; 0 where it has none."""
    fits: float
    """1 where the words have the form that the question expects (a number, a price, a date, a name)."""
    echo: float
    """Share of the answer's content terms that the question has already."""
    agreement: float
    """Log of the summed probability of the same words in all excerpts, less ``likelihood``."""
    length: float
    """Logarithm of the number of words."""


@dataclass(frozen=True, slots=True)
class Found:
    """An answer: a span of a document, the unit that holds it, and how good it is."""

    unit: Unit
    start: int
    end: int
    features: AnswerFeatures
    score: float

    @property
    def text(self) -> str:
        """The words of the answer."""
        return self.unit.passage.document.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class _Index:
    """The excerpts of some documents, ready for BM25."""

    excerpts: tuple[Excerpt, ...]
    terms: tuple[frozenset[str], ...]
    by_excerpt: BM25
    by_unit: BM25
    number: dict[Key, int]
    """Of each unit, by its document and place."""
    unit_terms: tuple[frozenset[str], ...]
    owner: tuple[int, ...]
    """For each unit the number of its excerpt."""


@dataclass(frozen=True, slots=True)
class _Scores:
    """What BM25 gives every excerpt and every unit for one question."""

    by_excerpt: list[float]
    by_unit: list[float]


@lru_cache(maxsize=4)
def _index(documents: tuple[Document, ...]) -> _Index:
    shown = [excerpt for document in documents for excerpt in excerpts(document)]
    texts = [terms(f"{excerpt.heading} {excerpt.text}") for excerpt in shown]
    every = [(number, unit) for number, excerpt in enumerate(shown) for unit in excerpt.units]
    unit_texts = [terms(unit.reading) for _, unit in every]
    return _Index(
        tuple(shown),
        tuple(map(frozenset, texts)),
        BM25(texts, k1=1.2, b=0.5),
        BM25(unit_texts),
        {unit_key(unit): place for place, (_, unit) in enumerate(every)},
        tuple(map(frozenset, unit_texts)),
        tuple(number for number, _ in every),
    )


def read_answers(
    question: Question,
    documents: Sequence[Document],
    reader: Reader,
    budget: int,
    weights: Weights,
    evidence: Sequence[Evidence] = (),
) -> list[Found]:
    """The answers that the documents may give, of at most ``budget`` tokens of reading: first the one with
    the least risk (:mod:`browseagent.answer.word_f1`), then the others from the best score on.
    ``evidence`` is what :func:`~browseagent.answer.evidence.gather` found, best first."""
    index = _index(tuple(documents))
    if not index.excerpts:
        return []
    scores = _scores(question, index)
    known = {unit_key(each.unit): each for each in evidence}
    first = [unit_key(each.unit) for each in evidence[:SURE]]
    chosen = _retrieve(scores, index, budget, first)
    readings = reader.read(question.words, [_passage(index.excerpts[i]) for i, _ in chosen])
    found = [
        Found(unit, start, end, features, weights.rank(asdict(features)))
        for unit, start, end, features in _answers(question, index, scores, chosen, readings, known)
    ]
    found = [each for each in found if may_answer(question, each.text)]
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
    index = _index(tuple(documents))
    ranked = [_retrieve(_scores(each, index), index, budget, most=most) for each in questions]
    chosen: list[int] = []
    for i, _ in (each for rank in zip_longest(*ranked) for each in rank if each is not None):
        if i not in chosen:
            budget -= _tokens(index.excerpts[i])
            if chosen and budget < 0:
                break
            chosen.append(i)
    return tuple(index.excerpts[i] for i in sorted(chosen))


def _passage(excerpt: Excerpt) -> ReadPassage:
    """What the reader is shown: an answer stands in one unit, and in the document as it is."""
    stretches = tuple((piece.at, piece.at + piece.length) for piece in excerpt.pieces)
    return ReadPassage(excerpt.heading, excerpt.text, stretches)


def _tokens(excerpt: Excerpt) -> int:
    """About how many tokens an excerpt has where it is shown."""
    return len(excerpt.text) // 3 + 50


def _scores(question: Question, index: _Index) -> _Scores:
    return _Scores(index.by_excerpt.scores(question.sought), index.by_unit.scores(question.sought))


def unit_key(unit: Unit) -> Key:
    """What tells a unit from all others. Equal documents may be different objects (both are cached)."""
    document = unit.passage.document
    return document.url, len(document.text), unit.passage.start


def _retrieve(
    scores: _Scores, index: _Index, budget: int, first: Sequence[Key] = (), most: int = READ
) -> list[tuple[int, float]]:
    """(excerpt, score) of the best excerpts that fit the budget, those with the units ``first`` before all
    others, best first."""
    sure = {index.owner[index.number[key]] for key in first if key in index.number}
    best_unit = [0.0] * len(scores.by_excerpt)
    for number, score in zip(index.owner, scores.by_unit, strict=True):
        best_unit[number] = max(best_unit[number], score)
    total = [a + UNIT_WEIGHT * b for a, b in zip(scores.by_excerpt, best_unit, strict=True)]
    kept: list[tuple[int, float]] = []
    for i in sorted(range(len(total)), key=lambda i: (i not in sure, -total[i], i))[:most]:
        budget -= _tokens(index.excerpts[i])
        if kept and budget < 0:
            break
        kept.append((i, total[i]))
    return kept


def _answers(
    question: Question,
    index: _Index,
    scores: _Scores,
    chosen: Sequence[tuple[int, float]],
    readings: Sequence[Reading],
    rated: Mapping[Key, Evidence],
) -> Iterator[tuple[Unit, int, int, AnswerFeatures]]:
    asked, named = set(question.sought), question.names
    idf = {term: index.by_unit.idf(term) for term in asked}
    mass = sum(idf.values()) or 1.0
    average = sum(reading.question.mean for reading in readings) / len(readings)
    top = max(score for _, score in chosen) or 1.0
    best = max((each.score for each in rated.values()), default=0.0)
    by_unit = scores.by_unit
    both = [own + EXCERPT_WEIGHT * scores.by_excerpt[i] for own, i in zip(by_unit, index.owner, strict=True)]
    most, most_both = max(by_unit) or 1.0, max(both) or 1.0
    agreed = _agreed([(index.excerpts[i], reading) for (i, _), reading in zip(chosen, readings, strict=True)])
    for (i, score), reading in zip(chosen, readings, strict=True):
        excerpt = index.excerpts[i]
        for span in reading.spans:
            place = excerpt.span(span.start, span.end)
            unit = excerpt.unit_at(place[0]) if place else None
            if place is None or unit is None or place[1] > unit.passage.end:
                continue
            words = excerpt.text[span.start : span.end]
            content = set(terms(words))
            number = index.number[unit_key(unit)]
            known = rated.get(unit_key(unit))
            leads = number > 0 and index.owner[number - 1] == i
            features = AnswerFeatures(
                likelihood=max(-15.0, span.likelihood),
                none=max(-15.0, reading.none),
                asked=reading.question.mean - average,
                bm25=score / top,
                unit_bm25=both[number] / most_both,
                before=by_unit[number - 1] / most if leads else 0.0,
                cover=sum(idf[term] for term in asked & index.unit_terms[number]) / mass,
                excerpt_cover=sum(idf[term] for term in asked & index.terms[i]) / mass,
                gain=known.features.gain if known else 0.0,
                evidence=max(UNKNOWN, known.score - best) if known else UNKNOWN,
                strangers=len(named - index.terms[i]) / len(named) if named else 0.0,
                fits=float(fits(question.kind, words)),
                echo=len(content & asked) / len(content) if content else 0.0,
                agreement=agreed[same_words(words)] - span.likelihood,
                length=math.log(max(1, len(words.split()))),
            )
            yield unit, *place, features


def _agreed(read: Sequence[tuple[Excerpt, Reading]]) -> dict[str, float]:
    """Log of the summed probability of each answer over all excerpts, by its folded words."""
    found: dict[str, list[Span]] = {}
    for excerpt, reading in read:
        for span in reading.spans:
            found.setdefault(same_words(excerpt.text[span.start : span.end]), []).append(span)
    return {
        words: math.log(sum(math.exp(span.likelihood) for span in spans) + 1e-30)
        for words, spans in found.items()
    }


def same_words(words: str) -> str:
    """What two writings of one answer have in common."""
    return " ".join(_EDGES.sub(" ", words).casefold().split())
