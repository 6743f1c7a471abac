"""What a question says of a frame: the columns it mentions, conditions that some rows meet, and the rows,
columns and orders that its readings are made of."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from browseagent.answer.lexical import STOP_WORDS
from browseagent.answer.tables import vocabulary
from browseagent.answer.tables.cells import DAYS, Dated, Value
from browseagent.answer.tables.columns import Column, Kind
from browseagent.answer.tables.frame import Frame, bits
from browseagent.answer.tables.mentions import Mention, mention_of
from browseagent.answer.tables.question import Comparison, Quantity, TableQuestion
from browseagent.answer.values import ORDINALS

MAX_CONDITIONS = 12
MAX_SETS = 18
MAX_TARGETS = 9
MAX_ORDERS = 8
_BREAKS = frozenset(("or", "than", "before", "after", "between"))
_MAX_GAP = 2

FORM_KINDS: dict[str, frozenset[Kind]] = {
    "how many": frozenset((Kind.NUMBER, Kind.MONEY, Kind.RANK)),
    "how big": frozenset((Kind.NUMBER, Kind.TIME)),
    "how much": frozenset((Kind.NUMBER, Kind.MONEY, Kind.TIME)),
    "how long": frozenset((Kind.TIME,)),
    "when": frozenset((Kind.DATE, Kind.YEAR, Kind.TIME)),
    "who": frozenset((Kind.TEXT,)),
    "where": frozenset((Kind.TEXT,)),
}
"""The kinds of column that answer each form of question."""


@dataclass(frozen=True, slots=True)
class Condition:
    """Rows that meet something the question says. ``words`` masks the words that say it."""

    kind: str
    """cell, number, date or compare."""
    column: int
    rows: int
    words: int
    exact: float
    """Share of the words of the best matching cell that the question has; 1 for numbers and dates."""
    weight: float
    """For choosing among conditions: how much of the question they say."""


@dataclass(frozen=True, slots=True, eq=False)
class RowSet:
    """Rows that meet some conditions, and the question's words that say so."""

    rows: int
    conditions: tuple[Condition, ...]
    words: int
    weight: float
    negated: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Links:
    """All that a question says of one frame."""

    question: TableQuestion
    frame: Frame
    mentions: tuple[Mention, ...]
    matched: int
    """Words of the question found in the frame."""
    context: int
    """Words found above it: in headings and caption."""
    sets: tuple[RowSet, ...]
    """Weightiest first; the last is all records."""
    targets: tuple[int, ...]
    """Columns that may hold the answer, likeliest first."""
    orders: tuple[int, ...]
    """Columns that rows may be ordered or added up by, likeliest first."""
    heading: float
    """Share of the question's content that the nearest heading says."""
    heading_unsaid: float
    """Share of that heading that the question does not say."""

    @property
    def match(self) -> float:
        """How much of the question the frame takes up, in words; those above it count half."""
        return self.matched.bit_count() + 0.5 * (self.context & ~self.matched).bit_count()


def link(question: TableQuestion, frame: Frame) -> Links:
    """What the question says of the frame."""
    mentions = tuple(mention_of(question, column) for column in frame.columns)
    conditions: list[Condition] = []
    for index, column in enumerate(frame.columns):
        conditions += [
            condition
            for condition in _cell_conditions(question, frame, index)
            # "which party": the word names the column, although cells have it too
            if condition.exact == 1 or condition.words & ~mentions[index].words
        ]
        if column.is_ordered:
            conditions += _value_conditions(question, frame, index, mentions[index])
    matched = 0
    for words in (*(one.words for one in mentions), *(one.words for one in conditions)):
        matched |= words
    context = sum(1 << index for index, one in enumerate(question.stems) if one in frame.context)
    wanted = FORM_KINDS.get(question.form, frozenset())

    def rating(index: int) -> float:
        mention, kind = mentions[index], frame.columns[index].kind
        return mention.share + 2 * mention.focus + 0.5 * (kind in wanted) + 0.6 * (index == frame.subject)

    filled = [i for i, column in enumerate(frame.columns) if column.filled]
    targets = sorted(filled, key=lambda i: -rating(i))[:MAX_TARGETS]
    ordered = [i for i in filled if frame.columns[i].is_ordered]
    orders = sorted(ordered, key=lambda i: -mentions[i].share - mentions[i].focus)[:MAX_ORDERS]
    sets = tuple(_row_sets(question, frame.body, conditions))
    said = matched & question.content, context & question.content
    titled = len(frame.heading.intersection(question.stems))
    share = titled / max(1, question.content.bit_count())
    unsaid = 1 - titled / len(frame.heading) if frame.heading else 0.0
    return Links(
        question, frame, mentions, *said, sets, tuple(targets), tuple(orders), min(1.0, share), unsaid
    )


def _row_sets(question: TableQuestion, body: int, conditions: list[Condition]) -> Iterator[RowSet]:
    """The sets of rows worth asking of: those that meet one condition, two or three at once, or do not."""
    best = sorted(conditions, key=lambda condition: -condition.weight)[:MAX_CONDITIONS]
    singles = [RowSet(c.rows, (c,), c.words, c.weight) for c in best]
    pairs = [both for one in singles for c in best if (both := _both(one, c))]
    triples = [all_ for one in pairs[:12] for c in best if (all_ := _both(one, c)) and all_.rows != one.rows]
    negated = [
        RowSet(body & ~s.rows, s.conditions, s.words, s.weight - 0.1, negated=True)
        for s in (singles[:5] if "not" in question.triggers else ())
        if s.conditions[0].kind != "compare"
    ]
    kept: list[RowSet] = []
    for one in sorted(singles + pairs + triples + negated, key=lambda rows: -rows.weight):
        if one.rows and not any(k.rows == one.rows and k.words | one.words == one.words for k in kept):
            kept.append(one)
    yield from kept[:MAX_SETS]
    yield RowSet(body, (), 0, 0.0)


def _both(one: RowSet, other: Condition) -> RowSet | None:
    """The rows of a set that meet another condition, said by other words."""
    rows, weight = one.rows & other.rows, one.weight + other.weight - 0.2
    if one.words & other.words or not rows:
        return None
    return RowSet(rows, (*one.conditions, other), one.words | other.words, weight)


def _cell_conditions(question: TableQuestion, frame: Frame, index: int) -> Iterator[Condition]:
    """Runs of the question's words that stand together in cells of one column."""
    column, rows, words, last = frame.columns[index], 0, 0, 0
    for place, word in enumerate((*question.words, "or")):
        here = 0 if place == len(question.words) else _rows_with(column, question, place) & frame.body
        plain = word in STOP_WORDS
        if words and (word in _BREAKS or not (plain or rows & here) or place - last > _MAX_GAP + 1):
            yield from _cell_condition(question, frame, index, rows, words & (2 << last) - 1)
            words = 0
        if words and rows & here:
            words |= 1 << place
            if not plain:
                rows, last = rows & here, place
        elif not words and here and not plain:
            rows, words, last = here, 1 << place, place


def _rows_with(column: Column, question: TableQuestion, index: int) -> int:
    number = ORDINALS.get(question.words[index])
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(number or 0, "th")
    return column.words.get(question.stems[index], 0) | column.words.get(f"{number}{suffix}", 0)


def _cell_condition(
    question: TableQuestion, frame: Frame, index: int, rows: int, words: int
) -> Iterator[Condition]:
    column = frame.columns[index]
    inside = bits(words)
    number_only = all(question.words[i][0].isdigit() for i in inside)
    typed = column.is_ordered and column.kind is not Kind.SCORE
    if number_only and typed and (column.kind is not Kind.TIME or len(inside) < 2):
        return
    shortest = min(column.lengths[row] for row in bits(rows))
    exact = min(1.0, len(inside) / shortest) if shortest else 0.0
    if exact < 1 and all(question.stems[i] in vocabulary.OPERATORS for i in inside):
        return
    content = (words & question.content).bit_count()
    if rows != frame.body or rows & (rows - 1) == 0:
        yield Condition("cell", index, rows, words, exact, content + exact)
    whole = sum(1 << row for row in bits(rows) if column.lengths[row] == len(inside))
    if exact == 1 and whole and whole != rows:
        yield Condition("cell", index, whole, words, 1.0, content + 1.1)


def _value_conditions(
    question: TableQuestion, frame: Frame, index: int, mention: Mention
) -> Iterator[Condition]:
    """Numbers, dates and comparisons that the cells of a typed column meet."""
    column = frame.columns[index]
    near = mention.share + 0.3 * (mention.focus > 0)
    dated, timed = column.kind in (Kind.DATE, Kind.YEAR), column.kind is Kind.TIME
    cells = [(row, column.values[row]) for row in bits(frame.body & column.filled)]
    met: list[tuple[str, Quantity | Comparison, float, list[int]]] = []
    for one in question.moments if dated else ():
        met.append(("date", one, 2.0, [row for row, value in cells if _is_then(one.when, value)]))
    for one in () if dated else question.quantities:
        if one.seconds == timed and (not one.spelt or mention.words or column.kind is Kind.RANK):
            same = [row for row, value in cells if (value.seconds if timed else value.number) == one.number]
            met.append(("number", one, 0.9 - 0.4 * one.spelt, same))
    for comparison in question.comparisons:
        bound = comparison.low
        if (bound.when is not None) == dated and (timed or not bound.seconds):
            holds = _test(column, comparison)
            keys = ((row, column.keys[row]) for row, _ in cells)
            met.append(
                ("compare", comparison, 2.2, [row for row, key in keys if key is not None and holds(key)])
            )
    for kind, said, weight, found in met:
        rows = sum(1 << row for row in found)
        if rows and (rows != frame.body or kind == "compare"):
            yield Condition(kind, index, rows, said.words, 1.0, weight + near)


def _is_then(asked: Dated | None, value: Value) -> bool:
    """Whether a cell's date is the one asked for, or lies in the years asked for."""
    if value.date is None or asked is None:
        return False
    if asked.until is not None:
        if value.until is not None:
            return value.date[0] == asked.date[0] and value.until[0] == asked.until[0]
        return asked.date[0] <= value.date[0] <= asked.until[0]
    if all(not said or said == own for said, own in zip(asked.date, value.date, strict=True)):
        return True
    within = value.until is not None and value.date[0] <= asked.date[0] <= value.until[0]
    return within and asked.date[1] == 0


def _test(column: Column, comparison: Comparison) -> Callable[[float], bool]:
    """What a comparison asks of a key of the column."""
    when, unit = comparison.low.when, 1.0
    asked = comparison.low.unit
    if asked is not None and column.unit is not None:
        if asked.dimension != column.unit.dimension:
            return lambda _: False
        unit = asked.size / column.unit.size
    keys = sorted(key for key in column.keys if key is not None)
    if column.kind is Kind.TIME and keys and not comparison.low.seconds:
        # "under 7 hours", "between 51 and 52 seconds": a bare number is in the unit that fits the column
        middle = keys[len(keys) // 2]
        unit = min((1, 60, 3600), key=lambda unit: abs(comparison.low.number * unit - middle))
    low, high = comparison.low.number * unit, comparison.high.number * unit
    # "after 2004" begins when the year is over
    lasts = 0.0 if when is None or when.date[2] else 30.5 if when.date[1] else DAYS - 0.5
    return {
        "between": lambda key: low <= key <= high + lasts,
        ">": lambda key: key > low + lasts,
        ">=": lambda key: key >= low,
        "<": lambda key: key < low,
        "<=": lambda key: key <= low + lasts,
    }[comparison.sign]
