"""Questions answered from tables, end to end, with the weights that ship."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from browseagent import extract
from browseagent.answer.question import Question
from browseagent.answer.quotes import make_quote
from browseagent.answer.tables.choose import TableAnswer, table_answers
from browseagent.records import Document

SITES = Path(__file__).parents[3] / "fixtures" / "sites"


def site(path: str) -> Document:
    """A page of the fixture sites."""
    body = (SITES / path).read_bytes()
    return extract(body, url=f"https://example.org/{path}", content_type="text/html; charset=utf-8")


def made(rows: list[tuple[str, ...]], before: str = "") -> Document:
    """A page with one table, its first row of headers."""
    lines = [
        "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>"
        for row, tag in zip(rows, ["th"] + ["td"] * len(rows), strict=False)
    ]
    table = f"<table>{''.join(lines)}</table>"
    html = f"<html lang=en><title>Page</title><body><main><h1>Page</h1>{before}{table}</main></body></html>"
    return extract(html.encode(), url="https://example.org/", content_type="text/html; charset=utf-8")


RACES = made(
    [
        ("Year", "Winner", "Country", "Venue", "Time", "Points"),
        ("2001", "Ana Ruiz", "Spain", "Lyon", "1:48.64", "25"),
        ("2002", "Bo Lund", "Sweden", "Turin", "1:49.52", "20"),
        ("2003", "Cy Pratt", "Canada", "Lyon", "1:47.33", "16"),
        ("2004", "Dee Moss", "Canada", "Bern", "1:52.10", "31"),
        ("2005", "Ana Ruiz", "Spain", "Lyon", "1:46.02", "18"),
        ("2006", "Eve Stark", "Austria", "Turin", "1:51.77", "22"),
        ("2007", "Flo Quist", "Sweden", "Bern", "1:50.40", "9"),
    ]
)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who won in 2004?", "Dee Moss"),
        ("How many points did Eve Stark have?", "22"),
        ("How many winners were from Canada?", "2"),
        ("Which winner had the most points?", "Dee Moss"),
        ("Who won after Bo Lund?", "Cy Pratt"),
        ("Who had more points, Bo Lund or Cy Pratt?", "Bo Lund"),
        ("What is the difference in points between Dee Moss and Bo Lund?", "11"),
        ("How many winners had more than 20 points?", "3"),
        ("Who was the last winner listed?", "Flo Quist"),
    ],
)
def test_operations(question: str, answer: str) -> None:
    """Looking up, counting, the greatest, the next, comparing."""
    found = table_answers(Question.of(question), RACES)
    assert answer in [one.text for one in found[:2]]


@pytest.mark.parametrize(
    ("path", "question", "answer"),
    [
        ("council/fees.html", "What is the fee for an extension of two or more houses?", "£509"),
        ("council/fees.html", "How much is an advertisement elsewhere?", "£588"),
        ("hospital/hours.html", "When is the pharmacy open on Saturday?", "09:00–13:00"),
        ("hospital/hours.html", "What is the telephone number of the eye clinic?", "01550 964 171"),
        ("hospital/hours.html", "What are the hours of the eye clinic on Tuesday?", "09:00–16:30"),
        ("shop/delivery.html", "What is the price of next day delivery?", "£6.95"),
        ("shop/lantern.html", "What is the weight of the lantern?", "312 g with battery"),
        ("university/admissions.html", "What is the full-time fee for overseas students?", "£27,900"),
        ("docs/versions.html", "When was version 3.1 released?", "29 April 2025"),
    ],
)
def test_pages_of_other_kinds(path: str, question: str, answer: str) -> None:
    """Fees, opening hours, delivery, specifications without a header, versions."""
    found = table_answers(Question.of(question), site(path))
    assert answer in [one.text for one in found[:2]]


def spans_hold(document: Document, found: list[TableAnswer]) -> None:
    for one in found:
        assert one.rows
        for start, end in one.rows:
            assert make_quote(document, start, end).text == document.text[start:end]
        if not one.computed:
            assert any(start <= a and b <= end for a, b in one.cells for start, end in one.rows)


@pytest.mark.parametrize("question", ["Who won in 2004?", "How many winners were there?", "Who was first?"])
def test_answers_rest_on_rows_that_can_be_quoted(question: str) -> None:
    """Every answer names whole rows of the page, and where it stands in one."""
    spans_hold(RACES, table_answers(Question.of(question), RACES))


def test_more_rows_than_are_shown() -> None:
    """A count over many rows shows at most twelve of them."""
    many = made([("Name", "Team"), *[(f"Rider {n}", "Blue" if n % 2 else "Red") for n in range(60)]])
    found = table_answers(Question.of("How many riders are in the blue team?"), many)
    assert found[0].text == "30"
    assert len(found[0].rows) == 12


def test_a_page_without_tables_gives_nothing() -> None:
    """Prose is not asked of tables."""
    prose = extract(b"Just words. Nothing else.", url="https://example.org/", content_type="text/plain")
    assert table_answers(Question.of("Who won?"), prose) == []


def test_a_question_of_something_else_is_improbable() -> None:
    """A question whose words are nowhere in the table deserves no trust."""
    own = table_answers(Question.of("Who won in 2004?"), RACES)[0].probability
    other = table_answers(Question.of("What does the sewage plant pay for electricity?"), RACES)
    assert not other or other[0].probability < own / 2


def test_a_long_table_is_quick() -> None:
    """A page with 2,000 rows takes some milliseconds a question once it is parsed; the bound is wide, for
    busy machines."""
    rows = [(f"{1000 + n}", f"Name {n}", f"City {n % 40}", f"{n * 7 % 1000}") for n in range(2000)]
    long = made([("No", "Name", "City", "Points"), *rows])
    table_answers(Question.of("How many are from city 3?"), long)
    start = time.process_time()
    found = table_answers(Question.of("Which name has the most points in city 7?"), long)
    assert found
    assert time.process_time() - start < 1.0
