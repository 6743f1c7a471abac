"""How the rows of a document become typed frames."""

from __future__ import annotations

from dataclasses import replace

import pytest

from browseagent import extract
from browseagent.answer.tables.columns import Kind, days_of
from browseagent.answer.tables.frame import Frame, bits, frames_of
from browseagent.records import Document


def page(*tables: str) -> Document:
    """A document with some tables, each under a heading."""
    body = "".join(f"<h2>Part {n}</h2><p>What follows is a table.</p>{t}" for n, t in enumerate(tables))
    html = f"<html lang=en><title>Page</title><body><main><h1>Page</h1>{body}</main></body></html>"
    return extract(html.encode(), url="https://example.org/", content_type="text/html; charset=utf-8")


def table(*rows: str) -> str:
    """An HTML table: cells separated by bars, the first row of headers."""
    lines = [
        "<tr>" + "".join(f"<{tag}>{cell.strip()}</{tag}>" for cell in row.split("|")) + "</tr>"
        for row, tag in zip(rows, ["th"] + ["td"] * len(rows), strict=False)
    ]
    return f"<table>{''.join(lines)}</table>"


RACE = table(
    "Pos | Rider | Date of birth | Time | Points",
    "1st | Ana Ruiz | 3 May 1980 | 1:48.64 | 25",
    "2nd | Bo Lund | 11 June 1979 | 1:49.52 | 20",
    "3rd | Cy Pratt | 30 April 1985 | 1:50.33 | 16",
    "Total | | | | 61",
)


def only(document: Document) -> Frame:
    """The one table of a document."""
    (found,) = frames_of(document)
    return found


def test_columns_have_kinds() -> None:
    """Places, names, dates, times and numbers are told from the cells."""
    kinds = [column.kind for column in only(page(RACE)).columns]
    assert kinds == [Kind.RANK, Kind.TEXT, Kind.DATE, Kind.TIME, Kind.NUMBER]


def test_a_total_row_is_no_record() -> None:
    """A total is kept apart: it is neither counted nor the greatest."""
    found = only(page(RACE))
    assert list(bits(found.body)) == [0, 1, 2]
    assert list(bits(found.totals)) == [3]


def test_rows_and_cells_are_spans_of_the_text() -> None:
    """What an answer rests on can be quoted."""
    document = page(RACE)
    found = only(document)
    assert document.text[slice(*found.rows[1])] == "2nd\tBo Lund\t11 June 1979\t1:49.52\t20"
    assert document.text[slice(*found.columns[1].spans[1])] == "Bo Lund"


def test_what_stands_above_is_its_context() -> None:
    """Headings and the paragraph before a table say what it is about."""
    assert {"part", "0", "follow"} <= only(page(RACE)).context


def test_a_row_with_a_spanning_cell_keeps_its_columns() -> None:
    """A cell that spans columns is the value of each; the cells after it still find theirs."""
    html = (
        "<table><tr><th>Name</th><th>Gold</th><th>Silver</th><th>Year</th></tr>"
        "<tr><td>Ada</td><td>1</td><td>2</td><td>1990</td></tr>"
        "<tr><td>Eve</td><td colspan=2>did not start</td><td>1991</td></tr></table>"
    )
    _, gold, silver, years = frames_of(page(html))[0].columns
    assert [value.text for value in years.values] == ["1990", "1991"]
    assert gold.values[1].text == silver.values[1].text == "did not start"


def test_titles_within_a_table_become_a_column() -> None:
    """A row with one cell across the table says something of the rows below it."""
    html = (
        "<table><tr><th>Item</th><th>Price</th></tr><tr><td colspan=2>Drinks</td></tr>"
        "<tr><td>Tea</td><td>£2</td></tr><tr><td>Coffee</td><td>£3</td></tr>"
        "<tr><td colspan=2>Cakes</td></tr><tr><td>Scone</td><td>£4</td></tr></table>"
    )
    found = only(page(html))
    assert [value.text for value in found.columns[-1].values] == ["Drinks", "Drinks", "Cakes"]
    assert len(found.rows) == 3


def test_a_comparison_of_things_side_by_side_is_turned_as_well() -> None:
    """Where each column is a thing, the columns are records of a second table."""
    html = table("Parameter | EN57 | EN71 | EW58", "Power | 740 kW | 1480 kW | 1864 kW", "Doors | 4 | 4 | 6")
    upright, turned = frames_of(page(html))
    assert not upright.lines
    assert [column.name for column in turned.columns] == ["Parameter", "Power", "Doors"]
    assert [value.text for value in turned.columns[0].values] == ["EN57", "EN71", "EW58"]


def test_a_document_is_parsed_once() -> None:
    """Asking again costs no second parse, also of an equal document."""
    assert frames_of(page(RACE)) is frames_of(page(RACE))


def test_two_pages_of_one_text_keep_their_addresses() -> None:
    """What a frame quotes stands on its own page."""
    one = page(RACE)
    other = replace(one, url="https://example.net/")
    assert [frames_of(each)[0].document.url for each in (one, other)] == [one.url, other.url]


def test_headers_that_are_repeated_are_no_records() -> None:
    """A long table says its column names again halfway."""
    html = table("Name | Points", "Ada | 3", "Name | Points", "Eve | 5")
    assert len(only(page(html)).rows) == 2


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("Monday to Friday", 5),
        ("Mon–Sat", 6),
        ("Sundays", 0),
        ("weekends", 2),
        ("Sat to Mon", 3),
        ("Marathon", 0),
    ],
)
def test_days_that_a_text_spans(text: str, count: int) -> None:
    """ "Monday to Friday" is also Tuesday's column; a marathon is no Monday."""
    assert len(days_of(text)) == count
