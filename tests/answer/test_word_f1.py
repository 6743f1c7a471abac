"""Which of many likely answers is given."""

from __future__ import annotations

import math

import pytest

from browseagent.answer.word_f1 import best_f1, least_risk, word_f1


def test_the_answer_in_the_middle_of_what_is_likely_is_given() -> None:
    """Three spans of one sentence share their words; the likeliest of all stands alone in another."""
    texts = ["Saltmarsh", "in 1871 by Thomas Pell", "Thomas Pell", "the engineer Thomas Pell"]
    scores = [math.log(p) for p in (0.3, 0.25, 0.22, 0.23)]
    assert texts[least_risk(texts, scores, ["a", "b", "b", "b"])] == "Thomas Pell"
    assert texts[least_risk(texts, scores, ["a", "b", "c", "d"])] == "Saltmarsh"


def test_one_that_is_much_likelier_stands() -> None:
    """And of answers with the same words the one with the best score."""
    assert least_risk(["1871", "Thomas Pell", "by Thomas Pell"], [0.0, -9.0, -9.0], "aaa") == 0
    assert least_risk(["The light.", "the Light", "1871"], [-1.0, -0.5, -4.0], "aaa") == 1
    assert least_risk(["", "…"], [-700.0, -900.0], "ab") == 0


def test_the_nearest_accepted_answer_counts() -> None:
    """None accepted, none right."""
    assert best_f1("Pell", ["1871", "Thomas Pell"]) == word_f1("Pell", "Thomas Pell") == pytest.approx(2 / 3)
    assert best_f1("Pell", []) == 0.0
