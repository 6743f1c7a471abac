"""Typed values from the words of an answer."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from browseagent.answer.typed.values import value_of
from browseagent.watch.records import Question, ValueKind

TODAY = date(2025, 11, 20)


def read(
    kind: str,
    answer: str,
    quote: str = "",
    question: str = "What?",
    language: str = "en-GB",
    choices: str = "",
) -> str | None:
    asked = Question(question, ValueKind(kind), tuple(choices.split(",")) if choices else ())
    value = value_of(asked, answer, quote, language=language, today=TODAY)
    return None if value is None else str(value)


@pytest.mark.parametrize(
    ("answer", "language", "expected"),
    [
        ("£39.00", "en", "39.00 GBP"),
        ("£1,299", "en", "1299 GBP"),
        ("1.299,00 €", "de", "1299.00 EUR"),
        ("1.299 €", "de", "1299 EUR"),
        ("12,50 €", "fr", "12.50 EUR"),
        ("CHF 12.50", "de", "12.50 CHF"),
        ("US$5", "en", "5 USD"),
        ("49 euros a night", "en", "49 EUR"),
        ("$2.5 million", "en", "2500000.0 USD"),
        ("1'250.00 CHF", "de", "1250.00 CHF"),
        ("Free of charge", "en", "0"),
        ("6,200円", "ja", "6200 JPY"),
        ("was £49, now £39", "en", None),
        ("3.500", "en", None),
        ("12 or 13", "en", None),
        ("on request", "en", None),
        ("£34,800 a year", "en", "34800 GBP"),
        ("1 299,00 €", "fr", "1299.00 EUR"),
    ],
)
def test_money(answer: str, language: str, expected: str | None) -> None:
    """Amount and currency as the page writes them; of two amounts neither is taken."""
    found = read("money", answer, language=language)
    same = found is not None and expected is not None and found.split()[1:] == expected.split()[1:]
    assert found == expected or (same and Decimal(found.split()[0]) == Decimal(expected.split()[0]))  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("37 hours a week", "37"),
        ("about 1,204 people", "1204"),
        ("-3.5 °C", "-3.5"),
        ("5.6 million", "5600000"),
        ("none", None),
    ],
)
def test_numbers(answer: str, expected: str | None) -> None:
    """The first number of the answer, words of magnitude included."""
    found = read("number", answer)
    assert (found and Decimal(found)) == (expected and Decimal(expected))


@pytest.mark.parametrize(
    ("answer", "language", "expected"),
    [
        ("28 November 2025", "en", "2025-11-28"),
        ("November 28th, 2025", "en", "2025-11-28"),
        ("2025-12-01", "", "2025-12-01"),
        ("am 3. März 2026", "de", "2026-03-03"),
        ("28.11.2025", "de", "2025-11-28"),
        ("28.11.25", "de", "2025-11-28"),
        ("06.05.26", "de", "2026-05-06"),
        ("geboren 12.03.85", "de", "1985-03-12"),
        ("28/11/68", "en-GB", "2068-11-28"),
        ("28/11/69", "en-GB", "1969-11-28"),
        ("Tel. 06-12-34", "nl", None),
        ("06-12-2034", "nl", "2034-12-06"),
        ("28/11/25", "en-GB", "2025-11-28"),
        ("11/28/25", "en-US", "2025-11-28"),
        ("28/11/25", "de", None),
        ("10.0.22", "de", None),
        ("6. 5. 2026", "cs", "2026-05-06"),
        ("13/04/2026", "en", "2026-04-13"),
        ("04/13/2026", "en", "2026-04-13"),
        ("3/4/2026", "en-GB", "2026-04-03"),
        ("3/4/2026", "en-US", "2026-03-04"),
        ("3/4/2026", "", None),
        ("on 5 January", "en", "2026-01-05"),
        ("2026年3月5日", "ja", "2026-03-05"),
        ("31 February 2026", "en", None),
        ("soon", "en", None),
    ],
)
def test_dates(answer: str, language: str, expected: str | None) -> None:
    """Dates in several languages; what can be read two ways is no date."""
    assert read("date", answer, language=language) == expected


@pytest.mark.parametrize(
    ("question", "answer", "expected"),
    [
        ("Are applications open?", "Applications are open.", "yes"),
        ("Are applications open?", "Applications are closed.", "no"),
        ("Is it closed?", "Applications are closed.", "yes"),
        ("Are applications open?", "Applications are not open yet.", "no"),
        ("Is it in stock?", "Sold out", "no"),
        ("Is it in stock?", "In stock: 14 left", "yes"),
        ("Is it available?", "Not available", "no"),
        ("Is it sold out?", "In stock", "no"),
        ("Is it blue?", "Yes, and green.", "yes"),
        ("Is it blue?", "It is green.", None),
        ("Is it open?", "Open from nine, closed on Sundays.", None),
    ],
)
def test_booleans(question: str, answer: str, expected: str | None) -> None:
    """Yes and no by the page's own words; where both are said, neither."""
    assert read("boolean", answer, question=question) == expected


def test_choices_and_text() -> None:
    """One choice and one only; a longer choice is not taken for the shorter one within it."""
    assert read("choice", "Status today: Delayed", choices="on time,delayed,cancelled") == "delayed"
    assert read("choice", "delayed or cancelled", choices="delayed,cancelled") is None
    assert read("choice", "sold out", choices="sold,sold out") == "sold out"
    assert read("text", "  two  words ") == "two words"


def test_the_quote_is_read_where_the_answer_holds_no_value() -> None:
    """The short answer first, then the sentence that it was taken from."""
    assert read("money", "a day return", "A day return costs £8.40.") == "8.40 GBP"
