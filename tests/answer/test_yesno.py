"""Yes or no, by the sentence that decides."""

from __future__ import annotations

import pytest

from browseagent import extract
from browseagent.answer.opposites import yes_or_no
from browseagent.answer.passages import units
from browseagent.answer.question import Question
from browseagent.answer.yesno import by_words, may_decide, says_yes, sureness


@pytest.mark.parametrize(
    ("question", "sentence", "yes"),
    [
        ("Are dogs allowed on the beach?", "Dogs are not allowed on the beach.", False),
        ("Do I need to book?", "You don't need to book a table.", False),
        ("can i renew a museum pass", "Museum passes cannot be renewed.", False),
        ("Is parking free?", "Parking is free for all guests.", True),
        ("is it in stock", "Out of stock", False),
        ("is it still available", "The blue one is sold out.", False),
        ("are you closed on mondays", "Monday: closed", True),
        ("Does it come with a charger?", "It comes with a charger and two cables.", True),
    ],
)
def test_a_sentence_says_yes_or_no(question: str, sentence: str, yes: bool) -> None:
    """A denial says no, the question's own words in a sentence say yes."""
    assert (by_words(question, sentence) > 0) is yes


@pytest.mark.parametrize(
    ("question", "words", "yes"),
    [
        ("Is there parking?", "No. 1 hotel in town, with parking.", None),
        ("Is it direct?", "Non-stop from Oslo", None),
        ("Is there parking?", "No problem, parking is there.", None),
        ("Is parking available?", "No problem, parking is available.", True),
        ("Is it quiet?", "True to its name, the inn is quiet.", None),
        ("Is it quiet?", "Yes", True),
        ("Is it quiet?", "Yes we think so", True),
        ("Is it quiet?", "Ja, sehr.", True),
        ("Is it quiet?", "no", False),
        ("Is it quiet?", "No. There is a road.", False),
        ("Is it quiet?", "No - there is a road.", False),
        ("Is it quiet?", "Non, pas du tout", False),
        ("Is it quiet?", "No (but the back rooms are)", False),
        ("Are dogs allowed?", "No dogs on the beach", False),
        ("Are dogs allowed?", "No dogs, no horses", False),
        ("Do I have to enter my card?", "No credit card required!", False),
        ("Did anyone comment?", "No comments", False),
    ],
)
def test_what_the_first_word_says_outright(question: str, words: str, yes: bool | None) -> None:
    """A number, a compound and an expression that begin with the same letters say nothing."""
    assert yes_or_no(question, words) is yes


def test_only_whether_is_judged_and_only_in_english() -> None:
    """Of another question, or another language, nothing is said."""
    english = units(extract(b"Parking is free for all guests.", url="https://example.org/"))[0]
    german = extract(
        "<html lang=de><p>Das Parken ist für alle Gäste frei.</html>".encode(), url="https://example.org/"
    )
    assert says_yes(Question.of("Is parking free?"), english, 0.0) is not None
    assert says_yes(Question.of("Who may park?"), english, 0.0) is None
    assert says_yes(Question.of("Is parking free?"), units(german)[0], 0.0) is None


@pytest.mark.parametrize("yes", [0.1, 0.9])
def test_a_verdict_is_surer_the_surer_its_sentence_and_never_surer_than_itself(yes: float) -> None:
    """Either may be wrong; a sentence that is to decide is right more often than an answer as likely."""
    rising = [sureness(evidence, yes) for evidence in (0.0, 0.2, 0.6, 0.9, 1.0)]
    assert rising == sorted(rising) and rising[0] < 1e-3 and rising[-1] <= 0.9
    assert sureness(0.6, yes) > 0.6 * 0.9
    assert sureness(0.6, 0.5) == pytest.approx(sureness(0.6, yes) * 0.5 / 0.9)


def test_a_question_decides_none() -> None:
    """What a page asks itself says neither; what answers it does."""
    text = (
        b"<html lang=en><main><h1>Brakes</h1><p>Do I need new rotors?</p><p>Not if they are thick.</p></main>"
    )
    found = units(extract(text, url="https://example.org/", content_type="text/html"))
    asked = Question.of("Does she need new rotors?")
    assert [may_decide(asked, unit) for unit in found] == [False, True]
    assert all(may_decide(Question.of("What does she ask?"), unit) for unit in found)
