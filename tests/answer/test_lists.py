"""Questions for several things."""

from __future__ import annotations

import pytest

from browseagent import extract
from browseagent.answer.ask import answer_from
from browseagent.answer.question import Question
from browseagent.answer.weights import Weights
from browseagent.model.scripted import ScriptedModel
from browseagent.records import Answered, Document
from tests.answer.test_reading import ScriptedReader, even

WEIGHTS = Weights({"likelihood": 1.0}, {"odds": 1.0}, 0.0, 0.5, 0.0, "a test")
PAGE = """<html lang=en><head><title>Library</title></head><body><main><h1>Library</h1>
<h2>Joining</h2><p>To join the library you need these documents:</p>
<ul><li>Passport</li><li>Proof of address. A bill will do.</li><li>One photograph</li></ul>
<p>The library serves Kent, Surrey and Sussex. It was founded by Anna Voss in 1871.</p>
</main></body></html>"""


@pytest.fixture(scope="module")
def page() -> Document:
    return extract(PAGE.encode(), url="https://example.org/", content_type="text/html; charset=utf-8")


def ask(page: Document, question: str, words: dict[str, float]) -> Answered:
    answer = answer_from(
        Question.of(question), [page], ScriptedModel(even, reader=ScriptedReader(words)), 40_000, WEIGHTS
    )
    assert isinstance(answer, Answered)
    return answer


def test_a_stretch_that_names_as_many_is_taken_first(page: Document) -> None:
    """ "Which three" is not answered by one of them, where all three are nearly as likely."""
    words = {"Kent": -0.5, "Kent, Surrey and Sussex": -1.5}
    assert ask(page, "Which three counties does it serve?", words).text == "Kent, Surrey and Sussex"
    assert ask(page, "Which county does it serve?", words).text == "Kent"


def test_far_less_likely_words_are_not_taken_for_their_number(page: Document) -> None:
    """The count decides between near answers, no more."""
    words = {"Anna Voss": -0.1, "Kent, Surrey and Sussex": -9.0}
    assert ask(page, "Which three people founded it?", words).text == "Anna Voss"


def test_a_question_for_a_list_gets_the_list(page: Document) -> None:
    """Every item is a quote of its own, found on the page."""
    found = ask(page, "Which documents do you need to join the library?", {"Passport": -0.3})
    assert found.text == "Passport; Proof of address. A bill will do.; One photograph"
    assert [page.text[quote.start : quote.end] for quote in found.quotes] == [q.text for q in found.quotes]
    assert ask(page, "Which three documents do you need to join?", {"Passport": -0.3}).text == found.text


def test_a_question_for_one_item_gets_the_item(page: Document) -> None:
    """The list is not given where another number, or one thing, is asked for."""
    assert ask(page, "What do I need to join the library?", {"Passport": -0.3}).text == "Passport"
    assert ask(page, "Which two documents do you need to join?", {"Passport": -0.3}).text == "Passport"
