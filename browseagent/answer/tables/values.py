"""Typed values: what number, date, length of time or score a table cell holds.

A cell may hold several ("12 (3)", "8 October 2010"); a :class:`Value` keeps each reading, and the column
that it stands in decides which of them counts.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_NOTE = re.compile(r"\s*\[(?:note\s*)?\w{1,3}\]|[†‡§¶]|(?<=\w)\*+|\*+(?=\w)", re.I)
_TOKEN = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:st|nd|rd|th)?\b|\w+")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"((?:1[0-9]|20)\d\d)"
_DAY_FIRST = re.compile(rf"\b(\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ -]{_MONTH}(?:,?[ -]+{_YEAR})?", re.I)
_MONTH_FIRST = re.compile(rf"\b{_MONTH} ?(\d{{1,2}})?(?:st|nd|rd|th)?\b(?:,? *{_YEAR})?", re.I)
_MONTH_YEAR = re.compile(rf"\b{_MONTH},?(?: of)? {_YEAR}\b", re.I)
_ISO = re.compile(r"\b((?:1[0-9]|20)\d\d)[-/.](\d{1,2})[-/.](\d{1,2})\b")
_NUMERIC_DATE = re.compile(rf"\b(\d{{1,2}})[-/.](\d{{1,2}})[-/.]{_YEAR}\b")
_YEARS = re.compile(rf"(?<![\d.,$€£]){_YEAR}(?:\s?[–—/-]\s?(?:{_YEAR}|(\d\d))(?!\d))?(?![\d%]|[.,]\d)")
_CLOCK = re.compile(r"(?<![\d:])(\d{1,3}):(\d\d)(?::(\d\d))?(\.\d+)?(?!:?\d)(?:\s?([ap])\.?m\b)?", re.I)
_HOUR = re.compile(r"\b(\d{1,2})\s?([ap])\.?m\b", re.I)
_UNIT_SECONDS = {"h": 3600, "hr": 3600, "hour": 3600, "m": 60, "min": 60, "minute": 60, "s": 1, "sec": 1,
                 "second": 1, "day": 86400, "week": 604800, "month": 2629800, "year": 31557600}  # fmt: skip
_LASTING = re.compile(
    r"(\d+(?:,\d{3})*(?:\.\d+)?)\s?(h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?|days?|weeks?|months?|years?)\b",
    re.I,
)
_SCORE = re.compile(r"(?<![\d.–-])(\d{1,3})\s?[–—-]\s?(\d{1,3})(?![\d.]|[–-]\d)")
_NUMBER = re.compile(
    r"(?<![\w.])([-−–+]?)\s?([$€£¥₹]?)\s?(\d+(?:,\d{3})+(?:\.\d+)?|\d+,\d{1,2}(?!\d)|\d*\.?\d+)"
    r"(?:\s?(million|billion|thousand|bn)\b)?"
)
_SCALE = {"thousand": 1e3, "million": 1e6, "billion": 1e9, "bn": 1e9}
_ORDINAL = re.compile(r"^\W*\d{1,4}(?:st|nd|rd|th)\b", re.I)
_LEAD = re.compile(r"^[^\d]{0,4}\d")

Date = tuple[int, int, int]
"""Year, month, day; 0 where not told."""


@dataclass(frozen=True, slots=True)
class Value:
    """What one cell holds. Everything but the text may be missing."""

    text: str
    """The cell's words, white space folded, footnote marks dropped."""
    number: float | None = None
    """Its first number."""
    date: Date | None = None
    until: Date | None = None
    """The end of a span of years or dates."""
    seconds: float | None = None
    """A length of time, or the time of day after midnight."""
    score: tuple[float, float] | None = None
    ordinal: bool = False
    leads: bool = False
    """Whether it begins with its number: "12 (3)", "$5", not "Version 5"."""
    money: bool = False


def value_of(text: str) -> Value:
    """The typed readings of a cell's text."""
    plain = " ".join(_NOTE.sub("", text).split())
    if not any(character.isdigit() for character in plain):
        if len(plain) < 20 and (named := _MONTH_FIRST.fullmatch(plain)):
            return Value(plain, date=(0, month_number(named[1]), 0))
        return Value(plain)
    date, until = dates_of(plain)
    number, money = _number(plain)
    score = _SCORE.search(plain)
    return Value(
        plain,
        number=number,
        date=date,
        until=until,
        seconds=seconds_of(plain),
        score=(float(score[1]), float(score[2])) if score else None,
        ordinal=bool(_ORDINAL.match(plain)),
        leads=bool(_LEAD.match(plain)),
        money=money,
    )


def _number(text: str) -> tuple[float | None, bool]:
    match = _NUMBER.search(text)
    if match is None:
        return None, False
    digits = match[3]
    if re.fullmatch(r"\d+,\d{1,2}", digits):
        digits = digits.replace(",", ".")
    number = float(digits.replace(",", "")) * _SCALE.get(match[4] or "", 1.0)
    # A dash is a minus only at the start: in "May 3 – 5" it joins.
    negative = match[1] in ("-", "−", "–") and match.start() == 0
    return -number if negative else number, bool(match[2])


def month_number(name: str) -> int:
    """1 to 12 for a month's name or its abbreviation."""
    return _MONTHS.index(name[:3].lower()) + 1


def dates_of(text: str) -> tuple[Date | None, Date | None]:
    """The first date of a text, and the end of the span where it names one."""
    if match := _ISO.search(text):
        return (int(match[1]), int(match[2]), int(match[3])), None
    found = [
        (int(m[3] or 0), month_number(m[2]), int(m[1])) for m in _DAY_FIRST.finditer(text) if int(m[1]) <= 31
    ]
    if not found:
        found = [(int(m[2]), month_number(m[1]), 0) for m in _MONTH_YEAR.finditer(text)]
    if not found:
        found = [
            (int(m[3] or 0), month_number(m[1]), int(m[2] or 0))
            for m in _MONTH_FIRST.finditer(text)
            if m[2] or m[3]
        ]
    if not found and (match := _NUMERIC_DATE.search(text)):
        first, second = int(match[1]), int(match[2])
        day_first = first > 12 or "." in match.group()
        month, day = (second, first) if day_first else (first, second)
        found = [(int(match[3]), min(month, 12), day)]
    if found:
        return found[0], found[1] if len(found) > 1 else None
    if match := _YEARS.search(text):
        start = int(match[1])
        end = int(match[2]) if match[2] else start // 100 * 100 + int(match[3]) if match[3] else None
        if end is not None and end < start:
            end += 100
        return (start, 0, 0), None if end is None or end - start > 99 else (end, 0, 0)
    return None, None


def seconds_of(text: str) -> float | None:
    """A length of time or time of day in seconds, or None."""
    if match := _CLOCK.search(text):
        first, second, third = int(match[1]), int(match[2]), match[3]
        total = first * 3600.0 + second * 60 + int(third) if third else first * 60.0 + second
        if match[5]:
            total = (first % 12 + 12 * (match[5].lower() == "p")) * 3600.0 + second * 60
        return total + float(match[4] or 0)
    if match := _HOUR.search(text):
        return (int(match[1]) % 12 + 12 * (match[2].lower() == "p")) * 3600.0
    parts = _LASTING.findall(text)
    if not parts or (len(parts) == 1 and parts[0][1] == "m"):
        return None  # "1.84 m" is a length
    return sum(
        float(n.replace(",", "")) * _UNIT_SECONDS[unit.lower().rstrip("s") or "s"] for n, unit in parts
    )


@lru_cache(maxsize=65536)
def tokens(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared: lower case, accents and possessives dropped, numbers
    without their commas."""
    return tuple(token for token, _, _ in spans(text))


def spans(text: str) -> list[tuple[str, int, int]]:
    """:func:`tokens` with the place of each in the folded text (:func:`folded`)."""
    return [(m.group().replace(",", ""), m.start(), m.end()) for m in _TOKEN.finditer(folded(text))]


def folded(text: str) -> str:
    """Lower case, compatibility forms and accents folded, possessives dropped."""
    text = unicodedata.normalize("NFKD", text.replace("’", "'")).lower()
    if not text.isascii():
        text = "".join(c for c in text if not unicodedata.combining(c))
    return re.sub(r"(?<=\w)'s\b", "", text)


def sort_key(date: Date) -> float:
    """A number that orders dates; those without a year among themselves."""
    year, month, day = date
    return year * 372.0 + max(month - 1, 0) * 31 + max(day - 1, 0)


def written(number: float) -> str:
    """A computed number as it is written in an answer: whole where it is, else to two places or as many
    as matter."""
    if abs(number - round(number)) < 1e-9:
        return str(round(number))
    return f"{number:.4f}".rstrip("0").rstrip(".")
