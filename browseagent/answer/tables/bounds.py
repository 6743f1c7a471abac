"""Conditions on typed columns: the numbers, dates and comparisons of a question against the cells."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from browseagent.answer.tables.quantities import Comparison, Moment, Quantity
from browseagent.answer.tables.question import Question
from browseagent.answer.tables.reading import Condition, Mention
from browseagent.answer.tables.table import Column, Kind, Table, bits
from browseagent.answer.tables.values import Value, sort_key

_FLIPPED = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
"""Above the fifth place is before it: places are compared either way."""


def value_conditions(
    question: Question, table: Table, index: int, column: Column, mention: Mention
) -> list[Condition]:
    """Numbers, dates and comparisons that the cells of a typed column meet."""
    found: list[Condition] = []
    near = mention.share + 0.3 * (mention.focus > 0)
    if column.kind in (Kind.DATE, Kind.YEAR):
        for moment in question.moments:
            rows = _where(table, column, partial(_is_then, moment))
            if rows and rows != table.body:
                found.append(Condition("date", index, rows, moment.words, 1.0, 2.0 + near))
    elif column.is_ordered:
        for quantity in question.quantities:
            if quantity.seconds != (column.kind is Kind.TIME):
                continue
            if quantity.spelt and not mention.words and not (quantity.ordinal and column.kind is Kind.RANK):
                continue
            rows = _where(table, column, partial(_is_amount, quantity))
            if rows and rows != table.body:
                found.append(
                    Condition("number", index, rows, quantity.words, 1.0, 0.9 + near - 0.4 * quantity.spelt)
                )
    for comparison in question.comparisons:
        found += _compared(table, index, column, comparison, near)
    return found


def _where(table: Table, column: Column, test: Callable[[Value], bool]) -> int:
    rows = 0
    for row in bits(table.body & column.filled):
        if test(column.values[row]):
            rows |= 1 << row
    return rows


def _is_amount(quantity: Quantity, value: Value) -> bool:
    return (value.seconds if quantity.seconds else value.number) == quantity.number


def _is_then(moment: Moment, value: Value) -> bool:
    """Whether a cell's date is the one asked for, or lies in the years asked for."""
    if value.date is None:
        return False
    if moment.end is not None:
        if value.until is not None:
            return value.date[0] == moment.start[0] and value.until[0] == moment.end[0]
        return moment.start[0] <= value.date[0] <= moment.end[0]
    if all(not asked or asked == own for asked, own in zip(moment.start, value.date, strict=True)):
        return True
    return (
        value.until is not None
        and moment.start[1] == 0
        and value.date[0] <= moment.start[0] <= value.until[0]
    )


def _compared(
    table: Table, index: int, column: Column, comparison: Comparison, near: float
) -> list[Condition]:
    if not column.is_ordered or not _comparable(column, comparison.low):
        return []
    low = _bound(column, comparison.low)
    high = _bound(column, comparison.high) if comparison.high is not None else low
    end = _period(comparison.low)
    found = []
    signs: list[str] = [comparison.sign]
    if column.kind is Kind.RANK and comparison.sign in _FLIPPED:
        signs.append(_FLIPPED[comparison.sign])
    for flipped, sign in enumerate(signs):
        rows = 0
        for row in bits(table.body):
            key = column.keys[row]
            if key is not None and _holds(key, sign, low, high, end):
                rows |= 1 << row
        if rows:
            kind = "rank" if flipped else "compare"
            found.append(Condition(kind, index, rows, comparison.words, 1.0, 2.2 + near))
    return found


def _comparable(column: Column, bound: Quantity | Moment) -> bool:
    """Dates are compared with dates, lengths of time with times, numbers with any other."""
    if isinstance(bound, Moment):
        return column.kind in (Kind.DATE, Kind.YEAR)
    return column.kind not in (Kind.DATE, Kind.YEAR) and (column.kind is Kind.TIME or not bound.seconds)


def _bound(column: Column, bound: Quantity | Moment) -> float:
    """A bound on the scale of the column's keys."""
    if isinstance(bound, Moment):
        return sort_key(bound.start)
    if column.kind is Kind.TIME and not bound.seconds:
        # "under 7 hours", "between 51 and 52 seconds": a bare number is in the unit that fits the column
        keys = [key for key in column.keys if key is not None]
        middle = sorted(keys)[len(keys) // 2]
        return min((bound.number * unit for unit in (1, 60, 3600)), key=lambda s: abs(s - middle))
    return bound.number


def _period(bound: Quantity | Moment) -> float:
    """How long the bound lasts: "after 2004" begins when the year is over."""
    if not isinstance(bound, Moment) or bound.start[2]:
        return 0.0
    return 30.5 if bound.start[1] else 371.5


def _holds(key: float, sign: str, low: float, high: float, lasts: float) -> bool:
    if sign == "between":
        return low <= key <= high + lasts
    if sign == ">":
        return key > low + lasts
    if sign == ">=":
        return key >= low
    if sign == "<":
        return key < low
    return key <= low + lasts
