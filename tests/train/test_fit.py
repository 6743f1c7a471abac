"""Where the threshold of an answer lies, by what wrong answers and refusals cost."""

from __future__ import annotations

import pytest

from tools.fit_reader import COST, Judged, Offer, costs, threshold_for


def judged(confidence: float, right: bool, answerable: bool = True) -> Judged:
    return Judged({"kind": "value", "answerable": answerable}, (Offer(confidence, right),))


def test_a_wrong_answer_costs_three_refusals_and_a_rightly_refused_question_nothing() -> None:
    """Four questions: said rightly, said wrongly, refused wrongly, refused rightly."""
    four = [judged(0.9, True), judged(0.8, False), judged(0.2, True), judged(0.2, False, answerable=False)]
    assert costs(four, 0.5).tolist() == [0.0, COST, 1.0, 0.0]


@pytest.mark.parametrize("wrong", [0.3, 0.6])
def test_the_threshold_lies_above_what_is_wrong(wrong: float) -> None:
    """Where the wrong answers are all below a confidence and the right ones above, no right one is
    refused."""
    many = [judged(0.9, True)] * 60 + [judged(wrong, False, answerable=False)] * 60
    assert wrong < threshold_for(many) < wrong + 0.02


def test_a_question_is_judged_as_ask_decides() -> None:
    """The main text where that is sure, else the likelier of both; a likelier answer from a table instead."""
    row = {"kind": "value", "answerable": True}
    beside = Judged(row, (Offer(0.6, True), Offer(0.7, False)))
    assert [beside.said(each, sure=0.8) for each in (0.5, 0.65, 0.9)] == [False, False, None]
    assert beside.said(0.5, sure=0.55) is True
    assert Judged(row, (Offer(0.7, True), Offer(0.6, False))).said(0.5, sure=0.8) is True
    table = Judged(row, (Offer(0.6, False, table=0.7, table_right=True),))
    assert table.said(0.5) is True
    assert Judged(row, (Offer(0.6, False, table=0.3, table_right=True),)).said(0.5) is False
