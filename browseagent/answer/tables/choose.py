"""From a question and a document to the likeliest answers that its tables give.

Every reading of the question on the tables that match it best is run, and a log-linear model over
their features (:mod:`features`) says how likely each is; readings that give the same answer add up.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from browseagent.answer.question import Kind, Question
from browseagent.answer.tables.contrasts import contrasts
from browseagent.answer.tables.features import Featurer, Features, match_of
from browseagent.answer.tables.frame import Frame, frame
from browseagent.answer.tables.links import Links, link
from browseagent.answer.tables.lookups import lookups
from browseagent.answer.tables.question import parse_question
from browseagent.answer.tables.reading import Candidate
from browseagent.answer.tables.table import Table, tables_of
from browseagent.records import Document

_COMPUTED = re.compile(
    r"\bhow (?:many|much|often|long)\b|\bnumber of\b"
    r"|\b(?:total|sum|combined|average|mean|difference|altogether|more|less|fewer|or)\b",
    re.I,
)
MAX_TABLES = 6
MAX_ROWS = 12
"""Rows that an answer is shown to rest on."""


@dataclass(frozen=True, slots=True)
class TableAnswer:
    """An answer from one table, and what it rests on: spans of the document's text."""

    text: str
    rows: tuple[tuple[int, int], ...]
    """Whole rows, each a unit that can be quoted; at most 12."""
    cells: tuple[tuple[int, int], ...]
    """The cells that hold the answer; empty where it is computed."""
    probability: float
    """Calibrated probability that this answers the question."""
    operation: str
    table: int
    """Number of the table within the document."""
    computed: bool
    """Whether the words stand nowhere on the page: a count, a sum, a difference, yes or no."""
    signals: Mapping[str, float]
    """What the probability was computed from."""


@dataclass(frozen=True, slots=True)
class TableWeights:
    """Coefficients by feature name; a feature without one does not count."""

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
    """A candidate on its table, with its features."""

    table: Table
    candidate: Candidate
    features: Features


@lru_cache(maxsize=1)
def default_table_weights() -> TableWeights:
    """The weights that ship with the program."""
    text = files("browseagent.answer.tables").joinpath("weights.json").read_text(encoding="utf-8")
    return TableWeights(**json.loads(text))


def readings(question: str, document: Document) -> list[Scored]:
    """Every reading of a question on the document's best matching tables; empty where it has none."""
    parsed = parse_question(question)
    tables = tables_of(document)
    linked = [link(parsed, table) for table in tables]
    best = max((match_of(one) for one in linked), default=0.0)
    last = max(1, max((table.number for table in tables), default=1))
    linked.sort(key=lambda one: (-_promise(one), one.table.number))
    found: list[Scored] = []
    for one in linked[:MAX_TABLES]:
        held = frame(parsed, one)
        featurer = Featurer(held, best, one.table.number / last)
        found += [Scored(one.table, candidate, featurer(candidate)) for candidate in _candidates(held)]
    return found


def _promise(one: Links) -> float:
    """Which tables are looked at: those that match, the longer first among equals."""
    return match_of(one) + 0.2 * math.log(one.table.body.bit_count())


def _candidates(one: Frame) -> Iterator[Candidate]:
    yield from lookups(one)
    yield from contrasts(one)


def answer_key(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Answers that say the same, whatever their order."""
    return tuple(sorted(" ".join(text.lower().split()) for text in texts))


def table_answers(
    question: str, document: Document, most: int = 5, weights: TableWeights | None = None
) -> list[TableAnswer]:
    """The likeliest answers from the document's tables, best first, each with its own words."""
    weights = weights or default_table_weights()
    found = readings(question, document)
    if not found:
        return []
    scores = [weights.score(one.features) for one in found]
    top = max(scores)
    masses = [math.exp(score - top) for score in scores]
    whole = sum(masses)
    groups: dict[tuple[str, ...], list[int]] = {}
    for index, one in enumerate(found):
        groups.setdefault(answer_key(one.candidate.denotation.texts), []).append(index)
    ranked = sorted(groups.values(), key=lambda group: -sum(masses[i] for i in group))
    shares = [sum(masses[i] for i in group) / whole for group in ranked[: most + 1]]
    answers = []
    for place, group in enumerate(ranked[:most]):
        best = max(group, key=lambda i: scores[i])
        others = shares[1 if place == 0 else 0] if len(shares) > 1 else 0.0
        given = signals(found[best], scores[best], shares[place], others)
        answers.append(_answer(found[best], given, weights))
    return answers


def may_answer(question: str, document: Document, answer: TableAnswer) -> bool:
    """Whether an answer is of a kind that the question asks for: one that is computed needs a question for a
    number or for yes or no, and a table whose columns have names. The weights were fitted on questions about
    tables; what a pair of boots costs is not how many rows its specification has."""
    if not answer.computed:
        return True
    asks = Question.of(question).kind is Kind.YES_NO or _COMPUTED.search(question) is not None
    rows = (block for block in document.blocks if block.table == answer.table)
    return asks and any(cell.header for block in rows for cell in block.cells)


def signals(best: Scored, score: float, share: float, other: float) -> dict[str, float]:
    """What the probability of an answer is computed from: its share among all readings, its lead, and
    how well its best reading fits in itself."""
    names = ("table match", "table context", "unsaid", "unsaid in table", "condition exact", "answer focus")
    return {
        "share": share,
        "lead": math.log((share + 1e-3) / (other + 1e-3)),
        "score": max(-10.0, min(10.0, score)),
        **{name: best.features.get(name, 0.0) for name in names},
    }


def lines_of(one: Scored) -> tuple[tuple[int, int], ...]:
    """The rows of the document that an answer rests on."""
    table, reading = one.table, one.candidate.reading
    if not table.lines:
        return tuple(table.rows[row] for row in one.candidate.denotation.rows)
    used = {reading.target, reading.by, *(condition.column for condition in reading.rows.conditions)}
    used |= {column for _, column in one.candidate.denotation.cells}
    return tuple(table.lines[column] for column in sorted(used) if column > 0) or table.lines[1:]


def _answer(one: Scored, given: dict[str, float], weights: TableWeights) -> TableAnswer:
    denotation, table = one.candidate.denotation, one.table
    logit = weights.intercept + sum(
        weights.confidence.get(name, 0.0) * value for name, value in given.items()
    )
    cells = () if denotation.computed else denotation.cells
    return TableAnswer(
        text=", ".join(denotation.texts),
        rows=lines_of(one)[:MAX_ROWS],
        cells=tuple(table.columns[column].spans[row] for row, column in cells),
        probability=1 / (1 + math.exp(-max(-30.0, min(30.0, logit)))),
        operation=one.candidate.reading.operation,
        table=table.number,
        computed=denotation.computed,
        signals=given,
    )
