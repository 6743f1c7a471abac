"""What a question asks for, from its words."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import browseagent
from browseagent.answer.expect import as_wide, fits, holds, is_about, may_answer
from browseagent.answer.question import Kind, Question
from browseagent.read import extract


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("how much is the kettle", Kind.MONEY),
        ("What does the lamp cost?", Kind.MONEY),
        ("When is the deadline for papers?", Kind.DATE),
        ("How long is it closed?", Kind.DURATION),
        ("how many trams in an hour", Kind.NUMBER),
        ("Who chairs the board?", Kind.NAME),
        ("is it open on sundays", Kind.YES_NO),
        ("were the rooms clean", Kind.YES_NO),
        ("had she been there before", Kind.YES_NO),
        ("may I bring a dog", Kind.YES_NO),
        ("which papers do I need", Kind.LIST),
        ("How do I apply?", Kind.STEPS),
        ("why is it late", Kind.PHRASE),
        ("青海湖旺季门票多少钱？", Kind.PHRASE),
    ],
)
def test_the_kind_of_answer(words: str, kind: Kind) -> None:
    """By the words as people write them; what cannot be told is a phrase."""
    assert Question.of(words).kind is kind


@pytest.mark.parametrize(
    ("question", "number"),
    [
        ("Which three counties does it serve?", 3),
        ("What are the two main entrances?", 2),
        ("Name 4 rivers.", 4),
        ("Which county does it serve?", None),
        ("How long do two loans take?", None),
        ("What happened in three days?", None),
    ],
)
def test_how_many_are_asked_for(question: str, number: int | None) -> None:
    """Only a number right before what is to be named counts."""
    assert Question.of(question).number == number


def test_what_else_is_asked() -> None:
    """What is counted, whether it is of the past, and which names and numbers it holds."""
    asked = Question.of("How many trams did the Blue Line have in 2024?")
    assert (asked.counted, asked.past) == ("trams", True)
    assert asked.names == {"blue", "line", "2024"}


def test_what_its_words_are_looked_for() -> None:
    """A price is not looked for by the word for it; nor does a page's name hold which form is asked for."""
    assert Question.of("What does the red lamp cost?").sought == ("red", "lamp")
    assert Question.of("What does it cost?").sought == ("cost",)
    asked = Question.of("On which day must I pay the rent?")
    assert asked.terms == ("day", "must", "pay", "rent")
    assert asked.subject == {"pay", "rent"}
    assert asked.leads == {"day", "must", "pay", "rent"}
    assert Question.of("How heavy is the stone?").leads == {"stone"}


def test_a_question_is_understood_where_it_comes_in() -> None:
    """By the controller, a schema's plan, a watch and a measurement; the rooms below read the record."""
    package = Path(browseagent.__file__).parent
    makers = {
        str(path.relative_to(package))
        for path in package.rglob("*.py")
        if re.search(r"Question\.of\(", path.read_text(encoding="utf-8"))
    }
    doors = ("agent/agent.py", "answer/measure_writer.py", "answer/typed/schema.py", "watch/answers.py")
    assert makers == set(doors)


@pytest.mark.parametrize(
    ("kind", "words", "held"),
    [
        (Kind.MONEY, "It costs 1.299 kr.", True),
        (Kind.MONEY, "Entry is free of charge", True),
        (Kind.MONEY, "It holds 1.7 litres", False),
        (Kind.DATE, "on 5 May", True),
        (Kind.DATE, "from 6.30am", True),
        (Kind.DATE, "on Saturdays", True),
        (Kind.DATE, "in the 19th century", True),
        (Kind.DATE, "12 trams", False),
        (Kind.DURATION, "for ten weeks", True),
        (Kind.DURATION, "74 metres", False),
        (Kind.MEASURE, "74 metres", True),
        (Kind.NUMBER, "nine trams", True),
        (Kind.NAME, "It was Anna Voss", True),
        (Kind.NAME, "It was she", False),
        (Kind.PHRASE, "anything", True),
    ],
)
def test_what_holds_an_answer(kind: Kind, words: str, held: bool) -> None:
    """Words of the form that the kind has."""
    assert holds(kind, words) is held


def test_a_value_of_another_kind_is_no_answer() -> None:
    """Where the kind is sure a price is money, and how long or how many is told by a number."""
    price, long = Question.of("How much is the kettle?"), Question.of("How long is it closed?")
    assert may_answer(price, "₹1,29,999.00") and not may_answer(price, "1.7 litres")
    assert may_answer(long, "an hour") and not may_answer(long, "Saturday")
    assert may_answer(Question.of("Who came?"), "1.7 litres")
    assert fits(Kind.MONEY, "£4") and not fits(Kind.PHRASE, "£4")


def test_a_number_of_the_question_must_stand_on_the_page() -> None:
    """Model 33 is none of the models 1 to 10, though one of them costs 33.50; yes and no may name any."""
    rows = "".join(f"<tr><td>Widget model {n}<td>£{n * 11}.50" for n in range(1, 11))
    html = f"<html lang=en><main><h1>Widgets</h1><table><tr><th>Model<th>Price{rows}</table></main></html>"
    page = extract(html.encode(), "https://a.example/", "text/html")
    assert is_about(Question.of("What is the price of the Widget model 3?"), [page])
    assert not is_about(Question.of("What is the price of the Widget model 33?"), [page])
    assert is_about(Question.of("Is it free over 40 pounds?"), [page])


@pytest.mark.parametrize(
    ("question", "words", "said"),
    [
        ("How often do the trams run?", "12 minutes from 6.30am to 10pm", "12 minutes"),
        ("How long is it closed?", "ten weeks from 3 March", "ten weeks"),
        ("How long is it closed?", "about ten weeks, from March", "about ten weeks"),
        ("How long is it closed?", "10 minutes in winter and 12 minutes in summer", ""),
        ("How long is it closed?", "two weeks or more", ""),
        ("When is it closed?", "12 minutes from 6.30am", ""),
    ],
)
def test_an_answer_is_as_wide_as_the_question(question: str, words: str, said: str) -> None:
    """One length of time, without when it begins; of two neither is left out."""
    assert as_wide(Question.of(question), words) == (said or words)


@pytest.mark.parametrize(
    ("question", "words", "after", "said"),
    [
        ("How many in favour were received?", "618 letters, 371", " of them in favour.", "371"),
        ("How many letters were received?", "618 letters, 371", " of them in favour.", "618 letters"),
        ("How many were lost?", "618 letters, 371", " of them in favour.", ""),
        ("How many columns are repaired?", "46 cast-iron", " columns are repaired.", "46"),
        ("How many columns are repaired?", "about 46", " columns are repaired.", ""),
        ("How many columns are repaired?", "46 of 228", " have rusted.", ""),
        ("How many people came?", "1,200", " people, 300 of them from abroad.", ""),
        ("How many people came?", "12 to 15 people", ".", ""),
    ],
)
def test_of_two_counts_the_one_that_is_asked_for(question: str, words: str, after: str, said: str) -> None:
    """By the question's words beside it; where both may be meant neither is left out."""
    assert as_wide(Question.of(question), words, after) == (said or words)


@pytest.mark.parametrize(
    ("words", "of_page"),
    [
        ("What is this about?", True),
        ("what's this article about", True),
        ("What is the page all about?", True),
        ("What is the main topic of this page?", True),
        ("What does this page say?", True),
        ("What is the meeting about?", False),
        ("What does it say about fees?", False),
        ("What is this made of?", False),
        ("What is the topic of the lecture?", False),
    ],
)
def test_a_question_for_what_the_page_is_about(words: str, of_page: bool) -> None:
    """None of 38,983 questions that people wrote for a page is one."""
    assert Question.of(words).of_page is of_page


def test_a_number_may_begin_a_version() -> None:
    """5.0 is on a page that tells of 5.0.2; 5 is not on one that asks £5.50."""
    page = extract(b"<main><h1>Notes</h1><h2>5.0.2</h2><p>It costs 7.50.</p></main>", url="https://a.org/")
    assert is_about(Question.of("When did version 5.0 come out?"), [page])
    assert not is_about(Question.of("When did model 7 come out?"), [page])
