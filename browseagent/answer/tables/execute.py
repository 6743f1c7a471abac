"""The operations on a table, each a pure function from rows and columns to a denotation."""

from __future__ import annotations

import math
from collections.abc import Callable

from browseagent.answer.tables.reading import Denotation
from browseagent.answer.tables.table import Column, Kind, Table, bits
from browseagent.answer.tables.values import Date, Value, written

MAX_ANSWERS = 12
_TIES = 4


def cells(table: Table, rows: int, column: int) -> Denotation | None:
    """The texts of a column in some rows, each once; None where there are none, or very many."""
    texts: list[str] = []
    places: list[tuple[int, int]] = []
    used: list[int] = []
    for row in bits(rows):
        text = table.columns[column].values[row].text
        if not text or not any(c.isalnum() for c in text):
            continue
        used.append(row)
        places.append((row, column))
        if text not in texts:
            texts.append(text)
        if len(texts) > MAX_ANSWERS:
            return None
    return Denotation(tuple(texts), tuple(used), tuple(places)) if texts else None


def years_of(table: Table, rows: int, column: int) -> Denotation | None:
    """The years of the dates of a column."""
    values = [(row, value.date) for row in bits(rows) if (value := table.columns[column].values[row]).date]
    texts = dict.fromkeys(str(date[0]) for _, date in values if date and date[0])
    used = tuple(row for row, _ in values)
    return Denotation(tuple(texts), used, tuple((row, column) for row in used)) if texts else None


def side_by_side(table: Table, rows: int, columns: tuple[int, ...]) -> Denotation | None:
    """Two cells of one row."""
    row = bits(rows)[0]
    texts = tuple(table.columns[column].values[row].text for column in columns)
    return Denotation(texts, (row,), tuple((row, column) for column in columns)) if all(texts) else None


def count(rows: int) -> Denotation:
    """How many rows."""
    return Denotation((str(rows.bit_count()),), bits(rows), computed=True)


def distinct(table: Table, rows: int, column: int) -> Denotation | None:
    """How many different texts a column has in some rows."""
    seen: dict[str, int] = {}
    for row in bits(rows & table.columns[column].filled):
        seen.setdefault(table.columns[column].values[row].text.lower(), row)
    if not seen:
        return None
    return Denotation((str(len(seen)),), tuple(seen.values()), computed=True)


def extreme(column: Column, rows: int, greatest: bool) -> int:
    """The rows with the greatest or least key; 0 where none has a key or too many tie."""
    best: float | None = None
    found = 0
    for row in bits(rows):
        key = column.keys[row]
        if key is None:
            continue
        if best is None or (key > best if greatest else key < best):
            best, found = key, 1 << row
        elif key == best:
            found |= 1 << row
    return found if found.bit_count() <= _TIES else 0


def ranked(column: Column, rows: int, greatest: bool, place: int) -> int:
    """The row that is second, third … by a column; 0 where there is none."""
    keyed = sorted(
        ((key, row) for row in bits(rows) if (key := column.keys[row]) is not None),
        key=lambda pair: -pair[0] if greatest else pair[0],
    )
    return 1 << keyed[place - 1][1] if len(keyed) >= place else 0


def nth(rows: int, place: int) -> int:
    """The first (1), second … or last (-1) of some rows, in the order of the table; 0 where too few."""
    found = bits(rows)
    if place == 0 or abs(place) > len(found):
        return 0
    return 1 << found[place - 1 if place > 0 else place]


def beside(table: Table, rows: int, step: int) -> int:
    """The record after the last of some rows, or before the first; 0 at the edge."""
    places = bits(table.body)
    inside = [number for number, row in enumerate(places) if rows >> row & 1]
    if not inside:
        return 0
    at = (inside[-1] if step > 0 else inside[0]) + step
    return 1 << places[at] if 0 <= at < len(places) else 0


def total(table: Table, rows: int, column: int, mean: bool) -> Denotation | None:
    """The sum or the mean of a column over some rows."""
    kind = table.columns[column].kind
    if kind in (Kind.DATE, Kind.YEAR, Kind.SCORE):
        return None
    keyed = [(key, row) for row in bits(rows) if (key := table.columns[column].keys[row]) is not None]
    if len(keyed) < 2:
        return None
    value = sum(key for key, _ in keyed) / (len(keyed) if mean else 1) + 1e-9  # halves are rounded up
    used = tuple(row for _, row in keyed)
    return Denotation((_as_written(value, kind),), used, tuple((row, column) for row in used), computed=True)


def _as_written(value: float, kind: Kind) -> str:
    if kind is not Kind.TIME:
        return written(value)
    hours, rest = divmod(value, 3600)
    minutes, seconds = divmod(rest, 60)
    second = f"{math.floor(seconds * 100 + 0.5) / 100:05.2f}".removesuffix(".00")
    return f"{hours:.0f}:{minutes:02.0f}:{second}" if hours else f"{minutes:.0f}:{second}"


def difference(table: Table, first: tuple[int, int], second: tuple[int, int]) -> Denotation | None:
    """How far the values of two cells (row, column) lie apart, in years where they are dates."""
    one, two = (table.columns[c].values[r] for r, c in (first, second))
    kinds = {table.columns[first[1]].kind, table.columns[second[1]].kind}
    gap = _gap(one, two, kinds)
    if gap is None:
        return None
    rows = tuple(dict.fromkeys((first[0], second[0])))
    return Denotation((gap,), rows, (first, second), computed=True)


def _gap(one: Value, two: Value, kinds: set[Kind]) -> str | None:
    if kinds <= {Kind.YEAR, Kind.DATE}:
        return years(one.date, two.date)
    if kinds == {Kind.TIME} and one.seconds is not None and two.seconds is not None:
        gap = abs(one.seconds - two.seconds)
        return written(gap) if gap < 60 else _as_written(gap, Kind.TIME)
    if one.number is None or two.number is None or kinds & {Kind.TEXT, Kind.EMPTY}:
        return None
    return written(round(abs(one.number - two.number), 6))


def years(start: Date | None, end: Date | None) -> str | None:
    """The whole years from one date to another, in words."""
    if start is None or end is None or not start[0] or not end[0]:
        return None
    gap = abs(end[0] - start[0])
    return f"{gap} year{'' if gap == 1 else 's'}"


def held(column: Column, row: int) -> str | None:
    """How long the span of years in one cell is, in words."""
    value = column.values[row]
    return years(value.date, value.until) if value.until else None


def commonest(
    table: Table, rows: int, column: int, greatest: bool, by: int | None = None
) -> tuple[str, int] | None:
    """The text that most (or fewest) rows share in a column, or for which ``by`` sums to most, and the
    rows that have it; None where several tie or nothing repeats."""
    if table.columns[column].distinct >= table.columns[column].filled.bit_count():
        return None
    weights: dict[str, float] = {}
    places: dict[str, int] = {}
    for row in bits(rows):
        text = table.columns[column].values[row].text
        key = 1.0 if by is None else table.columns[by].keys[row]
        if text and key is not None:
            weights[text] = weights.get(text, 0.0) + key
            places[text] = places.get(text, 0) | 1 << row
    if len(weights) < 2 or all(mask & (mask - 1) == 0 for mask in places.values()):
        return None
    order = sorted(weights, key=lambda text: -weights[text] if greatest else weights[text])
    if weights[order[0]] == weights[order[1]]:
        return None
    return order[0], places[order[0]]


def longest_run(table: Table, rows: int) -> tuple[int, int]:
    """The length of the longest unbroken run of some rows among the records, and the run."""
    best = run = best_rows = run_rows = 0
    for row in bits(table.body):
        if rows >> row & 1:
            run, run_rows = run + 1, run_rows | 1 << row
            if run > best:
                best, best_rows = run, run_rows
        else:
            run = run_rows = 0
    return best, best_rows


def longest_same(table: Table, column: int) -> tuple[int, int]:
    """The length of the longest run of records with the same text in a column, and the run."""
    groups: dict[str, int] = {}
    for row in bits(table.body & table.columns[column].filled):
        text = table.columns[column].values[row].text
        groups[text] = groups.get(text, 0) | 1 << row
    return max((longest_run(table, mask) for mask in groups.values()), default=(0, 0))


def sharing(table: Table, row: int, column: int) -> int:
    """The other records with the same text in a column."""
    text = table.columns[column].values[row].text.lower()
    if not text:
        return 0
    return sum(
        1 << other
        for other in bits(table.body & ~(1 << row))
        if table.columns[column].values[other].text.lower() == text
    )


def representative(column: Column, rows: int, greatest: bool) -> tuple[float, int] | None:
    """The greatest (or least) key of a column in some rows, and its row."""
    pick: Callable[..., tuple[float, int]] = max if greatest else min
    keyed = [(key, row) for row in bits(rows) if (key := column.keys[row]) is not None]
    return pick(keyed) if keyed else None
