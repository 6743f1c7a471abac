"""Comparing blind answers with the writers'."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.questions.test_check import GOOD, PAGE, checked
from tools.questions.agree import agrees, items, numbers
from tools.questions.blind import blinded, unanswered

PRICE, AUTHOR, DOGS, RESET, SHADES, CHEAPEST, CABLE, WATER = range(8)


@pytest.mark.parametrize(
    ("which", "blind", "same"),
    [
        (PRICE, "£44.50", True),
        (PRICE, "44.5 pounds", True),
        (PRICE, "£89", False),
        (PRICE, "none", False),
        (AUTHOR, "by Ada Lund", True),
        (AUTHOR, "Ring", False),
        (DOGS, "No.", True),
        (DOGS, "yes", False),
        (RESET, ["unplug the base", "Hold the ring … turns amber", "Plug it in again"], True),
        (RESET, ["To reset it", "Ring 4"], False),
        (RESET, ["unplug … amber"], True),
        (SHADES, ["moss", "sand"], True),
        (SHADES, ["moss"], False),
        (CHEAPEST, "the Tern", True),
        (CABLE, "none", True),
        (CABLE, "Not on the page.", True),
        (CABLE, "up to 9 hours", False),
        (WATER, "no", False),
    ],
)
def test_agrees(which: int, blind: Any, same: bool) -> None:
    """The same words, value, decision, steps or silence agree; anything else does not."""
    assert agrees(checked(*GOOD).questions[which], items(blind), PAGE) is same


def test_numbers() -> None:
    """Thousands and decimals are read alike, whichever mark a country uses."""
    assert numbers("1,200 kg") == numbers("1200.00") == {1200.0}
    assert numbers("3,5") == numbers("3.5") == {3.5}


def test_blinded() -> None:
    """A blind question tells its words, and neither its kind nor its answer; all are there."""
    rows = list(blinded("0001", checked(*GOOD)))
    assert {row["q"] for row in rows} == {json.loads(each)["q"] for each in GOOD}
    assert all(set(row) == {"page", "id", "q"} for row in rows)
    assert rows == list(blinded("0001", checked(*GOOD)))


def test_unanswered() -> None:
    """A file of answers is checked for lines that are wrong, missing, double or of no question."""
    asked = ['{"id": "a"}', '{"id": "b"}', '{"id": "c"}']
    answered = ['{"id": "a", "a": "x"}', '{"id": "b", "a": ["y"]}', '{"id": "c", "a": "none"}']
    assert unanswered(asked, answered) == []
    wrong = [answered[0], answered[0], '{"id": "d", "a": "x"}', '{"id": "b", "a": 1}', "{"]
    said = unanswered(asked, wrong)
    assert [part for part in ("line 4", "line 5", "c: no answer", "a: answered 2", "d: no such") if
            not any(each.startswith(part) for each in said)] == []  # fmt: skip
