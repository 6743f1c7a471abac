"""What a written sentence must have on the page to be shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.support import cases
from browseagent.answer.binding import Support
from browseagent.answer.quantity import agrees, quantities
from browseagent.answer.support import FREE, check

CASES = Path(__file__).with_name("support_cases.json")


def test_the_check_is_as_good_as_the_manual_says() -> None:
    """At least a hundred cases judged by hand; the shares are those of docs/writers.md."""
    most = {
        "fitted": (0.12, 0.15),
        "held": (0.21, 0.21),
        "unseen": (0.26, 0.37),
        "looked": (0.26, 0.31),
        "second": (0.24, 0.43),
    }
    for name, (most_let_through, most_dropped) in most.items():
        chosen = cases(name)
        verdicts = [check(case.sentence, case.support, share=FREE, question=case.question) for case in chosen]
        judged = list(zip(chosen, verdicts, strict=True))
        wrong = [v.supported for case, v in judged if not case.supported]
        right = [v.supported for case, v in judged if case.supported]
        assert sum(wrong) / len(wrong) <= most_let_through
        assert 1 - sum(right) / len(right) <= most_dropped
    assert len(cases()) >= 100


def test_every_case_is_a_case_once() -> None:
    """No sentence is judged twice on the same words, so that the shares mean what they say."""
    found = [(tuple(each["quoted"]), each["sentence"]) for each in json.loads(CASES.read_text("utf-8"))]
    assert len(found) == len(set(found))


@pytest.mark.parametrize(
    ("claimed", "given", "same"),
    [
        ("1,200 people", "1200 people", True),
        ("£3.4 million", "£3,400,000", True),
        ("90 minutes", "1.5 hours", True),
        ("14 miles", "14 km", False),
        ("about 22.5 km", "14 miles", True),
        ("twenty-five", "25", True),
        ("2 pm", "14:00", True),
        ("2 am", "14:00", False),
        ("1.234,56 €", "1234.56 euros", True),
        ("5 %", "5 percentage points", False),
        ("more than 1,000", "1,040", True),
        ("35元", "35 元", True),
        ("the 3rd", "third", True),
    ],
)
def test_quantities_are_compared_by_what_they_say(claimed: str, given: str, same: bool) -> None:
    """Writing, unit and rough words are seen through; another unit is another quantity."""
    one, other = quantities(claimed)[0], quantities(given)[0]
    assert agrees(one, other) is same


def test_a_copied_sentence_is_a_quote_unless_a_denial_was_cut_off() -> None:
    """What stands on the page as it is passes; what was cut out of "it is not true that" does not."""
    whole = Support(("It is not true that the old spring has dried up.",))
    assert check("It is not true that the old spring has dried up.", whole).verbatim
    assert not check("The old spring has dried up.", whole).supported


def test_a_translation_is_held_to_numbers_names_and_denials() -> None:
    """In another language words cannot be compared, but what is compared must hold."""
    page = Support(("The ferry to Skerry Vane does not sail in winter; a ticket costs £8.40.",))
    good = "Die Fähre nach Skerry Vane fährt im Winter nicht; eine Karte kostet 8,40 Pfund."
    assert not check(good, page).supported
    assert check("Die Karte nach Skerry kostet nicht 9,40 £.", page, translated=True).failures
    assert check("Die Fähre fährt im Winter.", page, translated=True).failures
