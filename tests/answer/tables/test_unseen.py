"""What the tables engine makes of questions that its rules were not written for: a floor, kept."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tools.measure_tables import LISTINGS, UNSEEN, cases, judged, said_by_tables


def outcomes(path: Path) -> Counter[tuple[bool, str]]:
    """What becomes of the questions of a file, by whether their page answers them."""
    found: Counter[tuple[bool, str]] = Counter()
    for case in cases(path):
        answer = said_by_tables(case.question, case.document)
        found[bool(case.answers), judged(case, answer.text if answer else None)] += 1
    return found


def test_unseen_questions() -> None:
    """Of 116 questions of small tables, as many are right and as few wrong as when the floor was set."""
    found = outcomes(UNSEEN)
    assert found.total() == 116
    assert found[True, "right"] >= 29
    assert found[True, "wrong"] <= 1
    assert found[False, "wrong"] <= 1


def test_superlatives_counts_and_filters_of_what_pages_list() -> None:
    """Of 139 questions of 25 clean pages, on which nothing is fitted."""
    found = outcomes(LISTINGS)
    assert found.total() == 139
    assert found[True, "right"] >= 76
    assert found[True, "wrong"] <= 3
    assert found[False, "wrong"] == 0
