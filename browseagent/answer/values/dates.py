"""Dates in words, by CLDR's names of months and the order in which a language writes day and month. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from browseagent.answer.values.locales import locale_of

_TOLD_BY_NONE = ("de", "fr", "es")
"""Languages whose months are known too where a page does not tell its language."""
_VERBS = ("may", "march")
"""Names of months that mean something else in small letters before a number."""
_ERAS = {"令和": 2018, "平成": 1988, "昭和": 1925, "大正": 1911, "明治": 1867, "民國": 1911, "民国": 1911}
"""The year before the first of each era by which Japan and Taiwan count years."""
_BUDDHIST, _SINCE = 543, 2400
"""By how much the years of Thailand's calendar are ahead, and from which year on one is of that calendar."""
_CENTURY = 69
"""The first two digits of a year that are of the 20th century."""
_ORDINAL = r"(?:st|nd|rd|th|er|[.ºª])?"
_OF = r"(?:of |de |d['’]|ב)?"


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is told, and where in the words it stands."""

    year: int
    """0 where it is not told; so are the others."""
    month: int
    day: int
    start: int
    end: int


@lru_cache(maxsize=32)
def months(language: str) -> Mapping[str, int]:
    """The number of each month's name and abbreviation, in lower case without a point: those of the page's
    language, and the English ones."""
    languages = (language, "en", "en-GB", *(() if locale_of(language) else _TOLD_BY_NONE))
    found: dict[str, int] = {}
    for locale in filter(None, map(locale_of, languages)):
        for context in locale.months.values():
            for width in ("wide", "abbreviated"):
                for number, name in context.get(width, {}).items():
                    plain = str(name).lower().rstrip(".")
                    if not any(c.isdigit() for c in plain):
                        found.setdefault(plain, int(number))
    return found


@lru_cache(maxsize=32)
def weekdays(language: str) -> Mapping[str, int]:
    """The number of each day of the week, Monday 0, by its name and abbreviation, as for :func:`months`."""
    found: dict[str, int] = {}
    for locale in filter(None, map(locale_of, (language, "en"))):
        for context in locale.days.values():
            for width in ("wide", "abbreviated"):
                for number, name in context.get(width, {}).items():
                    found.setdefault(str(name).lower().rstrip("."), int(number))
    return found


@lru_cache(maxsize=32)
def month_pattern(language: str) -> str:
    """A regular expression of a month's name; for letters of either case."""
    return "|".join(map(re.escape, sorted(months(language), key=len, reverse=True)))


@lru_cache(maxsize=32)
def _patterns(language: str) -> tuple[re.Pattern[str], ...]:
    month = rf"(?P<name>{month_pattern(language)})(?!\w)\.?"
    year = r"(?:,?\s+(?:de |del |of )?(?P<y>\d{4})(?!\w|[.,]\d))?"
    until = r"\s?(?:[-–—/&]|(?:to|and|or|bis|und|au|et|al|y)(?!\w))\s?"
    return (
        re.compile(r"(?<![\d.-])(?P<y>\d{4})(?P<s>[-/]|\.\s?)(?P<m>\d\d?)(?P=s)(?P<d>\d\d?)(?!\d|[-/.]\d)"),
        re.compile(r"(?<!\d)(?P<d>\d{1,2})\s+tháng\s+(?P<m>\d{1,2})(?!\d)(?:,?\s+năm\s+(?P<y>\d{4}))?", re.I),
        re.compile(r"(?P<y>\d{4})\s?[年년]\s?(?P<m>\d{1,2})\s?[月월](?:\s?(?P<d>\d{1,2})\s?[日일号])?"),
        re.compile(
            rf"(?:(?P<era>{'|'.join(_ERAS)})\s?(?P<since>\d{{1,3}}|元)\s?年\s?|(?<![\d年년])(?<![年년]\s))"
            r"(?P<m>\d{1,2})\s?[月월]\s?(?:(?P<first>\d{1,2})\s?[日일号]?\s?(?:から|[-–~〜～至到])\s?)?"
            r"(?P<d>\d{1,2})\s?[日일号]"
        ),
        re.compile(
            rf"(?<![\w.,:])(?:(?P<first>\d{{1,2}}){_ORDINAL}{until})?(?P<d>\d{{1,2}}){_ORDINAL}[\s-]+{_OF}{month}"
            rf"(?:-(?P<y2>\d{{4}})(?!\w)|{year})",
            re.I,
        ),
        re.compile(
            rf"(?<!\w)(?:(?P<y3>\d{{4}})[.,]?\s+(?:m\.\s+)?)?{month}[\s-]+(?:(?P<first>\d{{1,2}}){_ORDINAL}{until})?(?P<d>\d{{1,2}}){_ORDINAL}(?![\w:]|[.,]\d)(?:-(?P<y2>\d{{4}})(?!\w)|{year})",
            re.I,
        ),
        re.compile(rf"(?<!\w)(?<!\d[ -])(?<!\d\. ){month},?[\s-]+{_OF}(?P<y>\d{{4}})(?!\w|[.,]\d)", re.I),
        re.compile(
            r"(?<![\d./-])(?P<a>\d{1,2})(?P<s>[/-]|\.\s?)(?P<b>\d{1,2})(?P=s)(?P<y>\d{4})(?!\d|[./-]\d)"
        ),
        *_short_years(language),
    )


def _short_years(language: str) -> Iterator[re.Pattern[str]]:
    """Dates with two digits of the year, as the language's own short form has them: 06.05.26. Where that has
    dashes there are none: 06-12-34 is a telephone number as well."""
    locale = locale_of(language)
    form = "" if locale is None else str(locale.date_formats["short"].pattern)
    found = re.fullmatch(r"[dM]{1,2}([./])[dM]{1,2}\1y{1,2}", form)
    if found is not None:
        mark = re.escape(found[1])
        yield re.compile(rf"(?<![\d./-])(?P<a>\d\d)(?P<s>{mark})(?P<b>\d\d){mark}(?P<yy>\d\d)(?!\w|[./-]\d)")


@lru_cache(maxsize=4096)
def days(words: str, language: str) -> tuple[Day, ...]:
    """Every day and month that the words name, in order; of "12 to 14 June" both. What is a date of no
    calendar is none; where day and month may be either way, both are 0."""
    found: list[Day] = []
    if not any(character.isdigit() for character in words):
        return ()
    taken = bytearray(len(words))
    for pattern in _patterns(language):
        for match in pattern.finditer(words):
            if not any(taken[match.start() : match.end()]):
                for each in _read(match, language):
                    found.append(each)
                    taken[each.start : each.end] = b"\1" * (each.end - each.start)
    return tuple(sorted(found, key=lambda each: each.start))


def _read(match: re.Match[str], language: str) -> list[Day]:
    part = match.groupdict()
    year = int(part.get("y") or part.get("y2") or part.get("y3") or 0)
    if part.get("yy"):
        year = full_year(int(part["yy"]))
    if part.get("era"):
        year = _ERAS[part["era"]] + (1 if part["since"] == "元" else int(part["since"]))
    if year > _SINCE and language[:2] == "th":
        year -= _BUDDHIST
    day, month = int(part.get("d") or 0), int(part.get("m") or 0)
    if part.get("name"):
        month = months(language)[part["name"].lower()]
        if part["name"] in _VERBS and not year and match.start("name") < match.start("d"):
            return []
    if part.get("a"):
        day, month = _ordered(int(part["a"]), int(part["b"]), part["s"].strip(), language)
        if not day:
            return [Day(year, 0, 0, *match.span())]
    if not part.get("first"):
        return [Day(year, month, day, *match.span())] if _exists(year, month, day) else []
    other = int(part["first"])
    if not (_exists(year, month, day) and _exists(year, month, other)):
        return []
    here = Day(year, month, other, match.start(), match.end("first"))
    return [here, Day(year, month, day, match.start("d"), match.end())]


def full_year(short: int) -> int:
    """The year that two digits stand for: of 1969 to 2068, by POSIX."""
    return short + (1900 if short >= _CENTURY else 2000)


def _ordered(first: int, second: int, mark: str, language: str) -> tuple[int, int]:
    """Day and month; 0 and 0 where nobody can tell."""
    if second > 12:
        return second, first
    locale = locale_of(language)
    told = locale is not None and (str(locale) != "en")  # English of no country is written both ways
    if first > 12 or mark == "." or first == second:
        return first, second
    if not told or locale is None:
        return 0, 0
    pattern = str(locale.date_formats["short"].pattern)
    return (second, first) if pattern.find("M") < pattern.find("d") else (first, second)


def _exists(year: int, month: int, day: int) -> bool:
    try:
        date(year or 2000, month, day or 1)  # of no year: a leap year's
    except ValueError:
        return False
    return True


def date_span(words: str, language: str) -> tuple[int, int] | None:
    """Where the words name a day, as :func:`days` reads them; None where they do not."""
    found = next((each for each in days(words, language) if each.day), None)
    return None if found is None else (found.start, found.end)


def one_day(words: str, language: str, today: date) -> date | None:
    """The one day that the words name; None where they name none, or several. One without a year is the
    nearest to ``today``."""
    found = {_nearest(each, today) for each in days(words, language) if each.day or not each.month}
    return found.pop() if len(found) == 1 else None


def _nearest(day: Day, today: date) -> date | None:
    if not day.day:
        return None
    years = [day.year] if day.year else [today.year - 1, today.year, today.year + 1]
    dates = [date(year, day.month, day.day) for year in years if _exists(year, day.month, day.day)]
    return min(dates, key=lambda each: abs(each - today), default=None)
