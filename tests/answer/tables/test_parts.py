"""Cells that tell several things, and records that take two rows."""

from __future__ import annotations

from browseagent import extract
from browseagent.answer.tables.cells import dates_in
from browseagent.answer.tables.columns import Kind
from browseagent.answer.tables.frame import Frame
from browseagent.answer.tables.records import page_frames
from browseagent.answer.tables.vocabulary import root
from browseagent.answer.typed.lines import is_rating


def frame(*lines: str) -> Frame:
    """The frame of some cards, each of a link and one line."""
    cards = "".join(
        f"<li class=card><h3><a href=/{i}>Card {'abcdef'[i]}</a></h3><p>{line}</p></li>"
        for i, line in enumerate(lines)
    )
    html = f"<html lang=en><title>Page</title><main><h1>Page</h1><ul>{cards}</ul></main></html>"
    document = extract(html.encode(), url="https://example.org/", content_type="text/html")
    return next(each for each in page_frames(document) if each.document == document.rest)


def cells(made: Frame) -> list[list[str]]:
    """What the columns hold."""
    return [[value.text for value in column.values] for column in made.columns]


def test_an_author_and_a_date_in_one_line_are_apart() -> None:
    """The words that all of them begin with are no part of a name, and say what the column is."""
    made = frame(
        "Written by Ana Ruiz on 3 May 2024", "Written by Bo on 2 May 2024", "Written by Cy on 1 May 2023"
    )
    assert ["Ana Ruiz", "Bo", "Cy"] in cells(made)
    people = made.columns[cells(made).index(["Ana Ruiz", "Bo", "Cy"])]
    assert "by" in people.standing.called
    assert ["3 May 2024", "2 May 2024", "1 May 2023"] in cells(made)


def test_parts_between_marks_and_numbers_are_apart() -> None:
    """Each number goes with the words next to it; the rows are ordered by the parts."""
    assert ["Music", "Games", "Games"] in cells(frame("iOS · Music", "Web · Games", "iOS · Games"))
    made = frame("4.5 stars (28 reviews)", "3.9 stars (7 reviews)", "4.1 stars (130 reviews)")
    assert ["(28 reviews)", "(7 reviews)", "(130 reviews)"] in cells(made)
    whole = made.columns[
        cells(made).index(["4.5 stars (28 reviews)", "3.9 stars (7 reviews)", "4.1 stars (130 reviews)"])
    ]
    assert whole.kind is Kind.NUMBER
    assert not whole.is_ordered


def test_what_a_name_ends_with_is_apart() -> None:
    """A count in brackets, a price; not a number that belongs to the name."""
    made = frame("Shoes (16)", "Coats (5)", "Hats and scarves (110)")
    assert ["Shoes", "Coats", "Hats and scarves"] in cells(made)
    assert made.columns[cells(made).index(["(16)", "(5)", "(110)"])].is_ordered
    assert ["Small", "Regular", "Large"] in cells(frame("Small $6.25", "Regular $9.00", "Large $15"))
    assert ["Lamp", "Lamp", "Lamp"] not in cells(frame("Lamp 3", "Lamp 4", "Lamp 5"))


def test_what_is_left_beside_a_link_falls_into_parts_as_well() -> None:
    """An author, an age and a count in one line are three columns."""
    lines = [f"<a href=/u/{who}>{who}</a> {age} ago {number}" for who, age, number in (
        ("Ana Ruiz", "2 years", 16), ("Bo Lund", "5 days", 3), ("Cy Pratt", "1 hour", 70)
    )]  # fmt: skip
    made = cells(frame(*lines))
    assert ["2 years ago", "5 days ago", "1 hour ago"] in made
    assert ["16", "3", "70"] in made


def test_a_record_of_two_rows_is_one() -> None:
    """Where every other row leaves the first cell empty it goes on with the row above."""
    rows = "".join(
        f"<tr><td>{i}.</td><td><a href=/{i}>{name}</a></td></tr><tr><td></td><td>{points} points</td></tr>"
        for i, (name, points) in enumerate(
            [("One thing", 9), ("Another", 41), ("A third", 17), ("More", 3)], 1
        )
    )
    html = f"<html lang=en><title>Page</title><main><h1>Page</h1><table>{rows}</table></main></html>"
    document = extract(html.encode(), url="https://example.org/", content_type="text/html")
    made = page_frames(document)[0]
    assert len(made.rows) == 4
    assert made.columns[0].kind is Kind.RANK
    assert ["9 points", "41 points", "17 points", "3 points"] in cells(made)


def test_a_column_of_ratings_is_asked_for_as_such() -> None:
    """By what :func:`is_rating` takes for one, in lines and in columns alike, to any number of places."""
    made = frame("4.25 stars", "3.9 stars", "4 stars")
    (ratings,) = [column for column in made.columns if column.kind is Kind.NUMBER]
    assert root("rating") in ratings.standing.aliases and ratings.keys == (4.25, 3.9, 4.0)
    assert all(is_rating(value.text) for value in ratings.values)


def test_a_listed_cell_is_searched_for_dates_once() -> None:
    """Cutting it at dates, cutting it between numbers and reading it ask the same of the same words."""
    dates_in.cache_clear()
    lines = ("Room 12 for 4 people", "Room 14 for 2 people", "Room 15 for 3 people")
    assert ["4 people", "2 people", "3 people"] in cells(frame(*lines))
    asked = dates_in.cache_info()
    assert asked.hits >= len(lines)
    for line in lines:
        dates_in(line)
    assert dates_in.cache_info().misses == asked.misses
