"""Dates, lengths of time and other measures in words, by CLDR and the page's language."""

from __future__ import annotations

from datetime import date

import pytest

from browseagent.answer.values import clock, days, measures, one_day, seconds, spelt

TODAY = date(2025, 11, 20)


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("12–14 June 2026", "en", [(2026, 6, 12), (2026, 6, 14)]),
        ("March 2024", "en", [(2024, 3, 0)]),
        ("28 March to 2 April 2026", "en", [(0, 3, 28), (2026, 4, 2)]),
        ("2026-03-05T10:00", "en", [(2026, 3, 5)]),
        ("5 kwietnia 2026", "pl", [(2026, 4, 5)]),
        ("5 мая 2026", "ru", [(2026, 5, 5)]),
        ("le 1er août 2026", "fr", [(2026, 8, 1)]),
        ("7 de septiembre de 2026", "es", [(2026, 9, 7)]),
        ("2026년 3월 5일", "ko", [(2026, 3, 5)]),
        ("6月3日", "ja", [(0, 6, 3)]),
        ("6月3日（水）", "ja", [(0, 6, 3)]),
        ("11月25日", "zh", [(0, 11, 25)]),
        ("6월 3일", "ko", [(0, 6, 3)]),
        ("13月3日", "ja", []),
        ("5月1日から3日まで", "ja", [(0, 5, 1), (0, 5, 3)]),
        ("2026年5月1日至6月3日", "zh", [(2026, 5, 1), (0, 6, 3)]),
        ("令和8年6月3日", "ja", [(2026, 6, 3)]),
        ("民國115年6月3日", "zh-TW", [(2026, 6, 3)]),
        ("2026. 6. 3.", "ko", [(2026, 6, 3)]),
        ("2026. június 3.", "hu", [(2026, 6, 3)]),
        ("3 มิถุนายน 2569", "th", [(2026, 6, 3)]),
        ("ngày 3 tháng 6 năm 2026", "vi", [(2026, 6, 3)]),
        ("3 ביוני 2026", "he", [(2026, 6, 3)]),
        ("Jun-03-2026", "en", [(2026, 6, 3)]),
        ("3/4/2026", "en", [(2026, 0, 0)]),
        ("version 1.2.2026.4", "en", []),
        ("30 February 2026", "en", []),
        ("She may 5 times", "pl", []),
    ],
)
def test_days(words: str, language: str, expected: list[tuple[int, int, int]]) -> None:
    """Every date as far as it is told; both ends of a range; what can be read two ways has no day."""
    assert [(each.year, each.month, each.day) for each in days(words, language)] == expected


def test_one_day() -> None:
    """The one day that is named, without a year the nearest; of a range neither end."""
    assert one_day("on 5 January", "en", TODAY) == date(2026, 1, 5)
    assert one_day("12–14 June 2026", "en", TODAY) is None
    assert one_day("in March 2026", "en", TODAY) is None


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("ten weeks", "en", 6048000.0),
        ("1 hour and 20 minutes", "en", 4800.0),
        ("2h 5m", "en", 7500.0),
        ("two and a half hours", "en", 9000.0),
        ("half an hour", "en", 1800.0),
        ("a 15-minute walk", "en", 900.0),
        ("PT1H30M", "", 5400.0),
        ("3 Stunden", "de", 10800.0),
        ("45分钟", "zh", 2700.0),
        ("1.84 m", "en", None),
        ("3 a day", "en", None),
    ],
)
def test_seconds(words: str, language: str, expected: float | None) -> None:
    """A length of time in figures, in words or as JSON-LD writes it, its parts added."""
    assert seconds(words, language) == expected


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("It weighs 4.56 lbs", "en", [(4.56, "mass")]),
        ("−4 °C", "en", [(-4.0, "temperature C")]),
        ("3,5 Kilogramm", "de", [(3.5, "mass")]),
        ("1,200 metres or 30%", "en", [(1200.0, "length"), (30.0, "share")]),
        ("5 in the morning", "en", []),
        ("5 in.", "en", [(5.0, "length")]),
        ("12 trams", "en", []),
    ],
)
def test_measures(words: str, language: str, expected: list[tuple[float, str]]) -> None:
    """A number with its unit in the page's language or in English, and what it measures."""
    assert [(each.number, each.unit.dimension) for each in measures(words, language)] == expected


def test_times_and_numerals() -> None:
    """Times of day and numbers in words."""
    assert (clock("9.30 pm"), clock("2:03:59"), clock("at noon")) == (77400.0, 7439.0, None)
    assert (spelt("three hundred and ten thousand"), spelt("hundred")) == (310000.0, None)
