"""Follow-up questions are completed from what was said before, and left alone where they need nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from browseagent.answer.earlier import Turn
from browseagent.answer.followup import complete

ASIDE = 96 / 113
"""Word for word, as docs/chat.md says; more can be searched with, as ``bench/followup.py`` shows."""
PAIRS: list[dict[str, Any]] = json.loads(
    Path(__file__).with_name("followup_pairs.json").read_text(encoding="utf-8")
)


def plain(question: str) -> str:
    """Without capitals and the mark at the end."""
    return question.casefold().rstrip("?").strip()


def share(pairs: list[dict[str, Any]]) -> float:
    """The share of pairs that are completed to exactly what they mean."""
    made = [complete(each["then"], [Turn(each["first"], each["answer"])]) for each in pairs]
    right = [plain(one) in map(plain, each["full"]) for one, each in zip(made, pairs, strict=True)]
    return sum(right) / len(right)


def test_follow_ups_are_completed_to_what_they_mean() -> None:
    """Of the pairs that were never fitted on as many are right as docs/chat.md says, of the others nearly
    all."""
    aside = [each for each in PAIRS if each["set"] in ("unseen", "second")]
    assert share(aside) >= ASIDE
    assert share([each for each in PAIRS if each not in aside]) >= 0.95


def test_where_after_when_asks_for_the_place_alone() -> None:
    """What was asked for before is no part of a question that asks for something else."""
    assert complete("and where?", [Turn("When is the meeting?", "on Tuesday")]) == "Where is the meeting?"


@pytest.mark.parametrize("price", ["£146 million", "€12", "12 euros", "USD 1,200"])
def test_a_price_is_not_what_it_stands_for(price: str) -> None:
    """What was asked about is, however the currency is written."""
    turn = Turn("What would it cost to build the line?", price)
    assert complete("and when does it open?", [turn]) == "When does the line open?"
    museum = Turn("What does the museum cost?", price)
    assert complete("When is it open?", [museum]) == "When is the museum open?"


@pytest.mark.parametrize("question", ["And for students?", "How much is it?", "???", "", "Tell me more."])
def test_the_first_question_stands_alone(question: str) -> None:
    """Where nothing was said before, nothing is put into a question."""
    assert complete(question, []) == question


@pytest.mark.parametrize(
    "question",
    [
        "Is it possible to park?",
        "How long does it take to walk to the station?",
        "Is there a shop?",
        "How many rooms are there?",
        "What time is it?",
        "How much is that ticket?",
        "When does the library open?",
        "开放时间是什么？",
    ],
)
def test_a_question_that_leans_on_nothing_is_left_as_it_is(question: str) -> None:
    """An empty "it", a "there" that is no place, a "that" before its noun, other languages."""
    assert complete(question, [Turn("When does the museum open?", "at nine")]) == question


def test_it_is_what_was_last_spoken_of_however_long_ago() -> None:
    """A completed question is what the next one leans on; a thing is found some turns back."""
    turns = [Turn("How much is a ticket for the tower?", "8 euros")]
    turns.append(Turn(complete("And for students?", turns)))
    assert turns[-1].question == "How much is a ticket for students?"
    turns = [Turn("Who designed the bridge?", "Ada Brandt"), Turn("How long is the bridge?", "90 m")]
    assert complete("Where was she born?", turns) == "Where was Ada Brandt born?"


def test_odd_input_gives_a_question_and_no_error() -> None:
    """Whatever is typed before and after, there is a text to ask."""
    odd = [
        "",
        "?",
        "of of of",
        "and",
        "what about",
        "by whom",
        "it",
        "there",
        "her",
        "why not",
        "the one",
        "x" * 2000,
    ]
    for first in odd:
        for then in odd:
            assert isinstance(complete(then, [Turn(first, first)]), str)
