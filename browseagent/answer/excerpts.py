"""What a reader is shown of a document: runs of neighbouring units, with the way back to the page.

A unit alone is often too little to understand ("It opened in 1871."), a whole section too much to
read. An excerpt is a run of units, about a paragraph long; longer paragraphs, lists and tables are cut
between units, several short ones are put together, short sections too. Headings stand in it as lines of
their own, and may be the answer: in a listing they are the names of its items. Its text is the page's
own, except that a table row reads ``header: cell; header: cell``, and a term ``term: what it is``.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from browseagent.answer.labelled import stretches
from browseagent.answer.passages import HEADING, Unit, after_term, units
from browseagent.records import BlockKind, Document

MOST_CHARS = 1000
"""About 240 tokens: two thirds of SQuAD's paragraphs fit whole."""
FULL_CHARS = 450
"""An excerpt this long ends with its paragraph, list, table or section."""
_UNIT_CHARS = 700
"""Of a longer unit (a code block, a wide row) the reader sees this much."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an excerpt's text that stands in the document as it is."""

    at: int
    """Where it begins in the excerpt's text."""
    start: int
    """Where it begins in the document's text."""
    length: int


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A run of units as the reader sees it."""

    heading: str
    """The document's title, and the headings above where they say more."""
    text: str
    units: tuple[Unit, ...]
    pieces: tuple[Piece, ...]
    """In order, not overlapping; what lies between them (column headers, line breaks) was added."""

    @property
    def stretches(self) -> tuple[tuple[int, int], ...]:
        """The pieces, in :attr:`text`: within one of these an answer stands in the document as it is."""
        return tuple((piece.at, piece.at + piece.length) for piece in self.pieces)

    def span(self, start: int, end: int) -> tuple[int, int] | None:
        """The span of the document for a span of :attr:`text`; None where it is not one stretch of it."""
        index = bisect_right(self.pieces, start, key=lambda piece: piece.at) - 1
        if index < 0:
            return None
        piece = self.pieces[index]
        if end > piece.at + piece.length:
            return None
        return piece.start + start - piece.at, piece.start + end - piece.at

    def unit_at(self, offset: int) -> Unit | None:
        """The unit that holds an offset of the document."""
        return next((u for u in self.units if u.passage.start <= offset < u.passage.end), None)


@lru_cache(maxsize=16)
def excerpts(document: Document) -> tuple[Excerpt, ...]:
    """All excerpts of a document, in its order; every unit is in exactly one."""
    return tuple(_excerpt(document, run) for run in _runs(units(document, for_reader=True)))


def _runs(every: Sequence[Unit]) -> Iterator[list[Unit]]:
    run: list[Unit] = []
    size = 0
    for unit in every:
        length = min(len(unit.reading), _UNIT_CHARS)
        if run:
            turns = unit.group != run[-1].group and run[-1].group != HEADING and size >= FULL_CHARS
            if turns or size + length > MOST_CHARS:
                yield run
                run, size = [], 0
        run.append(unit)
        size += length + 1
    if run:
        yield run


def _excerpt(document: Document, run: list[Unit]) -> Excerpt:
    text = ""
    pieces: list[Piece] = []
    for i, unit in enumerate(run):
        if i:
            between = document.text[run[i - 1].passage.end : unit.passage.start]
            text += " " if unit.block is run[i - 1].block and "\n" not in between else "\n"
        shown, found = _shown(document, unit, len(text))
        text += shown
        pieces += found
    heading = " – ".join(dict.fromkeys(part for part in (document.title, *run[0].section[-2:]) if part))
    return Excerpt(heading, text, tuple(run), tuple(pieces))


def _shown(document: Document, unit: Unit, at: int) -> tuple[str, list[Piece]]:
    """The text of a unit as it is shown, and its pieces, the first at ``at``."""
    shown = ""
    pieces: list[Piece] = []
    if unit.block.kind is not BlockKind.ROW:
        for start, end in unit.stretches:
            shown += after_term(shown) if shown else ""
            told, found = _standing(document, start, min(end, start + _UNIT_CHARS), at + len(shown))
            shown, pieces = shown + told, pieces + found
        return shown, pieces
    for cell in unit.block.cells:
        value, _ = _standing(document, cell.start, cell.end, at)
        if not value.strip() or len(shown) + len(value) > _UNIT_CHARS:
            continue
        shown += f"{'; ' if shown else ''}{f'{cell.header}: ' if cell.header else ''}"
        pieces += _standing(document, cell.start, cell.end, at + len(shown))[1]
        shown += value
    return shown, pieces


def _standing(document: Document, start: int, end: int, at: int) -> tuple[str, list[Piece]]:
    """A span with its labels and without what is struck out in it, and its pieces, the first at ``at``."""
    shown = ""
    pieces: list[Piece] = []
    for label, first, last in stretches(document, start, end):
        shown += " " if shown and not shown[-1].isspace() else ""
        shown += f"{label}: " if label else ""
        pieces.append(Piece(at + len(shown), first, last - first))
        shown += document.text[first:last]
    return shown, pieces
