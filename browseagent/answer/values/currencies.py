"""Which currency a sign, a code or a word means, by the page's language and country. Pure.

What several countries share (``$``, ``¥``, ``kr``) is the page's own country's where it is named or likely;
where nobody can tell it is no currency, never a guess.
"""

from __future__ import annotations

import re
from functools import lru_cache

from browseagent.answer.values.locales import currencies, currency_in, home_signs, territory

_DOLLARS = (
    *(
        "USD",
        "AUD",
        "BBD",
        "BMD",
        "BND",
        "BSD",
        "BZD",
        "CAD",
        "CLP",
        "COP",
        "CUP",
        "DOP",
        "FJD",
        "GYD",
        "HKD",
    ),
    *("JMD", "LRD", "MXN", "NAD", "NIO", "NZD", "ARS", "SBD", "SGD", "SRD", "TTD", "TWD", "UYU", "XCD"),
)
_PESOS = ("MXN", "ARS", "CLP", "COP", "UYU", "DOP", "CUP", "PHP")
_KRONER = ("DKK", "NOK", "SEK", "ISK")
_MARKS: dict[str, tuple[str, ...]] = {
    "€": ("EUR",), "euro": ("EUR",), "euros": ("EUR",), "£": ("GBP",), "pound": ("GBP",), "pounds": ("GBP",),
    "$": _DOLLARS, "dollar": _DOLLARS, "dollars": _DOLLARS, "us$": ("USD",), "a$": ("AUD",), "au$": ("AUD",),
    "c$": ("CAD",), "ca$": ("CAD",), "hk$": ("HKD",), "nz$": ("NZD",), "s$": ("SGD",), "nt$": ("TWD",),
    "mx$": ("MXN",), "r$": ("BRL",), "peso": _PESOS, "pesos": _PESOS,
    "¥": ("CNY", "JPY"), "￥": ("CNY", "JPY"), "cn¥": ("CNY",), "jp¥": ("JPY",), "元": ("CNY", "TWD", "HKD"),
    "円": ("JPY",), "yen": ("JPY",), "yuan": ("CNY",), "rmb": ("CNY",), "₩": ("KRW",),
    "₹": ("INR",), "rs": ("INR", "PKR", "LKR", "NPR", "MUR"), "rs.": ("INR", "PKR", "LKR", "NPR", "MUR"),
    "rupees": ("INR", "PKR", "LKR", "NPR", "MUR"), "₫": ("VND",), "đ": ("VND",), "rp": ("IDR",),
    "฿": ("THB",), "₱": ("PHP",), "rm": ("MYR",), "₺": ("TRY",), "tl": ("TRY",), "₽": ("RUB",),
    "руб": ("RUB",),
    "руб.": ("RUB",), "₴": ("UAH",),
    "грн": ("UAH",), "грн.": ("UAH",), "din": ("RSD",), "din.": ("RSD",),
    "₪": ("ILS",), "₦": ("NGN",), "₸": ("KZT",), "₡": ("CRC",),
    "₲": ("PYG",), "₵": ("GHS",), "₾": ("GEL",), "₼": ("AZN",), "kr": _KRONER, "kr.": _KRONER,
    "kroner": ("DKK", "NOK"),
    "kronor": ("SEK",), "zł": ("PLN",), "kč": ("CZK",), "ft": ("HUF",), "lei": ("RON", "MDL"),
    "원": ("KRW",), "บาท": ("THB",), "৳": ("BDT",),
    "u$s": ("USD",), "e£": ("EGP",), "रु": ("INR", "NPR"), "ksh": ("KES",), "ksh.": ("KES",), "gh₵": ("GHS",),
    "лв": ("BGN",),
    "лв.": ("BGN",), "fr.": ("CHF",), "sfr": ("CHF",), "sfr.": ("CHF",),
    "vnđ": ("VND",), 'ש"ח': ("ILS",), "ש״ח": ("ILS",), "franc": ("CHF",), "francs": ("CHF",), "r": ("ZAR",),
}  # fmt: skip
_AT_HOME = {"ft", "r", "rm", "tl", "lei"}
"""Words of other meanings elsewhere (feet, a name's letter): marks only on a page of their own country."""
_UNTOLD = {"$": "USD", "dollar": "USD", "dollars": "USD", "元": "CNY", "rs": "INR", "rs.": "INR",
           "rupees": "INR", "lei": "RON"}  # fmt: skip
"""What a shared mark means on a page of a country that has none of the currencies of that name."""
_LOWER = "eur usd gbp chf sek nok dkk pln czk huf inr jpy cny aud cad"
"""Codes that are written in small letters too; of the others many are words (all, try, top)."""


@lru_cache(maxsize=64)
def mark_pattern(language: str) -> str:
    """A regular expression of every mark on a page of a language; it needs no flags, and knows letters' case
    where that matters."""
    own = [mark for mark in home_signs(language) if mark not in _MARKS]
    signs = [mark for mark in _MARKS if not mark[0].isalpha() or mark[-1] in "$¥£₵元円원"]
    words = [mark for mark in _MARKS if mark not in signs]
    signs += [mark for mark in own if not mark[-1].isalpha()]
    words += [mark for mark in own if mark[-1].isalpha()]
    written = rf"(?i:{'|'.join(map(re.escape, sorted(signs, key=len, reverse=True)))})"
    codes = "|".join(sorted(currencies() - {"ALL", "TOP"}))
    small = "|".join(_LOWER.split())
    named = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    # A letter before or after makes another word of it; a digit does not: "EUR5", "5kr".
    return rf"(?:(?<![^\W\d])(?:(?:{codes})|(?i:{small})|(?i:{named}))(?![^\W\d])|(?<![A-Za-z]){written})"


def is_mark(mark: str, language: str) -> bool:
    """Whether what looks like a currency's mark is one on a page of this language."""
    plain = mark.lower()
    if plain not in _AT_HOME or mark.upper() in currencies():
        return True
    return bool(currency_in(territory(language)[0]) & set(_MARKS[plain]))


def currency_of(mark: str, language: str, *, grouped: str = "") -> str:
    """The ISO 4217 code that a mark means; empty where that cannot be told. ``grouped`` is what stands
    between the thousands of its amount, if anything does."""
    plain = mark.lower()
    if plain not in _MARKS:
        return home_signs(language).get(plain, mark.upper())
    meant = _MARKS[plain]
    if len(meant) == 1:
        return meant[0]
    country, named = territory(language)
    own = currency_in(country) & set(meant)
    if own:
        return min(own, key=meant.index)
    if meant is _KRONER and grouped == ".":
        return "DKK"  # Norway and Sweden group by spaces; Iceland's own pages are in its language
    if plain in ("$", "dollar", "dollars") and language[:2].lower() == "es" and not named:
        return ""  # Spanish of no country: a dollar or a peso
    return _UNTOLD.get(plain, "")


_MINOR = {"p": "GBP", "pence": "GBP", "penny": "GBP", "¢": "USD", "rappen": "CHF"}


def minor_currency(mark: str, language: str) -> str:
    """The currency of which a mark names the hundredth part: pence are the pound's, cents those of the page's
    own country, where it is known."""
    own = currency_in(territory(language)[0])
    if mark.lower() in _MINOR:
        return _MINOR[mark.lower()]
    return min(own) if len(own) == 1 and (language[:2] != "en" or territory(language)[1]) else ""


def same_currency(one: str, other: str) -> bool:
    """Whether two units may be of one currency: a code, a shared mark such as ``$``, or none at all."""
    a, b = ({each} if each.lower() not in _MARKS else set(_MARKS[each.lower()]) for each in (one, other))
    return not one or not other or bool(a & b)


def unit_of(mark: str) -> str:
    """A mark as the unit of a value of no page: its code where it has one alone, else the mark."""
    meant = _MARKS.get(mark.lower(), (mark.upper(),))
    return meant[0] if len(meant) == 1 else mark
