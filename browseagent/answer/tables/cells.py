"""What number, date, length of time or score a table cell holds, and its words as they are compared.

A cell may hold several ("12 (3)", "8 October 2010"); a :class:`Value` keeps each reading, and the column that
it stands in decides which of them counts. :mod:`browseagent.answer.values` reads numbers and money.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from browseagent.answer.values import amounts, full_year, measures

Date = tuple[int, int, int]
"""Year, month, day; 0 where not told."""
DAYS = 372.0
"""Of a year in :func:`sort_key`: twelve months of 31."""

_NOTE = re.compile(r"\s*\[(?:note\s*)?\w{1,3}\]|[†‡§¶]|(?<=\w)\*+|\*+(?=\w)", re.I)
_TOKEN = re.compile(r"\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?(?:st|nd|rd|th)?\b|\w+")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<m>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_YEAR = r"(?P<y>(?:1[0-9]|20)\d\d)"
_DAY = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_DATES = tuple(
    re.compile(pattern, re.I)
    for pattern in (
        rf"\b{_YEAR}[-/.](?P<n>\d\d?)[-/.](?P<d>\d\d?)\b",
        rf"\b{_DAY}(?: of)?[ -]{_MONTH}(?:,?[ -]+{_YEAR})?",
        rf"\b{_MONTH},?(?: of)? {_YEAR}\b",
        rf"\b{_MONTH} ?{_DAY}\b(?:,? *{_YEAR})?",
        rf"\b(?P<a>\d\d?)(?P<mark>[-/.])(?P<b>\d\d?)[-/.]{_YEAR}\b",
        r"(?<![\d/])(?P<a>\d\d?)(?P<mark>/)(?P<b>\d\d?)/(?P<short>\d\d)(?![\d/])",
        r"(?<![\w.-])(?P<a>\d\d)(?P<mark>[.-])(?P<b>\d\d)(?P=mark)(?P<short>\d\d)(?![\w.-])",
        rf"\b{_MONTH}",
    )
)
_NUMERIC = tuple(pattern for pattern in _DATES if "a" in pattern.groupindex)
_YEAR_MONTHS = 12
_YEARS = re.compile(
    r"(?<![\d.,$€£-])(?P<y>(?:1[0-9]|20)\d\d)(?:(?P<decade>s\b)|\s?[–—/-]\s?(?:(?P<y2>(?:1[0-9]|20)\d\d)|(?P<short>\d\d))(?!\d))?"
    r"(?![\d%]|[.,]\d)"
)
_CLOCK = re.compile(r"(?<![\d:])(\d{1,3}):(\d\d)(?::(\d\d))?(\.\d+)?(?!:?\d)(?:\s?([ap])\.?m\b)?", re.I)
_HOUR = re.compile(r"\b(\d{1,2})\s?([ap])\.?m\b", re.I)
_SECONDS = {"h": 3600, "hr": 3600, "hour": 3600, "m": 60, "min": 60, "minute": 60, "s": 1, "sec": 1,
            "second": 1, "ms": 0.001, "millisecond": 0.001, "day": 86400, "d": 86400, "week": 604800,
            "w": 604800, "month": 2629800, "mo": 2629800, "year": 31557600, "y": 31557600}  # fmt: skip
_LASTING = re.compile(
    r"(\d+(?:,\d{3})*(?:\.\d+)?)[\s-]?(h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?|ms|milliseconds?|days?|weeks?|months?|years?)\b",
    re.I,
)
_LATELY = {"just now": 0.0, "today": 0.0, "yesterday": 86400.0}
AGO = re.compile(
    r"\b(\d+|an?) ?"
    r"(h|hrs?|hours?|m|mins?|minutes?|s|secs?|seconds?|d|days?|w|weeks?|mo|months?|y|years?) ago\b|"
    r"\b(just now|today|yesterday)\b",
    re.I,
)
_SCORE = re.compile(r"(?<![\d.–-])(\d{1,3})\s?[–—-]\s?(\d{1,3})(?![\d.]|[–-]\d)")
_ORDINAL = re.compile(r"^\W*\d{1,4}(?:st|nd|rd|th)\b", re.I)
_LEAD = re.compile(r"^[^\d]{0,4}\d")


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
    ago: float | None = None
    """How long ago, in seconds, where it is told from the moment of reading."""


@dataclass(frozen=True, slots=True)
class Dated:
    """A date, a month, a year or a span of them, and where in the words it stands."""

    date: Date
    until: Date | None
    start: int
    end: int


def value_of(text: str, language: str = "en", *, day_first: bool = False) -> Value:
    """The typed readings of a cell's text, in the language that the page is written in. ``day_first``: how a
    date in three numbers is read that has no number above twelve."""
    plain = " ".join(_NOTE.sub("", text).split())
    dates = dates_in(plain, day_first=day_first)
    date = dates[0].date if dates else None
    ago = _ago(plain)
    if not any(character.isdigit() for character in plain):
        return Value(plain, date=date if len(plain) < 20 else None, ago=ago)
    until = (
        dates[0].until or (dates[1].date if len(dates) > 1 and date and date[1] else None) if dates else None
    )
    found = amounts(plain, language)
    money = bool(found) and found[0].marked
    # "$190-230" and "5-22 lbs" are ranges
    score = None if money or measures(plain, language) else _SCORE.search(plain)
    return Value(
        plain,
        number=float(found[0].number) if found and found[0].number is not None else None,
        date=date,
        until=until,
        seconds=None if money else seconds_of(plain),
        score=(float(score[1]), float(score[2])) if score else None,
        ordinal=bool(_ORDINAL.match(plain)),
        leads=bool(_LEAD.match(plain)),
        money=money,
        ago=ago,
    )


def _ago(text: str) -> float | None:
    match = AGO.search(text)
    if match is None:
        return None
    if match[3]:
        return _LATELY[match[3].lower()]
    return (float(match[1]) if match[1][0].isdigit() else 1.0) * _SECONDS[_unit(match[2])]


def _unit(written: str) -> str:
    return "ms" if written.lower() == "ms" else written.lower().rstrip("s") or "s"


def is_day_first(texts: Iterable[str]) -> bool:
    """Whether dates in three numbers that are written alike begin with the day: one of them has a number
    above twelve there, and none in the second place."""
    numbers = [
        (int(match["a"]), int(match["b"]))
        for text in texts
        for pattern in _NUMERIC
        for match in pattern.finditer(text)
    ]
    return any(first > _YEAR_MONTHS for first, _ in numbers) and all(
        second <= _YEAR_MONTHS for _, second in numbers
    )


@lru_cache(maxsize=65536)
def dates_in(text: str, *, day_first: bool = False) -> tuple[Dated, ...]:
    """The dates of a text, in the first of the ways to write them in which it has any. Kept, as a listed cell
    is looked at when it is cut into parts and when it is read."""
    for pattern in _DATES:
        found = tuple(
            Dated(date, None, *match.span())
            for match in pattern.finditer(text)
            if (date := _date(match, day_first=day_first))
        )
        if found:
            return found
    return tuple(Dated((int(m["y"]), 0, 0), _span_end(m), *m.span()) for m in _YEARS.finditer(text))


def _date(match: re.Match[str], *, day_first: bool) -> Date | None:
    part = match.groupdict()
    year, month, day = int(part.get("y") or 0), int(part.get("n") or 0), int(part.get("d") or 0)
    if part.get("short"):
        year = full_year(int(part["short"]))
    if name := part.get("m"):
        if name in ("may", "mar", "march") and not (year or day):
            return None  # a verb
        month = _MONTHS.index(name[:3].lower()) + 1
    if part.get("a"):
        first, second = int(part["a"]), int(part["b"])
        by_day = first > _YEAR_MONTHS or ((day_first or part["mark"] == ".") and second <= _YEAR_MONTHS)
        month, day = (second, first) if by_day else (first, second)
    return (year, month, day) if month <= _YEAR_MONTHS and day <= 31 else None


def _span_end(match: re.Match[str]) -> Date | None:
    start = int(match["y"])
    if match["decade"]:
        return (start + 9, 0, 0)
    end = int(match["y2"] or 0) or (start // 100 * 100 + int(match["short"]) if match["short"] else 0)
    if end and end < start:
        end += 100
    return (end, 0, 0) if end and end - start <= 99 else None


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
    if not parts or (len(parts) == 1 and parts[0][1].lower() == "m"):
        return None  # "1.84 m" is a length
    return sum(float(n.replace(",", "")) * _SECONDS[_unit(unit)] for n, unit in parts)


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
    return year * DAYS + max(month - 1, 0) * 31 + max(day - 1, 0)


def written(number: float, seconds: bool = False) -> str:
    """A computed number as it is written in an answer: whole where it is, else to two places or as many
    as matter; a minute or more of ``seconds`` with colons."""
    if not seconds or number < 60:
        whole = abs(number - round(number)) < 1e-9
        return str(round(number)) if whole else f"{number:.4f}".rstrip("0").rstrip(".")
    hours, rest = divmod(number + 1e-9, 3600)
    minutes, left = divmod(rest, 60)
    second = f"{int(left * 100 + 0.5) / 100:05.2f}".removesuffix(".00")
    return f"{hours:.0f}:{minutes:02.0f}:{second}" if hours else f"{minutes:.0f}:{second}"
