"""From pages with known answers to training examples, and the measures of what came of it."""

from __future__ import annotations

import pytest

from browseagent import extract
from browseagent.answer.measure import calibration_error, cases_of, figures
from browseagent.answer.training import squad_examples
from browseagent.answer.word_f1 import word_f1
from browseagent.errors import UsageError
from browseagent.records import Answered, NotFound, Quote
from tools.reading_examples import page_examples, table_examples

FIRST = "The tower was built in 1871 by Thomas Pell. It stands on the north cliff."
SECOND = "The tower of the church was built by Anna Voss. Nobody remembers the year."
DATA = {
    "data": [
        {
            "title": "Harwick_Light",
            "paragraphs": [
                {
                    "context": FIRST,
                    "qas": [
                        {
                            "question": "Who built the tower?",
                            "answers": [{"text": "Thomas Pell", "answer_start": 31}],
                        },
                        {"question": "Who painted the tower?", "answers": []},
                    ],
                },
                {"context": SECOND, "qas": []},
            ],
        },
        {
            "title": "Ferries",
            "paragraphs": [
                {
                    "context": "The ferry to Orme leaves at nine.",
                    "qas": [
                        {"question": "When does it leave?", "answers": [{"text": "nine", "answer_start": 28}]}
                    ],
                }
            ],
        },
    ]
}
TABLE = """<html><head><title>Fees</title></head><body><main><h1>Fees</h1><table>
<tr><th>Visitor</th><th>Price</th></tr><tr><td>Adult</td><td>£4.50</td></tr><tr><td>Child</td><td>£2.00</td></tr>
<tr><td>Student</td><td>£3.20</td></tr></table></main></body></html>"""


def test_a_question_stands_with_its_answer_and_beside_a_like_paragraph_without() -> None:
    """The paragraph that answers, the one that shares its words, and the one that only seems to."""
    examples = list(squad_examples(DATA, "a test"))
    tower = next(each for each in examples if each.text == FIRST)
    assert ("Who built the tower?", "Thomas Pell", "answered") in tower.questions
    assert ("Who painted the tower?", "", "unanswerable") in tower.questions
    church = next(each for each in examples if each.text == SECOND)
    assert ("Who built the tower?", "", "neighbour") in church.questions
    assert {each.group for each in examples} == {"Harwick Light", "Ferries"}


def test_data_in_another_format_is_refused() -> None:
    """What is not SQuAD's format is said, not guessed at."""
    with pytest.raises(UsageError, match="format"):
        list(squad_examples({"data": [{"paragraphs": []}]}, "a test"))
    with pytest.raises(UsageError, match="two articles"):
        cases_of({"data": DATA["data"][:1]}, 5, 1)


def test_a_pages_question_goes_to_the_excerpt_that_holds_its_answer() -> None:
    """Known answers are found on the page; a question without one is unanswerable everywhere."""
    page = extract(FIRST.encode(), url="https://example.org/", content_type="text/plain")
    asked = [("Who built the tower?", ["Thomas Pell"]), ("Who sold the tower?", [])]
    found = list(page_examples(page, asked, "light", "a test"))
    assert [tuple(each) for each in found[0].questions] == [
        ("Who built the tower?", "Thomas Pell", "answered"),
        ("Who sold the tower?", "", "unanswerable"),
    ]


def test_tables_ask_about_themselves() -> None:
    """A look-up made of a table has its cell, or its row's name, as the answer."""
    page = extract(TABLE.encode(), url="https://example.org/", content_type="text/html; charset=utf-8")
    found = list(table_examples(page, "fees", "a test", most=1, seed=1))
    assert found and found[0].questions
    prices = {"Adult": "£4.50", "Child": "£2.00", "Student": "£3.20"}
    for asked in found[0].questions:
        name = next(
            name for name, price in prices.items() if name in asked.question or price in asked.question
        )
        assert asked.answer in (name, prices[name]) and asked.kind == "answered"


def test_word_f1_is_squads() -> None:
    """Case, punctuation and articles do not count."""
    assert word_f1("The Thomas Pell.", "thomas pell") == 1.0
    assert word_f1("Pell", "Thomas Pell") == pytest.approx(2 / 3)
    assert word_f1("", "") == 1.0 and word_f1("a", "Pell") == 0.0


def test_the_measures_tell_right_from_wrong_and_sure_from_unsure() -> None:
    """One right answer, one wrong one, refusals where they are due."""
    cases = cases_of(DATA, 5, 1)
    quote = Quote("x y z", 0, 5, "", "")
    answers = [
        NotFound(question=case.question, confidence=0.1)
        if not case.answers
        else Answered(question=case.question, answer=case.answers[0], support=(quote,), confidence=0.9)
        for case in cases
    ]
    found = figures(cases, answers)
    assert (found.f1, found.answered, found.refused_foreign, found.refused_unanswerable) == (
        1.0,
        1.0,
        1.0,
        1.0,
    )
    assert found.calibration_error == pytest.approx(0.1)
    assert calibration_error([(1.0, False), (1.0, True)]) == pytest.approx(0.5)
