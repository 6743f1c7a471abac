"""Quantities in running text: numbers with their units, so that two writings of one can be compared.

A number may be written in digits ("1,200", "1.200,50", "3.1 million"), in words ("twenty-five", "a dozen") or
as a time of day. Where a writing can be read in two ways ("1.200"), both count.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from browseagent.answer.values.measures import units
from browseagent.answer.values.numerals import NUMERAL, ORDINALS, SCALES, spelt

_SIGNS = frozenset("mm cm km mi ft g kg lb hr kw mw %".split())  # noqa: SIM905
"""Signs of units that are no words; of the short ones many are ("in", "a")."""
_UNITS: dict[str, tuple[str, float]] = {
    name: (unit.dimension, unit.size)
    for name, unit in units("zh").items()
    if len(name) > 2 or not name.isascii() or name in _SIGNS
}
for _dimension, _size, _names in (
    ("points", 1.0, "points"),
    ("GBP", 1.0, "£ gbp pound pounds sterling"),
    ("GBP", 0.01, "pence penny p"),
    ("USD", 1.0, "$ usd dollar dollars"),
    ("USD", 0.01, "cent cents"),
    ("EUR", 1.0, "€ eur euro euros"),
    ("CNY", 1.0, "yuan cny rmb 元"),
    ("JPY", 1.0, "¥ yen jpy 円 日元"),
    ("CHF", 1.0, "chf fr. franc francs"),
):
    for _name in _names.split():
        _UNITS[_name] = (_dimension, _size)

_NUMBER = re.compile(
    r"(?P<iso>\b\d{4}-\d{2}-\d{2}\b)"
    r"|(?P<clock>\b\d{1,2}[:.]\d{2}\s?(?:[ap]\.?m\b\.?)|\b\d{1,2}:\d{2}\b|\b\d{1,2}\s?[ap]\.?m\b\.?"
    r"|\bnoon\b|\bmidnight\b)"
    r"|(?:(?P<money>[$€£¥]|\b(?:USD|EUR|GBP|CHF|CNY"
    r"|JPY))\s?)?(?<![A-Za-z0-9_])(?P<digits>\d+(?:[.,\u00a0\u202f ]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
    r"(?P<ordinal>st|nd|rd|th)?(?!\d)"
    r"|\b(?P<words>" + NUMERAL + r")\b"
    r"|\b(?P<ranked>" + "|".join(ORDINALS) + r")\b",
    re.I,
)  # fmt: skip
_AFTER = re.compile(
    r"[\s\-\u00a0]?(?P<scale>hundred|thousand|million|billion|bn|mn|m|k|万|亿)?(?![a-z])"
    r"[\s\-\u00a0]?(?:of a |per )?(?P<unit>%|percentage points?|°?\s?[cf]\b|[£$€¥元円]|[a-z]+\.?"
    r"|[㐀-鿿]{1,3})?",
    re.I,
)
_ABOUT = re.compile(
    r"\b(?:about|around|roughly|nearly|almost|some|approximately|circa|just (?:over|under))\W*$", re.I
)
_OVER = re.compile(r"\b(?:more than|over|above|at least|exceed\w*|upwards of)\W*$", re.I)
_UNDER = re.compile(r"\b(?:less than|fewer than|under|below|at most|up to)\W*$", re.I)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it stands in a text."""

    values: tuple[float, ...]
    """How it may be read; minutes since midnight for a time of day."""
    dimension: str
    """``time``, ``GBP``, ``clock``, ``ordinal`` …; empty where no unit that we know stands by it."""
    size: float
    """Of the unit, within its dimension."""
    start: int
    end: int
    bound: str = ""
    """``about``, ``over`` or ``under``, where the text says so."""
    exact: bool = True
    """Of a time of day: whether it says morning or afternoon."""


def quantities(text: str) -> list[Quantity]:
    """The quantities of a text, in order."""
    text = unicodedata.normalize("NFKC", text)
    return [found for match in _NUMBER.finditer(text) for found in _read(text, match)]


def agrees(claimed: Quantity, given: Quantity) -> bool:
    """Whether a quantity that is given is the one that is claimed: the same, or close enough where the claim
    is a rough one or converts a unit."""
    if "clock" in (claimed.dimension, given.dimension):
        return claimed.dimension == given.dimension and _same_time(claimed, given)
    factor, slack = 1.0, 1e-9
    if claimed.dimension and given.dimension and {claimed.dimension, given.dimension} != {"ordinal"}:
        if "ordinal" in (claimed.dimension, given.dimension):
            return False
        if claimed.dimension != given.dimension:
            return False
        factor = given.size / claimed.size
        slack = 0.01 if factor != 1.0 else slack
    slack = 0.05 if claimed.bound == "about" else slack
    for wanted in claimed.values:
        for value in (value * factor for value in given.values):
            if abs(wanted - value) <= slack * max(abs(wanted), abs(value)):
                return True
            if claimed.bound == "over" and wanted < value <= 1.2 * wanted:
                return True
            if claimed.bound == "under" and 0.8 * wanted <= value < wanted:
                return True
    return False


def _same_time(one: Quantity, other: Quantity) -> bool:
    apart = abs(one.values[0] - other.values[0])
    return apart == 0 or (apart == 720 and not (one.exact and other.exact))


def _read(text: str, match: re.Match[str]) -> list[Quantity]:
    start, end = match.span()
    if match["iso"]:
        year, month, day = (float(part) for part in match["iso"].split("-"))
        return [Quantity((value,), "", 1.0, start, end) for value in (year, month, day)]
    if match["clock"]:
        minutes, exact = _minutes(match["clock"].lower())
        return [Quantity((minutes,), "clock", 1.0, start, end, exact=exact)]
    bound = _bound(text[max(0, start - 20) : start])
    if match["ranked"]:
        return [Quantity((ORDINALS[match["ranked"].lower()],), "ordinal", 1.0, start, end)]
    if match["words"]:
        value = spelt(match["words"].lower())
        if value is None or match["words"].lower() == "one":  # a pronoun as often as a number
            return []
        values: tuple[float, ...] = (value,)
        if match["words"].lower() in ("half", "quarter"):
            return [
                Quantity((value,), "", 1.0, start, end, bound),
            ]
    else:
        values = _readings(match["digits"])
        if match["ordinal"]:
            return [Quantity(values, "ordinal", 1.0, start, end)]
    after = _AFTER.match(text, end)
    scale, unit = (after["scale"] or "", after["unit"] or "") if after else ("", "")
    if scale and not (scale.lower() == "m" and not match["money"]):  # "34 m" is metres, "£34m" millions
        values = tuple(value * SCALES[scale.lower()] for value in values)
    elif scale:
        unit = "metres"
    found = _unit(match["money"] or unit)
    if after and (scale or (found and not match["money"])):
        end = after.end()
    return [Quantity(values, *(found or ("", 1.0)), start, end, bound)]


def _unit(written: str) -> tuple[str, float] | None:
    name = " ".join(written.lower().split())
    if name.startswith("percentage point"):
        return _UNITS["points"]
    return _UNITS.get(name) or _UNITS.get(name.rstrip(".")) or _UNITS.get(f"°{name}" if name in "cf" else "")


def _bound(before: str) -> str:
    for name, pattern in (("about", _ABOUT), ("over", _OVER), ("under", _UNDER)):
        if pattern.search(before):
            return name
    return ""


def _minutes(written: str) -> tuple[float, bool]:
    if written in ("noon", "midnight"):
        return (720.0 if written == "noon" else 0.0), True
    numbers = [int(part) for part in re.findall(r"\d+", written)]
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    half = re.search(r"[ap]", written)
    if half:
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    return 60.0 * hour + minute, half is not None or hour > 12


def _readings(digits: str) -> tuple[float, ...]:
    """``1,200`` is twelve hundred, in other languages 1.2; ``1.234,56`` is one thing only."""
    plain = re.sub(r"[\u00a0\u202f ]", "", digits)
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return (float(plain),)
    whole = float(re.sub(r"[.,]", "", plain))
    split = float(re.sub(r"[.,]", "", plain[:last]) + "." + plain[last + 1 :])
    grouped = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", plain) is not None
    if not grouped:
        return (split,)
    return (whole, split) if len(re.findall(r"[.,]", plain)) == 1 else (whole,)
