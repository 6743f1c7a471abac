"""Typed values in words."""

from __future__ import annotations

import pytest

from browseagent.answer.typed.records import Json, spoken


@pytest.mark.parametrize(
    ("amount", "told"),
    [
        (2.3, "2.30 GBP"),
        (2.35, "2.35 GBP"),
        (12, "12 GBP"),
        (12.0, "12 GBP"),
        (0.0375, "0.0375 GBP"),
        (-4.5, "-4.50 GBP"),
        (None, "GBP"),
    ],
)
def test_money_is_told_in_cents(amount: Json, told: str) -> None:
    """Two decimals or none, as money is written; finer amounts as they are."""
    assert spoken({"amount": amount, "currency": "GBP"}) == told
    assert spoken({"amount": 2.3, "currency": None}) == "2.30"
