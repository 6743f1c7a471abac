"""Typed answers for a person, for programs as JSON, and rows as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal, cast

from browseagent.answer.typed.records import Extracted, Json, LeafAnswer, spoken
from browseagent.cli.show import results as render
from browseagent.cli.show.streams import one_line

if TYPE_CHECKING:
    from rich.console import Console


_MOST_NAMED = 8
_WORD = 20
"""Columns of the terminal that are enough for a cell, whatever the length of its words."""
_BETWEEN_COLUMNS = 3


def notes(result: Extracted, way: Literal["type", "schema", "rows"], as_csv: bool) -> list[str]:
    """What to say on standard error: what is missing, and which tables are not in the CSV."""
    if result.answer.error is not None:
        return []
    nothing = "tables and listings" if way == "rows" else "the value"
    named = [path or nothing for path in result.missing]
    more = f" and {len(named) - _MOST_NAMED} more" if len(named) > _MOST_NAMED else ""
    out = [f"not on the page: {', '.join(named[:_MOST_NAMED])}{more}"] if named else []
    others = len(_tables(result)) - 1
    if as_csv and others > 0:
        out.append(f"note: {render.counted(others, 'more table')} on the page not in the CSV; --json has all")
    return out


def extracted(console: Console, result: Extracted, way: Literal["type", "schema", "rows"]) -> None:
    """A typed answer: one value as any answer, an object leaf by leaf, rows as tables."""
    if way == "type" or not result.leaves:
        render.answer(console, result.answer)
    elif way == "schema":
        for leaf in result.leaves:
            _leaf(console, leaf)
        _pages(console, result)
    else:
        for table in _tables(result):
            _table(console, table)
            console.print()
        _pages(console, result, space=False)


def _pages(console: Console, result: Extracted, *, space: bool = True) -> None:
    """The pages that the values are from."""
    from rich.text import Text

    if space:
        console.print()
    for page in result.answer.pages:
        if page.outcome.readable:
            console.print(Text(render.about(page), style="dim"))


def _leaf(console: Console, leaf: LeafAnswer) -> None:
    """One line: where it stands in the whole, its value, and the words that hold it."""
    from rich.text import Text

    told = {"not_found": "not on the page", "invalid": "no such value"}.get(leaf.status)
    line = Text(f"{one_line(leaf.path)}: " if leaf.path else "")
    line.append(
        one_line(spoken(leaf.value)) if told is None else told, style="bold" if told is None else "dim"
    )
    if leaf.quote is not None and one_line(leaf.quote.text) != spoken(leaf.value):
        line.append(f"  “{one_line(leaf.quote.text)}”", style="dim")
    console.print(line)


def _tables(result: Extracted) -> list[dict[str, Any]]:
    return cast("list[dict[str, Any]]", result.value if isinstance(result.value, list) else [])


def _table(console: Console, table: dict[str, Any]) -> None:
    """One table, its title above it, as wide as the terminal lets it be; where its words would be broken for
    want of width, row by row with a line for each cell."""
    from rich import box
    from rich.cells import cell_len
    from rich.table import Table
    from rich.text import Text

    every: Sequence[str] = table["columns"]
    links = {"link" if table["kind"] == "listing" else "", *(f"{name} link" for name in every)}
    columns = [name for name in every if name not in links]  # too long to read; --json has them
    rows = [[one_line(row[name] or "") for name in columns] for row in table["rows"]]
    words = [[w for cell in cells for w in cell.split()] for cells in zip(columns, *rows, strict=True)]
    needed = [min(_WORD, max(map(cell_len, each), default=0)) for each in words]
    if sum(needed) + _BETWEEN_COLUMNS * len(needed) > console.width:
        console.print(Text(one_line(table["title"]), style="table.title"))
        for row in rows:
            console.print()
            for name, cell in zip(columns, row, strict=True):
                if cell:
                    console.print(Text(f"{one_line(name)}: {cell}" if name else cell))
        return
    shown = Table(
        title=Text(one_line(table["title"])), title_justify="left", box=box.SIMPLE_HEAD, show_edge=False
    )
    for name, width in zip(columns, needed, strict=True):
        shown.add_column(Text(one_line(name)), overflow="fold", min_width=width)
    for row in rows:
        shown.add_row(*map(Text, row))
    console.print(shown, soft_wrap=False)


def csv_of(result: Extracted) -> str:
    """The first table as CSV (RFC 4180). What a spreadsheet would take for a formula gets an apostrophe."""
    tables = _tables(result)
    if not tables:
        return ""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(map(_inert, tables[0]["columns"]))
    for row in tables[0]["rows"]:
        writer.writerow(_inert(row[name]) for name in tables[0]["columns"])
    return out.getvalue()


def _inert(cell: Json) -> str:
    text = "" if cell is None else one_line(str(cell))
    formula = text[:1] in ("=", "@", "\t", "\r") or (text[:1] in ("+", "-") and any(map(str.isalpha, text)))
    return f"'{text}" if formula else text
