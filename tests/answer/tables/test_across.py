"""What a superlative knows of the other frames of its page."""

import pytest

from browseagent import extract
from browseagent.answer.question import Question
from browseagent.answer.tables.across import graded
from browseagent.answer.tables.choose import scored
from browseagent.answer.tables.features import Features
from browseagent.answer.tables.question import parse_question
from browseagent.answer.tables.records import page_frames
from browseagent.records import Document

PAGE = """<html lang=en><title>Phones</title><main><h1>Phones</h1>
<h2>New</h2><table><tr><th>Name<th>Price<tr><td>Ada<td>$5<tr><td>Bob<td>$7</table>
<h2>Old</h2><table><tr><th>Name<th>Price<tr><td>Cid<td>$3<tr><td>Dan<td>$9<tr><td>Eve<td>$8</table>
<h2>Shops</h2><table><tr><th>Shop<th>Staff<tr><td>North<td>12<tr><td>South<td>30</table></main></html>"""


@pytest.fixture(scope="module")
def page() -> Document:
    return extract(PAGE.encode(), url="https://example.org/", content_type="text/html; charset=utf-8")


def features_of(question: str, answer: str, page: Document) -> Features:
    """Those of the greatest or least of a column whose answer is the one given."""
    return next(
        one.features
        for one in scored(Question.of(question), page_frames(page))
        if one.reading.operation == "extreme" and one.reading.texts == (answer,)
    )


def test_the_dearest_of_one_table_is_beaten_by_a_dearer_one_of_another(page: Document) -> None:
    question = "which is the most expensive phone?"
    assert "unbeaten" in features_of(question, "Dan", page)
    assert "beaten" in features_of(question, "Bob", page)


def test_what_no_other_frame_tells_is_neither(page: Document) -> None:
    found = features_of("which shop has the most staff?", "South", page)
    assert not found.keys() & {"beaten", "unbeaten"}


def test_a_frame_is_as_many_rows_behind_as_the_longest_has_more(page: Document) -> None:
    question = "which is the cheapest phone?"
    assert features_of(question, "Cid", page)["order rows behind"] == 0
    assert features_of(question, "Ada", page)["order rows behind"] == pytest.approx(0.405, abs=0.001)


def test_a_condition_that_only_names_what_is_listed_is_known(page: Document) -> None:
    """All are phones; that a row's name has the word narrows nothing."""
    found = features_of("which is the cheapest phone?", "Cid", page)
    assert found["noun listed"] == 1
    found = features_of("which shop has the most staff?", "South", page)
    assert found["noun listed"] == 1
    assert found["noun listed elsewhere"] == 0


def test_only_superlatives_look_at_the_page(page: Document) -> None:
    for one in scored(Question.of("what does Ada cost?"), page_frames(page)):
        assert not [name for name in one.features if name.startswith(("superlative", "beaten", "graded"))]


@pytest.mark.parametrize(
    ("question", "stem"),
    [
        ("which is the most expensive phone?", "expens"),
        ("cheapest phone", "cheap"),
        ("most comments", "comment"),
        ("which one has the most?", "most"),
    ],
)
def test_what_a_superlative_grades(question: str, stem: str) -> None:
    parsed = parse_question(Question.of(question))
    assert graded(parsed, parsed.orderings[0][0]) == stem
