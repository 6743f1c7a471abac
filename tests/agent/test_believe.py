"""How sure an answer must be: what its page speaks of, and what form the question asks for."""

from __future__ import annotations

import pytest

from browseagent.agent.believe import cover, is_headed
from browseagent.answer.expect import may_answer
from browseagent.answer.question import Question
from browseagent.read import extract
from browseagent.records import Document

QUESTION = "How long is the new footbridge at Tanners Weir?"


def page(path: str, html: str) -> Document:
    return extract(html.encode(), f"https://town.example{path}", "text/html; charset=utf-8")


NEWS = (
    "<html lang=en><title>Footbridge | News</title><main><h1>News</h1>"
    "<h2><a href=/b>Footbridge opens</a></h2><p>It is ready after two years of work.</p></main></html>"
)


@pytest.mark.parametrize(
    ("question", "answer", "has"),
    [
        ("How long is the bridge?", "Saturday", False),
        ("How long is the bridge?", "74 metres", True),
        ("How long may I stay?", "an hour", True),
        ("How many books may be borrowed?", "from the library", False),
        ("How many books may be borrowed?", "none", True),
        ("Within how many days?", "forty-two", True),
        ("How much is it?", "free of charge", True),
        ("How tall is the tower?", "三十四米", True),
        ("How often is it emptied?", "on Saturdays", True),
        ("How do I pay?", "by card", True),
        ("Does it say how long it takes?", "It does not.", True),
        ("When does it open?", "at noon", True),
    ],
)
def test_how_much_is_told_by_an_amount(question: str, answer: str, has: bool) -> None:
    """In figures, in words, or as nothing at all; other questions are not judged by the form."""
    assert may_answer(Question.of(question), answer) is has


def test_a_page_is_headed_by_its_own_headings_and_address() -> None:
    """The heading of a teaser is that of the page it leads to; the title counts where there is no other."""
    assert not is_headed(Question.of(QUESTION), page("/news", NEWS))
    assert is_headed(Question.of(QUESTION), page("/footbridge", NEWS))
    assert not is_headed(Question.of(QUESTION), page("/footbridge/news", NEWS)), (
        "the folder names a part of the site"
    )
    assert not is_headed(Question.of("What is an example?"), page("/news", NEWS)), (
        "nor does the host name the page"
    )
    untitled = "<html lang=en><title>{}</title><p>It is 74 metres long and made of oak and steel.</p></html>"
    assert is_headed(Question.of(QUESTION), page("/1", untitled.format("Footbridge")))
    assert not is_headed(Question.of(QUESTION), page("/1", untitled.format("Welcome")))


def test_a_word_that_heads_a_page_tells_it_from_the_pages_that_lead_there() -> None:
    """Every page of a site may name the pool in its navigation; the page of the pool is about it."""
    nav = "<nav><a href=/pool>Pool</a> <a href=/library>Library</a></nav>"
    shape = "<html lang=en><title>{0}</title>" + nav + "<main><h1>{0}</h1><p>{1}</p></main></html>"
    others = [
        page(f"/{n}", shape.format(f"Page {n}", "It tells of other things, and at length.")) for n in range(4)
    ]
    pool = page("/pool", shape.format("The pool", "It is heated to 28 degrees and is open every day."))
    question = "How warm is the water of the pool?"
    assert cover(Question.of(question), pool, [*others, pool]) == pytest.approx(0.5)
    assert cover(Question.of(question), others[0], [*others, pool]) == 0
