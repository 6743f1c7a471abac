"""How the pages of a language write numbers and money, by CLDR. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages
from babel.numbers import get_currency_precision
from babel.units import format_unit

_MEASURES = (
    *("volume-liter", "volume-milliliter", "volume-cup", "volume-gallon"),
    *("mass-kilogram", "mass-gram", "mass-milligram", "mass-pound", "mass-ounce", "mass-tonne"),
    *("length-kilometer", "length-meter", "length-centimeter", "length-millimeter", "length-inch"),
    *("length-mile", "area-square-meter", "power-watt", "power-kilowatt", "energy-kilowatt-hour"),
    *("electric-volt", "speed-kilometer-per-hour", "speed-mile-per-hour", "temperature-celsius"),
    *("temperature-fahrenheit", "concentr-percent", "digital-gigabyte", "digital-terabyte"),
    *("duration-second", "duration-minute", "duration-hour", "duration-day", "duration-week"),
    *("duration-month", "duration-year"),
)
"""Of what a number may be that is no price."""


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale | None:
    """The locale of a page's language (``pt-BR``); None where CLDR has none."""
    parts = re.split(r"[-_]", language.strip())
    for count in range(len(parts), 0, -1):
        try:
            return Locale.parse("_".join(parts[:count])) if parts[0] else None
        except (ValueError, UnknownLocaleError):
            continue
    return None


def decimal_mark(language: str) -> str:
    """``.`` or ``,``: what stands before the fraction; empty where the language is not known."""
    locale = locale_of(language)
    if locale is None:
        return ""
    symbols = locale.number_symbols
    mark = str(symbols.get("latn", symbols).get("decimal", ""))
    return mark if mark in (".", ",") else ""


def territory(language: str) -> tuple[str, bool]:
    """The country of a page's language, and whether the page names it: ``en-CA`` is of Canada, ``ja`` most
    likely of Japan."""
    locale = locale_of(language)
    if locale is None:
        return "", False
    if locale.territory:
        return str(locale.territory), True
    likely = str(get_global("likely_subtags").get(str(locale), ""))
    return likely.rpartition("_")[2], False


@lru_cache(maxsize=1)
def _tender() -> dict[str, tuple[str, ...]]:
    """The countries in which each currency is money today."""
    found: dict[str, list[str]] = {}
    for country, currencies in get_global("territory_currencies").items():
        for code, _, until, legal in currencies:
            if until is None and legal:
                found.setdefault(code, []).append(country)
    return {code: tuple(countries) for code, countries in found.items()}


def currencies() -> frozenset[str]:
    """The ISO 4217 codes of what is money somewhere today."""
    return frozenset(_tender())


def currency_in(country: str) -> frozenset[str]:
    """What is money in a country today."""
    return frozenset(code for code, countries in _tender().items() if country in countries)


@lru_cache(maxsize=64)
def home_marks(currency: str) -> frozenset[str]:
    """The decimal marks that are written where a currency is at home: in the country that it is named
    after, or in all that have it."""
    countries = _tender().get(currency, ())
    named = currency[:2]
    homes = (named,) if named in countries else countries
    languages = [(each, home) for home in homes for each in get_official_languages(home, de_facto=True)]
    return frozenset(filter(None, (decimal_mark(f"{each}_{home}") for each, home in languages)))


def fraction_digits(currency: str) -> int:
    """How many digits a currency has after the decimal mark; 2 where it is not known."""
    return int(get_currency_precision(currency)) if currency else 2


@lru_cache(maxsize=16)
def measure(language: str) -> re.Pattern[str]:
    """What makes of the number before it a measure: ``litres``, ``kg``, ``min``; in English too."""
    words: set[str] = set()
    for locale in filter(None, (locale_of(language), locale_of("en"))):
        for unit in _MEASURES:
            for count in (1, 2):
                for length in ("long", "short", "narrow"):
                    said = format_unit(count, unit, length, locale=locale)
                    words.add(said.replace(str(count), "").strip().lower())
    words = {word for word in words if word and not re.search(r"\d", word)}
    words |= {word.replace("liter", "litre").replace("meter", "metre") for word in words}
    listed = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"[\s\u00a0-]?(?:{listed})(?!\w)", re.I)
