"""Answers from records that a page lists without a table: products, offers, posts, results of a search.

They are frames like those of tables and are asked by the same engine. What it was fitted on are tables, whose
columns say what they hold; of a record the form of a line alone says it. So only values of a form are read
from records, and only from one that holds what the question names.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from browseagent.answer.expect import VALUES, fits
from browseagent.answer.lexical import terms
from browseagent.answer.question import Question
from browseagent.answer.tables.choose import Scored, TableAnswer, answered
from browseagent.answer.tables.frame import Frame, frame_of
from browseagent.answer.tables.grid import Grid, GridRow
from browseagent.answer.typed.listing import listing_sheets
from browseagent.answer.typed.sheet import Sheet
from browseagent.records import Document

NAMED = 0.75
"""Share of the question's content terms that the record must hold, beside the name of the column."""


def record_answers(question: Question, document: Document) -> list[TableAnswer]:
    """The likeliest answer that the document's records give; none where it is of another subject."""
    frames = _frames(document)
    return answered(question, frames, lambda one: _belongs(question, document, one)) if frames else []


def _belongs(question: Question, document: Document, one: Scored) -> bool:
    """Whether a reading gives a value of the form that is asked for, of one record that is named or of the
    one that is first in some order."""
    frame, reading = one.frame, one.reading
    if reading.computed or not reading.used:
        return False
    if reading.target == frame.subject:
        return reading.by >= 0 and frame.columns[reading.by].is_ordered
    column = frame.columns[reading.target]
    formed = (
        question.kind in VALUES and column.is_ordered and all(fits(question.kind, t) for t in reading.texts)
    )
    if not formed or len(reading.used) > 1:
        return False
    row = reading.used[0]
    said = {*terms(document.text[slice(*frame.rows[row])]), *column.stems}
    wanted = set(question.sought)
    # What a thing is called stands among its words: "3.9 out of 5" is no third or ninth model.
    called = terms(" ".join(each.values[row].text for each in frame.columns if not each.is_ordered))
    return question.names <= {*called} and len(wanted & said) >= NAMED * len(wanted)


@lru_cache(maxsize=8)
def _frames(document: Document) -> tuple[Frame, ...]:
    language = document.language or "en"
    grids = (_grid(number, sheet) for number, sheet in enumerate(listing_sheets(document)))
    made = (frame_of(grid, document.text, language) for grid in grids)
    return tuple(frame for frame in made if frame is not None)


def _grid(number: int, sheet: Sheet) -> Grid:
    """The records of a listing with a column for each of their lines; where a link leads is none."""
    columns = [place for place, name in enumerate(sheet.columns) if name != "link"]
    title = sheet.document.title
    context = tuple(dict.fromkeys(line for line in (title, sheet.title) if line))
    return Grid(
        number, context, tuple(sheet.columns[each] for each in columns), tuple(_rows(sheet, columns)), True
    )


def _rows(sheet: Sheet, columns: list[int]) -> Iterator[GridRow]:
    for row in sheet.rows:
        spots = [row[each] for each in columns]
        held = [spot for spot in spots if spot is not None]
        if held:
            cells = tuple((-1, -1) if spot is None else (spot.start, spot.end) for spot in spots)
            yield GridRow(min(spot.start for spot in held), max(spot.end for spot in held), cells)
