"""Every table and listing of some documents as rows of words, each cell with its quote."""

from __future__ import annotations

from collections.abc import Sequence

from browseagent.answer.typed.listing import listing_sheets
from browseagent.answer.typed.records import Json, LeafAnswer, Typed, step
from browseagent.answer.typed.sheet import Sheet, table_sheets
from browseagent.records import Document


def all_rows(documents: Sequence[Document]) -> Typed:
    """The tables and listings in the order of the pages. A cell that is empty is null."""
    value: list[Json] = []
    leaves: list[LeafAnswer] = []
    for sheet in sheets_of(documents):
        path = f"[{len(value)}].rows"
        rows: list[Json] = []
        for row in sheet.rows:
            cells: dict[str, Json] = {}
            for name, spot in zip(sheet.columns, row, strict=True):
                words = None if spot is None else sheet.words(spot)
                cells[name] = words
                at = step(f"{path}[{len(rows)}]", name)
                quote = None if spot is None else sheet.quote(spot)
                leaves.append(LeafAnswer(at, "not_found" if words is None else "found", words, quote))
            rows.append(cells)
        title, kind = sheet.title, "listing" if sheet.kind == "listing" else "table"
        columns: list[Json] = list(sheet.columns)
        value.append({
            "kind": kind, "title": title, "url": sheet.document.url, "columns": columns, "rows": rows
        })  # fmt: skip
    return Typed(value, tuple(leaves), () if value else ("",))


def sheets_of(documents: Sequence[Document]) -> list[Sheet]:
    """The tables and listings of each document, by their place in it."""
    found: list[Sheet] = []
    for document in documents:
        here = [*table_sheets(document), *listing_sheets(document)]
        found += sorted(here, key=lambda sheet: min(spot.start for row in sheet.rows for spot in row if spot))
    return found
