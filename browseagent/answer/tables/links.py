"""What a question says of a frame: the columns it mentions, conditions that some rows meet, and the rows,
columns and orders that its readings are made of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from browseagent.answer.lexical import STOP_WORDS
from browseagent.answer.tables import vocabulary
from browseagent.answer.tables.cells import Dated, Value, sort_key
from browseagent.answer.tables.frame import Column, Frame, Kind, bits
from browseagent.answer.tables.question import Comparison, Moment, Quantity, Question

MAX_CONDITIONS = 12
MAX_SETS = 18
MAX_TARGETS = 7
MAX_ORDERS = 5
_BREAKS = frozenset(("or", "than", "before", "after", "between"))
_MAX_GAP = 2

FORM_KINDS: dict[str, frozenset[Kind]] = {
    "how many": frozenset((Kind.NUMBER, Kind.MONEY, Kind.RANK)),
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
    """cell, number, date, compare or rank (a comparison of places, where above means fewer)."""
    column: int
    rows: int
    words: int
    exact: float
    """Share of the words of the best matching cell that the question has; 1 for numbers and dates."""
    weight: float
    """For choosing among conditions: how much of the question they say."""


@dataclass(frozen=True, slots=True)
class Mention:
    """How a question mentions a column."""

    words: int
    share: float
    """Share of the column's name that is in the question; words that say the same count 0.6."""
    focus: float
    """The same for the words that say what is asked for."""


@dataclass(frozen=True, slots=True)
class RowSet:
    """Rows that meet some conditions, and the question's words that say so."""

    rows: int
    conditions: tuple[Condition, ...]
    words: int
    weight: float
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Links:
    """All that a question says of one frame."""

    question: Question
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

    @property
    def match(self) -> float:
        """How much of the question the frame takes up, in words; those above it count half."""
        return self.matched.bit_count() + 0.5 * (self.context & ~self.matched).bit_count()


def link(question: Question, frame: Frame) -> Links:
    """What the question says of the frame."""
    mentions = tuple(_mention(question, column) for column in frame.columns)
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
    for one in (*mentions, *conditions):
        matched |= one.words
    context = sum(1 << index for index, one in enumerate(question.stems) if one in frame.context)
    conditions.sort(key=lambda condition: -condition.weight)
    wanted = FORM_KINDS.get(question.form, frozenset())

    def rating(index: int) -> float:
        mention, kind = mentions[index], frame.columns[index].kind
        return mention.share + 2 * mention.focus + 0.5 * (kind in wanted) + 0.6 * (index == frame.subject)

    filled = [i for i, column in enumerate(frame.columns) if column.filled]
    targets = sorted(filled, key=lambda i: (-rating(i), i))[:MAX_TARGETS]
    if frame.subject not in targets:
        targets[-1] = frame.subject
    ordered = [i for i in filled if frame.columns[i].is_ordered]
    orders = sorted(ordered, key=lambda i: (-mentions[i].share - mentions[i].focus, i))[:MAX_ORDERS]
    return Links(
        question,
        frame,
        mentions,
        matched & question.content,
        context & question.content,
        tuple(_row_sets(question, frame.body, _best(conditions))),
        tuple(targets),
        tuple(orders),
    )


def _best(conditions: list[Condition]) -> list[Condition]:
    """The weightiest conditions, of those that pick the same rows by the same words the first."""
    kept: list[Condition] = []
    for one in conditions:
        if not any(k.rows == one.rows and k.column == one.column and not one.words & ~k.words for k in kept):
            kept.append(one)
    return kept[:MAX_CONDITIONS]


def _row_sets(question: Question, body: int, conditions: list[Condition]) -> Iterator[RowSet]:
    """The sets of rows worth asking of: those that meet one condition, two or three at once, or do not."""
    singles = [RowSet(c.rows, (c,), c.words, c.weight) for c in conditions]
    found = list(singles)
    for wider in (2, 3):
        found += [
            RowSet(one.rows & c.rows, (*one.conditions, c), one.words | c.words, one.weight + c.weight - 0.2)
            for one in [s for s in found if len(s.conditions) == wider - 1][
                : MAX_CONDITIONS if wider == 2 else 6
            ]
            for c in conditions
            if not one.words & c.words and one.rows & c.rows not in (0, one.rows if wider == 3 else 0)
        ]
    if "not" in question.triggers:
        found += [
            RowSet(body & ~s.rows, s.conditions, s.words, s.weight - 0.1, negated=True)
            for s in singles[:5]
            if s.conditions[0].kind not in ("compare", "rank")
        ]
    kept: list[RowSet] = []
    for one in sorted(found, key=lambda rows: -rows.weight):
        if one.rows and not any(k.rows == one.rows and k.words | one.words == one.words for k in kept):
            kept.append(one)
    yield from kept[:MAX_SETS]
    yield RowSet(body, (), 0, 0.0)


def _mention(question: Question, column: Column) -> Mention:
    """How much of a column's name is in the question, and with which words."""
    words, total, focused, weights = 0, 0.0, 0.0, 0.0
    for one in column.stems:
        weight = 0.3 if one in STOP_WORDS or one.isdigit() else 1.0
        said, best, best_focus = _said(question, one)
        words |= said
        weights += weight
        total += weight * best
        focused += weight * best_focus
    if not column.days.isdisjoint(question.stems):
        named = sum(1 << index for index, one in enumerate(question.stems) if one in column.days)
        return Mention(words | named, 1.0, focused / weights)
    return Mention(words, total / weights, focused / weights) if weights else Mention(0, 0.0, 0.0)


@lru_cache(maxsize=4096)
def _said(question: Question, one: str) -> tuple[int, float, float]:
    """The words of a question that say one word of a column's name, how well the best of them does, and
    the best of those that say what is asked for."""
    words, best, best_focus = 0, 0.0, 0.0
    for index, asked in enumerate(question.stems):
        if question.words[index] in STOP_WORDS and one not in STOP_WORDS and asked not in vocabulary.NAMES:
            continue
        if asked == one:
            worth = 1.0
        elif one in vocabulary.NAMES.get(asked, ()):
            worth = 0.6
        elif len(one) > 3 and len(asked) > 3 and (one.startswith(asked) or asked.startswith(one)):
            worth = 0.7
        else:
            continue
        words |= 1 << index
        best = max(best, worth)
        if index in question.focus:
            best_focus = max(best_focus, worth)
    return words, best, best_focus


def _cell_conditions(question: Question, frame: Frame, index: int) -> Iterator[Condition]:
    """Runs of the question's words that stand together in cells of one column."""
    column, count = frame.columns[index], len(question.words)
    masks = [_rows_with(column, question, i) & frame.body for i in range(count)]
    plain = [question.words[i] in STOP_WORDS for i in range(count)]
    start = 0
    while start < count:
        if plain[start] or not masks[start]:
            start += 1
            continue
        rows, last, words = masks[start], start, 1 << start
        following = start + 1
        while following < count and following - last <= _MAX_GAP + 1:
            if question.words[following] in _BREAKS or not (plain[following] or rows & masks[following]):
                break
            if rows & masks[following]:
                words |= 1 << following
            if not plain[following]:
                rows, last = rows & masks[following], following
            following += 1
        yield from _cell_condition(question, frame, index, rows, words & (2 << last) - 1)
        start = last + 1


def _rows_with(column: Column, question: Question, index: int) -> int:
    number = vocabulary.ORDINALS.get(question.words[index])
    suffix = {1: "st", 2: "nd", 3: "rd"}.get(number or 0, "th")
    return column.words.get(question.stems[index], 0) | column.words.get(f"{number}{suffix}", 0)


def _cell_condition(
    question: Question, frame: Frame, index: int, rows: int, words: int
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


def _value_conditions(question: Question, frame: Frame, index: int, mention: Mention) -> Iterator[Condition]:
    """Numbers, dates and comparisons that the cells of a typed column meet."""
    column = frame.columns[index]
    near = mention.share + 0.3 * (mention.focus > 0)
    dated = column.kind in (Kind.DATE, Kind.YEAR)

    def met(values: list[tuple[int, Value]], kind: str, words: int, weight: float) -> Iterator[Condition]:
        rows = sum(1 << row for row, _ in values)
        if rows and rows != frame.body:
            yield Condition(kind, index, rows, words, 1.0, weight + near)

    cells = [(row, column.values[row]) for row in bits(frame.body & column.filled)]
    for moment in question.moments if dated else ():
        yield from met([c for c in cells if _is_then(moment.when, c[1])], "date", moment.words, 2.0)
    for one in () if dated else question.quantities:
        placed = one.ordinal and column.kind is Kind.RANK
        if one.seconds == (column.kind is Kind.TIME) and (not one.spelt or mention.words or placed):
            same = [c for c in cells if (c[1].seconds if one.seconds else c[1].number) == one.number]
            yield from met(same, "number", one.words, 0.9 - 0.4 * one.spelt)
    for comparison in question.comparisons:
        yield from _compared(frame, index, comparison, near)


def _is_then(asked: Dated, value: Value) -> bool:
    """Whether a cell's date is the one asked for, or lies in the years asked for."""
    if value.date is None:
        return False
    if asked.until is not None:
        if value.until is not None:
            return value.date[0] == asked.date[0] and value.until[0] == asked.until[0]
        return asked.date[0] <= value.date[0] <= asked.until[0]
    if all(not said or said == own for said, own in zip(asked.date, value.date, strict=True)):
        return True
    within = value.until is not None and value.date[0] <= asked.date[0] <= value.until[0]
    return within and asked.date[1] == 0


def _compared(frame: Frame, index: int, comparison: Comparison, near: float) -> Iterator[Condition]:
    """The rows before, after, under, over, between; of places either way, as above the fifth is before it."""
    column, bound = frame.columns[index], comparison.low
    dated = column.kind in (Kind.DATE, Kind.YEAR)
    if isinstance(bound, Moment) != dated or (
        isinstance(bound, Quantity) and bound.seconds and column.kind is not Kind.TIME
    ):
        return
    low = _bound(column, bound)
    high = low if comparison.high is None else _bound(column, comparison.high)
    lasts = 0.0  # "after 2004" begins when the year is over
    if isinstance(bound, Moment) and not bound.when.date[2]:
        lasts = 30.5 if bound.when.date[1] else 371.5
    holds = {
        "between": lambda key: low <= key <= high + lasts,
        ">": lambda key: key > low + lasts,
        ">=": lambda key: key >= low,
        "<": lambda key: key < low,
        "<=": lambda key: key <= low + lasts,
    }
    signs = {"compare": comparison.sign}
    if column.kind is Kind.RANK and comparison.sign != "between":
        signs["rank"] = comparison.sign.translate(str.maketrans("<>", "><"))
    for kind, sign in signs.items():
        keys = ((row, column.keys[row]) for row in bits(frame.body))
        rows = sum(1 << row for row, key in keys if key is not None and holds[sign](key))
        if rows:
            yield Condition(kind, index, rows, comparison.words, 1.0, 2.2 + near)


def _bound(column: Column, bound: Quantity | Moment) -> float:
    """A bound on the scale of the column's keys."""
    if isinstance(bound, Moment):
        return sort_key(bound.when.date)
    keys = sorted(key for key in column.keys if key is not None)
    if column.kind is not Kind.TIME or bound.seconds or not keys:
        return bound.number
    # "under 7 hours", "between 51 and 52 seconds": a bare number is in the unit that fits the column
    middle = keys[len(keys) // 2]
    return min((bound.number * unit for unit in (1, 60, 3600)), key=lambda s: abs(s - middle))
