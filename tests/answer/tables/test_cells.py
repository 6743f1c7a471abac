"""What number, date, length of time or score a cell's text holds."""

from __future__ import annotations

import pytest

from browseagent.answer.tables.cells import Value, folded, sort_key, tokens, value_of, written


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234", 1234),
        ("12 (3)", 12),
        ("−0.12", -0.12),
        ("+59", 59),
        ("£4.2 million", 4_200_000),
        ("36.93%", 36.93),
        ("0,5 m/s²", 0.5),
        ("5th", 5),
        ("20[3]", 20),
        ("14,600", 14600),
        ("1.84 m (6 ft 0 in)", 1.84),
        ("no fee", None),
    ],
)
def test_numbers(text: str, number: float | None) -> None:
    """Thousands, decimals, signs, currencies, scales and footnote marks are understood."""
    assert value_of(text).number == number


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("8 October 2010", (2010, 10, 8), None),
        ("October 8, 2010", (2010, 10, 8), None),
        ("Friday, June 15", (0, 6, 15), None),
        ("2013-05-21", (2013, 5, 21), None),
        ("10-03-2008", (2008, 10, 3), None),
        ("10.03.2008", (2008, 3, 10), None),
        ("04.20.2024", (2024, 4, 20), None),
        ("04-13-24", (2024, 4, 13), None),
        ("13.04.24", (2024, 4, 13), None),
        ("13.04.85", (1985, 4, 13), None),
        ("1.2.10", None, None),
        ("25/12/2008", (2008, 12, 25), None),
        ("May 1991", (1991, 5, 0), None),
        ("1983–1984", (1983, 0, 0), (1984, 0, 0)),
        ("1999/00", (1999, 0, 0), (2000, 0, 0)),
        ("2004", (2004, 0, 0), None),
        ("1 October 1999 – 3 May 2001", (1999, 10, 1), (2001, 5, 3)),
        ("12,004", None, None),
    ],
)
def test_dates(text: str, start: tuple[int, int, int] | None, end: tuple[int, int, int] | None) -> None:
    """Dates in many forms, and spans of years and dates."""
    found = value_of(text)
    assert (found.date, found.until) == (start, end)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("1:48.64", 108.64),
        ("6:26:15", 23175),
        ("2m 16s", 136),
        ("3 hours 20 minutes", 12000),
        ("6:00 p.m.", 64800),
        ("9am", 32400),
        ("8 weeks", 8 * 604800),
        ("1.84 m", None),
    ],
)
def test_times(text: str, seconds: float | None) -> None:
    """Lengths of time and times of day are seconds; a length in metres is not."""
    found = value_of(text).seconds
    assert found == seconds or (found is not None and abs(found - (seconds or 0)) < 1e-6)


def test_scores_and_places() -> None:
    """ "2–1" is a score, "5th" a place; a cell leads with its number or not."""
    assert value_of("2–1 (aet)").score == (2, 1)
    assert value_of("5th").ordinal
    assert value_of("12 (3)").leads
    assert not value_of("Version 5").leads
    assert value_of("closed") == Value("closed")


def test_words_are_compared_without_accents_commas_and_possessives() -> None:
    """What people type without accents meets what the page writes with them."""
    assert tokens("Ádám Szalai’s 10,000th") == ("adam", "szalai", "10000", "th")
    assert folded("Łukasz’s") == "łukasz"


def test_dates_are_ordered() -> None:
    """A day comes after its month's beginning, a year after the year before."""
    assert sort_key((2004, 0, 0)) < sort_key((2004, 3, 1)) < sort_key((2004, 3, 2)) < sort_key((2005, 0, 0))


def test_computed_numbers_are_written_plainly() -> None:
    """Whole numbers without a point, others without trailing zeros."""
    assert [written(n) for n in (5.0, 0.1232, 7.45, 1e6)] == ["5", "0.1232", "7.45", "1000000"]
    assert [written(n, seconds=True) for n in (181.0, 31.5, 3725.0)] == ["3:01", "31.5", "1:02:05"]


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("3 hours ago", 10800), ("an hour ago", 3600), ("5d ago", 432000), ("yesterday", 86400)],
)
def test_how_long_ago(text: str, seconds: float) -> None:
    """Told from the moment of reading."""
    assert value_of(text).ago == seconds


def test_amounts_are_no_lengths_of_time() -> None:
    """ "$2.3M" is an amount and "1.5M views" a number, not months or minutes."""
    assert (value_of("$2.3M").number, value_of("$2.3M").seconds) == (2300000.0, None)
    assert (value_of("$7.7B").number, value_of("1.5M views").seconds) == (7700000000.0, None)
