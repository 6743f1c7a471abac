"""How the pages of a language write numbers and money, by CLDR. Pure."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.core import get_global
from babel.languages import get_official_languages
from babel.numbers import get_currency_precision


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
