"""Cells that tell several things: "Ana Ruiz · 3 May 2024 · 12 replies", "4.5 out of 5 stars (28 reviews)".

In what a page lists, such cells become columns of their own beside the whole: cut at marks between them, at a
date, or between numbers, wherever most cells of the column fall into the same parts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from statistics import median

from browseagent.answer.lexical import STOP_WORDS
from browseagent.answer.quotes import trimmed
from browseagent.answer.tables.anchors import Anchors
from browseagent.answer.tables.cells import AGO, dates_in
from browseagent.answer.tables.grid import NONE, Grid
from browseagent.answer.values import measures
from browseagent.read.text import CURRENCY

Span = tuple[int, int]
Cut = Callable[[str, int, int], list[Span]]
LONGEST = 90
"""Characters of a cell, at the median: longer ones are sentences."""
ALIKE = 0.6
"""Share of a column's cells that fall into the same number of parts."""
MOST = 4
_WORD = re.compile(r"\S+")
_NAME = re.compile(r"[^\W\d_]{3,}")
_MARK = re.compile(r"\s+[–—-]\s+|\s*[·•|\n]\s*")
_NUMBER = re.compile(r"\d[\d.,]*[kKmM]?\b")
_TAIL = re.compile(
    rf"\s+(?:\(\d[\d.,]*[kKmM]?\)|[{CURRENCY}]\s?\d[\d.,]*|\d[\d.]*[kKM]|\d{{1,3}}(?:,\d{{3}})+"
    r"|-?\d+(?:[.,]\d+)?\s?(?:%|°[CF]?))$"
)
"""What a name ends with that is none of it: a count, a price, a share ("Shoes (16)", "Small $6.25")."""
_LABEL = re.compile(rf"[^\W\d][^\n:]{{1,60}}:\s+(?=[{CURRENCY}]?\s?\d)")
"""A name before the amount that is told of it ("Small flat: $900")."""
_LABELS = re.compile(rf"[:：]\s*(?:[A-Z]{{3}}|[{CURRENCY}])?\s*$")
"""Before a number: the words before it say what it is ("List: EUR 28")."""
_COUNTED = 0.4
"""Share of the names with a number in which it counts the same."""
_COUNT = re.compile(rf"(?<![\w{CURRENCY}.,#:/-])(?!(?:19|20)\d\d\b)\d[\d,.]*(?<!\d[,.])(?=[\s+-]*\s)")
"""A number in a name that may count something: "85 easy recipes", "30+ recipes"; no year, no price."""
_LASTS = re.compile(r"\b\d+(?:[–-]\d+)?[\s-](?:hours?|hrs?|minutes?|mins?|seconds?|secs?)\b", re.I)
_GOES_ON = 2
"""Words after a link, at the median, with which a cell says more than a name."""
_COUNTED_WITHIN = 6
"""Words after a number among which what it counts is looked for."""
_GAP = re.compile(r"\s+|(?=\()|(?<=\))")


@dataclass(frozen=True, slots=True)
class Part:
    """A column of parts."""

    cells: tuple[Span, ...]
    called: str = ""
    """The words that were cut off because most cells have them ("written by")."""


def with_parts(grid: Grid, text: str, anchors: Anchors) -> tuple[Grid, frozenset[int]]:
    """The grid with a column for every part of the cells that tell several things, and which columns fell
    into parts."""
    made: list[Part] = []
    parted = set()
    for index in range(len(grid.headers)):
        if parts := _parts([row.cells[index] for row in grid.rows], text, anchors):
            parted.add(index)
            made += _all_parts(parts, text, anchors)
    for index in range(len(grid.headers)):
        if index not in parted:
            made += _told_within([row.cells[index] for row in grid.rows], text)
    if not made:
        return grid, frozenset()
    rows = tuple(
        replace(row, cells=(*row.cells, *(part.cells[place] for part in made)))
        for place, row in enumerate(grid.rows)
    )
    called = (*grid.called, *("" for _ in grid.headers[len(grid.called) :]), *(part.called for part in made))
    headers = (*grid.headers, *("" for _ in made))
    return replace(grid, headers=headers, rows=rows, called=called), frozenset(parted)


def _all_parts(parts: Sequence[Part], text: str, anchors: Anchors, deep: int = 2) -> Iterator[Part]:
    """The parts, those that fall into parts again as these ("Ana Ruiz | 2 years ago 16")."""
    for part in parts:
        again = _parts(part.cells, text, anchors) if deep and len(parts) > 1 else []
        if len(again) > 1:
            yield from _all_parts(again, text, anchors, deep - 1)
        else:
            yield from again or [part]


def with_names(grid: Grid, text: str, anchors: Anchors) -> tuple[Grid, frozenset[int]]:
    """The grid of a table with a column for the links with which the cells of another begin that go on with
    more words ("General talk – All that fits nowhere else"), and which columns these stand in."""
    made: dict[int, list[Span]] = {}
    for index in range(len(grid.headers)):
        cells = [row.cells[index] for row in grid.rows]
        filled = [cell for cell in cells if cell[1] > cell[0] >= 0]
        named = {
            cell: (link.start, link.end)
            for cell in filled
            if (link := anchors.first(*cell)) is not None and link.start == cell[0]
        }
        more = [len(_WORD.findall(text[end : cell[1]])) for cell, (_, end) in named.items()]
        if len(named) >= max(2.0, ALIKE * len(filled)) and median(more) >= _GOES_ON:
            made[index] = [named.get(cell, cell) for cell in cells]
    if not made:
        return grid, frozenset()
    rows = tuple(
        replace(row, cells=(*row.cells, *(its[place] for its in made.values())))
        for place, row in enumerate(grid.rows)
    )
    headers = (*grid.headers, *(grid.headers[index] for index in made))
    return replace(grid, headers=headers, rows=rows), frozenset(made)


def in_pairs(grid: Grid) -> Grid:
    """The grid with every two rows as one, where the second of them goes on with the first: every other row
    leaves the first column empty."""
    rows = grid.rows
    first = [row.cells[0][1] > row.cells[0][0] for row in rows] if grid.headers else []
    heads = [place for place, filled in enumerate(first) if filled]
    goes_on = [place + 1 < len(rows) and not first[place + 1] for place in heads]
    if len(heads) < 3 or sum(goes_on) < max(0.8 * len(heads), 0.4 * len(rows)):
        return grid
    nothing = tuple(NONE for _ in grid.headers)
    joined = [
        replace(
            rows[place],
            end=rows[place + more].end,
            cells=(*rows[place].cells, *(rows[place + 1].cells if more else nothing)),
        )
        for place, more in zip(heads, goes_on, strict=True)
    ]
    headers = (*grid.headers, *("" for _ in grid.headers))
    return replace(grid, headers=headers, rows=tuple(joined))


def _parts(cells: Sequence[Span], text: str, anchors: Anchors) -> list[Part]:
    """The columns that one falls into; none where most of its cells do not."""
    filled = [cell for cell in cells if cell[1] > cell[0] >= 0]
    if len(filled) < 2:
        return []
    length = median(end - start for start, end in filled)
    cuts: tuple[Cut, ...] = (partial(_at_link, anchors), _at_marks, _at_dates, _at_numbers, _at_tail)
    labels = {match.group() for cell in filled if (match := _LABEL.match(text, *cell))}
    if len(labels) >= ALIKE * len(filled):
        cuts = (cuts[0], _at_label, *cuts[1:])
    for cut in cuts if length <= LONGEST else cuts[:1]:
        parts = {cell: cut(text, *cell) for cell in set(filled)}
        number, times = Counter(len(parts[cell]) for cell in filled).most_common(1)[0]
        if 2 <= number <= MOST and times >= ALIKE * len(filled):
            return [
                _unlabelled(
                    [its[i] if len(its := parts.get(cell, [])) == number else NONE for cell in cells], text
                )
                for i in range(number)
            ]
    whole = _unlabelled(cells, text) if length <= LONGEST else Part(())
    return [whole] if whole.called else []


def _told_within(cells: Sequence[Span], text: str) -> list[Part]:
    """What names tell of what they name: how many there are of what all of them have ("85 easy recipes", but
    no "iPhone 14 battery"), how long it takes ("10-minute noodles"), how much it is ("Rye tin 1.1 kg")."""
    told = {cell: text[slice(*cell)] for cell in cells if cell[1] > cell[0] >= 0}
    if not told or median(map(len, told.values())) > LONGEST:
        return []
    lasting = {cell: each.span() for cell in told if (each := _LASTS.search(text, *cell))}
    measured = {
        cell: (cell[0] + its[0].start, cell[0] + its[0].end)
        for cell, said in told.items()
        if cell not in lasting and (its := measures(said, "en"))
    }
    counted = {
        cell: (each, [word.group().lower() for word in _NAME.finditer(text, each.end(), cell[1])])
        for cell in told
        if cell not in lasting and cell not in measured and (each := _COUNT.search(text, *cell))
    }
    after = {cell: words[:_COUNTED_WITHIN] for cell, (_, words) in counted.items()}
    several = (word for words in after.values() for word in set(words) - STOP_WORDS if word.endswith("s"))
    shared = Counter(several)
    noun, times = shared.most_common(1)[0] if shared else ("", 0)
    found = []
    if times >= max(2.0, _COUNTED * len(counted)):
        spans = {cell: counted[cell][0].span() for cell, words in after.items() if noun in words}
        if median(len(after[cell]) for cell in spans) > 1:  # "28 reviews" is no name
            found.append(Part(tuple(spans.get(cell, NONE) for cell in cells), noun))
    if len(lasting) > 1:
        found.append(Part(tuple(lasting.get(cell, NONE) for cell in cells)))
    names = [text[start : span[0]] + text[span[1] : end] for (start, end), span in measured.items()]
    if len(measured) >= max(2.0, ALIKE * len(told)) and 2 * sum(map(_is_named, names)) > len(names):
        found.append(Part(tuple(measured.get(cell, NONE) for cell in cells)))
    return found


def _is_named(text: str) -> bool:
    return _NAME.search(text) is not None


def _unlabelled(cells: Sequence[Span], text: str) -> Part:
    """A column without what most of its cells begin or end with where that is a label: it has a word that is
    no content ("Written *by* … *on*")."""
    told = {cell: list(_WORD.finditer(text, *cell)) for cell in cells if cell[1] > cell[0] >= 0}
    said = {cell: tuple(word.group().lower() for word in words) for cell, words in told.items()}
    least = max(2.0, ALIKE * len(told))
    front, back = (_shared([words[::step] for words in said.values()], least) for step in (1, -1))
    front, back = (words if not STOP_WORDS.isdisjoint(words) else () for words in (front, back))
    while back and back[-1] not in STOP_WORDS:  # what is counted goes with its number: "1.2 km from centre"
        back = back[:-1]
    if not front and not back:
        return Part(tuple(cells))
    cut = []
    for cell in cells:
        words, (start, end) = said.get(cell, ()), cell
        if front and words[: len(front)] == front and len(words) > len(front):
            start = told[cell][len(front)].start()
        if back and words[: -len(back) - 1 : -1] == back and len(words) > len(back) + len(front):
            end = told[cell][-len(back) - 1].end()
        cut.append((start, end))
    return Part(tuple(cut), " ".join((*front, *back[::-1])))


def _shared(all_words: Sequence[tuple[str, ...]], least: float) -> tuple[str, ...]:
    """The longest beginning that so many have in common."""
    found: tuple[str, ...] = ()
    for length in (1, 2, 3):
        begun = Counter(words[:length] for words in all_words if len(words) > length)
        if not begun or (best := begun.most_common(1)[0])[1] < least:
            break
        found = best[0]
    return found


def _at_link(anchors: Anchors, text: str, start: int, end: int) -> list[Span]:
    """A link with words before or after it: the name of a thing and what is said of it."""
    link = anchors.first(start, end)
    if link is None:
        return []
    return _kept(text, [(start, link.start), (link.start, link.end), (link.end, end)])


def _at_label(text: str, start: int, end: int) -> list[Span]:
    name = _LABEL.match(text, start, end)
    return (
        [] if name is None else _kept(text, [(start, text.rindex(":", start, name.end())), (name.end(), end)])
    )


def _at_marks(text: str, start: int, end: int) -> list[Span]:
    found, at = [], start
    for mark in _MARK.finditer(text, start, end):
        found.append((at, mark.start()))
        at = mark.end()
    return _kept(text, [*found, (at, end)])


def _at_dates(text: str, start: int, end: int) -> list[Span]:
    words = text[start:end]
    ago = AGO.search(words)
    dates = dates_in(words)
    first = ago.span() if ago else (dates[0].start, dates[0].end) if len(dates) == 1 else None
    if first is None:
        return []
    middle = start + first[0], start + first[1]
    return _kept(text, [(start, middle[0]), middle, (middle[1], end)])


def _at_numbers(text: str, start: int, end: int) -> list[Span]:
    """A part for each number, the words between two of them shared out half and half; a label goes with what
    it labels ("Threads: 12 Posts: 140")."""
    goes_on = {start + at for at in _going_on(text[start:end])}
    numbers = [number for number in _NUMBER.finditer(text, start, end) if number.start() not in goes_on]
    if len(numbers) < 2 or dates_in(text[start:end]):
        return []
    cuts = [start]
    for one, other in pairwise(numbers):
        gaps = [gap.start() for gap in _GAP.finditer(text, one.end(), other.start())]
        if not gaps:
            return []
        labelled = _LABELS.search(text, one.end(), other.start()) is not None
        cuts.append(gaps[0 if labelled else len(gaps) // 2])
    return _kept(text, list(zip(cuts, [*cuts[1:], end], strict=True)))


def _going_on(text: str) -> set[int]:
    """Where numbers begin that tell one length of time with the number before: the 30 of "2 h 30 min"."""
    told = [each for each in measures(text, "en") if each.unit.dimension == "time"]
    return {
        other.start
        for one, other in pairwise(told)
        if one.unit.size > other.unit.size and not text[one.end : other.start].strip()
    }


def _at_tail(text: str, start: int, end: int) -> list[Span]:
    tail = _TAIL.search(text, start, end)
    return [] if tail is None else _kept(text, [(start, tail.start()), (tail.start(), end)])


def _kept(text: str, spans: Sequence[Span]) -> list[Span]:
    """The parts that say something."""
    cut = [trimmed(text, *span) for span in spans]
    return [span for span in cut if any(c.isalnum() for c in text[slice(*span)])]
