"""Rows × columns as questions are asked of them: columns with a type and words, one the rows' subject.

A frame is made of a :class:`Grid`, whatever that was made of: a table, or records that a page lists.
Sets of rows are kept as bit masks (bit ``i`` is row ``i``), so that conditions combine at no cost.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import zip_longest

from browseagent.answer.quotes import block_at
from browseagent.answer.tables.anchors import anchors_of
from browseagent.answer.tables.cells import tokens
from browseagent.answer.tables.columns import Column, Kind, column_of
from browseagent.answer.tables.derived import PRICE, called_apart, labelled, price_spans
from browseagent.answer.tables.grid import Grid, grids, turned
from browseagent.answer.tables.parts import in_pairs, with_names, with_parts
from browseagent.answer.tables.vocabulary import TITLES, root
from browseagent.records import Document

_MAX_ROWS = 5000
_PARTED = 0.5
"""What a column that falls into parts is less of a name than they are."""
_TOTALS = frozenset(("total", "totals", "overall", "sum", "subtotal", "average", "averages", "mean", "career",
                     "source", "notes", "note", "legend"))  # fmt: skip


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """Rows × columns of one document."""

    document: Document
    number: int
    """Of the table within the document."""
    columns: tuple[Column, ...]
    rows: tuple[tuple[int, int], ...]
    """Where each row stands in the document's text, white space at its ends left out."""
    body: int
    """The rows that are records: not totals."""
    totals: int
    subject: int
    """The column that names the rows."""
    context: frozenset[str]
    """Stems of what stands above: headings from the outermost, the paragraph or title before."""
    heading: frozenset[str]
    """Stems of the nearest heading above, without those of the document's title."""
    has_header: bool
    listed: bool
    """Whether its rows are what the page lists, not a table with headers."""
    place: str
    """Where it stands on the page (:attr:`Block.place`); empty of main text."""
    lines: tuple[tuple[int, int], ...] = ()
    """Where the columns are the records: the row of the document that each column was."""
    doubled: bool = False
    """Whether the page's markup tells most of its rows as records as well."""


@lru_cache(maxsize=8)
def frames_of(document: Document) -> tuple[Frame, ...]:
    """The tables of a document that hold at least two rows of data; parsed once."""
    found = [side for grid in grids(document) for side in (grid, turned(grid, document.text)) if side]
    made = (frame_of(grid, document) for grid in found)
    return tuple(frame for frame in made if frame is not None)


def frame_of(grid: Grid, document: Document) -> Frame | None:
    """The rows of a grid whose cells are spans of a document's text, typed; None where there is nothing to
    ask of."""
    every = anchors_of(document)
    anchors = every if grid.listed else None
    if grid.listed:
        grid, parted = with_parts(in_pairs(grid), document.text, every)
    else:
        grid, parted = with_names(grid, document.text, every)
    rows, named = grid.rows[:_MAX_ROWS], called_apart(grid.called)
    columns = tuple(
        column_of(name, [row.cells[index] for row in rows], document, anchors, called, index == 0)
        for index, (name, called) in enumerate(zip_longest(grid.headers, named, fillvalue=""))
    )
    columns = tuple(replace(each, parted=True) if i in parted else each for i, each in enumerate(columns))
    if anchors is not None:
        columns = labelled(columns)
        prices = price_spans(columns, len(rows))
        columns += (column_of("", prices, document, anchors, PRICE, False),) if prices else ()
    if len(rows) < 2 or not any(column.filled for column in columns):
        return None
    totals = sum(1 << number for number in range(len(rows)) if len(rows) > 2 and _is_total(columns, number))
    body = (1 << len(rows)) - 1 & ~totals
    return Frame(
        document,
        grid.number,
        columns,
        tuple((row.start, row.end) for row in rows),
        body or totals,
        totals if body else 0,
        _subject(columns, len(rows)),
        _stems(grid.context),
        _stems((grid.heading,)) - _stems((document.title,)),
        grid.has_header,
        grid.listed,
        block.place if (block := block_at(document, rows[0].start)) is not None else "",
        grid.lines,
    )


def _stems(lines: Iterable[str]) -> frozenset[str]:
    return frozenset(root(token) for line in lines for token in tokens(line))


def _is_total(columns: tuple[Column, ...], number: int) -> bool:
    first = next((column.values[number].text for column in columns if column.values[number].text), "")
    said = tokens(first)
    return 0 < len(said) < 4 and said[0] in _TOTALS


def _subject(columns: tuple[Column, ...], rows: int) -> int:
    """The leftmost column of texts that are mostly different; else the most varied column. In a listing what
    names a record is a link or has words of its own, and is no sentence."""

    def rating(index: int) -> float:
        column = columns[index]
        varied = column.distinct / rows - 0.05 * min(index, 8) + 0.5 * (column.kind is Kind.TEXT)
        varied -= _PARTED * column.parted
        standing = column.standing
        if not standing.length:
            return varied
        named = 0.4 * standing.linked + min(standing.own, 0.6) - 0.5 * (standing.length > 15)
        headed = 0.4 * (not TITLES.isdisjoint(standing.called))
        return varied + named + headed + 0.1 * (index == 0)

    return max((i for i in range(len(columns)) if columns[i].filled), key=rating)


@lru_cache(maxsize=512)
def bits(mask: int) -> tuple[int, ...]:
    """The rows of a set, in order; kept, because a question asks many things of the same rows."""
    return tuple(row for row, bit in enumerate(reversed(f"{mask:b}")) if bit == "1")
