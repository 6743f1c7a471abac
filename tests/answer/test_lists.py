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
<h2>Rooms</h2><ul><li>Attic</li><li>Cellar with the archive</li><li>Hall</li><li>Attic</li></ul>
<h2>Collections</h2><ul>
<li><b>Voss papers</b>, letters and diaries which the founder of the library wrote in her last years</li>
<li><b>Old maps</b> of the coast and of the islands, most of which were drawn by hand</li></ul>
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


def test_a_list_is_given_where_the_reader_finds_two_of_its_items(page: Document) -> None:
    """Though nothing that introduces it has a word of the question. What it says twice is said once."""
    found = ask(page, "Which places can be booked?", {"Attic": -0.3, "Hall": -1.0})
    assert found.text == "Attic; Cellar with the archive; Hall"
    assert [quote.text for quote in found.quotes] == ["Attic", "Cellar with the archive", "Hall"]
    assert not found.alternatives


def test_a_list_needs_another_item_that_is_nearly_as_likely(page: Document) -> None:
    """What only one item answers is no list."""
    assert ask(page, "Which places can be booked?", {"Attic": -0.3}).text == "Attic"
    assert ask(page, "Which places can be booked?", {"Attic": -0.3, "Hall": -9.0}).text == "Attic"


def test_an_item_that_the_question_describes_is_given_alone(page: Document) -> None:
    """A word of the question that tells one item from the others says which one is meant."""
    words = {"Cellar with the archive": -0.3, "Attic": -0.4}
    assert ask(page, "Which kinds of places have the archive?", words).text == "Cellar with the archive"
    assert ask(page, "Which kinds of places have a key?", words).text.startswith("Attic; Cellar")


def test_something_in_an_item_is_no_item(page: Document) -> None:
    """The list is not given for a few words of one."""
    words = {"letters and diaries": -0.3, "islands": -0.5}
    assert ask(page, "Which writings are kept there?", words).text == "letters and diaries"


def test_long_items_are_told_by_their_names(page: Document) -> None:
    """Quoted they are whole."""
    found = ask(page, "Which treasures are kept there?", {"Old maps": -0.3, "Voss papers": -0.5})
    assert found.text == "Voss papers; Old maps"
    assert [len(quote.text.split()) for quote in found.quotes] == [16, 16]


def test_a_question_for_one_item_gets_the_item(page: Document) -> None:
    """The list is not given where another number, or one thing, is asked for."""
    assert ask(page, "What do I need to join the library?", {"Passport": -0.3}).text == "Passport"
    assert ask(page, "Which two documents do you need to join?", {"Passport": -0.3}).text == "Passport"
