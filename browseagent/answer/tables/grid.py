"""From a document's row blocks to grids: every row with one cell, or none, for every column.

Rows come from :mod:`browseagent.read.tables` with a cell for every column and the header of each. Full rows
are read by place, those that a page left short by their headers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from browseagent.answer.quotes import trimmed
from browseagent.answer.struck import unstruck
from browseagent.records import Block, BlockKind, Document

NONE = (-1, -1)
"""Where the cell stands that a row does not have."""
_LEAD = 300
"""Characters of the paragraph before a table that count as its caption."""


@dataclass(frozen=True, slots=True)
class GridRow:
    """One row: its span in the document and a span for every column."""

    start: int
    end: int
    cells: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """One table, its cells in columns."""

    number: int
    context: tuple[str, ...]
    headers: tuple[str, ...]
    rows: tuple[GridRow, ...]
    has_header: bool
    header_cells: tuple[tuple[int, int], ...] = ()
    """Where the column names stand, if they are cells of one row."""
    lines: tuple[tuple[int, int], ...] = ()
    """Of a turned table: where the row stands that each column was."""
    heading: str = ""
    """The nearest heading above it."""
    called: tuple[str, ...] = ()
    """What the markup calls each column; empty where it says nothing."""
    listed: bool = False
    """Whether its rows are what a page lists, without a header of their own."""


def grids(document: Document) -> Iterator[Grid]:
    """Every table of a document, in order, with what stands above it."""
    headings: dict[int, str] = {}
    lead = ""
    run: list[Block] = []
    context: tuple[str, ...] = ()
    heading = ""
    for block in document.blocks:
        if run and (block.kind is not BlockKind.ROW or block.table != run[0].table):
            yield _grid(document, run, context, heading)
            run = []
        if block.kind is BlockKind.HEADING:
            text = " ".join(document.block_text(block).split())
            headings = {level: title for level, title in headings.items() if level < block.level}
            headings[block.level] = text
            lead = ""
        elif block.kind is BlockKind.ROW:
            if not run:
                titles = [headings[level] for level in sorted(headings)]
                context = tuple(line for line in (document.title, *titles, lead) if line)
                heading = titles[-1] if titles else ""
                lead = ""
            run.append(block)
        elif block.kind is BlockKind.PARAGRAPH:
            lead = " ".join(document.text[block.start : block.end].split())[-_LEAD:]
    if run:
        yield _grid(document, run, context, heading)


def _grid(document: Document, blocks: list[Block], context: tuple[str, ...], heading: str) -> Grid:
    text = document.text
    headed = [block for block in blocks if block.is_header]
    body = [block for block in blocks if not block.is_header]
    width = max((len(block.cells) for block in body), default=0)
    names = _names(text, body, headed, width)
    has_header = any(names)
    header_cells: tuple[tuple[int, int], ...] = ()
    if headed and len(headed[-1].cells) == width:
        header_cells = tuple((cell.start, cell.end) for cell in headed[-1].cells)
    if not has_header and _names_columns(text, body, width):
        names = [text[cell.start : cell.end] for cell in body[0].cells]
        header_cells = tuple((cell.start, cell.end) for cell in body[0].cells)
        body = body[1:]
        has_header = True
    titles: list[str] = []
    rows: list[GridRow] = []
    section = NONE
    sections: list[tuple[int, int]] = []
    for block in body:
        filled = [cell for cell in block.cells if cell.end > cell.start]
        if width > 1 and len(filled) == 1 and len(block.cells) == 1:
            section = (filled[0].start, filled[0].end)
            titles += [] if rows else [text[slice(*section)]]
            continue
        if not filled or (has_header and _repeats_header(text, block, names)):
            continue
        cells = tuple(
            unstruck(document, *span) or NONE if span != NONE else span for span in _placed(block, names)
        )
        if all(start >= end for start, end in cells):
            continue  # the whole row is struck out
        rows.append(GridRow(*trimmed(text, block.start, block.end), cells))
        sections.append(section)
    if len({span for span in sections if span != NONE}) > 1:
        header_cells = ()
        names = [*names, ""]
        rows = [
            GridRow(row.start, row.end, (*row.cells, span)) for row, span in zip(rows, sections, strict=True)
        ]
    return Grid(
        blocks[0].table,
        (*context, *titles),
        tuple(names),
        tuple(rows),
        has_header,
        header_cells,
        heading=heading,
        called=_called(body, len(names)),
        listed=not headed and not header_cells,
    )


def _names(text: str, body: list[Block], headed: list[Block], width: int) -> list[str]:
    """The name of every column: as the cells of the fullest row tell it, else as the header row does."""
    full = next((block for block in body if len(block.cells) == width), None)
    if full is None:
        return []
    names = [cell.header for cell in full.cells]
    for block in body:  # a cell that repeats its header has none noted
        if all(names):
            break
        if len(block.cells) == width:
            names = [name or cell.header for name, cell in zip(names, block.cells, strict=True)]
    if headed and len(headed[-1].cells) == width:
        last = [" ".join(text[cell.start : cell.end].split()) for cell in headed[-1].cells]
        names = [name or own for name, own in zip(names, last, strict=True)]
    return names


def _called(body: list[Block], width: int) -> tuple[str, ...]:
    full = next((block for block in body if len(block.cells) == width), None)
    return tuple(cell.called for cell in full.cells) if full is not None else ()


def _names_columns(text: str, body: list[Block], width: int) -> bool:
    """Whether the first row of a table without a header is one: words only, above a column of numbers."""
    if len(body) < 3 or width < 2 or len(body[0].cells) != width:
        return False
    first = [text[cell.start : cell.end] for cell in body[0].cells]
    if any(not part.strip() or any(c.isdigit() for c in part) or len(part) > 40 for part in first[1:]):
        return False
    below = [block for block in body[1:] if len(block.cells) == width]
    for column in range(width):
        cells = [text[block.cells[column].start : block.cells[column].end] for block in below]
        if cells and all(any(c.isdigit() for c in cell) for cell in cells) and len(cells) >= 2:
            return not any(c.isdigit() for c in first[column])
    return False


def _repeats_header(text: str, block: Block, names: list[str]) -> bool:
    """Whether a row within the table says the column names again."""
    if len(block.cells) != len(names):
        return False
    pairs = [
        (text[cell.start : cell.end].strip(), name) for cell, name in zip(block.cells, names, strict=True)
    ]
    said = [(own, name) for own, name in pairs if own]
    return len(said) > 1 and all(own == name or name.endswith(f"/ {own}") for own, name in said)


def _placed(block: Block, names: list[str]) -> tuple[tuple[int, int], ...]:
    """The cells of a row by column; where it has fewer, each goes to the next column of its header."""
    if len(block.cells) == len(names):
        return tuple((cell.start, cell.end) for cell in block.cells)
    placed = [NONE] * len(names)
    at = 0
    for cell in block.cells:
        here = next((i for i in range(at, len(names)) if names[i] == cell.header), at)
        if here < len(names):
            placed[here] = (cell.start, cell.end)
            at = here + 1
    return tuple(placed)


_MOST_TURNED = 40
_YEAR_NAMED = re.compile(r"\W*(?:1[0-9]|20)\d\d\b.{0,8}")


def turned(grid: Grid, text: str) -> Grid | None:
    """The table with its columns as records, where they are: columns named by years, or a comparison of
    things that stand side by side. None for any other table."""
    width, height = len(grid.headers), len(grid.rows)
    if not grid.header_cells or not 3 <= width <= _MOST_TURNED or not 2 <= height <= _MOST_TURNED:
        return None
    names = [" ".join(text[slice(*row.cells[0])].split()) for row in grid.rows]
    if not all(names) or len(set(names)) < height or not _stands_in_columns(grid, text):
        return None
    rows = [
        GridRow(
            *grid.header_cells[column],
            (grid.header_cells[column], *(row.cells[column] for row in grid.rows)),
        )
        for column in range(1, width)
    ]
    lines = tuple((row.start, row.end) for row in grid.rows)
    own = (grid.header_cells[0][0], grid.header_cells[-1][1])
    headers = (grid.headers[0], *names)
    return Grid(
        grid.number, grid.context, headers, tuple(rows), True, lines=(own, *lines), heading=grid.heading
    )


def _stands_in_columns(grid: Grid, text: str) -> bool:
    named = sum(bool(_YEAR_NAMED.fullmatch(name)) for name in grid.headers[1:])
    if named * 2 >= len(grid.headers) - 1:
        return True
    shapes = [[_shape(text[slice(*cell)]) for cell in row.cells[1:]] for row in grid.rows]
    return _alike(shapes) > _alike([list(column) for column in zip(*shapes, strict=True)]) + 0.05


def _alike(groups: list[list[str]]) -> float:
    """How often the cells of a group have the commonest form of it, on average."""
    shares = []
    for group in groups:
        filled = [shape for shape in group if shape]
        if filled:
            shares.append(max(filled.count(shape) for shape in set(filled)) / len(filled))
    return sum(shares) / len(shares) if shares else 0.0


def _shape(cell: str) -> str:
    """The form of a cell: digits as 0, words as a, so that "740 kW" and "1480 kW" look alike."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d[\d.,]*", "0", cell.strip()))[:12]
