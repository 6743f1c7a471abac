"""Readings that find rows and read a column of them: look-ups, counts, superlatives, neighbours."""

from __future__ import annotations

from collections.abc import Iterator

from browseagent.answer.tables import execute
from browseagent.answer.tables.frame import Frame, directions
from browseagent.answer.tables.reading import Candidate, Denotation, Reading, RowSet
from browseagent.answer.tables.table import Kind, bits

_MAX_SELECTED = 8
_MAX_SINGLE = 6


def lookups(frame: Frame) -> Iterator[Candidate]:
    """Every such reading that the question's words allow."""
    yield from _selected(frame)
    yield from _counted(frame)
    yield from _extremes(frame)
    yield from _ends(frame)
    yield from _neighbours(frame)
    yield from _sharing(frame)


def read(
    frame: Frame, operation: str, rows: RowSet, picked: int, by: int = -1, ordering: str = "",
    greatest: bool = True, words: int = 0, limit: int = 99,
) -> Iterator[Candidate]:  # fmt: skip
    """Each likely target column of some picked rows."""
    if not picked or picked.bit_count() > _MAX_SELECTED:
        return
    for target in frame.targets[:limit]:
        denotation = execute.cells(frame.table, picked, target)
        if denotation is not None:
            yield Candidate(Reading(operation, rows, target, by, ordering, greatest, words), denotation)
            if _asks_year(frame) and frame.table.columns[target].kind is Kind.DATE:
                years = execute.years_of(frame.table, picked, target)
                if years is not None:
                    reading = Reading(operation, rows, target, by, ordering, greatest, words, "year")
                    yield Candidate(reading, years)
    if "and" in frame.question.triggers and picked.bit_count() == 1:
        pair = _asked_pair(frame)
        both = execute.side_by_side(frame.table, picked, pair) if pair else None
        if both is not None:
            yield Candidate(Reading(operation, rows, pair[0], by, ordering, greatest, words, "pair"), both)


def _asks_year(frame: Frame) -> bool:
    return any(frame.question.words[index] in ("year", "years") for index in frame.question.focus)


def _asked_pair(frame: Frame) -> tuple[int, ...]:
    """Two columns that the question asks for together ("which driver and co-driver")."""
    named = sorted(
        (
            target
            for target in frame.targets
            if frame.links.mentions[target].share >= 0.5 and frame.links.mentions[target].focus
        ),
        key=lambda target: -frame.links.mentions[target].share,
    )
    said = [frame.links.mentions[target].words for target in named[:2]]
    return tuple(sorted(named[:2])) if len(said) == 2 and said[0] != said[1] else ()


def _selected(frame: Frame) -> Iterator[Candidate]:
    for rows in frame.sets[:-1]:
        yield from read(frame, "select", rows, rows.rows)
    if frame.table.totals:
        yield from read(
            frame, "total", frame.everything, frame.table.totals, words=frame.words("sum", "average")
        )


def _counted(frame: Frame) -> Iterator[Candidate]:
    if frame.question.form not in ("how many", "other", "which", "how long", "how much"):
        return
    words = _words_of_form(frame)
    for rows in frame.sets:
        if rows.rows.bit_count() <= 1000:
            yield Candidate(Reading("count", rows, words=words), execute.count(rows.rows))
    for rows in (*frame.sets[:3], frame.everything):
        for target in frame.targets[:4]:
            found = execute.distinct(frame.table, rows.rows, target)
            if found is not None and found.texts[0] != str(rows.rows.bit_count()):
                yield Candidate(
                    Reading("distinct", rows, target, words=words | frame.words("different")), found
                )


def _words_of_form(frame: Frame) -> int:
    mask = 0
    for index, word in enumerate(frame.question.words):
        if word in ("how", "many", "number", "total", "times", "amount", "count"):
            mask |= 1 << index
    return mask


def _extremes(frame: Frame) -> Iterator[Candidate]:
    """The greatest or least of a column, and what else its row says."""
    sets = (*frame.sets[:-1][:5], frame.everything)
    for place, ordering in frame.question.orderings[:2]:
        words = 1 << place
        for rows in sets:
            if rows.rows & (rows.rows - 1) == 0:
                continue
            for by in frame.orders:
                for greatest in directions(ordering, frame.table.columns[by]):
                    picked = execute.extreme(frame.table.columns[by], rows.rows, greatest)
                    yield from read(frame, "extreme", rows, picked, by, ordering, greatest, words, 6)
                    if by not in frame.targets[:6] and picked:
                        value = execute.cells(frame.table, picked, by)
                        if value is not None:
                            reading = Reading("extreme", rows, by, by, ordering, greatest, words)
                            yield Candidate(reading, value)
        yield from _often(frame, ordering, words)
    if "next" in frame.question.triggers or any(q.ordinal for q in frame.question.quantities):
        yield from _second(frame)


def _second(frame: Frame) -> Iterator[Candidate]:
    """ "Second highest": a place other than the first in an order."""
    places = [(int(q.number), q.words) for q in frame.question.quantities if q.ordinal and 1 < q.number < 20]
    for index, ordering in frame.question.orderings[:2]:
        if ordering not in ("most", "least", "best", "worst", "fast", "slow"):
            continue
        for place, words in places:
            for by in frame.orders[:3]:
                for greatest in directions(ordering, frame.table.columns[by])[:1]:
                    picked = execute.ranked(frame.table.columns[by], frame.table.body, greatest, place)
                    yield from read(frame, "ranked", frame.everything, picked, by, ordering, greatest,
                                    words | 1 << index, 4)  # fmt: skip


def _often(frame: Frame, ordering: str, words: int) -> Iterator[Candidate]:
    """The value that most or fewest rows have, by count and by the sum of a column."""
    if ordering not in ("most", "least") and "often" not in frame.question.triggers:
        return
    greatest = ordering != "least"
    sets = (*frame.sets[:-1][:3], frame.everything)
    for rows in sets:
        for target in frame.targets[:5]:
            if frame.table.columns[target].kind in (Kind.NUMBER, Kind.SCORE, Kind.MONEY):
                continue
            for by in (None, *frame.orders[:2]):
                if by is not None and frame.table.columns[by].kind not in (Kind.NUMBER, Kind.MONEY):
                    continue
                found = execute.commonest(frame.table, rows.rows, target, greatest, by)
                if found is None:
                    continue
                text, picked = found
                used = bits(picked)
                reading = Reading(
                    "mode" if by is None else "group", rows, target, -1 if by is None else by, ordering,
                    greatest, words,
                )  # fmt: skip
                yield Candidate(reading, Denotation((text,), used, tuple((row, target) for row in used)))
                if by is None and frame.question.form == "how many":
                    yield Candidate(
                        Reading("mode count", rows, target, -1, ordering, greatest, words),
                        execute.count(picked),
                    )


def _ends(frame: Frame) -> Iterator[Candidate]:
    """The first, last or n-th of some rows, in the order of the table."""
    sets = (*frame.sets[:-1][:8], frame.everything)
    for index, ordering in frame.question.orderings[:2]:
        place = {"early": 1, "best": 1, "late": -1, "worst": -1}.get(ordering, 0)
        if place:
            for rows in sets:
                picked = execute.nth(rows.rows, place)
                if rows.rows & (rows.rows - 1) == 0:
                    continue  # the only row is not the first of any
                yield from read(frame, "end", rows, picked, -1, ordering, place > 0, 1 << index, 6)
    for quantity in frame.question.quantities:
        if quantity.ordinal and 1 < quantity.number < 100:
            for rows in (frame.everything, *frame.sets[:2]):
                picked = execute.nth(rows.rows, int(quantity.number))
                yield from read(frame, "nth", rows, picked, words=quantity.words, limit=5)


def _neighbours(frame: Frame) -> Iterator[Candidate]:
    """The row after or before one that the question names."""
    for step, trigger in ((1, "next"), (-1, "previous")):
        if trigger not in frame.question.triggers:
            continue
        words = frame.words(trigger)
        singles = [s for s in frame.sets[:-1] if s.rows.bit_count() <= 3 and not s.negated and not s.joined]
        for rows in singles[:_MAX_SINGLE]:
            if all(condition.kind in ("compare", "rank") for condition in rows.conditions):
                continue
            for edge in dict.fromkeys((rows.rows & -rows.rows, 1 << rows.rows.bit_length() - 1)):
                picked = execute.beside(frame.table, edge, step)
                yield from read(frame, trigger, rows, picked, words=words, limit=6)
        for place, ordering in frame.question.orderings[:1]:
            at = {"early": 1, "late": -1}.get(ordering, 0)
            if at:
                picked = execute.beside(frame.table, execute.nth(frame.table.body, at), step)
                yield from read(frame, trigger, frame.everything, picked, words=words | 1 << place, limit=4)


def _sharing(frame: Frame) -> Iterator[Candidate]:
    """The other rows that have the same value in a column as the one that the question names."""
    if not frame.question.triggers & {"same", "other"}:
        return
    words = frame.words("same", "other")
    singles = [
        s for s in frame.sets[:-1] if s.rows.bit_count() == 1 and len(s.conditions) == 1 and not s.negated
    ]
    for rows in singles[:3]:
        own = rows.conditions[0].column
        for by, column in enumerate(frame.table.columns):
            if by == own or column.distinct < 2:
                continue
            picked = execute.sharing(frame.table, rows.rows.bit_length() - 1, by)
            if not picked:
                continue
            for target in dict.fromkeys((own, *frame.targets[:2])):
                denotation = execute.cells(frame.table, picked, target)
                if target != by and denotation is not None:
                    yield Candidate(Reading("same", rows, target, by, words=words), denotation)
            yield Candidate(Reading("same count", rows, own, by, words=words), execute.count(picked))
