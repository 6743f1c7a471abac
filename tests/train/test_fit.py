"""Where the threshold of an answer lies, by what wrong answers and refusals cost."""

from __future__ import annotations

import math

from browseagent.answer.weights import Weights
from tools.fit_reader import COST, SQUAD, Fitted, Judged, Offer, costs, fit_evident, threshold_for


def offer(
    confidence: float, right: bool, table: float = 0.0, table_right: bool = False, of_row: bool = False
) -> Offer:
    return Offer(confidence, right, right, of_row, table, table_right)


def judged(confidence: float, right: bool, answerable: bool = True) -> Judged:
    return Judged({"kind": "value", "answerable": answerable}, (offer(confidence, right),))


def test_a_wrong_answer_costs_three_refusals_and_a_rightly_refused_question_nothing() -> None:
    """Four questions: said rightly, said wrongly, refused wrongly, refused rightly."""
    four = [judged(0.9, True), judged(0.8, False), judged(0.2, True), judged(0.2, False, answerable=False)]
    assert costs(four, 0.5).tolist() == [0.0, COST, 1.0, 0.0]


def test_the_threshold_lies_where_few_answers_are_wrong() -> None:
    """As low as the bounds allow: on what is stated wrongly, and on what is stated that is not there."""
    right = [judged(0.9, True)] * 60 + [judged(0.35, True)] * 20
    assert 0.3 < threshold_for([*right, *[judged(0.3, False)] * 60, judged(0.2, False, False)]) <= 0.35
    none = [judged(0.7, False, answerable=False)] * 50
    assert 0.7 < threshold_for([*right, *none]) <= 0.9


def test_a_question_is_judged_as_ask_decides() -> None:
    """The main text first, then what stands beside it; a likelier answer from a table instead."""
    row = {"kind": "value", "answerable": True}
    beside = Judged(row, (offer(0.3, True), offer(0.8, False)))
    assert [beside.said(each) for each in (0.2, 0.5, 0.9)] == [True, False, None]
    table = Judged(row, (offer(0.6, False, table=0.7, table_right=True),))
    assert table.said(0.5) is True
    assert Judged(row, (offer(0.6, False, table=0.3, table_right=True),)).said(0.5) is False
    own = offer(0.9, False, table=0.7, table_right=True, of_row=True)  # of its row the table knows more
    assert Judged(row, (own,)).said(0.5) is True


def test_a_yes_is_said_rightly_whatever_sentence_is_shown_with_it() -> None:
    """The figures count the word; what is believed is fitted to the sentence as well."""
    row = {"kind": "yesno", "answerable": True}
    assert Judged(row, (Offer(0.6, False, True, False, 0.0, False),)).said(0.5) is True


def test_yes_and_no_are_weighed_by_words_and_by_the_reader() -> None:
    """The likelier of both counts; where neither is asked for nothing is taken off."""
    fitted = Fitted(SQUAD, (1.0, 0.5, -1.0), 0.0)
    assert fitted.sure(0.7, None) == 0.7
    assert fitted.says_yes([0.5, 2.0]) and not fitted.says_yes([0.5, 0.0])
    assert abs(fitted.sure(0.7, [0.0, 2.0]) - 0.35) < 1e-6
    assert 0.35 < fitted.sure(0.7, [0.0, 0.0]) < 0.7


def test_how_sure_sentences_that_decide_are_is_fitted_to_how_often_they_are_right() -> None:
    """What seems as likely as not and is right three times of four is surer by log 3; words that are an
    answer to another question do not count."""

    def part(right: bool, decided: list[float] | None) -> dict[str, object]:
        return {
            "features": [dict.fromkeys(SQUAD.ranking, 0.0)],
            "texts": ["so"],
            "units": [0],
            "decided": [decided],
            "right": [right],
            "page_cover": 0.0,
            "size": 0.0,
        }

    even = Weights(SQUAD.ranking, {}, 0.0, 0.5, 0.0, "a test")
    told = [part(right, [1.0, 0.0]) for right in (True, True, True, False)]
    others = [part(False, None)] * 9
    assert abs(fit_evident([*told, *others], even) - math.log(3)) < 0.05
    assert fit_evident(others, even) == 0.0
