"""The words of a condition (:mod:`browseagent.watch.predicate`), and the values written in it. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from browseagent.answer.values.currencies import mark_pattern, unit_of
from browseagent.errors import UsageError
from browseagent.watch.records import Value, ValueKind

PERCENT = "%"
"""The unit of a number that is so many hundredths."""
_SIGNS = {"≤": "<=", "≥": ">=", "≠": "!=", "−": "-"}
_WORDS = {"and", "or", "not", "is", "found", "absent", "true", "false", "previous"}


class PredicateError(UsageError):
    """A condition that is not of the grammar, or names what is not asked."""

    kind = "predicate"


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a condition: its kind, its text, and where it stands."""

    kind: str
    text: str
    at: int
    value: Value | None = None


@lru_cache(maxsize=1)
def _pattern() -> re.Pattern[str]:
    """A word of a condition; a currency is written as pages write it."""
    mark = mark_pattern("")
    return re.compile(
        rf"\s*(?:(?P<date>\d{{4}}-\d\d-\d\d)|(?P<slashed>\d\d?/\d\d?/\d{{2,4}}\b)|(?P<money>(?P<mark>{mark})\s?(?P<amount>\d[\d_]*(?:\.\d+)?))"
        rf"|(?P<number>\d[\d_]*(?:\.\d+)?)(?:(?P<percent>%)|\s?(?P<unit>{mark}|[A-Z]{{3}}\b))?"
        r"|\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'"
        r"|(?P<name>[^\W\d]\w*)|(?P<sign><=|>=|==|!=|[<>=+*/().≤≥≠−-]))"
    )


def tokens_of(text: str) -> list[Token]:
    """The words, and the end after them. Raises PredicateError."""
    tokens, at = [], 0
    while text[at:].strip():
        match = _pattern().match(text, at)
        if match is None:
            raise wrong_at(text, at, "this is not understood")
        start = at + len(match[0]) - len(match[0].lstrip())
        tokens.append(_token(match, start, text))
        at = match.end()
    return [*tokens, Token("end", "", len(text))]


def _token(match: re.Match[str], at: int, text: str) -> Token:
    if match["date"]:
        try:
            return Token(
                "literal", match["date"], at, Value(ValueKind.DATE, date.fromisoformat(match["date"]))
            )
        except ValueError:
            raise wrong_at(text, at, "there is no such day") from None
    if match["slashed"]:
        raise wrong_at(text, at, "a day is written as 2026-03-01")
    if match["money"]:
        amount = Decimal(match["amount"].replace("_", ""))
        return Token("literal", match["money"], at, Value(ValueKind.MONEY, amount, unit_of(match["mark"])))
    if match["number"]:
        amount = Decimal(match["number"].replace("_", ""))
        unit = unit_of(match["unit"]) if match["unit"] else ""
        kind = ValueKind.MONEY if unit else ValueKind.NUMBER
        unit = PERCENT if match["percent"] else unit
        return Token("literal", match["number"], at, Value(kind, amount, unit))
    for quoted in ("double", "single"):
        if match[quoted] is not None:
            return Token("literal", match[quoted], at, Value(ValueKind.TEXT, match[quoted]))
    if match["name"]:
        word = match["name"].lower()
        return Token(word if word in _WORDS else "name", match["name"], at)
    sign = _SIGNS.get(match["sign"], match["sign"])
    return Token(sign, sign, at)


def wrong_at(text: str, at: int, why: str) -> PredicateError:
    """The error for what stands at a place of a condition."""
    # On lines of their own, or what stands before them would shift the mark.
    hint = f"See the mark:\n{text}\n{' ' * at}^"
    return PredicateError(f"the condition {text!r} cannot be read at character {at + 1}: {why}", hint=hint)
