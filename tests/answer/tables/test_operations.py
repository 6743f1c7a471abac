"""The operations on a frame: what each reading of a question gives."""

from __future__ import annotations

import pytest

from browseagent import extract
from browseagent.answer.question import Question
from browseagent.answer.tables.frame import Frame, frames_of
from browseagent.answer.tables.links import link
from browseagent.answer.tables.operations import extreme, readings
from browseagent.answer.tables.question import parse_question

ROWS = [
    ("1981", "Lyon", "12", "3:04"),
    ("1982", "Turin", "9", "2:58"),
    ("1983", "Lyon", "15", "3:10"),
    ("1984", "Lyon", "9", "3:00"),
    ("1987", "Bern", "4", "3:31"),
]
YEAR, CITY, TEAMS, TIME = range(4)


@pytest.fixture(scope="module")
def races() -> Frame:
    rows = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in ROWS)
    html = f"<table><tr><th>Year</th><th>City</th><th>Teams</th><th>Time</th></tr>{rows}</table>"
    document = extract(html.encode(), url="https://example.org/", content_type="text/html")
    (frame,) = frames_of(document)
    return frame


@pytest.mark.parametrize(
    ("question", "operation", "answer"),
    [
        ("how many races were in Lyon", "count", "3"),
        ("how many different cities", "distinct", "3"),
        ("which city had the most teams", "extreme", "Lyon"),
        ("teams of the last race", "end", "4"),
        ("which city came after Turin", "next", "Lyon"),
        ("which city came before Bern", "previous", "Lyon"),
        ("total teams of all races", "sum", "49"),
        ("average time between 1981 and 1982", "average", "3:01"),
        ("difference in teams between Turin and Bern", "difference", "5"),
        ("how many years between Turin and Bern, what difference", "difference", "5 years"),
        ("teams of Turin and Bern together", "sum", "13"),
        ("which had more teams, Turin or Bern", "compare", "Turin"),
        ("races with more than 10 teams", "select", "1981, 1983"),
        ("races not in Lyon", "select", "1982, 1987"),
    ],
)
def test_operations(races: Frame, question: str, operation: str, answer: str) -> None:
    """Every operation gives its answer to a question that asks for it."""
    found = readings(link(parse_question(Question.of(question)), races))
    assert answer in [", ".join(one.texts) for one in found if one.operation == operation]


def test_answers_are_listed_once_each(races: Frame) -> None:
    """Equal texts are one answer that rests on all its rows."""
    found = readings(link(parse_question(Question.of("which city is Lyon")), races))
    assert any(one.texts == ("Lyon",) and one.used == (0, 2, 3) for one in found)


def test_extremes_and_ties(races: Frame) -> None:
    """The greatest row; all rows that tie for the least."""
    assert extreme(races.columns[TEAMS], races.body, greatest=True) == 0b00100
    assert extreme(races.columns[TEAMS], 0b01111, greatest=False) == 0b01010


def test_years_and_places_do_not_add_up(races: Frame) -> None:
    """A sum of years is none."""
    found = [
        one
        for one in readings(link(parse_question(Question.of("total of the years")), races))
        if one.operation == "sum"
    ]
    assert {one.by for one in found} == {TEAMS, TIME}
