"""Typed values from the words that answer a question. Pure.

The words come from the page: an answer's short text and the quote that it rests on. What cannot be
read with certainty as a value of the type that was asked for is no value (None), never a guess.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal

from browseagent.answer.opposites import yes_or_no
from browseagent.answer.typed.records import Asked, Value, ValueKind
from browseagent.answer.values import has_amount, money, number, one_day

_FREE = re.compile(r"\bfree\b|\bno (?:charge|fee)\b|\bkostenlos\b|\bgratis\b|\bgratuit", re.I)


def value_of(question: Asked, answer: str, quote: str, *, language: str = "", today: date) -> Value | None:
    """The value that an answer (and, failing that, its quote) holds, or None.

    ``language`` of the page says how numbers are written; ``today`` gives a date without a year the
    year that brings it nearest.
    """
    for words in (answer, quote):
        data, unit = _read(question, words, language, today)
        if data is not None:
            return Value(question.kind, data, unit)
    return None


def _read(
    question: Asked, words: str, language: str, today: date
) -> tuple[Decimal | date | bool | str | None, str]:
    if question.kind is ValueKind.MONEY:
        return _money(words, language)
    if question.kind is ValueKind.NUMBER:
        return number(words, language), ""
    if question.kind is ValueKind.DATE:
        return one_day(words, language, today), ""
    if question.kind is ValueKind.BOOLEAN:
        return yes_or_no(question.text, words), ""
    if question.kind is ValueKind.CHOICE:
        return _choice(question.choices, words), ""
    return (" ".join(words.split()) or None), ""


def _money(words: str, language: str) -> tuple[Decimal | None, str]:
    """The one price; what is free costs nothing."""
    if not has_amount(words) and _FREE.search(words):
        return Decimal(0), ""
    return money(words, language) or (None, "")


def _choice(choices: tuple[str, ...], words: str) -> str | None:
    """The one choice that the words name; None where they name several, or none."""
    named = [each for each in choices if re.search(rf"(?<!\w){re.escape(each)}(?!\w)", words, re.I)]
    within = [each for each in named if any(each != o and each.lower() in o.lower() for o in named)]
    left = [each for each in named if each not in within]
    return left[0] if len(left) == 1 else None
