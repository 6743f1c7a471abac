"""What counts as right, and how sure a share is."""

from __future__ import annotations

from typing import Any

import pytest

from tools.questions.measure import Verdict, interval, told, verdict

TEXT = "Open the lid. Pour in the water. Press start."
FACT = {"kind": "fact", "answers": [["the harbour office", 0, 0], ["Harbour Road 4", 0, 0]]}
VALUE = {"kind": "value", "answers": [["1,200 kg", 0, 0]]}
LIST = {"kind": "list", "answers": [["red", 0, 0], ["green", 0, 0], ["blue", 0, 0]]}
HOW = {"kind": "how", "steps": [[0, 13], [14, 32]]}
FEW_WORDS = {"kind": "how", "steps": [[0, 12]]}
YES = {"kind": "yesno", "answer": "yes", "evidence": [[0, 13]]}
NONE: dict[str, Any] = {"kind": "none", "tempting": None}


@pytest.mark.parametrize(
    ("question", "said", "expected"),
    [
        (FACT, "harbour office", "right"),
        (FACT, "Harbour Road 4, Merrow", "right"),
        (FACT, "the town hall", "wrong"),
        (FACT, None, "refused"),
        (VALUE, "1200 kilograms", "right"),
        (VALUE, "1,300 tonnes in all", "wrong"),
        (LIST, "red; green; blue", "right"),
        (LIST, "red", "wrong"),
        (HOW, "Open the lid; Pour in the water", "right"),
        (HOW, "Press start.", "wrong"),
        (FEW_WORDS, "Before you can brew, you will have to open the lid of the pot, and wait.", "right"),
        (FEW_WORDS, "Before you brew, get to know the pot, and have a long look at the lid.", "wrong"),
        (FEW_WORDS, "It is red. It is hot. The pot is new. You can open the lid. Do not run.", "wrong"),
        (YES, "Yes", "right"),
        (YES, "The lid can be opened.", "wrong"),
        (NONE, None, "right"),
        (NONE, "anything", "wrong"),
    ],
)
def test_an_answer_is_judged_by_its_kind(
    question: dict[str, Any], said: str | None, expected: Verdict
) -> None:
    """Words, numbers, items, steps, yes or no; a refusal is right only where the page does not answer."""
    assert verdict(question, said, TEXT) == expected


def test_a_share_has_an_interval() -> None:
    """Wilson's: never outside 0 to 1, narrower with more questions, around the share."""
    assert interval(0, 0) == (0.0, 1.0)
    low, high = interval(50, 100)
    assert (round(low, 3), round(high, 3)) == (0.404, 0.596)
    assert interval(0, 20)[0] == pytest.approx(0, abs=1e-9)
    assert "right 0.500 (0.09–0.91)" in told("some", ["right", "wrong"])
