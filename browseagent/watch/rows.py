"""Lists of records: CSV files as such, and the field by which the records of a list are known. Pure."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any
from urllib.parse import urlsplit

from browseagent.records import Page

_SEPARATORS = ",;\t|"
_IDS = ("id", "@id", "_id", "guid", "uuid", "uid", "key", "slug", "sku", "url", "href", "name")
"""Fields by which a record of a list is known, the first that every record has with a value of its own,
however its letters are written. Where there is none, the field, or the two fields, whose values are each a
record's own and stand in both lists most often."""
_PAIRED = 12
"""Fields of a record of which two together are tried."""
_SAVED = re.compile(r"(?:^|;)\s*filename\*?\s*=[^;]*\.[ct]sv[\"']?\s*(?:;|$)", re.I)
_DECLARED = ("text/csv", "application/csv", "text/tab-separated-values", "text/comma-separated-values")


def is_csv(page: Page) -> bool:
    """Whether a page says that it is a CSV file, by its type, its address or what it is to be saved as."""
    if page.dom is not None:
        return False
    declared = page.content_type.split(";")[0].strip().lower()
    saved = _SAVED.search(page.header("content-disposition") or "")
    named = saved is not None or urlsplit(page.final_url).path.lower().endswith((".csv", ".tsv"))
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


Name = tuple[str, ...]
"""Of a field: its own, or that of the part that it stands in before it (``node.id``)."""
Names = tuple[Name, ...]
"""The fields by which the records of a list are known together: one, or two."""


def name_of(*lists: list[Any]) -> Names | None:
    """The field that names the records of both lists; the two that do where those name all of the shorter one
    in the other, and no field alone does; None where there is none."""
    if not any(lists) or not all(isinstance(item, dict) for items in lists for item in items):
        return None
    values = {
        name: [[value_at(item, name) for item in items] for items in lists]
        for name in _fields(next(items[0] for items in lists if items))
    }
    plain = {name: each for name, each in values.items() if all(_is_plain(v) for side in each for v in side)}
    own: dict[Names, list[set[str]]] = {
        (name,): sides for name, each in plain.items() if (sides := _told_apart(each)) is not None
    }
    for known in _IDS:
        if (named := next((names for names in own if names[0][-1].casefold() == known), None)) is not None:
            return named
    shared = {names: len(one & other) for names, (one, other) in own.items()}
    best: Names | None = max(shared, key=lambda names: shared[names], default=None)
    shorter = min(map(len, lists))
    if best is None or shared[best] < shorter:
        few = [name for name in plain if (name,) not in own][:_PAIRED]
        best = next((pair for pair in combinations(few, 2) if _names(pair, plain, shorter)), best)
    return best if best is not None and shared.get(best, 1) > 0 else None


def _names(pair: Names, values: Mapping[Name, list[list[Any]]], shorter: int) -> bool:
    """Whether two fields together name the records of both lists, and all of the shorter one in the other."""
    first, second = (values[name] for name in pair)
    sides = _told_apart([list(zip(*both, strict=True)) for both in zip(first, second, strict=True)])
    return sides is not None and len(set.intersection(*sides)) == shorter > 0


def _is_plain(value: Any) -> bool:
    return isinstance(value, (str, int)) and not isinstance(value, bool) and value != ""


def _told_apart(sides: list[list[Any]]) -> list[set[str]] | None:
    """The values of each side, where each is of one record alone."""
    found = [set(map(str, side)) for side in sides]
    return found if all(len(a) == len(b) for a, b in zip(found, sides, strict=True)) else None


def _fields(item: Mapping[str, Any]) -> Iterator[Name]:
    """The names of a record's own fields, then those of its parts'."""
    yield from ((name,) for name in item)
    yield from ((name, inner) for name, part in item.items() if isinstance(part, dict) for inner in part)


def value_at(item: Mapping[str, Any], name: Name) -> Any:
    """What a record holds in a field."""
    value: Any = item
    for part in name:
        value = value.get(part) if isinstance(value, dict) else None
    return value
