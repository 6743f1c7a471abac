"""The lines of a PDF's page in the order in which a person reads them: column by column.

PDFium gives text as it was drawn. Where the lines of two columns were drawn side by side, it gives them as
one; they are told by a gutter, a strip that stays empty in line after line of words on both sides of it.
The cells of a table have gutters too, but few words between them: its lines stay whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

_WORD = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
_LAST = re.compile(r"[^\W_]+(?:-[^\W_]+)*(?=-$)")
# First and last parts with which words are put together by a hyphen, of those that are no common syllables.
_FIRST = frozenset(
    """
    self well ill non ex half quasi twenty thirty forty fifty sixty seventy eighty ninety one two three four
    five six seven eight nine ten first second third fourth fifth high low long short full part old new late
    early mid cross single double multi open close hard soft left right east west north south anti pro semi
    year month week day hour minute
    """.split()  # noqa: SIM905
)
_SECOND = frozenset(
    """
    based like wide term time old free year day week month hour minute known made called related specific
    off up in out to the by of on down back fold class century ton tonne metre meter mile century only level
    """.split()  # noqa: SIM905
)
_AND = frozenset("and or und oder et ou y o e en".split())  # noqa: SIM905


def words_of(lines: Iterable[str]) -> frozenset[str]:
    """The words of a document that stand whole within a line, in lower case: with their hyphens, and with
    the parts of those."""
    found: set[str] = set()
    for line in lines:
        whole = line.rstrip()
        found.update(
            word.lower() for word in _WORD.findall(whole[: whole.rfind(" ")] if whole[-1:] == "-" else whole)
        )
    return frozenset(found)


def joint(before: str, after: str, known: frozenset[str]) -> str:
    """What stands between a line that ends in a hyphen, without it, and the next: the hyphen, nothing where
    it only divides a word, the hyphen and a space where only the first part of a pair stands before it."""
    last, first = _LAST.search(f"{before}-"), _WORD.match(after)
    if last is None or first is None:
        return "- " if first is None else "-"
    left, right = last[0], first[0]
    whole, compound = f"{left}{right}".lower(), f"{left}-{right}".lower()
    if right.lower() in _AND and after[first.end() : first.end() + 1] == " ":
        return "- "
    if compound in known or whole in known:
        return "-" if compound in known else ""
    if not (right[0].islower() and left[-1].islower()):
        capitals = left.isupper() and right.isupper() and left.isalpha() and right.isalpha()
        return "" if capitals else "-"
    parts = left.lower() in known and right.lower() in known and min(len(left), len(right)) > 3
    return "-" if "-" in left or left.lower() in _FIRST or right.lower() in _SECOND or parts else ""


_FEWEST = 4
"""Lines with words on both sides that a gutter needs."""
_CHARS = 20
"""Letters that half of these lines have on either side of it; a cell of a table has fewer, in one of them."""
_LARGER = 1.15


@dataclass(frozen=True, slots=True)
class Word:
    """Letters without space between them, and their edges in points."""

    text: str
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Row:
    """What stands on one base line."""

    words: tuple[Word, ...]
    bottom: float
    top: float
    size: float
    """Height of its letters."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a column: its text, its edges and the size of its type, in points."""

    text: str
    left: float
    right: float
    bottom: float
    top: float
    size: float
    """Height of its letters."""
    edge: float = 0.0
    """How far the longest line of its column reaches; 0 where it is not in one."""


def lines_in_order(rows: Sequence[Row]) -> list[Line]:
    """The lines of a page, given what stands on its base lines in the order in which it was drawn."""
    gutter = _gutter(rows)
    if gutter is None:
        edge = max((row.words[-1].right for row in rows if row.words), default=0.0)
        return [_line(row, edge) for row in rows]
    out: list[Line] = []
    for divided, band in _bands(rows, gutter):
        if divided:
            left = [part for row in band if (part := _part(row, gutter, right=False)).words]
            right = [part for row in band if (part := _part(row, gutter, right=True)).words]
            out += [*lines_in_order(left), *lines_in_order(right)]
        else:  # across this gutter; there may be another
            out += lines_in_order(band)
    return out


def _gutter(rows: Sequence[Row]) -> float | None:
    """Where the gutter is that the most lines have; None where there is none."""
    gaps = [
        (before.right, after.left, row)
        for row in rows
        for before, after in zip(row.words, row.words[1:], strict=False)
        if after.left - before.right >= 0.9 * row.size
    ]
    best: tuple[int, float] | None = None
    for end in {right for _, right, _ in gaps}:
        place = end - 0.5
        split = [row for left, right, row in gaps if left < place < right]
        if len(split) < _FEWEST or (best is not None and len(split) <= best[0]):
            continue
        beside = [_beside(row, place) for row in split]
        if min(median(map(len, side)) for side in zip(*beside, strict=True)) >= _CHARS:
            best = (len(split), place)
    return None if best is None else best[1]


def _beside(row: Row, gutter: float) -> tuple[str, str]:
    """What stands right before and right after a gutter, each up to the next wide space."""
    left, right = _part(row, gutter, right=False).words, _part(row, gutter, right=True).words
    before, after = [left[-1]], [right[0]]
    for word in reversed(left[:-1]):
        if before[0].left - word.right >= 0.9 * row.size:
            break
        before.insert(0, word)
    for word in right[1:]:
        if word.left - after[-1].right >= 0.9 * row.size:
            break
        after.append(word)
    return " ".join(word.text for word in before), " ".join(word.text for word in after)


def _bands(rows: Sequence[Row], gutter: float) -> Iterator[tuple[bool, list[Row]]]:
    """Runs of rows that the gutter divides, and of those that stand across it."""
    across = [
        bool(row.words) and (_crosses(row, gutter) or _parts_columns(rows, number, gutter))
        for number, row in enumerate(rows)
    ]
    for stands_across, run in groupby(zip(across, rows, strict=True), key=lambda each: each[0]):
        yield not stands_across, [row for _, row in run]


def _crosses(row: Row, gutter: float) -> bool:
    """Whether a row has letters in the gutter, or no wider space there than between words."""
    if any(word.left < gutter < word.right for word in row.words):
        return True
    left, right = _part(row, gutter, right=False), _part(row, gutter, right=True)
    return bool(left.words and right.words and right.words[0].left - left.words[-1].right < 0.9 * row.size)


def _parts_columns(rows: Sequence[Row], number: int, gutter: float) -> bool:
    """Whether a row is a heading above what follows in both columns: large, alone at its height, and the row
    after it has both."""
    row, after = rows[number], rows[number + 1] if number + 1 < len(rows) else None
    if after is None or row.size <= _LARGER * after.size:
        return False
    alone = not any(
        other is not row and other.bottom < row.top and row.bottom < other.top and other.words
        for other in rows
    )
    both = all(_part(after, gutter, right=side).words for side in (False, True))
    return alone and both


def _part(row: Row, gutter: float, *, right: bool) -> Row:
    """The words of a row on one side of the gutter."""
    words = tuple(word for word in row.words if ((word.left + word.right) / 2 > gutter) == right)
    return Row(words, row.bottom, row.top, row.size)


def _line(row: Row, edge: float) -> Line:
    text = " ".join(word.text for word in row.words)
    left = min((word.left for word in row.words), default=0.0)
    right = max((word.right for word in row.words), default=0.0)
    return Line(text, left, right, row.bottom, row.top, row.size, edge)
