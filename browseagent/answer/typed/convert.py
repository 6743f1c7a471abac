"""From the words of a cell or an answer to the JSON value that a leaf asks for, or to none.

Of several numbers the one counts beside which the leaf's own name stands ("★ 4.4 out of 5 (96 reviews)"
has four point four stars and ninety-six reviews); where no name decides there is no value, never a guess.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from operator import ge, gt, le, lt

from browseagent.answer.lexical import stem
from browseagent.answer.typed.names import described_stems, means, name_stems
from browseagent.answer.typed.records import Form, Json, Leaf, Value, ValueKind
from browseagent.answer.typed.values import value_of
from browseagent.answer.values import amounts, date_span

_OUT_OF = re.compile(r"(?<=\d)\s*(?:out of|von|sur|/)\s*(?:5|10|100)\b", re.I)
_REVIEWS = re.compile(
    r"\b(?:by|from)\s+[\d,.]+\s*$|\(?[\d,.]+\s*(?:customer )?(?:reviews?|ratings?|votes?)\)?", re.I
)
_NONE_LEFT = re.compile(r"\b(?:out of stock|sold out|none left)\b", re.I)
_WORD = re.compile(r"\s+(?P<word>[^\W\d_]+)")
_WITHIN = {"minimum": ge, "maximum": le, "exclusiveMinimum": gt, "exclusiveMaximum": lt}
_PRICED = ("price", "amount", "salary", "rent")


@dataclass(frozen=True, slots=True)
class Locale:
    """How a page writes numbers and dates, and the day that it was read."""

    language: str
    today: date


def json_value(leaf: Leaf, words: str, locale: Locale) -> Json:
    """:func:`typed_value` as JSON."""
    return as_json(leaf, typed_value(leaf, words, locale))


def typed_value(leaf: Leaf, words: str, locale: Locale, answer: str = "") -> Value | None:
    """The value that words hold; None where they hold none of the leaf's type, or one that its bounds
    forbid. ``answer`` are the words within them that were pointed at, if any were."""
    if leaf.form in (Form.NUMBER, Form.INTEGER):
        number = _number(leaf, answer, words, locale)
        return None if number is None or not _allowed(leaf, number) else Value(ValueKind.NUMBER, number)
    if is_currency(leaf):
        money = _value(leaf, ValueKind.MONEY, answer, words, locale)
        unit = money.unit if money is not None else ""
        return Value(ValueKind.TEXT, unit) if unit and (not leaf.choices or unit in leaf.choices) else None
    return _value(leaf, leaf.kind, answer, words, locale)


def as_json(leaf: Leaf, value: Value | None) -> Json:
    """A value as JSON writes it in the leaf's form; null where there is none."""
    if value is None:
        return None
    data = value.data
    if isinstance(data, Decimal) and leaf.form is Form.MONEY:
        return {"amount": plain(data), "currency": value.unit or None}
    if isinstance(data, Decimal) and leaf.form in (Form.NUMBER, Form.INTEGER):
        return plain(data)
    if isinstance(data, bool):
        return data
    return data.isoformat() if isinstance(data, date) else str(data)


def plain(number: Decimal) -> int | float:
    """A number as JSON writes it."""
    return int(number) if number == number.to_integral_value() else float(number)


def is_currency(leaf: Leaf) -> bool:
    """Whether a leaf asks for the currency of an amount."""
    return leaf.form is Form.STRING and bool({"currenc"} & name_stems(leaf.name))


def is_priced(leaf: Leaf) -> bool:
    """Whether a leaf asks for an amount of money, as its name or description tells."""
    named = any(means(leaf.name, word) for word in _PRICED)
    return named or bool(_PRICE_STEMS & described_stems(leaf.described))


def numbered(leaf: Leaf, words: str, locale: Locale) -> Decimal | None:
    """The number beside which the leaf's own name stands: "14 days" for ``days``."""
    wanted = name_stems(leaf.name) | name_stems(leaf.described)
    found = {
        amount.number
        for amount in amounts(words, locale.language)
        if (after := _WORD.match(words, amount.end)) is not None and stem(after["word"].lower()) in wanted
    }
    return found.pop() if len(found) == 1 else None


def _number(leaf: Leaf, answer: str, words: str, locale: Locale) -> Decimal | None:
    for text in filter(None, (answer, words)):
        if means(leaf.name, "stock") and _NONE_LEFT.search(text):
            return Decimal(0)
        if (day := date_span(text, locale.language)) is not None:
            text = f"{text[: day[0]]} {text[day[1] :]}"
        if means(leaf.name, "rating") and not means(leaf.name, "reviews"):
            text = _REVIEWS.sub(" ", _OUT_OF.sub(" ", text))
        named = numbered(leaf, text, locale)
        if named is not None:
            return named
        kinds = [ValueKind.MONEY, ValueKind.NUMBER] if is_priced(leaf) else [ValueKind.NUMBER]
        for kind in kinds:
            found = value_of(replace(leaf, kind=kind), text, "", language=locale.language, today=locale.today)
            if found is not None and isinstance(found.data, Decimal):
                return found.data
    return None


_PRICE_STEMS = described_stems("price cost fee fare salary")


def _value(leaf: Leaf, kind: ValueKind, answer: str, words: str, locale: Locale) -> Value | None:
    first, second = answer or words, words
    if kind is ValueKind.BOOLEAN:  # "open" may be cut out of "it is not true that it is open"
        first, second = second, first
    return value_of(replace(leaf, kind=kind), first, second, language=locale.language, today=locale.today)


def _allowed(leaf: Leaf, number: Decimal) -> bool:
    """Whether a number is within the leaf's bounds, and whole where an integer is asked for."""
    if leaf.form is Form.INTEGER and number != number.to_integral_value():
        return False
    return all(_WITHIN[name](plain(number), bound) for name, bound in leaf.bounds)
