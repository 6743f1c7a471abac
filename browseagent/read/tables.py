"""Tables: which hold data and which only lay the page out, and the rows of those that hold data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from lxml import etree

from browseagent.read.chunks import Chunk, Run, Stretch
from browseagent.read.dom import Element, all_text, text_of
from browseagent.read.inline import flatten, note_hidden
from browseagent.read.tags import is_mark
from browseagent.read.text import clean
from browseagent.read.visibility import Shown, Visibility
from browseagent.records import BlockKind

# A cell of data is read at a glance; longer ones are columns of a page layout. Of 57,378 cells in the
# data tables of 120 Wikipedia articles the longest has 144 words.
_LONGEST_CELL = 160
_STRUCTURE = frozenset("h1 h2 h3 h4 h5 h6 pre article section form nav header footer main table".split())  # noqa: SIM905
_MAX_SPAN = 100
_REPEATED = 80
"""A cell that spans rows or columns is repeated in each, up to this many characters: so that a row read by
itself has all its values, each under its header."""


@dataclass(slots=True)
class _Cell:
    element: Element
    row: int
    column: int
    rowspan: int
    colspan: int
    is_header: bool
    text: str = ""
    links: list[tuple[int, int, str]] = field(default_factory=list)
    marks: list[Stretch] = field(default_factory=list)


_SHOWN_ORDER = {"thead": 0, "tbody": 1, "tfoot": 2}
"""Wherever the first head and the first foot stand in the markup (CSS 2, 17.2): a foot may come before
the rows that it sums up. Further ones stay where they are."""


def own_rows(table: Element) -> list[Element]:
    """The ``<tr>`` of a table in the order in which they are shown, not those of tables inside it."""
    parts = list(table.iterchildren("tr", *_SHOWN_ORDER))
    first = {part.tag: part for part in reversed(parts)}
    parts.sort(key=lambda part: _SHOWN_ORDER.get(part.tag, 1) if first[part.tag] is part else 1)
    return [row for part in parts for row in ([part] if part.tag == "tr" else part.iterchildren("tr"))]


def is_data_table(table: Element) -> bool:
    """Whether a table holds data: some row has two cells, none holds the structure of a page."""
    if table.get("role") in ("presentation", "none"):
        return False
    rows = own_rows(table)
    marked = (
        next(table.iter("th"), None) is not None
        or next(table.iterchildren("caption", "thead"), None) is not None
    )
    wide = sum(1 for row in rows if sum(1 for _ in islice(row.iterchildren("td", "th"), 2)) > 1)
    if wide < (1 if marked else 2):
        return False
    for element in table.iterdescendants(*_STRUCTURE):
        if element.tag != "table" or len(own_rows(element)) > 1:
            return False
    longest = _LONGEST_CELL * (2 if marked else 1)
    for cell in table.iter("td"):
        if len(cell) and sum(1 for _ in islice(cell.iterdescendants(), 400)) >= 400:
            return False
        if all_text(cell).count(" ") > longest:
            return False
    return True


def table_rows(
    table: Element, number: int, base: str, visibility: Visibility, hidden: list[str]
) -> list[Chunk]:
    """The rows of a data table as chunks, header cells worked out, spanning cells filled in."""
    cells = _place(table, base, visibility, hidden)
    if not cells:
        return []
    height = max(cell.row for cell in cells) + 1
    width = max(cell.column + cell.colspan for cell in cells)
    header_rows = _header_rows(cells, height)
    headers = _column_headers(cells, header_rows)
    by_row: dict[int, list[_Cell]] = {}
    for cell in cells:
        for row in range(cell.row, min(height, cell.row + cell.rowspan)):
            by_row.setdefault(row, []).append(cell)
    chunks = []
    for row in range(height):
        placed = sorted(by_row.get(row, ()), key=lambda cell: cell.column)
        if not any(cell.text and cell.row == row for cell in placed):
            continue
        chunk = Chunk(BlockKind.ROW, "", table=number, is_header=row in header_rows)
        if len(placed) == 1 and placed[0].column == 0 and placed[0].colspan >= width:
            _fill(chunk, [(placed[0], True)], headers)  # a title across the table
        else:
            _fill(chunk, list(_in_columns(placed, row, row in header_rows)), headers)
        chunks.append(chunk)
    return chunks


def _in_columns(placed: list[_Cell], row: int, is_header: bool) -> Iterator[tuple[_Cell | None, bool]]:
    """For each column up to the last that the row has its cell, and whether its words are said there. Those
    of a header stand once: which columns it names is told by theirs."""
    at = 0
    filled = sum(bool(cell.text) for cell in placed)
    for cell in placed:
        while at < cell.column:
            yield None, False
            at += 1
        again = not is_header and len(cell.text) <= _REPEATED
        for place in range(cell.column, cell.column + cell.colspan):
            first = place == cell.column
            # A single cell with words names a part of the table; it is no value of each column.
            yield cell, (first or (again and filled > 1)) and (cell.row == row or again)
            at = place + 1


def _fill(chunk: Chunk, columns: list[tuple[_Cell | None, bool]], headers: dict[int, str]) -> None:
    """Sets the cells of a row into the text of its chunk."""
    parts: list[str] = []
    position = 0
    for column, (cell, said) in enumerate(columns):
        text = cell.text if cell is not None and said else ""
        header = "" if chunk.is_header else headers.get(column, "")
        chunk.cells.append((position, position + len(text), "" if header == text else header))
        if cell is not None and text:
            chunk.links.extend((position + s, position + e, url) for s, e, url in cell.links)
            chunk.marks.extend((position + s, position + e, kind) for s, e, kind in cell.marks)
        parts.append(text)
        position += len(text) + 1
    chunk.text = "\t".join(parts)


def _place(table: Element, base: str, visibility: Visibility, hidden: list[str]) -> list[_Cell]:
    """Every cell with its place in the grid (the WHATWG algorithm for forming a table, simplified)."""
    cells: list[_Cell] = []
    taken: set[tuple[int, int]] = set()
    row_number = 0
    for row in own_rows(table):
        if visibility.of(row) is Shown.HIDDEN:
            note_hidden(hidden, row)
            continue
        column = 0
        for element in row.iterchildren("td", "th"):
            if visibility.of(element) is Shown.HIDDEN:
                note_hidden(hidden, element)
                continue
            while (row_number, column) in taken:
                column += 1
            rowspan, colspan = _span(element, "rowspan"), _span(element, "colspan")
            if rowspan == 1 and (element.get("rowspan") or "").strip() == "0":  # to the end of its group
                rowspan = 1 + sum(1 for _ in row.itersiblings("tr"))
            run = Run()
            flatten(run, element, base, visibility, hidden, lines=element.tag == "td")
            cells.append(
                _Cell(
                    element,
                    row_number,
                    column,
                    rowspan,
                    colspan,
                    element.tag == "th",
                    run.text,
                    run.links,
                    run.marks,
                )
            )
            taken.update((r, c) for r in range(row_number, row_number + rowspan)
                         for c in range(column, column + colspan))  # fmt: skip
            column += colspan
        row_number += 1
    return cells


def _span(element: Element, name: str) -> int:
    value = element.get(name)
    if not value:
        return 1
    value = value.strip()
    return min(max(int(value), 1), _MAX_SPAN) if value.isascii() and value.isdigit() else 1


def _header_rows(cells: list[_Cell], height: int) -> set[int]:
    """Leading rows that name the columns: those of ``<thead>``, or all of ``<th>``, or all bold."""
    by_row: dict[int, list[_Cell]] = {}
    for cell in cells:
        by_row.setdefault(cell.row, []).append(cell)
    width = max(cell.column + cell.colspan for cell in cells)
    found: set[int] = set()
    titled = 0
    for row in range(height):
        every = by_row.get(row, [])
        here = [cell for cell in every if cell.text]
        if len(here) == 1 and here[0].colspan >= width > 1:
            titled += 1  # a title across the table: no header, but one may follow
            continue
        in_head = bool(here) and here[0].element.getparent().getparent().tag == "thead"
        if here and len(every) > 1 and (in_head or all(cell.is_header for cell in here)):
            found.add(row)
        else:
            break
    first = [cell for cell in by_row.get(titled, ()) if cell.text]
    if not found and height > titled + 2 and len(first) > 1 and all(_is_bold(cell) for cell in first):
        found.add(titled)
    return found


def _is_bold(cell: _Cell) -> bool:
    bold = " ".join(" ".join(b.itertext()) for b in cell.element.iter("b", "strong"))
    return len(bold.split()) >= len(cell.text.split()) > 0


def _column_headers(cells: list[_Cell], header_rows: set[int]) -> dict[int, str]:
    """For each column the text of its header cells, those of upper rows first."""
    names: dict[int, list[str]] = {}
    left_out = _left_out(cells, header_rows)
    for cell in cells:
        if cell.row not in header_rows or not cell.text:
            continue
        at = cell.column - sum(column < cell.column for column in left_out)
        for column in range(at, at + cell.colspan):
            parts = names.setdefault(column, [])
            if cell.text not in parts:
                parts.append(cell.text)
    return {column: " / ".join(parts) for column, parts in names.items()}


def _left_out(cells: list[_Cell], header_rows: set[int]) -> list[int]:
    """Columns of empty header cells that no row has: where there are just as many more header cells than any
    row has cells, the others name the columns."""
    heads = [cell for cell in cells if cell.row in header_rows]
    width = max((cell.column + cell.colspan for cell in cells if cell.row not in header_rows), default=0)
    empty = [cell.column for cell in heads if not cell.text and cell.colspan == 1]
    more = max((cell.column + cell.colspan for cell in heads), default=0) - width
    return empty if len(header_rows) == 1 and width and more == len(empty) else []


_CODE = re.compile(r"(?:^|[\s_-])(?:code|blob-code|lntd|rouge-code|line-code)(?=$|[\s_-])", re.I)
_NUMBERS = re.compile(r"[\s\d.:+]*")
_LINES = frozenset(("div", "p", "li", "tr"))
_UNSEEN = frozenset(("script", "style", "button", "svg"))


def code_cells(table: Element) -> list[Element]:
    """The cells that hold the lines of program text, where a table is such a listing: in each row one, and
    beside it line numbers or nothing; else none."""
    cells: list[Element] = []
    for row in own_rows(table):
        lines = [cell for cell in row.iterchildren("td", "th") if not _is_gutter(cell)]
        if len(lines) != 1 or not _is_code(lines[0]):
            return []
        cells.append(lines[0])
    return cells


def _is_gutter(cell: Element) -> bool:
    if is_mark(cell):
        return True
    return not _has_class(cell) and bool(_NUMBERS.fullmatch(text_of(cell)))


def _has_class(cell: Element) -> bool:
    return bool(_CODE.search(cell.get("class") or "")) and cell.find(".//pre") is None


def _is_code(cell: Element) -> bool:
    held = [child for child in cell.iter("pre") if child.getparent() is not None]
    whole = bool(held) and len("".join(held[0].itertext()).strip()) >= len("".join(cell.itertext()).strip())
    return whole or _has_class(cell)


def code_text(elements: Iterable[Element]) -> str:
    """The text of some elements as it stands, each from a line of its own, line numbers left out."""
    parts: list[str] = []
    for element in elements:
        if parts and not parts[-1].endswith("\n"):
            parts.append("\n")
        parts += _parts(element)
    return clean("".join(parts)).expandtabs(4)


def _parts(element: Element) -> list[str]:
    parts: list[str] = []
    events = etree.iterwalk(element, events=("start", "end"))
    for event, node in events:
        if event == "start":
            if node.tag in _UNSEEN or (node is not element and is_mark(node)):
                events.skip_subtree()
                continue
            begins = node.tag in _LINES and parts and not parts[-1].endswith("\n")
            parts.append(("\n" if node.tag == "br" or begins else "") + (node.text or ""))
        elif node is not element:
            parts.append(node.tail or "")
    return [part for part in parts if part]
