"""The readings of a question on a frame: every operation that its words allow, run.

Look-up, count, sum, mean, first and last, greatest and least, neighbour, and two rows or two columns compared
or subtracted. A reading is an operation on some rows, ordered by one column, read from another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from browseagent.answer.tables.cells import DAYS, written
from browseagent.answer.tables.columns import Column, Kind
from browseagent.answer.tables.frame import Frame, bits
from browseagent.answer.tables.links import Links, RowSet

_MAX_SELECTED = 8
_MAX_COUNTED = 1000
_TIES = 4
_DATED = (Kind.DATE, Kind.YEAR)
_NO_SUM = (*_DATED, Kind.SCORE, Kind.RANK)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take a question, and what it gives."""

    operation: str
    rows: RowSet
    texts: tuple[str, ...]
    """The answer in words."""
    used: tuple[int, ...]
    """The rows that it rests on."""
    target: int = -1
    by: int = -1
    ordering: str = ""
    """Class of the superlative or comparative."""
    greatest: bool = True
    words: int = 0
    """Words of the question that ask for the operation."""
    computed: bool = False
    """Whether the words stand nowhere in the frame: a count, a sum, a difference."""


Pair = tuple[RowSet, RowSet, RowSet]
"""Two sets of rows that the question names beside each other, and both."""


def readings(links: Links) -> Iterator[Reading]:
    """Every reading of the question."""
    pairs = _pairs(links)
    for rows in links.sets[:-1]:
        yield from _read(links, "select", rows, rows.rows)
    words = links.question.said("sum")
    yield from _read(links, "total", links.sets[-1], links.frame.totals, words=words)
    if "count" in links.question.triggers and (links.frame.has_header or links.frame.listed):
        yield from _counted(links)
    yield from _totals(links, [both for _, _, both in pairs])
    yield from _extremes(links)
    yield from _neighbours(links)
    yield from _compared(links, pairs)
    if links.question.triggers.keys() & {"difference", "count"}:
        yield from _differences(links, pairs)


def _read(
    links: Links, operation: str, rows: RowSet, picked: int, by: int = -1, ordering: str = "",
    greatest: bool = True, words: int = 0,
) -> Iterator[Reading]:  # fmt: skip
    """Each likely target column of some picked rows."""
    if not 0 < picked.bit_count() <= _MAX_SELECTED:
        return
    for target in dict.fromkeys((*links.targets, *([by] if by >= 0 else []))):
        texts = {row: links.frame.columns[target].values[row].text for row in bits(picked)}
        used = tuple(row for row, text in texts.items() if any(c.isalnum() for c in text))
        if used:
            said = tuple(dict.fromkeys(texts[row] for row in used))
            yield Reading(operation, rows, said, used, target, by, ordering, greatest, words)


def _counted(links: Links) -> Iterator[Reading]:
    """How many rows; how many different texts they have in a column."""
    words = links.question.said("count")
    for rows in links.sets:
        if (number := rows.rows.bit_count()) <= _MAX_COUNTED:
            yield Reading("count", rows, (str(number),), bits(rows.rows), words=words, computed=True)
    for target in links.targets if "different" in links.question.triggers else ():
        column, words = links.frame.columns[target], links.question.said("count", "different")
        seen = {column.values[row].text.lower(): row for row in bits(links.frame.body & column.filled)}
        used, text = tuple(seen.values()), str(len(seen))
        yield Reading("distinct", links.sets[-1], (text,), used, target, words=words, computed=True)


def _wider(links: Links) -> tuple[RowSet, ...]:
    """The likeliest sets of more than one row, and all records."""
    return (*(rows for rows in links.sets[:-1][:5] if rows.rows & (rows.rows - 1)), links.sets[-1])


def _totals(links: Links, both: list[RowSet]) -> Iterator[Reading]:
    """The sum or mean of a column over some rows."""
    triggers = links.question.triggers.keys() if links.frame.has_header else set()
    for operation, asking in (("sum", {"sum", "count"}), ("average", {"average"})):
        for rows in (*_wider(links), *both) if asking & triggers else ():
            for by in links.orders:
                column = links.frame.columns[by]
                keyed = {row: key for row in bits(rows.rows) if (key := column.keys[row]) is not None}
                if len(keyed) < 2 or column.kind in _NO_SUM:
                    continue
                value = sum(keyed.values()) / (len(keyed) if operation == "average" else 1)
                text, words = written(value, column.kind is Kind.TIME), links.question.said(operation)
                yield Reading(operation, rows, (text,), tuple(keyed), by, by, words=words, computed=True)


def directions(ordering: str, kind: Kind) -> tuple[bool, ...]:
    """Whether a superlative asks for the greatest (True) or least (False) of a column; both where it
    may be either: the "highest" rank is 1. Empty where it makes no sense."""
    if ordering in ("most", "least"):
        # the "longest" ago is the earliest
        return (False, True) if kind in (Kind.RANK, *_DATED) else (ordering == "most",)
    if ordering in ("best", "worst"):
        return ((ordering == "best") != (kind in (Kind.RANK, Kind.TIME)),)
    if ordering in ("fast", "slow"):
        fast = ordering == "fast"
        if kind is Kind.NUMBER:  # seconds, or miles an hour
            return (not fast, fast)
        return () if kind in _DATED else (fast != (kind in (Kind.TIME, Kind.RANK)),)
    return (ordering == "late",) if kind not in (Kind.MONEY, Kind.SCORE) else ()


def _ways(frame: Frame, by: int, ordering: str) -> tuple[bool, ...]:
    """The same of a frame's column: the first place of what is listed has most of what it is listed for."""
    kind = frame.columns[by].kind
    listed = frame.listed and kind is Kind.RANK and ordering in ("most", "least")
    return (ordering == "least",) if listed else directions(ordering, kind)


def extreme(column: Column, rows: int, greatest: bool) -> int:
    """The rows with the greatest or least key; 0 where none has a key or too many tie."""
    keyed = [(key, row) for row in bits(rows) if (key := column.keys[row]) is not None]
    best = max(keyed)[0] if keyed and greatest else min(keyed)[0] if keyed else 0.0
    found = sum(1 << row for key, row in keyed if key == best)
    return found if found.bit_count() <= _TIES else 0


def _extremes(links: Links) -> Iterator[Reading]:
    """The greatest or least of a column, the first or last in the order of the frame, and what else that row
    says."""
    for place, ordering in links.question.orderings[:2]:
        for rows in _wider(links):
            for by in links.orders:
                for greatest in _ways(links.frame, by, ordering):
                    picked = extreme(links.frame.columns[by], rows.rows, greatest)
                    yield from _read(links, "extreme", rows, picked, by, ordering, greatest, 1 << place)
            if rows.rows.bit_count() > 1 and ordering in ("early", "best", "late", "worst"):
                first = ordering in ("early", "best")
                picked = 1 << bits(rows.rows)[0 if first else -1]
                yield from _read(links, "end", rows, picked, -1, ordering, first, 1 << place)
            if ordering in ("late", "most", "early") and links.frame.listed and rows is links.sets[-1]:
                first = ordering != "early"  # the newest is on top, the oldest at the bottom
                picked = 1 << bits(rows.rows)[0 if first else -1]
                yield from _read(links, "top", rows, picked, -1, ordering, first, 1 << place)


def _neighbours(links: Links) -> Iterator[Reading]:
    """The row after or before one that the question names."""
    places = bits(links.frame.body)
    for step, trigger in ((1, "next"), (-1, "previous")):
        singles = [s for s in links.sets[:-1] if s.rows.bit_count() <= 3 and not s.negated]
        for rows in singles[:6] if trigger in links.question.triggers else ():
            inside = [place for place, row in enumerate(places) if rows.rows >> row & 1]
            for at in {inside[0] + step, inside[-1] + step} if inside else ():
                if 0 <= at < len(places):
                    words = links.question.said(trigger)
                    yield from _read(links, trigger, rows, 1 << places[at], words=words)


def _pairs(links: Links) -> list[Pair]:
    """Those that differ in what one column says, by different words, with no row in both."""
    singles = [s for s in links.sets[:-1] if len(s.conditions) == 1 and not s.negated]
    pairs: list[Pair] = []
    for one, two in combinations(singles, 2):
        a, b = one.conditions[0], two.conditions[0]
        if a.column == b.column and a.kind == b.kind and not (a.words & b.words or a.rows & b.rows):
            both = RowSet(one.rows | two.rows, (a, b), a.words | b.words, one.weight + two.weight)
            pairs.append((one, two, both) if a.words < b.words else (two, one, both))
    return sorted(pairs, key=lambda pair: -pair[2].weight)[:4]


def _compared(links: Links, pairs: list[Pair]) -> Iterator[Reading]:
    """Which of two named rows has more, is earlier, stands higher."""
    question, columns = links.question, links.frame.columns
    for one, two, both in pairs if question.form != "yes or no" else ():
        column = both.conditions[0].column
        for place, ordering in (*question.comparatives, *question.orderings)[:3]:
            ways = [
                (by, way)
                for by in links.orders
                if by != column or columns[by].kind in _DATED
                for way in directions(ordering, columns[by].kind)
            ]
            if ordering in ("early", "best", "late", "worst"):
                ways.append((-1, ordering in ("late", "worst")))
            for by, greatest in ways:
                first, second = (_end(links.frame, by, rows.rows, greatest) for rows in (one, two))
                if first is None or second is None or first[0] == second[0]:
                    continue
                row = (max if greatest else min)(first, second)[1]
                said, used = (columns[column].values[row].text,), (first[1], second[1])
                words = 1 << place | question.said("or")
                yield Reading("compare", both, said, used, column, by, ordering, greatest, words)


def _end(frame: Frame, by: int, rows: int, greatest: bool) -> tuple[float, int] | None:
    """The greatest or least key of a column in some rows, and its row; of no column the place of the row."""
    if by < 0:
        return float(bits(rows)[0]), bits(rows)[0]
    keyed = [(key, row) for row in bits(rows) if (key := frame.columns[by].keys[row]) is not None]
    return (max(keyed) if greatest else min(keyed)) if keyed else None


def _differences(links: Links, pairs: list[Pair]) -> Iterator[Reading]:
    """How far two rows lie apart in a column, or two columns in a row; in years where they are dates."""
    orders, columns = links.orders, links.frame.columns
    singles = [s for s in links.sets[:-1] if s.rows.bit_count() == 1 and not s.negated][:4]
    named = [by for by in orders if links.mentions[by].words][:4]
    apart = [(both, one.rows, by, two.rows, by) for one, two, both in pairs for by in orders]
    apart += [(rows, rows.rows, a, rows.rows, b) for rows in singles for a, b in combinations(named, 2)]
    for rows, one_row, a, two_row, b in apart:
        if one_row & (one_row - 1) or two_row & (two_row - 1) or columns[a].kind is not columns[b].kind:
            continue
        first, second = one_row.bit_length() - 1, two_row.bit_length() - 1
        keys = columns[a].keys[first], columns[b].keys[second]
        if (
            keys[0] is None
            or keys[1] is None
            or (len(rows.conditions) > 1 and a == rows.conditions[0].column)
        ):
            continue
        gap = abs(keys[0] - keys[1])
        text = written(round(gap, 6), columns[a].kind is Kind.TIME)
        if columns[a].kind in _DATED:
            years = round(abs(keys[0] // DAYS - keys[1] // DAYS))
            text = f"{years} year{'' if years == 1 else 's'}"
        name = "difference" if a == b else "difference of columns"
        used = tuple(dict.fromkeys((first, second)))
        words = links.question.said("difference")
        yield Reading(name, rows, (text,), used, a, b, words=words, computed=True)
