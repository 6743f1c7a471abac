"""How the pages of a language write numbers and money, by CLDR. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages
from babel.numbers import get_currency_precision, get_currency_symbol


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


_ZEROS = re.compile(r"0+")


@lru_cache(maxsize=64)
def scales(language: str) -> dict[str, int]:
    """The words and abbreviations after a number that make thousands or more of it, in small letters and
    without points, in a page's language and in English: the power of ten of each (``Mio`` 6, ``juta`` 6)."""
    found: dict[str, int] = {}
    for locale in filter(None, (locale_of(language), locale_of("en"))):
        for length in ("long", "short"):
            for by_size in locale.compact_decimal_formats[length].values():
                for size, pattern in by_size.items():
                    zeros = _ZEROS.search(str(pattern.pattern))
                    word = _ZEROS.sub("", str(pattern.pattern)).replace("'", "").strip(" .\xa0").lower()
                    if zeros and (len(word) > 1 or word > "\u2e80"):  # "2B" is a pencil too
                        found.setdefault(word, len(str(size)) - len(zeros[0]))
    return found


@lru_cache(maxsize=64)
def compact(language: str) -> dict[str, int]:
    """The abbreviations of one or two letters that a page's language sets apart from the figures, in CLDR's
    case: ``3,4 k`` in French. What is a unit of measure as well is left out."""
    found: dict[str, int] = {}
    locale = locale_of(language)
    for by_size in () if locale is None else locale.compact_decimal_formats["short"].values():
        for size, pattern in by_size.items():
            zeros = _ZEROS.search(str(pattern.pattern))
            written = _ZEROS.sub("", str(pattern.pattern)).replace("'", "").replace("\xa0", " ")
            word = written.strip(" .")
            if zeros and len(word) <= 2 and word not in _UNITS and written.startswith(" "):
                found.setdefault(word, len(str(size)) - len(zeros[0]))
    return found


_UNITS = ("t", "m", "g", "l")
"""Tonnes and the like."""


@lru_cache(maxsize=64)
def home_signs(language: str) -> dict[str, str]:
    """How a page's own country writes its currency, by CLDR, in small letters: ``s/`` of Peru."""
    locale, country = locale_of(language), territory(language)[0]
    signs: dict[str, str] = {}
    if locale is None:
        return signs
    for code in sorted(currency_in(country)):
        sign = get_currency_symbol(code, f"{locale.language}_{country}")
        plain = sign.strip("\u200e\u200f .").lower()
        if plain and plain != code.lower():
            signs[plain] = code
    return signs
