"""Numbers and amounts of money in words. Pure.

Which of two marks groups and which begins the fraction is the page's language's to say, and the currency's
where the language leaves a price a thousand times too small. What cannot be decided has no number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache

from browseagent.answer.values.currencies import currency_of, is_mark, mark_pattern, minor_currency
from browseagent.answer.values.locales import (
    compact,
    decimal_mark,
    fraction_digits,
    home_marks,
    scales,
    territory,
)
from browseagent.answer.values.measures import unit_pattern, units
from browseagent.answer.values.numerals import spelt_numbers

_SPACE = " \u00a0\u202f\u2009"
_DIGITS = (
    rf"(?:\d{{1,3}}(?:[{_SPACE}'’]\d{{3}}(?!\d))+(?:[.,]\d+)?|\d+(?:[.,٫٬]\d+)*|(?<![\d.])\.\d+|(?<!\d)[-–—],\d\d(?!\d))"
    r"(?:[eE][+-]?\d{1,2}(?!\w))?"
)
_DASH = "-−–‐‑‒－﹣"
_SCALES = {
    "thousand": 3, "tsd": 3, "lakh": 5, "lakhs": 5, "million": 6, "millions": 6, "mio": 6, "mn": 6,
    "crore": 7, "crores": 7, "billion": 9, "bn": 9, "mrd": 9, "trillion": 12, "万": 4, "亿": 8, "億": 8,
    "k": 3, "m": 6, "b": 9,
}  # fmt: skip
"""Writings of any page; those of its language are CLDR's."""
_SHORT = 2
"""Letters of an abbreviation that counts only beside a currency or at its number: "34 m" is a length."""
_MINOR = r"¢|(?i:cents?|cts?|pence|penny|céntimos?|centavos?|centimes?|centesimi|rappen|öre|øre|paise)(?!\w)"
_UNSPACED = "\u2e80"
"""Where the scripts begin whose words stand without spaces."""
_VULGAR = "¼½¾⅓⅔⅛⅜⅝⅞"
_TEN = Decimal(10)
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻−–", "0123456789---")
_FROM = re.compile(
    r"(?<!\w)(?:from|starting at|starts at|ab|à partir de|dès|desde|a partir de|a partire da|da|vanaf|od"
    r"|от|från|fra)\s+(?:only |just |nur |as little as )?$",
    re.I,
)
"""Before an amount: prices begin there."""
_PART = re.compile(
    r"(?:(?<!\w)(?:up to|bis zu|bis|jusqu['’]à|hasta|até)\s+|\b\d{1,2}\s?(?:[x×]|(?:[\w-]+ )?"
    r"(?:payments?|instal?lments?|raten|cuotas|pagos|parcelas|rate|mensualités|versements)\b)\s?"
    r"(?:sans frais |sin intereses |sem juros )?(?:de |of |à |zu |von |da )?"
    r"|(?<!\w)(?:save|sparen? sie|spare|spar|économisez|ahorra|risparmia|discount(?: of)?)\s+)$",
    re.I,
)
"""Before an amount: prices end there, it is one of several instalments, or what is taken off."""
_OFF = re.compile(
    r"\s?(?:off\b|discount\b|rabatt\b|günstiger\b|korting\b"
    r"|(?:de réduction|de descuento|de desconto|di sconto)\b)",
    re.I,
)
"""After an amount: it is what is taken off a price."""
_MONTHLY = re.compile(
    r"\s?(?:/\s?|\b(?:a|per|each|every|pro|im|par|al|por|ao|om|i|på|na|za)\s+)(?:month|mo\b|monat|mois|mes|mês|maand|måned|mån|mies|měs|мес|month)"
    r"|\s?\b(?:monthly|monatlich|mtl\b)",
    re.I,
)
"""After an amount that prices begin at: what is paid is many of it."""
_ONWARDS = re.compile(r"\s?(?:起|から|〜|～|or more\b|and up\b|\+(?!\s?[^\d\s)\].,;]{0,3}\s?\d))", re.I)
_TO = re.compile(rf"\s?(?:[{_DASH}—~〜～]|\b(?:to|bis|à|a|hasta|até|al|tot|til|till|do)\b)\s?", re.I)
_PER = r"\s?(?:/|\b(?:per|pro|je|par|por|a|au|al)\b)\s?"
_EACH = re.compile(rf"{_PER}(?:l\b|lit|kwh|gal|min|token|unit)", re.I)
"""After a price of which more than a hundredth of the currency is written."""
_MEASURED = re.compile(rf"{_PER}(?:\d+[{_SPACE}]?)?(?=\w)", re.I)
"""After a price, before the unit of which it buys so much: what is sold has another one."""
_BUYS = re.compile(rf"(?<!\w)\d+[{_SPACE}]?(?P<unit>[^\W\d]+[²³]?)[{_SPACE}]?=[{_SPACE}]?$")
"""The same before a price: ``1 kg = 34,90 €``."""
_ADDED = re.compile(r"\W{0,2}(?:\+|plus\b)", re.I)
"""After the unit: another amount comes on top."""


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as it stands in words."""

    number: Decimal | None
    """None where it can be read in two ways, or is none ("1.2.3")."""
    marked: bool
    """Whether a currency stands beside it."""
    currency: str
    """Its ISO 4217 code; empty where there is none, or where it cannot be told which."""
    start: int
    end: int
    bounded: bool = False
    """Whether it is one end of a range, or an instalment: nothing has that price."""
    least: bool = False
    """Whether prices begin there, or it is that of a kilogram or the like: what is sold has another one."""
    until: int = 0
    """Where the unit of measure that stands after it ends; 0 where there is none."""


@lru_cache(maxsize=64)
def _scales(language: str) -> dict[str, int]:
    return _SCALES | scales(language)


@lru_cache(maxsize=64)
def _pattern(language: str) -> re.Pattern[str]:
    mark = mark_pattern(language)
    named = sorted((each for each in _scales(language) if each not in ("k", "m", "b")), key=len, reverse=True)
    scale = "|".join(re.escape(each) + ("" if each[-1] > _UNSPACED else r"(?![^\W\d_])") for each in named)
    return re.compile(
        rf"(?P<sign>(?<![\w)\]])[{_DASH}](?=\S)|(?<![\w)\]])(?<![\w)\]][{_SPACE}])(?:−|(?i:minus))\s)?"
        rf"(?:(?P<before>{mark})[{_SPACE}]?(?P<inner>[{_DASH}])?)?(?P<digits>{_DIGITS})"
        rf"(?:[{_SPACE}]?(?P<vulgar>[{_VULGAR}]))?"
        rf"(?P<ten>[{_SPACE}]?[×x·][{_SPACE}]?10(?=[\^⁰¹²³⁴-⁹⁻]))?(?P<power>\^[-−–]?\d{{1,3}}|⁻?[⁰¹²³⁴-⁹]{{1,3}})?"
        rf"(?:[.,:][-–—]{{1,2}}(?!\d)|:(?P<past>\d\d)(?=[{_SPACE}]?{mark}))?"
        rf"(?:[{_SPACE}]?(?P<scale>(?i:{scale})|[kKmMB](?![\w²³]))\.?"
        rf"(?P<of>[{_SPACE}](?:de|di|of)(?=\s)|[{_SPACE}]d['’])?)?"
        rf"(?(before)(?:[{_SPACE}]?(?P<code>{mark})(?!\s?\d))?"
        rf"|(?:[{_SPACE}]?(?P<after>{mark})(?P<cents>(?<=[€£$])\d\d(?![\d.,]))?|[{_SPACE}]?(?P<minor>{_MINOR})|(?P<pence>p)(?!\w))?)"
    )


@lru_cache(maxsize=4096)
def amounts(words: str, language: str) -> tuple[Amount, ...]:
    """Every number of the words, in order."""
    found: list[Amount] = []
    for match in _pattern(language).finditer(words):
        amount = _amount(words, match, language)
        between = words[found[-1].end : match.start()] if found else " "
        if found and _goes_on(words, found[-1], amount, language):
            found[-1] = replace(amount, number=_sum(found[-1], amount), start=found[-1].start,
                                marked=amount.marked or found[-1].marked,
                                currency=amount.currency or found[-1].currency)  # fmt: skip
            continue
        joined = _TO.fullmatch(between) is not None or (not between and bool(match["sign"]))
        if joined:
            found[-1] = replace(found[-1], bounded=True)
            amount = replace(amount, bounded=True)
        found.append(amount)
    return tuple(found)


def _goes_on(words: str, before: Amount, amount: Amount, language: str) -> bool:
    """Whether an amount goes on with the smaller part of the number before it: 1万2000, 1만 5천."""
    scale = words[before.end - 1]
    if scale <= _UNSPACED or words[before.end : amount.start].strip(_SPACE) or not amount.number:
        return False
    return 0 < amount.number < Decimal(1).scaleb(_scales(language).get(scale, 0))


def _sum(one: Amount, other: Amount) -> Decimal | None:
    return None if one.number is None or other.number is None else one.number + other.number


def has_amount(words: str) -> bool:
    """Whether the words name an amount of money, its currency beside it."""
    return any(amount.marked for amount in amounts(words, ""))


def whole(words: str, part: str, language: str) -> str:
    """A part of some words, with the numbers that it cuts into taken whole: sign, thousands, currency and
    unit. Where one of them is but the end of a range, all the words."""
    start = words.find(part)
    if start < 0:
        return ""
    end = start + len(part)
    cut = [each for each in amounts(words, language) if each.start < end and start < each.end]
    if any(each.bounded for each in cut):
        return words
    ends = [end, *(max(each.end, each.until) for each in cut)]
    return words[min([start, *(each.start for each in cut)]) : max(ends)]


def number(words: str, language: str) -> Decimal | None:
    """The one number that the words hold in figures or, where there are none, in English words; of two that
    differ nobody can tell which is meant."""
    found = {amount.number for amount in amounts(words, language)}
    if not found and language[:2].lower() in ("", "en"):
        found = {Decimal(str(value)) for value in spelt_numbers(words)}
    return found.pop() if len(found) == 1 else None


def money(words: str, language: str) -> tuple[Decimal, str] | None:
    """The one price that the words name and its currency; a lone number where there is no currency at
    all and no measure. Ends of ranges are none; where prices begin is one where no other stands."""
    every = amounts(words, language)
    marked = [amount for amount in every if amount.marked]
    lone = [_priced(amount, words, language) for amount in every if not amount.until]
    whole = [each for each in marked or lone if not each.bounded]
    found = {(each.number, each.currency) for each in [e for e in whole if not e.least] or whole}
    if len(found) != 1:
        return None
    value, currency = found.pop()
    return None if value is None else (value, currency)


def _priced(amount: Amount, words: str, language: str) -> Amount:
    """A number without a currency as the price that it stands for."""
    match = _pattern(language).match(words, amount.start)
    if match is None:
        return amount
    value = _read(match["digits"], language, "", money=not _loose(match, words))
    value = None if value is None else _scaled(match, value, language)
    return replace(amount, number=value)


def _amount(words: str, match: re.Match[str], language: str) -> Amount:
    marks = [each for each in (match["code"], match["before"], match["after"]) if each]
    marks = [each for each in marks if is_mark(each, language) and not _weighs(each, match)]
    # A code says more than a sign: "$1,299.00 MXN".
    mark = next((each for each in marks if len(each) == 3 and each.isupper()), marks[0] if marks else "")
    grouped = "." if re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", match["digits"]) else ""
    currency = currency_of(mark, language, grouped=grouped) if mark else ""
    minor = match["minor"] or (match["pence"] if territory(language)[0] == "GB" else "")
    currency = minor_currency(minor, language) if minor else currency
    strict = bool(mark) and not _loose(match, words)
    # A mark of several countries groups as that of each does where no country is told.
    value = _read(match["digits"], language, currency, money=strict)
    value = None if value is None else _scaled(match, value, language, marked=bool(mark))
    cents = match["cents"] or match["past"]
    if value is not None and (minor or cents):
        value = value.scaleb(-2) if minor else value + Decimal(cents).scaleb(-2).copy_sign(value)
    before, end = words[max(0, match.start() - 40) : match.start()], match.end()
    least = _FROM.search(before) is not None or _ONWARDS.match(words, end) is not None
    by_unit = _buys_unit(before, language) or _is_of_unit(words, end, language)
    bounded = _PART.search(before) is not None or (least and _MONTHLY.match(words, end) is not None)
    bounded = bounded or _OFF.match(words, end) is not None
    least = least or (bool(mark or minor) and by_unit)
    unit = None if mark or minor else unit_pattern(language[:2]).match(words, end)
    return Amount(
        value, bool(mark or minor), currency, match.start(), end, bounded, least, unit.end() if unit else 0
    )


def _is_of_unit(words: str, end: int, language: str) -> bool:
    """Whether the price that ends there is one of a unit of measure; what is paid for a month or an hour is
    the price of what is sold, and so is what something is added to."""
    per = _MEASURED.match(words, end)
    unit = None if per is None else unit_pattern(language[:2]).match(words, per.end())
    return unit is not None and not _is_time(unit["unit"], language) and not _ADDED.match(words, unit.end())


def _buys_unit(before: str, language: str) -> bool:
    """The same of the price that stands after some words."""
    found = _BUYS.search(before)
    return found is not None and not _is_time(found["unit"], language)


def _is_time(name: str, language: str) -> bool:
    """Whether a unit of that name is a length of time."""
    unit = units(language[:2]).get(name.lower())
    return unit is not None and unit.dimension in ("time", "months")


def _weighs(mark: str, match: re.Match[str]) -> bool:
    """Whether pounds are a weight: of money one writes no tenths ("2.5 pounds")."""
    tenths = re.fullmatch(r"\d*\.\d", match["digits"]) is not None
    return tenths and not match["scale"] and mark.lower() in ("pound", "pounds")


def _loose(match: re.Match[str], words: str) -> bool:
    """Whether a price may have more digits after its mark than its currency has."""
    return bool(match["scale"]) or _EACH.match(words, match.end()) is not None


def _scaled(match: re.Match[str], value: Decimal, language: str, *, marked: bool = False) -> Decimal | None:
    """The number with all that stands at it: a fraction, a power, a scale, a sign."""
    if match["vulgar"]:
        value += Decimal(unicodedata.numeric(match["vulgar"])).quantize(Decimal("0.001"))
    if match["power"]:
        power = int(match["power"].removeprefix("^").translate(_RAISED))
        if match["ten"] or value == _TEN:
            value = value.scaleb(power) if match["ten"] else Decimal(1).scaleb(power)
        else:
            return None
    scale = (match["scale"] or "").lower()
    attached = match.start("scale") == match.end("digits")
    in_parts = not match["digits"].isdecimal()  # "2B" is a pencil, "1.2B" is not
    sure = attached and (scale not in ("m", "b") or match["scale"] == "M" or (scale == "b" and in_parts))
    power = _scales(language).get(scale, 0)
    if len(scale) <= _SHORT and scale.isascii() and not (marked or sure):
        # "Gleis 3 B" is a place, "1,2 M" and "2 M de" are not.
        tag = len(scale) == 1 and match["scale"].isupper() and not in_parts and not match["of"]
        power = 0 if attached or tag else compact(language).get(match["scale"] or "", 0)
    value = value.scaleb(power)
    return -value if match["sign"] or match["inner"] else value


def _read(written: str, language: str, currency: str, *, money: bool) -> Decimal | None:
    """The number that digits with marks between them are; None where they are none, or two."""
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in written.lstrip("-–—"))
    digits, _, power = digits.replace("٫", ".").replace("٬", "").partition("e" if "e" in digits else "E")
    spaced = re.search(rf"[{_SPACE}'’]", digits) is not None
    digits = re.sub(rf"[{_SPACE}'’]", "", digits)
    marks = [c for c in digits if c in ".,"]
    if not marks:
        point = ""
    elif spaced or digits[0] in ".,":
        point = marks[-1]
    elif len(set(marks)) == 2:
        point = marks[-1]
        if marks.count(point) > 1 or not _grouped(digits[: digits.rfind(point)]):
            return None
    elif len(marks) > 1:
        if not _grouped(digits):
            return None
        point = ""
    else:
        decided = _point(digits, marks[0], language, currency, money=money)
        if decided is None:
            return None
        point = decided
    whole = "".join(c if c.isdigit() else "." if c == point else "" for c in digits)
    return Decimal(f"{whole}e{power}" if power else whole)


def _grouped(digits: str) -> bool:
    """Whether marks stand between thousands, or as in India between lakhs."""
    groups: Sequence[str] = re.split(r"[.,]", digits)
    sizes = [len(group) for group in groups]
    if sizes[-1] != 3 or not 1 <= sizes[0] <= 3:
        return len(sizes) == 1
    return all(size == 3 for size in sizes[1:]) or (sizes[0] <= 2 and all(size == 2 for size in sizes[1:-1]))


def _point(digits: str, mark: str, language: str, currency: str, *, money: bool) -> str | None:
    """The mark where it begins a fraction, empty where it groups; None where nobody can tell."""
    head, tail = digits.split(mark)
    said = decimal_mark(language)
    groups = len(tail) == 3 and 1 <= len(head) <= 3 and head[0] != "0"
    if not groups:
        # A price has no four digits after its mark: "2.87920" had its cents above the line.
        many = len(tail) > max(2, fraction_digits(currency))
        return None if money and many and head.strip("0") else mark
    if said and mark != said:
        # Tunisia writes its thousandths with either mark.
        return None if mark == "." and currency and fraction_digits(currency) == 3 else ""
    if not money:
        return mark if said else "" if mark == "," else None
    if currency and fraction_digits(currency) == 3:
        return mark
    home = home_marks(currency) if currency else frozenset()
    if home and mark not in home:
        return ""
    return "" if not said and (currency == "" or len(home) != 1) else None
