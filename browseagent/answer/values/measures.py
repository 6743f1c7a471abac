"""Measures in words: a number with its unit, by CLDR's names of units. Lengths of time and times of day.

Pure. Sizes are SI's; only measures of one dimension can be compared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from babel.units import format_unit

from browseagent.answer.values.locales import locale_of
from browseagent.answer.values.numerals import NUMERAL, spelt


@dataclass(frozen=True, slots=True)
class Unit:
    """What a number counts."""

    dimension: str
    """``time``, ``length``, ``mass`` …; ``months`` apart from ``time``: no month has a length of its own."""
    size: float
    """How many of the dimension's first unit it is: seconds, metres, kilograms, litres."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A number with its unit as it stands in words."""

    number: float
    unit: Unit
    start: int
    end: int


_UNITS = {
    "duration-second": ("time", 1.0, "sec secs"),
    "duration-minute": ("time", 60.0, "mins"),
    "duration-hour": ("time", 3600.0, "hrs"),
    "duration-day": ("time", 86400.0, ""),
    "duration-week": ("time", 604800.0, ""),
    "duration-month": ("months", 1.0, "个月"),
    "duration-year": ("months", 12.0, ""),
    "duration-decade": ("months", 120.0, ""),
    "duration-century": ("months", 1200.0, ""),
    "length-millimeter": ("length", 0.001, ""),
    "length-centimeter": ("length", 0.01, ""),
    "length-meter": ("length", 1.0, "metre metres"),
    "length-kilometer": ("length", 1000.0, "千米"),
    "length-mile": ("length", 1609.344, ""),
    "length-yard": ("length", 0.9144, ""),
    "length-foot": ("length", 0.3048, ""),
    "length-inch": ("length", 0.0254, ""),
    "length-nautical-mile": ("length", 1852.0, "nautical"),
    "speed-knot": ("length", 1852.0, ""),
    "speed-kilometer-per-hour": ("speed", 1 / 3.6, ""),
    "speed-mile-per-hour": ("speed", 0.44704, ""),
    "area-square-meter": ("area", 1.0, ""),
    "area-square-kilometer": ("area", 1e6, ""),
    "area-square-foot": ("area", 0.092903, "sqft"),
    "area-acre": ("area", 4046.86, ""),
    "area-hectare": ("area", 10000.0, ""),
    "mass-milligram": ("mass", 1e-6, ""),
    "mass-gram": ("mass", 0.001, "gramme grammes"),
    "mass-kilogram": ("mass", 1.0, "kilo kilos 公斤"),
    "mass-tonne": ("mass", 1000.0, ""),
    "mass-ton": ("mass", 907.2, ""),
    "mass-pound": ("mass", 0.4536, "lbs"),
    "mass-ounce": ("mass", 0.02835, ""),
    "volume-milliliter": ("volume", 0.001, ""),
    "volume-liter": ("volume", 1.0, ""),
    "volume-gallon": ("volume", 3.785, ""),
    "volume-cup": ("volume", 0.2366, ""),
    "power-watt": ("power", 0.001, ""),
    "power-kilowatt": ("power", 1.0, ""),
    "power-megawatt": ("power", 1000.0, ""),
    "energy-kilowatt-hour": ("energy", 1.0, ""),
    "electric-volt": ("voltage", 1.0, ""),
    "temperature-celsius": ("temperature C", 1.0, "celsius"),
    "temperature-fahrenheit": ("temperature F", 1.0, "fahrenheit"),
    "concentr-percent": ("share", 1.0, "percentage"),
    "digital-megabyte": ("data", 1.0, ""),
    "digital-gigabyte": ("data", 1e3, ""),
    "digital-terabyte": ("data", 1e6, ""),
}
"""CLDR's name of a unit: its dimension, its size, and writings that CLDR does not have."""
_MONTH = 2629746.0
"""Seconds of an average month of the Gregorian calendar."""
_HOUR = 3600.0
_SECONDS = {"time": 1.0, "months": _MONTH}
_NUMBER = re.compile(
    rf"(?P<sign>(?<![\w)\]])[-−–])?(?<![\w.,])(?:(?P<digits>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|\d+(?:[.,]\d+)?)|(?P<words>(?i:{NUMERAL}))(?!\w))"
    r"(?P<half>\s?½| and a half(?!\w)|(?<=half) an?(?= ))?"
)
_CLOCK = re.compile(
    r"(?<![\w:.])(?P<h>\d{1,3}):(?P<m>[0-5]\d)(?::(?P<s>[0-5]\d))?(?P<f>\.\d+)?(?!:?\d)(?:\s?(?P<half>[ap])\.?m\b)?"
    r"|(?<![\w:.])(?P<hour>\d{1,2})(?:\.(?P<past>[0-5]\d))?\s?(?P<day>[ap])\.?m\b",
    re.I,
)
_ISO = re.compile(
    r"P(?:(?P<years>\d+)Y)?(?:(?P<months>\d+)M)?(?:(?P<weeks>\d+)W)?(?:(?P<days>\d+)D)?"
    r"(?:T(?:(?P<hours>\d+)H)?(?:(?P<minutes>\d+)M)?(?:(?P<seconds>\d+)(?:\.\d+)?S)?)?"
)
_ISO_PARTS = {
    "years": 12 * _MONTH, "months": _MONTH, "weeks": 604800.0, "days": 86400.0, "hours": 3600.0,
    "minutes": 60.0, "seconds": 1.0,
}  # fmt: skip


@lru_cache(maxsize=32)
def units(language: str) -> Mapping[str, Unit]:
    """The units by their names and signs in the page's language and in English, in lower case."""
    found: dict[str, Unit] = {}
    # Narrow forms last: "m" is a metre before it is a minute.
    for length in ("long", "short", "narrow"):
        for locale in filter(None, (locale_of(language), locale_of("en"))):
            for name, (dimension, size, more) in _UNITS.items():
                said = (format_unit(n, name, length, locale=locale).replace(str(n), "") for n in (1, 2, 5))
                for each in (*said, *more.split()):
                    plain = " ".join(each.lower().split()).rstrip(".")
                    if plain and (plain[0].isalpha() or plain[0] in "%°") and plain not in _OTHERWISE:
                        for writing in (plain, plain.replace("liter", "litre").replace("meter", "metre")):
                            found.setdefault(writing, Unit(dimension, size))
    return found


_OTHERWISE = ("c", "y")
"""Signs that mean something else after a number on most pages."""


@lru_cache(maxsize=32)
def unit_pattern(language: str) -> re.Pattern[str]:
    """What makes of the number before it a measure: ``litres``, ``kg``, ``min``; in English too."""
    listed = "|".join(re.escape(name) for name in sorted(units(language), key=len, reverse=True))
    return re.compile(rf"[\s\u00a0-]?(?P<unit>{listed})\.?(?!\w)(?!(?<=\bin)\s\w)", re.I)


@lru_cache(maxsize=4096)
def measures(words: str, language: str) -> tuple[Measure, ...]:
    """Every number with a unit, in figures or in words, in order."""
    named, pattern = units(language), unit_pattern(language)
    found = []
    for match in _NUMBER.finditer(words):
        unit = pattern.match(words, match.end())
        value = spelt(match["words"]) if match["words"] else _figures(match["digits"])
        if unit is not None and value is not None:
            value += 0.5 * ("½" in (match["half"] or "") or (match["half"] or "").endswith("half"))
            value = -value if match["sign"] else value
            found.append(Measure(value, named[unit["unit"].lower()], match.start(), unit.end("unit")))
    return tuple(found)


def _figures(digits: str) -> float:
    grouped = re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits)
    return float(digits.replace(",", "" if grouped else "."))


def clock(words: str) -> float | None:
    """The first time of day, or length of time with colons, in seconds: "9.30 am", "14:05", "2:03:59". Of
    two parts without a half of the day they are minutes and seconds."""
    match = _CLOCK.search(words)
    if match is None:
        return None
    half = match["half"] or match["day"]
    hour, past = int(match["h"] or match["hour"]), int(match["m"] or match["past"] or 0)
    if half:
        return (hour % 12 + 12 * (half.lower() == "p")) * 3600.0 + past * 60
    whole = hour * 3600.0 + past * 60 + int(match["s"]) if match["s"] else hour * 60.0 + past
    return whole + float(match["f"] or 0)


def seconds(words: str, language: str) -> float | None:
    """The length of time that the words tell first, its parts added: "1 h 30 min", "ten weeks", ``PT90M``; a
    month is an average one. None where they tell none."""
    if (iso := _ISO.fullmatch(words.strip())) is not None:
        told = {part: int(n) for part, n in iso.groupdict().items() if n}
        return sum(n * _ISO_PARTS[part] for part, n in told.items()) if told else None
    total, end, least = 0.0, -1, 0.0
    for each in measures(words, language):
        one = _SECONDS.get(each.unit.dimension, 0.0) * each.unit.size
        if least == _HOUR and each.unit == Unit("length", 1.0):
            one = 60.0  # "2h 5m"
        if not one:
            continue
        if end >= 0 and (one >= least or not re.fullmatch(r",?\s*(?:and\s+)?", words[end : each.start])):
            break
        total, end, least = total + each.number * one, each.end, one
    return total if end >= 0 else None
