"""What stands beside a place of a page in one set: the items of its list, the cells of its row or column, the
headings of its rank. The page's structure alone tells.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass

from browseagent.answer.passages import Unit
from browseagent.answer.quotes import trimmed
from browseagent.read.placed import PlacedLinks
from browseagent.records import Block, BlockKind, Cell, Document

FEWEST_CELLS = 3
"""Cells alike side by side from which on a row lists things; two are a thing and what is told of it."""
_LONGEST_NAME = 80
_NAMED = re.compile(r"\s[–—-]\s|:\s|\s\(")
"""What stands between the name of a thing and what is told of it."""


@dataclass(frozen=True, slots=True)
class Sibling:
    """One thing of a set, as a span of the document's text."""

    start: int
    end: int
    told: str
    """Its item, heading or cell; in a column its whole row."""
    name_end: int
    """Where the words at its front end that name what the rest tells of: bold, a link, or all before a dash,
    a colon or a bracket. Its end where there is no name."""


def siblings(unit: Unit, at: int) -> list[Sibling]:
    """The set that the words at an offset of a unit's document are one of, in the order of the page; none
    where they stand in prose or code."""
    document, block = unit.passage.document, unit.block
    if block.kind is BlockKind.ITEM:
        level, links = (block.level, block.ordered), PlacedLinks(document)
        return [
            _sibling(document, each, name_end=_name_end(document, each, links))
            for each in _around(
                document,
                block,
                lambda other: (
                    other.kind is BlockKind.ITEM
                    and (other.level > block.level or (other.level, other.ordered) == level)
                ),
            )
        ]
    if block.kind is BlockKind.HEADING:
        reaches = _around(
            document, block, lambda other: other.kind is not BlockKind.HEADING or other.level >= block.level
        )
        return [_sibling(document, each) for each in reaches]
    return _cells(document, block, at) if block.kind is BlockKind.ROW else []


def _around(document: Document, block: Block, reaches: Callable[[Block], bool]) -> list[Block]:
    """The blocks of the same kind, level and place as one, as far to both sides as a set ``reaches``."""
    blocks = document.blocks
    first = last = bisect_right(blocks, block.start, key=lambda each: each.start) - 1
    while first > 0 and reaches(blocks[first - 1]):
        first -= 1
    while last + 1 < len(blocks) and reaches(blocks[last + 1]):
        last += 1
    own = (block.kind, block.level, block.place)
    return [each for each in blocks[first : last + 1] if (each.kind, each.level, each.place) == own]


def _cells(document: Document, row: Block, at: int) -> list[Sibling]:
    """Of a row without headers the neighbouring cells that the markup calls alike; else the column."""
    filled = [cell for cell in row.cells if _is_filled(document, cell)]
    place = next((i for i, cell in enumerate(filled) if cell.start <= at < cell.end), None)
    if place is None:
        return []
    own = filled[place]
    if not own.header:
        first = last = place
        while first > 0 and _is_like(filled[first - 1], own):
            first -= 1
        while last + 1 < len(filled) and _is_like(filled[last + 1], own):
            last += 1
        if last - first + 1 >= FEWEST_CELLS:
            return [_sibling(document, cell) for cell in filled[first : last + 1]]
    column = row.cells.index(own)
    rows = [each for each in document.blocks if each.kind is BlockKind.ROW and each.table == row.table]
    return [
        _sibling(document, each.cells[column], told=document.block_text(each))
        for each in rows
        if not each.is_header and column < len(each.cells) and _is_filled(document, each.cells[column])
    ]


def _is_filled(document: Document, cell: Cell) -> bool:
    return bool(document.text[cell.start : cell.end].strip())


def _is_like(cell: Cell, own: Cell) -> bool:
    return not cell.header and cell.called == own.called


def _sibling(document: Document, span: Block | Cell, *, told: str = "", name_end: int = 0) -> Sibling:
    start, end = trimmed(document.text, span.start, span.end)
    return Sibling(start, end, told or document.text[start:end], name_end or end)


def _name_end(document: Document, item: Block, links: PlacedLinks) -> int:
    """Where an item's name ends; 0 where it has none."""
    start, end = trimmed(document.text, item.start, item.end)
    if item.term:
        return item.start + item.term
    linked = (link.end for link in links.within(start, start + 1) if link.end < end)
    told = _NAMED.search(document.text, start, min(end, start + _LONGEST_NAME))
    return next(linked, told.start() if told else 0)
