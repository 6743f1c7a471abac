"""The readings of a question on a frame: every operation that its words allow, run.

Look-up, count, sum, mean, first and last, greatest and least, n-th, neighbour, most frequent, and two rows or
two columns compared or subtracted. A reading is an operation on some rows, ordered by one column, read from
another.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from browseagent.answer.tables.cells import written
from browseagent.answer.tables.frame import Column, Frame, Kind, bits
from browseagent.answer.tables.links import Links, RowSet

MAX_ANSWERS = 12
_MAX_SELECTED = 8
_MAX_COUNTED = 1000
_TIES = 4
_DATED = (Kind.DATE, Kind.YEAR)
_AMOUNTS = (Kind.NUMBER, Kind.MONEY)


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
    """Whether the words stand nowhere in the frame: a count, a sum, a difference, yes or no."""


def readings(links: Links) -> Iterator[Reading]:
    """Every reading of the question."""
    pairs = _pairs(links)
    yield from _selected(links)
    yield from _counted(links)
    yield from _totals(links)
    yield from _extremes(links)
    yield from _neighbours(links)
    yield from _compared(links, pairs)
    yield from _differences(links, pairs)


def read(
    links: Links, operation: str, rows: RowSet, picked: int, limit: int, by: int = -1, ordering: str = "",
    greatest: bool = True, words: int = 0,
) -> Iterator[Reading]:  # fmt: skip
    """Each likely target column of some picked rows."""
    if not 0 < picked.bit_count() <= _MAX_SELECTED:
        return
    targets = dict.fromkeys((*links.targets[:limit], *([by] if by >= 0 else [])))
    for target in targets:
        texts = {row: links.frame.columns[target].values[row].text for row in bits(picked)}
        used = tuple(row for row, text in texts.items() if any(c.isalnum() for c in text))
        if used:
            said = tuple(dict.fromkeys(texts[row] for row in used))
            yield Reading(operation, rows, said, used, target, by, ordering, greatest, words)


def _selected(links: Links) -> Iterator[Reading]:
    for rows in links.sets[:-1]:
        yield from read(links, "select", rows, rows.rows, 99)
    yield from read(links, "total", links.sets[-1], links.frame.totals, 99, words=links.question.said("sum"))


def _counted(links: Links) -> Iterator[Reading]:
    """How many rows, or how many different texts they have in a column."""
    question = links.question
    if "count" not in question.triggers or not links.frame.has_header:
        return
    words = question.said("count")
    for rows in links.sets:
        if rows.rows.bit_count() <= _MAX_COUNTED:
            count = str(rows.rows.bit_count())
            yield Reading("count", rows, (count,), bits(rows.rows), words=words, computed=True)
    for target in links.targets[:4] if "different" in question.triggers else ():
        column = links.frame.columns[target]
        seen = {column.values[row].text.lower(): row for row in bits(links.frame.body & column.filled)}
        yield Reading(
            "distinct", links.sets[-1], (str(len(seen)),), tuple(seen.values()), target,
            words=words | question.said("different"), computed=True,
        )  # fmt: skip


def _totals(links: Links) -> Iterator[Reading]:
    """The sum or mean of a column over some rows."""
    triggers = links.question.triggers
    if not {"sum", "average", "count"} & triggers.keys() or not links.frame.has_header:
        return
    for operation in ("sum", "average") if "average" in triggers else ("sum",):
        for rows in _wider(links, 5):
            for by in links.orders:
                column = links.frame.columns[by]
                keyed = [(key, row) for row in bits(rows.rows) if (key := column.keys[row]) is not None]
                if len(keyed) < 2 or column.kind in (*_DATED, Kind.SCORE):
                    continue
                value = sum(key for key, _ in keyed) / (len(keyed) if operation == "average" else 1)
                text = written(value, seconds=column.kind is Kind.TIME)
                yield Reading(
                    operation, rows, (text,), tuple(row for _, row in keyed), by, by,
                    words=links.question.said(operation), computed=True,
                )  # fmt: skip


def _wider(links: Links, most: int) -> tuple[RowSet, ...]:
    """The likeliest sets of more than one row, and all records."""
    return (*(rows for rows in links.sets[:-1][:most] if rows.rows & (rows.rows - 1)), links.sets[-1])


def directions(ordering: str, kind: Kind) -> tuple[bool, ...]:
    """Whether a superlative asks for the greatest (True) or least (False) of a column; both where it
    may be either: the "highest" rank is 1. Empty where it makes no sense."""
    if ordering in ("most", "least"):
        return (False, True) if kind is Kind.RANK else (ordering == "most",)
    if ordering in ("best", "worst"):
        return ((ordering == "best") != (kind in (Kind.RANK, Kind.TIME)),)
    if ordering in ("fast", "slow"):
        fast = ordering == "fast"
        if kind is Kind.NUMBER:  # seconds, or miles an hour
            return (not fast, fast)
        return () if kind in _DATED else (fast != (kind in (Kind.TIME, Kind.RANK)),)
    return (ordering == "late",) if kind not in (Kind.MONEY, Kind.SCORE) else ()


def extreme(column: Column, rows: int, greatest: bool) -> int:
    """The rows with the greatest or least key; 0 where none has a key or too many tie."""
    keyed = [(key, row) for row in bits(rows) if (key := column.keys[row]) is not None]
    best = max(keyed)[0] if keyed and greatest else min(keyed)[0] if keyed else 0.0
    found = sum(1 << row for key, row in keyed if key == best)
    return found if found.bit_count() <= _TIES else 0


def _extremes(links: Links) -> Iterator[Reading]:
    """The greatest or least of a column, the first or last in the order of the frame, and what else that row
    says; the n-th; what most rows have."""
    question, frame = links.question, links.frame
    for place, ordering in question.orderings[:2]:
        words = 1 << place
        for rows in _wider(links, 5):
            for by in links.orders:
                for greatest in directions(ordering, frame.columns[by].kind):
                    picked = extreme(frame.columns[by], rows.rows, greatest)
                    yield from read(links, "extreme", rows, picked, 6, by, ordering, greatest, words)
            if rows.rows.bit_count() > 1 and ordering in ("early", "best", "late", "worst"):
                first = ordering in ("early", "best")
                row = bits(rows.rows)[0 if first else -1]
                yield from read(links, "end", rows, 1 << row, 6, -1, ordering, first, words)
    if question.orderings or "often" in question.triggers:
        least = any(ordering == "least" for _, ordering in question.orderings)
        yield from _commonest(links, not least, sum(1 << place for place, _ in question.orderings[:1]))
    for quantity in question.quantities:
        if quantity.ordinal and 1 < quantity.number < 100:
            for rows in (links.sets[-1], *links.sets[:-1][:2]):
                found = bits(rows.rows)[int(quantity.number) - 1 : int(quantity.number)]
                yield from read(links, "nth", rows, sum(1 << row for row in found), 5, words=quantity.words)


def _commonest(links: Links, greatest: bool, words: int) -> Iterator[Reading]:
    """The text that most or fewest rows share in a column; where several tie there is none."""
    ordering = "most" if greatest else "least"
    for rows in _wider(links, 3):
        for target in links.targets[:5]:
            column = links.frame.columns[target]
            if column.kind in (*_AMOUNTS, Kind.SCORE):
                continue
            places: dict[str, int] = {}
            for row in bits(rows.rows & column.filled):
                places[column.values[row].text] = places.get(column.values[row].text, 0) | 1 << row
            order = sorted(places, key=lambda text: places[text].bit_count(), reverse=greatest)
            if len(order) > 1 and places[order[0]].bit_count() != places[order[1]].bit_count():
                used = bits(places[order[0]])
                yield Reading(
                    "mode", rows, order[:1] and (order[0],), used, target, -1, ordering, greatest, words
                )


def _neighbours(links: Links) -> Iterator[Reading]:
    """The row after or before one that the question names."""
    places = bits(links.frame.body)
    for step, trigger in ((1, "next"), (-1, "previous")):
        if trigger not in links.question.triggers:
            continue
        singles = [s for s in links.sets[:-1] if s.rows.bit_count() <= 3 and not s.negated]
        for rows in singles[:6]:
            inside = [place for place, row in enumerate(places) if rows.rows >> row & 1]
            for at in {inside[0] + step, inside[-1] + step} if inside else ():
                if 0 <= at < len(places):
                    words = links.question.said(trigger)
                    yield from read(links, trigger, rows, 1 << places[at], 6, words=words)


Pair = tuple[RowSet, RowSet, RowSet]


def _pairs(links: Links) -> list[Pair]:
    """Two rows or groups of rows that the question names beside each other, and both: in one column, by
    different words, none of them in both."""
    singles = [s for s in links.sets[:-1] if len(s.conditions) == 1 and not s.negated]
    pairs: list[Pair] = []
    for one, two in combinations(singles, 2):
        a, b = one.conditions[0], two.conditions[0]
        if a.column == b.column and a.kind == b.kind and not (a.words & b.words or a.rows & b.rows):
            both = RowSet(one.rows | two.rows, (a, b), a.words | b.words, one.weight + two.weight)
            pairs.append((one, two, both) if a.words < b.words else (two, one, both))
    return sorted(pairs, key=lambda pair: -pair[2].weight)[:4]


def _compared(links: Links, pairs: list[Pair]) -> Iterator[Reading]:
    """Which of two named rows has more, is earlier, stands higher; whether the first does."""
    question, frame = links.question, links.frame
    for one, two, both in pairs:
        column = both.conditions[0].column
        for place, ordering in (*question.comparatives, *question.orderings)[:3]:
            words = 1 << place | question.said("or")
            ways = [
                (by, way)
                for by in links.orders
                if by != column or frame.columns[by].kind in _DATED
                for way in directions(ordering, frame.columns[by].kind)
            ]
            if ordering in ("early", "best", "late", "worst"):
                ways.append((-1, ordering in ("late", "worst")))
            for by, greatest in ways:
                ends = [_end(frame, by, rows.rows, greatest) for rows in (one, two)]
                if ends[0] is None or ends[1] is None or ends[0][0] == ends[1][0]:
                    continue
                first = (ends[0] > ends[1]) == greatest
                row, used = ends[not first][1], (ends[0][1], ends[1][1])
                if question.form == "yes or no":
                    said = ("yes" if first else "no",)
                    yield Reading(
                        "decide", both, said, used, -1, by, ordering, greatest, words, computed=True
                    )
                else:
                    said = (frame.columns[column].values[row].text,)
                    yield Reading("compare", both, said, used, column, by, ordering, greatest, words)


def _end(frame: Frame, by: int, rows: int, greatest: bool) -> tuple[float, int] | None:
    """The greatest or least key of a column in some rows, and its row; of no column the place of the row."""
    if by < 0:
        return float(bits(rows)[0]), bits(rows)[0]
    keyed = [(key, row) for row in bits(rows) if (key := frame.columns[by].keys[row]) is not None]
    return (max(keyed) if greatest else min(keyed)) if keyed else None


def _differences(links: Links, pairs: list[Pair]) -> Iterator[Reading]:
    """How far two rows lie apart in a column, or two columns in a row; two rows taken together."""
    question, frame = links.question, links.frame
    words = question.said("difference", "sum")
    asked = {"difference", "sum"} & question.triggers.keys() or question.form == "how long"
    for one, two, both in pairs if asked else ():
        if one.rows.bit_count() == two.rows.bit_count() == 1:
            cells = [bits(rows.rows)[0] for rows in (one, two)]
            for by in links.orders:
                if by != both.conditions[0].column:
                    yield from _apart(frame, both, (cells[0], by), (cells[1], by), words)
                    yield from _together(frame, both, by, words)
        gap = str(abs(one.rows.bit_count() - two.rows.bit_count()))
        yield Reading("difference of counts", both, (gap,), bits(both.rows), words=words, computed=True)
    mentioned = [by for by in links.orders if links.mentions[by].words or question.form == "how long"][:4]
    singles = [s for s in links.sets[:-1] if s.rows.bit_count() == 1 and not s.negated][:4]
    for first, second in combinations(mentioned if asked else (), 2):
        for rows in singles:
            row = bits(rows.rows)[0]
            yield from _apart(frame, rows, (row, first), (row, second), words)


def _together(frame: Frame, both: RowSet, by: int, words: int) -> Iterator[Reading]:
    column, used = frame.columns[by], bits(both.rows)
    keys = [key for row in used if (key := column.keys[row]) is not None]
    if len(keys) == len(used) and column.kind not in (*_DATED, Kind.SCORE, Kind.RANK):
        text = written(sum(keys), seconds=column.kind is Kind.TIME)
        yield Reading("sum", both, (text,), used, by, by, words=words, computed=True)


def _apart(
    frame: Frame, rows: RowSet, first: tuple[int, int], second: tuple[int, int], words: int
) -> Iterator[Reading]:
    """The difference of two cells (row, column), in years where they are dates."""
    columns = frame.columns[first[1]], frame.columns[second[1]]
    keys = columns[0].keys[first[0]], columns[1].keys[second[0]]
    if keys[0] is None or keys[1] is None:
        return
    dated = [column.kind in _DATED for column in columns]
    if not all(dated) and columns[0].kind is not columns[1].kind:
        return
    gap = abs(keys[0] - keys[1])
    if all(dated):
        dates = columns[0].values[first[0]].date, columns[1].values[second[0]].date
        years = abs(dates[0][0] - dates[1][0]) if dates[0] and dates[1] else 0
        text = f"{years} year{'' if years == 1 else 's'}"
    else:
        text = written(round(gap, 6), seconds=columns[0].kind is Kind.TIME)
    name = "difference" if first[1] == second[1] else "difference of columns"
    used = tuple(dict.fromkeys((first[0], second[0])))
    yield Reading(name, rows, (text,), used, first[1], second[1], words=words, computed=True)
