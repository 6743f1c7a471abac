"""How something is done: all steps, each quoted."""

from __future__ import annotations

import pytest

from browseagent import extract
from browseagent.answer.ask import answer_from
from browseagent.answer.question import Kind, Question
from browseagent.answer.steps import NUMBERED, numbered_steps, step_signals
from browseagent.answer.weights import Weights
from browseagent.model.scripted import ScriptedModel
from browseagent.records import Answered, Document
from tests.answer.test_reading import ScriptedReader, even

WEIGHTS = Weights({"likelihood": 1.0}, {"odds": 1.0}, 0.0, 0.5, 0.0, "a test")
STEPS = {"odds": 1.0, "judged": 0.0, "cover": 0.0, "intercept": 0.0}
PAGE = """<html lang=en><head><title>Boat club</title></head><body><main><h1>Boat club</h1>
<p>The club has kept boats on the lake since 1902, and welcomes everybody who can swim.</p>
<h2>Borrowing a boat</h2><p>On weekdays nobody has to book.</p>
<ol><li>Sign the book in the shed.</li><li>Take a vest.</li><li>Bring the oars back dry.</li></ol>
<p>A ranger may ask for the key.</p>
<h2>Reporting damage</h2><p>Call the warden first. Then photograph the hull. Leave the boat ashore.</p>
<h2>Moving to another berth</h2><p>Whoever wants another place sends in a form:</p>
<ul><li>Print the sheet.</li><li>Have it stamped by the warden.</li></ul>
<h2>Charts</h2><p>To see the depths, type this:</p><pre>lake --depths</pre>
<h2>Rules of the lake</h2><ol><li>Keep right.</li><li>No music.</li></ol>
<h2>Gallery</h2>
</main></body></html>"""
BORROWED = "Sign the book in the shed.; Take a vest.; Bring the oars back dry."


@pytest.fixture(scope="module")
def page() -> Document:
    return extract(PAGE.encode(), url="https://example.org/", content_type="text/html; charset=utf-8")


def ask(page: Document, question: str, words: dict[str, float], weights: Weights = WEIGHTS) -> Answered:
    asked = Question.of(question)
    assert asked.kind is Kind.STEPS
    answer = answer_from(asked, [page], ScriptedModel(even, reader=ScriptedReader(words)), 40_000, weights)
    assert isinstance(answer, Answered)
    assert [page.text[quote.start : quote.end] for quote in answer.quotes] == [q.text for q in answer.quotes]
    return answer


def test_a_numbered_list_under_what_is_asked_is_the_answer(page: Document) -> None:
    """Though no step has a word of the question, and the reader is less sure of another sentence."""
    found = ask(page, "How do I borrow a boat?", {"ask for the key": -5.0})
    assert found.text == BORROWED
    assert (len(found.quotes), found.confidence) == (3, NUMBERED)
    assert ask(page, "how do i borrow a boat", {}).text == BORROWED


def test_a_sentence_that_the_reader_is_sure_of_goes_before_a_numbered_list(page: Document) -> None:
    """A list is likely so much and no more."""
    assert (
        ask(page, "How do I borrow a boat?", {"ask for the key": -0.1}).text
        == "A ranger may ask for the key."
    )


def test_a_numbered_list_of_something_else_is_none(page: Document) -> None:
    """Half of the question above it is too little: the lake has rules, nothing of crossing it."""
    found = ask(page, "How do I get across the lake in winter?", {"everybody who can swim": -0.5})
    assert found.text.startswith("The club has kept boats")


def test_where_a_heading_is_found_what_it_heads_is_told(page: Document) -> None:
    """A list, also one that a sentence introduces; else the sentences of a paragraph, each quoted."""
    found = ask(page, "How do I report a hole in the hull?", {"Reporting damage": -0.5})
    assert found.text == "Call the warden first. Then photograph the hull. Leave the boat ashore."
    assert len(found.quotes) == 3
    rowed = ask(page, "How do I row with the club?", {"Borrowing a boat": -0.5})
    assert rowed.text == BORROWED
    moved = ask(page, "How do I get a place elsewhere?", {"Moving to another berth": -0.5})
    assert moved.text == "Print the sheet.; Have it stamped by the warden."


def test_the_first_step_stands_for_all_and_another_for_itself(page: Document) -> None:
    """Who asks for one thing of a list is seldom answered by its first; who asks for all is."""
    assert ask(page, "How do I get onto the water?", {"Sign the book": -0.5}).text == BORROWED
    assert ask(page, "How do I stay safe out there?", {"Take a vest": -0.5}).text == "Take a vest."


def test_what_ends_in_a_colon_is_told_with_what_follows(page: Document) -> None:
    """The steps of a list; of code the sentence too."""
    moved = ask(page, "How do I get a place elsewhere?", {"sends in a form": -0.5})
    assert moved.text == "Print the sheet.; Have it stamped by the warden."
    typed = ask(page, "How do I see how deep it is?", {"see the depths": -0.5})
    assert typed.text == "To see the depths, type this: lake --depths"


def test_a_heading_of_nothing_tells_nothing(page: Document) -> None:
    """The next best answer is given."""
    found = ask(page, "How do I look at pictures?", {"Gallery": -0.1, "ask for the key": -0.5})
    assert found.text == "A ranger may ask for the key."


def read(body: str) -> Document:
    head = "<html lang=en><head><title>Kites</title></head><body><main><h1>Kites</h1>"
    html = f"{head}{body}</main></body></html>"
    return extract(html.encode(), url="https://example.org/kites", content_type="text/html; charset=utf-8")


def test_a_table_of_contents_is_no_list_of_steps() -> None:
    """Its items are links into the page; steps with a link each are steps still, wherever that leads."""
    prose = "<p>A kite needs wind, a long line and somebody who holds it against the wind for a while.</p>"
    parts = "".join(
        f"<li><a href='#p{at}'>{name}</a></li>"
        for at, name in enumerate(("What a kite is", "Which line to buy", "Where the wind blows"))
    )
    page = read(f"<h2>How to fly a kite</h2><ol>{parts}</ol>{prose}<h2 id=p0>What a kite is</h2>{prose}")
    found = ask(page, "How do I fly a kite?", {"needs wind": -0.5})
    assert "Which line to buy" not in found.text and found.confidence != NUMBERED
    within = (
        "<li>Tie the <a href='#line'>line</a> to the frame.</li>"
        "<li>Walk against the <a href='#wind'>wind</a>.</li>"
    )
    led = "<li><a href='/buy'>Buy a kite</a></li><li><a href='/line'>Choose a line</a></li>"
    for items, told in (
        (within, "Tie the line to the frame.; Walk against the wind."),
        (led, "Buy a kite; Choose a line"),
    ):
        page = read(f"<h2>How to fly a kite</h2><ol>{items}</ol>{prose}")
        assert ask(page, "How do I fly a kite?", {"needs wind": -9.0}).text == told


def test_the_steps_of_a_step_are_told_in_their_place() -> None:
    """On every level; no list without numbers below a step, and no list that has too many of them."""
    inner = "<ol><li>Make a loop.<ol><li>Wet it first.</li></ol></li><li>Pull it tight.</li></ol>"
    last = "<li>Walk against the wind.<ul><li>Any wind will do.</li></ul></li>"
    page = read(f"<h2>How to fly a kite</h2><ol><li>Tie the line:{inner}</li>{last}</ol>")
    found = ask(page, "How do I fly a kite?", {"Any wind": -9.0})
    assert found.text == "Tie the line: Make a loop.; Wet it first.; Pull it tight.; Walk against the wind."
    many = "".join(f"<li>Make knot {number} now.</li>" for number in range(30))
    listed = f"<ol><li>Tie it:<ol>{many}</ol></li><li>Let it go.</li></ol>"
    page = read(f"<p>Wind is enough for a kite.</p><h2>How to fly a kite</h2>{listed}")
    found = ask(page, "How do I fly a kite?", {"Wind is": -0.5})
    assert found.text == "Wind is enough for a kite."


def test_a_long_paragraph_below_a_heading_is_no_answer() -> None:
    """A few sentences are."""
    long = " ".join(f"Sentence number {number} tells of a kite." for number in range(120))
    page = read(f"<h2>Flying</h2><p>{long}</p><h2>Landing</h2><p>Pull the line in slowly.</p>")
    found = ask(page, "How do I get it into the air?", {"Flying": -0.1, "Pull the line": -0.5})
    assert found.text == "Pull the line in slowly."


def test_a_sentence_is_as_sure_as_all_answers_in_it_together(page: Document) -> None:
    """Which of its words answer does not matter where it is told whole."""
    weights = Weights(WEIGHTS.ranking, WEIGHTS.confidence, 6.0, 0.5, 0.0, "a test", STEPS)
    one = ask(page, "How do I get in?", {"ask for the key": -5.0}, weights)
    both = ask(page, "How do I get in?", {"ask for the key": -5.0, "the key": -5.0}, weights)
    assert (one.text, both.text) == ("A ranger may ask for the key.",) * 2
    assert both.confidence > one.confidence
    signals = [
        {"likelihood": -1.0, "none": -3.0, "judged": judged, "cover": 0.5} for judged in (1.0, 2.0, 9.0)
    ]
    told = step_signals(signals, [1, 1, 2], 0)
    assert told == {"odds": pytest.approx(2.693, abs=1e-3), "judged": 2.0, "cover": 0.5}


def test_the_title_heads_the_only_numbered_list_of_a_page() -> None:
    """Its own heading says "Instructions": a recipe's page is about what is made."""
    steps = "<ol><li>Soften the onion in oil.</li><li>Add the beans and simmer.</li></ol>"
    text = "<html lang=en><title>Smoky bean stew</title><main><h1>Smoky bean stew</h1>{}</main>"
    one = text.format(f"<p>My aunt made it in a bath.</p><h2>Instructions</h2>{steps}")
    two = text.format(f"<h2>Instructions</h2>{steps}<h2>Rules</h2><ol><li>Be kind.</li><li>Wait.</li></ol>")
    read = [extract(each.encode(), url="https://a.org/", content_type="text/html") for each in (one, two)]
    found = [numbered_steps(Question.of("how do i make smoky bean stew"), [each]) for each in read]
    assert found[0] is not None
    assert found[0].text == "Soften the onion in oil.; Add the beans and simmer."
    assert found[1] is None
