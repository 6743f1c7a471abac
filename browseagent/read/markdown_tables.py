"""A table as Markdown, in GitHub's form: one header row, and as many cells in every row as it has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import takewhile

from browseagent.read.markdown_inline import inline
from browseagent.records import Block, Document, Link

Within = Callable[[int, int], Sequence[Link]]
"""The links of a span."""


def markdown_table(document: Document, rows: Sequence[Block], links: Within) -> str:
    """The rows of one table. Several header rows are set as one, as Markdown knows no more: a column is named
    by its headers from above. Titles across the table that stand before them are paragraphs before it."""

    def cells(block: Block) -> list[str]:
        spans = [(cell.start, cell.end) for cell in block.cells] or [(block.start, block.end)]
        inner = (inline(document.text, start, end, links(start, end), block.marks) for start, end in spans)
        return list(map(_cell, inner))

    titles = list(takewhile(lambda row: len(row.cells) < 2 and not row.is_header, rows))
    headers = list(takewhile(lambda row: row.is_header, rows[len(titles) :]))
    if not headers:
        titles = []
    body = [cells(row) for row in rows[len(titles) + len(headers) :]]
    width = max([1, *(len(row) for row in body), *(len(row.cells) for row in headers)])
    lines = ["".join(f"{cells(title)[0]}\n\n" for title in titles)]
    for row in [_names(document, rows, [cells(row) for row in headers], width), ["---"] * width, *body]:
        # A table must have a header; one without has an empty one.
        lines.append(f"| {' | '.join([*row, *[''] * (width - len(row))])} |\n")
    return "".join(lines).removesuffix("\n")


def _names(
    document: Document, rows: Sequence[Block], headers: Sequence[Sequence[str]], width: int
) -> list[str]:
    """What names each column: its header cells, the upper ones first. A header cell over several columns
    stands in the first of them; for the others the cells below know it."""
    names: list[str] = []
    for column in range(width):
        said = [row[column] for row in headers if column < len(row) and row[column]]
        known = (row.cells[column].header for row in rows if not row.is_header and len(row.cells) == width)
        whole = next(filter(None, known), "")
        names.append(
            _cell(inline(whole, 0, len(whole), ())) if whole and len(headers) > 1 else " / ".join(said)
        )
    return names


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", "<br>")
