"""Quantities in running text: numbers with their units, so that two writings of one can be compared.

A number may be written in digits ("1,200", "1.200,50", "3.1 million"), in words ("twenty-five", "a dozen") or
as a time of day. Where a writing can be read in two ways ("1.200"), both count.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from browseagent.answer.tables.vocabulary import CARDINALS, ORDINALS

_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_CARDINALS = {word: float(n) for word, n in CARDINALS.items()} | {
    word: 10.0 * n for n, word in enumerate(_TENS.split(), start=2)
}
_ORDINALS = {word: float(n) for word, n in ORDINALS.items()}
_SCALES = {
    "hundred": 1e2,
    "thousand": 1e3,
    "k": 1e3,
    "million": 1e6,
    "m": 1e6,
    "mn": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "dozen": 12.0,
    "万": 1e4,
    "亿": 1e8,
}
_FRACTIONS = {"half": 0.5, "quarter": 0.25, "twice": 2.0, "double": 2.0, "doubled": 2.0, "triple": 3.0}

# Writings of each unit; dimension and size. Sizes are compared only within a dimension.
_UNITS: dict[str, tuple[str, float]] = {}
for _dimension, _size, _names in (
    ("length", 0.001, "mm millimetre millimetres millimeter millimeters"),
    ("length", 0.01, "cm centimetre centimetres centimeter centimeters"),
    ("length", 1.0, "metre metres meter meters 米"),
    ("length", 1000.0, "km kilometre kilometres kilometer kilometers 公里 千米"),
    ("length", 1609.344, "mile miles mi"),
    ("length", 0.9144, "yard yards"),
    ("length", 0.3048, "foot feet ft"),
    ("length", 0.0254, "inch inches"),
    ("length", 1852.0, "knots nautical"),
    ("area", 1.0, "acre acres"),
    ("area", 2.4711, "hectare hectares"),
    ("mass", 0.001, "g gram grams gramme grammes"),
    ("mass", 1.0, "kg kilo kilos kilogram kilograms 公斤"),
    ("mass", 1000.0, "tonne tonnes"),
    ("mass", 907.2, "ton tons"),
    ("mass", 0.4536, "lb lbs"),
    ("time", 1.0, "sec secs second seconds"),
    ("time", 60.0, "min mins minute minutes 分钟"),
    ("time", 3600.0, "hour hours hr hrs 小时"),
    ("time", 86400.0, "day days 天"),
    ("time", 604800.0, "week weeks 周"),
    ("months", 1.0, "month months 个月"),
    ("months", 12.0, "year years 年"),
    ("share", 1.0, "% percent percentage 百分"),
    ("points", 1.0, "points"),
    ("volume", 1.0, "litre litres liter liters"),
    ("volume", 3.785, "gallon gallons"),
    ("temperature C", 1.0, "°c celsius 摄氏度"),
    ("temperature F", 1.0, "°f fahrenheit"),
    ("power", 1.0, "kw kilowatt kilowatts"),
    ("power", 1000.0, "mw megawatt megawatts"),
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

_WORD_NUMBER = "|".join([*_CARDINALS, *_SCALES, "half", "quarter", "twice", "doubled?", "triple"])
_NUMBER = re.compile(
    r"(?P<iso>\b\d{4}-\d{2}-\d{2}\b)"
    r"|(?P<clock>\b\d{1,2}[:.]\d{2}\s?(?:[ap]\.?m\b\.?)|\b\d{1,2}:\d{2}\b|\b\d{1,2}\s?[ap]\.?m\b\.?"
    r"|\bnoon\b|\bmidnight\b)"
    r"|(?:(?P<money>[$€£¥]|\b(?:USD|EUR|GBP|CHF|CNY"
    r"|JPY))\s?)?(?<![A-Za-z0-9_])(?P<digits>\d+(?:[.,\u00a0\u202f ]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
    r"(?P<ordinal>st|nd|rd|th)?(?!\d)"
    r"|\b(?P<words>(?:" + _WORD_NUMBER + r")(?:[- ](?:and )?(?:" + _WORD_NUMBER + r"))*)\b"
    r"|\b(?P<ranked>" + "|".join(_ORDINALS) + r")\b",
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
        return [Quantity((_ORDINALS[match["ranked"].lower()],), "ordinal", 1.0, start, end)]
    if match["words"]:
        value = _spelt(match["words"].lower())
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
        values = tuple(value * _SCALES[scale.lower()] for value in values)
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


def _spelt(words: str) -> float | None:
    """``twenty-five`` is 25, ``three hundred and ten thousand`` 310,000; None for a scale alone."""
    if words in _FRACTIONS:
        return _FRACTIONS[words]
    total, part, seen = 0.0, 0.0, False
    for word in re.split(r"[- ]", words):
        if word in _CARDINALS:
            part, seen = part + _CARDINALS[word], True
        elif word in _FRACTIONS:
            return None
        elif word in _SCALES:
            if not seen and word != "dozen":
                return None
            part = (part or 1.0) * _SCALES[word]
            seen = True
            if _SCALES[word] >= 1e3:
                total, part = total + part, 0.0
    return total + part if seen else None
