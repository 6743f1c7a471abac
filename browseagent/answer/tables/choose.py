"""From a question and a document to the likeliest answers that its tables give.

Every reading of the question on the frames that match it best is run, and a log-linear model over
their features (:mod:`features`) says how likely each is; readings that give the same answer add up.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from browseagent.answer.logistic import probability
from browseagent.answer.question import Question
from browseagent.answer.tables.across import OnPage
from browseagent.answer.tables.features import Among, Features, features
from browseagent.answer.tables.frame import Frame
from browseagent.answer.tables.links import link
from browseagent.answer.tables.operations import Reading, readings
from browseagent.answer.tables.question import parse_question
from browseagent.answer.tables.records import page_frames
from browseagent.records import Document

MAX_FRAMES = 12
MAX_ROWS = 12
"""Rows that an answer is shown to rest on."""


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """An answer from one table, and what it rests on: spans of the document's text."""

    document: Document
    """The page, or what stands beside its main text."""
    text: str
    rows: tuple[tuple[int, int], ...]
    """Whole rows, each a unit that can be quoted; at most 12."""
    cells: tuple[tuple[int, int], ...]
    """The cells that hold the answer; empty where it is computed."""
    probability: float
    """Calibrated probability that this answers the question."""
    computed: bool
    """Whether the words stand nowhere on the page: a count, a sum, a difference."""


@dataclass(frozen=True, slots=True)
class TableWeights:
    """Coefficients by feature name; a feature without one does not count. ``confidence`` weighs the features
    of an answer's best reading beside what :func:`signals` adds."""

    ranking: Mapping[str, float]
    confidence: Mapping[str, float]
    intercept: float
    made_by: str

    def score(self, found: Features) -> float:
        """How well a reading fits, in nats."""
        get = self.ranking.get
        return sum(get(name, 0.0) * value for name, value in found.items())


@dataclass(frozen=True, slots=True)
class Scored:
    """A reading of its frame, with its features."""

    frame: Frame
    reading: Reading
    features: Features


@lru_cache(maxsize=1)
def default_table_weights() -> TableWeights:
    """The weights that ship with the program."""
    text = files("browseagent.answer.tables").joinpath("weights.json").read_text(encoding="utf-8")
    return TableWeights(**json.loads(text))


def scored(question: Question, frames: Sequence[Frame]) -> list[Scored]:
    """Every reading of a question on the frames that match it best; empty where it has none."""
    parsed = parse_question(question)
    linked = [link(parsed, frame) for frame in frames]
    best = max((one.match for one in linked), default=0.0)
    titled = max((one.heading for one in linked), default=0.0)
    last = max(1, max((frame.number for frame in frames), default=1))
    # those that match, the longer first among equals; a superlative wants something that orders
    asked = bool(parsed.orderings)
    linked.sort(
        key=lambda one: -one.match - 0.2 * math.log(one.frame.body.bit_count()) - (asked and bool(one.orders))
    )
    found: list[Scored] = []
    orders = OnPage.of(linked[:MAX_FRAMES])
    for one in linked[:MAX_FRAMES]:
        among = Among(best, titled, one.frame.number / last, orders)
        found += [Scored(one.frame, each, features(one, each, among)) for each in readings(one)]
    return found


def ranked(
    found: Sequence[Scored], scores: Sequence[float], most: int
) -> list[tuple[Scored, dict[str, float]]]:
    """One reading for each of the likeliest answers, best first, with what its probability is computed from.
    Answers that say the same, in whatever order, are one."""
    top = max(scores)
    masses = [math.exp(score - top) for score in scores]
    whole = sum(masses)
    groups: dict[tuple[str, ...], list[int]] = {}
    for index, one in enumerate(found):
        said = tuple(sorted(" ".join(text.lower().split()) for text in one.reading.texts))
        groups.setdefault(said, []).append(index)
    shared = [(sum(masses[i] for i in group) / whole, group) for group in groups.values()]
    shared.sort(key=lambda pair: -pair[0])
    answers = []
    for place, (share, group) in enumerate(shared[:most]):
        best = max(group, key=lambda i: scores[i])
        other = shared[1 if place == 0 else 0][0] if len(shared) > 1 else 0.0
        answers.append((found[best], signals(found[best], scores[best], share, other)))
    return answers


def signals(best: Scored, score: float, share: float, other: float) -> dict[str, float]:
    """What the probability of an answer is computed from: how well its best reading fits in itself, its share
    among all readings and its lead, which tell more or less of listings and of superlatives."""
    chances = {
        "share": share,
        "lead": math.log((share + 1e-3) / (other + 1e-3)),
        "score": max(-10.0, min(10.0, score)),
    }
    found = {**best.features, **chances}
    listed, extreme = best.frame.listed, best.reading.operation == "extreme"
    for kind, holds in (("listed", listed), ("extreme", extreme), ("listed extreme", listed and extreme)):
        found |= {f"{kind} {name}": value for name, value in chances.items()} if holds else {}
    return found | {"listed extreme": float(listed and extreme)}


def table_answers(question: Question, document: Document, most: int = 5) -> list[TableAnswer]:
    """The likeliest answers that a page's tables and records give, best first, each with its own words."""
    weights = default_table_weights()
    found = scored(question, page_frames(document))
    if not found:
        return []
    best = ranked(found, [weights.score(one.features) for one in found], most)
    return [_answer(one, given, weights) for one, given in best]


def lines_of(one: Scored) -> tuple[tuple[int, int], ...]:
    """The rows of the document that an answer rests on."""
    frame, reading = one.frame, one.reading
    if not frame.lines:
        return tuple(frame.rows[row] for row in reading.used)
    used = {reading.target, reading.by, *(condition.column for condition in reading.rows.conditions)}
    return tuple(frame.lines[column] for column in sorted(used) if column > 0) or frame.lines[1:]


def _answer(one: Scored, given: Mapping[str, float], weights: TableWeights) -> TableAnswer:
    reading, frame = one.reading, one.frame
    spans = () if reading.computed else frame.columns[reading.target].spans
    return TableAnswer(
        document=frame.document,
        text=", ".join(reading.texts),
        rows=lines_of(one)[:MAX_ROWS],
        cells=tuple(spans[row] for row in reading.used) if spans else (),
        probability=probability(weights.intercept, weights.confidence, given),
        computed=reading.computed,
    )
