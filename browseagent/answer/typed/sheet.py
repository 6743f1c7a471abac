"""Sheets: the one form in which tables, listings and the facts of a page are looked through.

A :class:`Sheet` has named columns and rows of :class:`Spot` s, each a span of the document's text; nothing
is copied. Tables come from :mod:`browseagent.answer.tables.grid`, listings from
:mod:`~browseagent.answer.typed.listing`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from browseagent.answer.quotes import block_at, is_quotable, make_quote, trimmed
from browseagent.answer.struck import words_standing
from browseagent.answer.tables.grid import Grid, grids
from browseagent.read.placed import PlacedLinks
from browseagent.records import Block, BlockKind, Document, Link, Quote

_LONGEST_TITLE = 100
SECTION = "(section)"
"""Name of the column that :func:`with_section` adds."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One cell: a span of the document's text, and the address where its value is a link's."""

    start: int
    end: int
    url: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Records with the same columns, as the document itself sets them out."""

    document: Document
    kind: Literal["table", "listing", "facts"]
    columns: tuple[str, ...]
    rows: tuple[tuple[Spot | None, ...], ...]
    title: str = ""
    """The heading and the line that it stands under, as far as there are any."""
    section: Spot | None = None
    """The nearest heading above it."""

    def words(self, spot: Spot) -> str:
        """What a cell says, in one line, without what is struck out in it; of a link its address."""
        stands = spot.url or words_standing(self.document, spot.start, spot.end)
        return stands or " ".join(self.document.text[spot.start : spot.end].split())

    def quote(self, spot: Spot) -> Quote:
        """The words that a cell rests on."""
        return quote_around(self.document, spot.start, spot.end)


def quote_around(document: Document, start: int, end: int) -> Quote:
    """The quote of a span, or of the cell or the block around it where it proves nothing by itself."""
    span = _proof(document, start, end)
    if span is None:
        raise ValueError(f"not quotable: {document.text[start:end]!r}")
    return make_quote(document, *span)


def is_provable(document: Document, start: int, end: int) -> bool:
    """Whether :func:`quote_around` gives a quote of a span: there are words in it."""
    return _proof(document, start, end) is not None


def _proof(document: Document, start: int, end: int) -> tuple[int, int] | None:
    """The smallest span around one that can be quoted."""
    start, end = trimmed(document.text, start, end)
    if start >= end or is_quotable(document, start, end):
        return (start, end) if start < end else None
    block = block_at(document, start)
    if block is None:
        return None
    cells = [(each.start, each.end) for each in block.cells if each.start <= start and end <= each.end]
    spans = (trimmed(document.text, *span) for span in (*cells[:1], (block.start, block.end)))
    return next((span for span in spans if is_quotable(document, *span)), None)


class Links:
    """The links of a document whose words can be quoted."""

    def __init__(self, document: Document) -> None:
        self._document, self._links = document, PlacedLinks(document)

    def within(self, start: int, end: int) -> Link | None:
        """The first link whose words stand in a span."""
        found = self._links.first(start, end)
        good = found is not None and is_provable(self._document, found.start, found.end)
        return found if good else None


@lru_cache(maxsize=4)
def table_sheets(document: Document) -> tuple[Sheet, ...]:
    """The data tables of a document, in order."""
    return tuple(_sheet(document, grid) for grid in grids(document) if grid.rows and grid.headers)


def _sheet(document: Document, grid: Grid) -> Sheet:
    names = _distinct([name or f"column {number}" for number, name in enumerate(grid.headers, 1)])
    rows: list[tuple[Spot | None, ...]] = [
        tuple(Spot(*cell) if is_filled(document, cell) else None for cell in row.cells) for row in grid.rows
    ]
    sheet = Sheet(
        document,
        "table" if grid.has_header or len(grid.headers) != 2 else "facts",
        tuple(names),
        tuple(rows),
        title=next((line for line in reversed(grid.context) if len(line) <= _LONGEST_TITLE), ""),
        section=heading_before(document, grid.rows[0].start),
    )
    return with_links(sheet)


def is_filled(document: Document, span: tuple[int, int]) -> bool:
    """Whether a cell says something that can be quoted."""
    return bool(document.text[slice(*span)].strip()) and span[0] >= 0 and is_provable(document, *span)


def with_links(sheet: Sheet) -> Sheet:
    """The sheet with a column of addresses beside each whose cells are links."""
    columns, rows = list(sheet.columns), [list(row) for row in sheet.rows]
    links = Links(sheet.document)
    for at, name in enumerate(sheet.columns):
        found = [
            None if (spot := row[at]) is None else links.within(spot.start, spot.end) for row in sheet.rows
        ]
        if not any(found) or sum(map(bool, found)) * 2 < len(rows):
            continue
        columns.append(f"{name} link")
        for row, link in zip(rows, found, strict=True):
            row.append(None if link is None else Spot(link.start, link.end, link.url))
    return replace(sheet, columns=tuple(columns), rows=tuple(map(tuple, rows)))


def heading_before(document: Document, offset: int) -> Spot | None:
    """The nearest heading above a place."""
    found: Block | None = None
    for block in document.blocks:
        if block.start >= offset:
            break
        found = block if block.kind is BlockKind.HEADING else found
    return None if found is None else Spot(found.start, found.end)


def with_section(sheet: Sheet) -> Sheet:
    """The sheet with the heading above it as a column: the day of a timetable, the sort of the goods."""
    section = sheet.section
    if section is None or not is_provable(sheet.document, section.start, section.end):
        return sheet
    rows = tuple((*row, section) for row in sheet.rows)
    return replace(sheet, columns=(*sheet.columns, SECTION), rows=rows)


def _distinct(names: Sequence[str]) -> list[str]:
    """The names, those that occur again with a number."""
    seen: dict[str, int] = {}
    out = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        out.append(name if seen[name] == 1 else f"{name} {seen[name]}")
    return out
