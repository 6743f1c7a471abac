"""The operations on a table: counting, ordering, adding up, comparing."""

from __future__ import annotations

import pytest

from browseagent import extract
from browseagent.answer.tables import execute
from browseagent.answer.tables.table import Table, tables_of

ROWS = [
    ("1981", "Lyon", "12", "3:04"),
    ("1982", "Turin", "9", "2:58"),
    ("1983", "Lyon", "15", "3:10"),
    ("1984", "Lyon", "9", "3:00"),
    ("1987", "Bern", "4", "3:31"),
]
YEAR, CITY, TEAMS, TIME = range(4)


@pytest.fixture(scope="module")
def races() -> Table:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    html = f"<table><tr><th>Year</th><th>City</th><th>Teams</th><th>Time</th></tr>{rows}</table>"
    document = extract(html.encode(), url="https://example.org/", content_type="text/html")
    (table,) = tables_of(document)
    return table


def test_cells_are_listed_once_each(races: Table) -> None:
    """Equal texts are one answer that rests on all its rows."""
    found = execute.cells(races, 0b1101, CITY)
    assert found is not None
    assert found.texts == ("Lyon",)
    assert found.rows == (0, 2, 3)


def test_counts(races: Table) -> None:
    """Rows, and different values."""
    assert execute.count(0b1101).texts == ("3",)
    distinct = execute.distinct(races, races.body, CITY)
    assert distinct is not None
    assert distinct.texts == ("3",)


def test_extremes_and_ties(races: Table) -> None:
    """The greatest row; all rows that tie for the least; a place further down."""
    assert execute.extreme(races.columns[TEAMS], races.body, greatest=True) == 0b00100
    assert execute.extreme(races.columns[TEAMS], 0b01111, greatest=False) == 0b01010
    assert execute.ranked(races.columns[TIME], races.body, True, 2) == 0b00100


def test_order_of_the_table(races: Table) -> None:
    """First, last, next and previous; nothing beyond the edge."""
    assert execute.nth(races.body, 1) == 1
    assert execute.nth(races.body, -1) == 0b10000
    assert execute.nth(races.body, 9) == 0
    assert execute.beside(races, 0b00010, 1) == 0b00100
    assert execute.beside(races, 0b00001, -1) == 0


def test_sums_means_and_differences(races: Table) -> None:
    """Numbers and times add up; years and places do not."""
    total = execute.total(races, races.body, TEAMS, mean=False)
    mean = execute.total(races, 0b00011, TIME, mean=True)
    assert total is not None and total.texts == ("49",)
    assert mean is not None and mean.texts == ("3:01",)
    assert execute.total(races, races.body, YEAR, mean=False) is None
    gap = execute.difference(races, (0, TEAMS), (1, TEAMS))
    years = execute.difference(races, (0, YEAR), (4, YEAR))
    assert gap is not None and gap.texts == ("3",)
    assert years is not None and years.texts == ("6 years",)


def test_commonest_and_runs(races: Table) -> None:
    """The city with most rows, and the longest unbroken run of it."""
    found = execute.commonest(races, races.body, CITY, greatest=True)
    assert found is not None
    assert found[0] == "Lyon"
    assert execute.longest_run(races, 0b01101) == (2, 0b01100)
    assert execute.longest_same(races, CITY) == (2, 0b01100)


def test_rows_that_share_a_value(races: Table) -> None:
    """The other rows with the same city."""
    assert execute.sharing(races, 0, CITY) == 0b01100
