"""CSV files as lists of records. Pure."""

from __future__ import annotations

import csv
from urllib.parse import urlsplit

from browseagent.records import Page

_SEPARATORS = ",;\t|"
_DECLARED = ("text/csv", "application/csv", "text/tab-separated-values", "text/comma-separated-values")


def is_csv(page: Page) -> bool:
    """Whether a page says that it is a CSV file, by its type or its address."""
    if page.dom is not None:
        return False
    declared = page.content_type.split(";")[0].strip().lower()
    named = urlsplit(page.final_url).path.lower().endswith((".csv", ".tsv"))
    return declared in _DECLARED or (named and declared not in ("text/html", "application/xhtml+xml"))


def records_of(text: str) -> list[dict[str, str]] | None:
    """The rows of a CSV file by the names of its first row, numbered where they are not told apart; None
    where no separator makes columns of it."""
    readings = [_rows(text, separator) for separator in _SEPARATORS]
    rows = max(readings, key=_regular)
    if not rows or len(rows[0]) < 2:
        return None
    names: list[str] = []
    for number, written in enumerate(rows[0], start=1):
        name = " ".join(written.split()) or f"column {number}"
        names.append(name if name not in names else f"{name} ({number})")
    most = max(map(len, rows))
    names += [f"column {number}" for number in range(len(names) + 1, most + 1)]
    return [dict(zip(names, (*row, *[""] * (most - len(row))), strict=True)) for row in rows[1:]]


def _rows(text: str, separator: str) -> list[list[str]]:
    try:
        rows = csv.reader(text.splitlines(keepends=True), delimiter=separator, skipinitialspace=True)
        return [[cell.strip() for cell in row] for row in rows if any(cell.strip() for cell in row)]
    except csv.Error:
        return []


def _regular(rows: list[list[str]]) -> tuple[float, int]:
    """How well a separator fits: the share of the rows with as many columns as the first, and how many."""
    if not rows or len(rows[0]) < 2:
        return (0.0, 0)
    width = len(rows[0])
    return (sum(len(row) == width for row in rows) / len(rows), width)
