"""The card of the reader, and the figures of an evaluation, as a person reads them."""

from __future__ import annotations

from browseagent.answer.measure import Figures
from browseagent.model.reader_card import reader_card
from browseagent.model.reader_figures import table

FIGURES = {
    "pages_right": 0.35, "pages_wrong": 0.12, "pages_first": 0.43,
    "pages_best_right": 0.22, "pages_best_wrong": 0.28, "pages_best_first": 0.19,
    "new-set_right": 0.5, "new-set_wrong": 0.1, "new-set_first": 0.6,
    "foreign_refused": 1.0, "auroc_right": 0.887, "calibration_error": 0.023, "cost": 0.763, "odd_one": 0.5,
}  # fmt: skip


def test_the_shipped_card_fits_80_columns_and_tells_in_words() -> None:
    """No line is longer, and no figure stands by its raw name."""
    card = reader_card()
    lines = card.as_text().splitlines()
    assert max(map(len, lines)) <= 80
    for raw in ("pages best", "pages_best", "auroc", "foreign refused", "none refused"):
        assert not any(raw in line for line in lines)
    assert sum("%" in line for line in lines) >= len(card.figures) / 4


def test_a_group_of_questions_is_one_row() -> None:
    """Right, wrong, refused (what is left), and right without refusing; known groups in order, the others by
    their own names; nothing is left out."""
    rows = [line.split() for line in table(FIGURES)]
    assert rows[0][-5:] == ["right", "wrong", "refused", "first", "*"]
    assert rows[1] == ["real", "pages", "35%", "12%", "53%", "43%"]
    assert rows[2][-4:] == ["22%", "28%", "50%", "19%"] and "cheapest," in rows[2]
    assert rows[3] == ["new-set", "50%", "10%", "40%", "60%"]
    told = "\n".join(table(FIGURES))
    assert "it belongs to another article" in told and "100%" in told and "0.76" in told
    assert "odd one" in told and "89%" in told


def test_an_evaluation_is_told_in_words() -> None:
    """Each measure has its words and is a share."""
    lines = Figures(0.5, 0.8, 0.625, 1.0, 0.25, 0.023).as_text().splitlines()
    assert [line.split()[-1] for line in lines] == ["50.0%", "80.0%", "62.5%", "100.0%", "25.0%", "2.3%"]
    assert max(map(len, lines)) <= 80
