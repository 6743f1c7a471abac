"""A stored page as it is shown beside an answer: its text by blocks, with the quotes marked. Pure.

What is shown is made of a document's text alone; no markup, address or script of the page is in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from browseagent.records import Block, BlockKind, Document

MOST_BLOCKS = 2500
"""Blocks that are shown; of a longer page, those around the first mark."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of a document's text that is marked; ``number`` says as which quote."""

    start: int
    end: int
    number: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Text that is marked as one quote, or as none (0)."""

    text: str
    number: int = 0
    first: bool = False
    """Whether the quote begins here."""


Pieces = tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """A heading, a paragraph, a list, a table …; ``rows`` are its items, each of cells."""

    kind: str
    level: int
    rows: tuple[tuple[Pieces, ...], ...]
    ordered: bool = False
    header: bool = False
    """Whether the first row is of column headers."""


@dataclass(frozen=True, slots=True)
class Shown:
    """The blocks, and how many were left out before and after them."""

    groups: tuple[Group, ...]
    before: int = 0
    after: int = 0


def found(document: Document, quotes: Iterable[tuple[int, str, int, int]]) -> list[Span]:
    """Where quotes (number, text, start, end) stand in a document; one that is not in it is left out."""
    spans: list[Span] = []
    for number, text, start, end in quotes:
        if document.text[start:end] != text:
            start = document.text.find(text)
            end = start + len(text)
        if text and start >= 0:
            spans.append(Span(start, end, number))
    return spans


def shown(document: Document, spans: Sequence[Span] = ()) -> Shown:
    """A document's blocks with stretches marked."""
    blocks = document.blocks
    first = min((span.start for span in spans), default=0)
    at = next((place for place, block in enumerate(blocks) if block.end > first), 0)
    begin = max(0, min(at - MOST_BLOCKS // 2, len(blocks) - MOST_BLOCKS))
    taken = blocks[begin : begin + MOST_BLOCKS]
    groups: list[Group] = []
    for (kind, *_), members in groupby(taken, _together):
        run = list(members)
        rows = tuple(_cells(document, block, spans) for block in run)
        one = run[0]
        if kind in (BlockKind.ITEM, BlockKind.ROW):
            groups.append(Group(kind, one.level, rows, one.ordered, one.is_header))
        else:
            groups += [Group(kind, one.level, (row,)) for row in rows]
    return Shown(tuple(groups), begin, max(0, len(blocks) - begin - len(taken)))


def _together(block: Block) -> tuple[BlockKind, int, bool, int]:
    return block.kind, block.level, block.ordered, block.table


def _cells(document: Document, block: Block, spans: Sequence[Span]) -> tuple[Pieces, ...]:
    places = [(cell.start, cell.end) for cell in block.cells] or [(block.start, block.end)]
    return tuple(_pieces(document.text, start, end, spans) for start, end in places)


def _pieces(text: str, start: int, end: int, spans: Sequence[Span]) -> Pieces:
    """The text from start to end, cut where a mark begins or ends; of marks that overlap the first counts."""
    inside = [span for span in spans if span.start < end and span.end > start]
    cuts = sorted({start, end, *(p for s in inside for p in (s.start, s.end) if start < p < end)})
    pieces: list[Piece] = []
    for left, right in pairwise(cuts):
        of = next((span for span in inside if span.start <= left and span.end >= right), None)
        if of is None:
            pieces.append(Piece(text[left:right]))
        else:
            pieces.append(Piece(text[left:right], of.number, left == of.start))
    return tuple(pieces)
