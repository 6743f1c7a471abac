"""What the words of a question ask to be done."""

from __future__ import annotations

import pytest

from browseagent.answer.question import Question
from browseagent.answer.tables.question import parse_question


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("How many riders are from Spain?", "how many"),
        ("What is the total number of teams?", "how many"),
        ("who won after Ana Ruiz?", "who"),
        ("In what year did it open?", "when"),
        ("Where was the first race held?", "where"),
        ("Did Ana finish before Bo?", "yes or no"),
        ("Which team scored most?", "which"),
        ("How long was the film?", "how long"),
    ],
)
def test_forms(text: str, form: str) -> None:
    """The question word says what the answer is."""
    assert parse_question(Question.of(text)).form == form


@pytest.mark.parametrize(
    ("text", "sign", "low"),
    [
        ("games with more than 18,000 people", ">", 18000),
        ("riders that earned at least 20 points", ">=", 20),
        ("no more than 1 point", "<=", 1),
        ("a capacity of 10,000 or more", ">=", 10000),
        ("prices under £30", "<", 30),
        ("between 51 and 52 seconds", "between", 51),
        ("fewer than three goals", "<", 3),
    ],
)
def test_comparisons_with_numbers(text: str, sign: str, low: float) -> None:
    """Bounds in words and digits, on either side of the number."""
    found = parse_question(Question.of(text)).comparisons
    assert (sign, low) in [(c.sign, c.low.number) for c in found if c.low.when is None]


@pytest.mark.parametrize(
    ("text", "sign", "start"),
    [
        ("born before 1850", "<", (1850, 0, 0)),
        ("before 17 February 1976", "<", (1976, 2, 17)),
        ("after May 2004", ">", (2004, 5, 0)),
        ("between 1905 and 1921", "between", (1905, 0, 0)),
    ],
)
def test_comparisons_with_dates(text: str, sign: str, start: tuple[int, int, int]) -> None:
    """Bounds that are days, months and years."""
    found = parse_question(Question.of(text)).comparisons
    assert (sign, start) in [(c.sign, c.low.when.date) for c in found if c.low.when is not None]


def test_the_focus_is_what_is_asked_for() -> None:
    """The noun after the question word, and nothing after the verb."""
    question = parse_question(Question.of("which home team won the first game?"))
    assert [question.words[i] for i in question.focus][:2] == ["home", "team"]
    assert not parse_question(Question.of("who won the first game?")).focus


def test_superlatives_and_the_verb_last() -> None:
    """ "last" orders, except where it is a verb."""
    assert [c for _, c in parse_question(Question.of("who came in last place?")).orderings] == ["late"]
    assert not parse_question(Question.of("how long did the eclipse last?")).orderings


def test_a_question_is_read_once() -> None:
    """Equal questions share one reading, by which more is kept."""
    assert parse_question(Question.of("who won?")) is parse_question(Question.of("who won?"))


@pytest.mark.parametrize(
    ("text", "ordering"),
    [
        ("least expensive tent", "least"),
        ("Which post is the most recent?", "late"),
        ("What is number one?", "best"),
        ("the cheaper of the two", "least"),
        ("Which lamp is the brightest?", "most"),
        ("the manifest of the west", None),
    ],
)
def test_superlatives(text: str, ordering: str | None) -> None:
    """What "most" and "least" grade is one superlative with them; of two, the comparative is one."""
    found = parse_question(Question.of(text)).orderings
    assert [name for _, name in found] == ([ordering] if ordering else [])
