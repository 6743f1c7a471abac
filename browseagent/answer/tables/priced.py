"""Price lists without links: lines that are a name and a price each, and the headings that they stand under.

Such lines may stand under several headings, as the dishes of a menu do; they are one list, with the heading
as a column, so that the cheapest of all of them and of each sort can be asked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from browseagent.answer.quotes import trimmed
from browseagent.answer.tables.grid import NONE, Grid, GridRow
from browseagent.read.placed import PlacedLinks
from browseagent.read.text import CURRENCY
from browseagent.records import Block, BlockKind, Document

FEWEST = 3
LONGEST = 80
"""Characters of a line: longer ones are sentences."""
BETWEEN = 2
"""Lines between two that have a price: what is said of the first."""
_PRICED = re.compile(
    rf"(?P<name>[^\n]*?[^\W\d_]{{2}}[^\n]*?)[\s:,.…–—-]+"
    rf"(?P<price>(?:[A-Z]{{3}}\s?|[A-Z]{{0,2}}[{CURRENCY}]\s?)\d[\d.,]*|\d[\d.,]*\s?[{CURRENCY}])(?:\s*\([^()\n]*\))?"
)
_KINDS = frozenset((BlockKind.PARAGRAPH, BlockKind.ITEM))


def priced_grids(document: Document) -> Iterator[Grid]:
    """The price lists of a document, each as a grid of names, prices, what is said of them and headings."""
    links = PlacedLinks(document)
    rows: list[GridRow] = []
    heading: Block | None = None
    idle = 0
    number = 0
    for block in (*document.blocks, None):
        line = None if block is None else _priced(document, links, block)
        if line is not None and block is not None:
            section = NONE if heading is None else (heading.start, heading.end)
            rows.append(GridRow(block.start, block.end, (*line, NONE, section)))
            idle = 0
        elif block is not None and block.kind is BlockKind.HEADING:
            heading = block
        elif block is not None and block.kind in _KINDS and idle < BETWEEN:
            if rows and not idle:
                name, price, _, section = rows[-1].cells
                rows[-1] = GridRow(
                    rows[-1].start, block.end, (name, price, (block.start, block.end), section)
                )
            idle += 1
        else:
            if len(rows) >= FEWEST:
                yield _grid(document, number, rows)
                number += 1
            rows, idle = [], 0


def _priced(document: Document, links: PlacedLinks, block: Block) -> tuple[tuple[int, int], ...] | None:
    """Where the name and the price of a line stand that leads nowhere and is no more than both."""
    if block.kind not in _KINDS or block.end - block.start > LONGEST:
        return None
    found = _PRICED.fullmatch(document.text, block.start, block.end)
    if found is None or links.first(block.start, block.end) is not None:
        return None
    return trimmed(document.text, *found.span("name")), found.span("price")


def _grid(document: Document, number: int, rows: list[GridRow]) -> Grid:
    context = (document.title,) if document.title else ()
    headers = ("title", "price", "text", "section")
    return Grid(number, context, headers, tuple(rows), True, heading="", listed=True)
