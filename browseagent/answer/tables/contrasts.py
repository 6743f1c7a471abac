"""Readings that compute: two rows compared or subtracted, sums and means, runs, spans, yes or no."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations

from browseagent.answer.tables import execute
from browseagent.answer.tables.frame import Frame, directions
from browseagent.answer.tables.reading import Candidate, Denotation, Reading, RowSet
from browseagent.answer.tables.table import Kind, bits

_MAX_PAIRS = 4
_WAY = (
    "(before|after|above|below|more|less|fewer|higher|lower|earlier|later|longer|shorter|larger|smaller"
    "|greater|older|younger|faster|slower)"
)
_EITHER = re.compile(rf"\b{_WAY} or {_WAY}\b")
_UPWARD = {"more", "higher", "longer", "larger", "greater", "later", "after", "older", "faster"}


def contrasts(frame: Frame) -> Iterator[Candidate]:
    """Every such reading that the question's words allow."""
    triggers = frame.question.triggers
    pairs = _pairs(frame)
    either = frame.question.form == "yes or no" and _EITHER.search(frame.question.text.lower())
    if triggers & {"compare", "or"} and not either:
        yield from _compared(frame, pairs)
    if triggers & {"difference", "span", "compare"}:
        yield from _differences(frame, pairs)
    if triggers & {"sum", "average"} or frame.question.form in ("how many", "how much"):
        yield from _totals(frame)
    if "run" in triggers:
        yield from _runs(frame)
    if triggers & {"span"}:
        yield from _spans(frame)
    if frame.question.form == "yes or no":
        yield from _decided(frame, pairs)


def _pairs(frame: Frame) -> list[tuple[RowSet, RowSet]]:
    """Two rows or groups of rows that the question names beside each other: in one column, by different
    words, none of them in both."""
    singles = [
        s for s in frame.sets[:-1]
        if len(s.conditions) == 1 and not s.negated and s.conditions[0].kind in ("cell", "date", "number")
    ]  # fmt: skip
    pairs = []
    for one, two in combinations(singles, 2):
        if one.words & two.words or one.rows & two.rows:
            continue
        if one.conditions[0].column != two.conditions[0].column:
            continue
        pairs.append((one, two) if one.words < two.words else (two, one))
    return sorted(pairs, key=lambda pair: -pair[0].weight - pair[1].weight)[:_MAX_PAIRS]


def _both(one: RowSet, two: RowSet) -> RowSet:
    return RowSet(
        one.rows | two.rows,
        (*one.conditions, *two.conditions),
        one.words | two.words,
        one.weight + two.weight,
    )


def _classes(frame: Frame) -> list[tuple[int, str]]:
    return [*frame.question.comparatives, *frame.question.orderings][:3]


def _compared(frame: Frame, pairs: list[tuple[RowSet, RowSet]]) -> Iterator[Candidate]:
    """Which of two named rows has more, is earlier, stands higher."""
    table = frame.table
    for one, two in pairs:
        column = one.conditions[0].column
        both = _both(one, two)
        for place, ordering in _classes(frame):
            words = 1 << place | frame.words("or")
            for by in frame.orders:
                if by == column and table.columns[by].kind not in (Kind.DATE, Kind.YEAR):
                    continue
                for greatest in directions(ordering, table.columns[by]):
                    first = execute.representative(table.columns[by], one.rows, greatest)
                    second = execute.representative(table.columns[by], two.rows, greatest)
                    if first is None or second is None or first[0] == second[0]:
                        continue
                    row = first[1] if (first[0] > second[0]) == greatest else second[1]
                    yield _winner(
                        frame, both, row, (first[1], second[1]), column, by, ordering, greatest, words
                    )
            for greatest, other in ((True, "late"), (False, "early")):
                if ordering in (other, "worst" if greatest else "best"):
                    low, high = sorted((bits(one.rows)[0], bits(two.rows)[0]))
                    row = high if greatest else low
                    yield _winner(frame, both, row, (low, high), column, -1, ordering, greatest, words)
            if one.rows.bit_count() != two.rows.bit_count() and ordering in ("most", "least"):
                more, fewer = (one, two) if one.rows.bit_count() > two.rows.bit_count() else (two, one)
                chosen = more if ordering == "most" else fewer
                row = bits(chosen.rows)[0]
                text = table.columns[column].values[row].text
                reading = Reading("compare count", both, column, -1, ordering, ordering == "most", words)
                yield Candidate(reading, Denotation((text,), bits(both.rows), ((row, column),)))


def _winner(
    frame: Frame, both: RowSet, row: int, used: tuple[int, int], column: int, by: int, ordering: str,
    greatest: bool, words: int,
) -> Candidate:  # fmt: skip
    text = frame.table.columns[column].values[row].text
    reading = Reading("compare", both, column, by, ordering, greatest, words)
    return Candidate(reading, Denotation((text,), used, ((row, column),)))


def _differences(frame: Frame, pairs: list[tuple[RowSet, RowSet]]) -> Iterator[Candidate]:
    """How far two rows lie apart in a column, or two columns in a row, or the ends of a column."""
    table = frame.table
    words = frame.words("difference", "compare")
    for one, two in pairs:
        both = _both(one, two)
        for by in frame.orders:
            if by == one.conditions[0].column:
                continue
            found = execute.difference(table, (bits(one.rows)[0], by), (bits(two.rows)[0], by))
            if found is not None and one.rows.bit_count() == two.rows.bit_count() == 1:
                yield Candidate(Reading("difference", both, by, by, words=words), found)
        gap = abs(one.rows.bit_count() - two.rows.bit_count())
        reading = Reading("difference of counts", both, -1, -1, words=words)
        yield Candidate(reading, Denotation((str(gap),), bits(both.rows), computed=True))
    mentioned = [by for by in frame.orders if frame.links.mentions[by].words][:4]
    singles = [s for s in frame.sets[:-1] if s.rows.bit_count() == 1 and not s.negated][:4]
    for first, second in combinations(mentioned, 2):
        if table.columns[first].kind is not table.columns[second].kind:
            continue
        for rows in singles:
            row = bits(rows.rows)[0]
            found = execute.difference(table, (row, first), (row, second))
            if found is not None:
                yield Candidate(Reading("difference of columns", rows, first, second, words=words), found)
    if "difference" in frame.question.triggers or "span" in frame.question.triggers:
        for by in frame.orders[:3]:
            greatest = execute.representative(table.columns[by], table.body, True)
            least = execute.representative(table.columns[by], table.body, False)
            if greatest is not None and least is not None:
                found = execute.difference(table, (greatest[1], by), (least[1], by))
                if found is not None:
                    yield Candidate(Reading("range", frame.everything, by, by, words=words), found)


def _totals(frame: Frame) -> Iterator[Candidate]:
    """The sum or mean of a column over some rows."""
    for mean, trigger in ((False, "sum"), (True, "average")):
        if mean and trigger not in frame.question.triggers:
            continue
        for rows in (*frame.sets[:-1][:5], frame.everything):
            for by in frame.orders:
                found = execute.total(frame.table, rows.rows, by, mean)
                if found is not None:
                    operation = "average" if mean else "sum"
                    yield Candidate(Reading(operation, rows, by, by, words=frame.words(trigger)), found)


def _runs(frame: Frame) -> Iterator[Candidate]:
    """How many rows in a row meet a condition, or share a value."""
    words = frame.words("run")
    for rows in frame.sets[:-1][:8]:
        length, run = execute.longest_run(frame.table, rows.rows)
        yield Candidate(
            Reading("run", rows, words=words), Denotation((str(length),), bits(run), computed=True)
        )
    for target in frame.targets:
        length, run = execute.longest_same(frame.table, target)
        if length > 1:
            reading = Reading("run of same", frame.everything, target, words=words)
            yield Candidate(reading, Denotation((str(length),), bits(run), computed=True))


def _spans(frame: Frame) -> Iterator[Candidate]:
    """How many years a row spans: within one cell, or from one column of dates to another."""
    table = frame.table
    words = frame.words("span")
    dated = [i for i, column in enumerate(table.columns) if column.kind in (Kind.DATE, Kind.YEAR)]
    singles = [s for s in frame.sets[:-1] if s.rows.bit_count() == 1 and not s.negated][:4]
    for rows in singles:
        row = bits(rows.rows)[0]
        for column in dated:
            gap = execute.held(table.columns[column], row)
            if gap is not None:
                found = Denotation((gap,), (row,), ((row, column),), computed=True)
                yield Candidate(Reading("span", rows, column, words=words), found)
        for start, end in combinations(dated, 2):
            found_gap = execute.difference(table, (row, start), (row, end))
            if found_gap is not None:
                yield Candidate(Reading("span", rows, end, start, words=words), found_gap)


def _decided(frame: Frame, pairs: list[tuple[RowSet, RowSet]]) -> Iterator[Candidate]:
    """Yes or no, or which of two words holds: one row against another, or a row against a condition."""
    table = frame.table
    asked = _EITHER.search(frame.question.text.lower())
    for one, two in pairs if asked or "or" not in frame.question.triggers else ():
        both = _both(one, two)
        first_row, second_row = bits(one.rows)[0], bits(two.rows)[0]
        for place, ordering in _classes(frame):
            words = 1 << place
            for by in (*frame.orders, -1):
                if by < 0:
                    ahead = first_row < second_row
                    holds = ahead if ordering in ("early", "best") else not ahead
                    greatest = not ahead
                else:
                    keys = table.columns[by].keys[first_row], table.columns[by].keys[second_row]
                    ways = directions(ordering, table.columns[by])
                    if keys[0] is None or keys[1] is None or keys[0] == keys[1] or not ways:
                        continue
                    greatest = keys[0] > keys[1]
                    holds = greatest == ways[0]
                text = _word(asked, greatest) if asked else "yes" if holds else "no"
                reading = Reading("decide", both, -1, by, ordering, greatest, words)
                yield Candidate(reading, Denotation((text,), (first_row, second_row), computed=True))
    conditions = frame.links.conditions
    for a, b in combinations(conditions[:6], 2):
        if a.words & b.words or a.column == b.column:
            continue
        rows = RowSet(a.rows & b.rows, (a, b), a.words | b.words, a.weight + b.weight)
        used = bits(rows.rows or a.rows)[: execute.MAX_ANSWERS]
        text = "yes" if rows.rows else "no"
        yield Candidate(Reading("exists", rows), Denotation((text,), used, computed=True))


def _word(asked: re.Match[str], greatest: bool) -> str:
    """Of "more or less", "above or below" the word that holds."""
    first, second = asked[1], asked[2]
    placed = {"above", "before", "earlier"}
    if first in placed or second in placed:
        return (second if first in placed else first) if greatest else (first if first in placed else second)
    upward = first if first in _UPWARD else second
    return upward if greatest else (second if upward == first else first)
