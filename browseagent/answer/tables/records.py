"""The frames of a page: its tables, and the records that it lists without a table (products, offers, posts,
results of a search), of its main text and of what stands beside it. One engine asks them all, and what was
fitted was fitted on all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from browseagent.answer.tables.frame import Frame, frame_of, frames_of
from browseagent.answer.tables.grid import NONE, Grid, GridRow
from browseagent.answer.tables.priced import priced_grids
from browseagent.answer.tables.runs import run_grids
from browseagent.answer.typed.listing import listing_sheets
from browseagent.answer.typed.sheet import Sheet
from browseagent.records import Document

TITLE = "title"


@lru_cache(maxsize=8)
def page_frames(document: Document) -> tuple[Frame, ...]:
    """The tables of a page and the records that it lists: of its main text, and of what stands beside it."""
    texts = (document,) if document.rest is None else (document, document.rest)
    found = [frame for text in texts for frame in (*frames_of(text), *_listed(text))]
    marked = [_cells(frame) for frame in found if frame.listed and frame.columns[0].name != TITLE]
    return tuple(
        replace(frame, doubled=any(_is_within(frame, cells) for cells in marked))
        if frame.listed and frame.columns[0].name == TITLE
        else frame
        for frame in found
    )


def _cells(frame: Frame) -> frozenset[str]:
    return frozenset(value.text for column in frame.columns for value in column.values)


def _is_within(frame: Frame, cells: frozenset[str]) -> bool:
    titles = {value.text for value in frame.columns[0].values if value.text}
    return 2 * len(titles & cells) > len(titles)


@lru_cache(maxsize=8)
def _listed(document: Document) -> tuple[Frame, ...]:
    grids = [_grid(number, sheet) for number, sheet in enumerate(listing_sheets(document))]
    grids += [*run_grids(document), *priced_grids(document)]
    made = (frame_of(grid, document) for grid in grids)
    return tuple(frame for frame in made if frame is not None)


def _grid(number: int, sheet: Sheet) -> Grid:
    """The records of a listing with a column for each of their lines; where a link leads is none."""
    columns = [place for place, name in enumerate(sheet.columns) if name != "link"]
    title = sheet.document.title
    context = tuple(dict.fromkeys(line for line in (title, sheet.title) if line))
    return Grid(
        number,
        context,
        tuple(sheet.columns[each] for each in columns),
        tuple(_rows(sheet, columns)),
        True,
        heading=sheet.title,
        listed=True,
    )


def _rows(sheet: Sheet, columns: list[int]) -> Iterator[GridRow]:
    for row in sheet.rows:
        spots = [row[each] for each in columns]
        held = [spot for spot in spots if spot is not None]
        if held:
            cells = tuple(NONE if spot is None else (spot.start, spot.end) for spot in spots)
            yield GridRow(min(spot.start for spot in held), max(spot.end for spot in held), cells)
