"""Numbers, dates and comparisons in the words of a question."""

from __future__ import annotations

import re
from dataclasses import dataclass

from browseagent.answer.tables.values import Date, dates_of, month_number, seconds_of
from browseagent.answer.tables.vocabulary import NUMBERS, ORDINALS

Offsets = list[tuple[int, int]]

_DIGITS = re.compile(
    r"(?<![\w.:])[$€£¥]?(\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(st|nd|rd|th)?(?![\w:])(\s(?:million|billion|thousand))?"
)
_SCALE = {"million": 1e6, "billion": 1e9, "thousand": 1e3}
_WORDS = re.compile(r"\b(" + "|".join([*NUMBERS, *ORDINALS]) + r")\b")
_TIMES = re.compile(r"(?<![\d:])\d{1,3}:\d\d(?::\d\d)?(?:\.\d+)?(?:\s?[ap]\.?m\b)?|\b\d{1,2}\s?[ap]\.?m\b|"
                    r"\b\d+(?:\.\d+)? (?:hours?|minutes?|mins?|seconds?)\b")  # fmt: skip
_MONTH_NAME = (
    r"(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug"
    r"|sept?|oct|nov|dec)"
)
_MOMENT = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH_NAME}\b\.?(?:,? \d{{4}})?"
    rf"|\b{_MONTH_NAME}\b\.?(?: \d{{1,2}}(?:st|nd|rd|th)?\b)?(?:,? \d{{4}}\b)?"
    r"|\b\d{4}-\d{1,2}-\d{1,2}\b|\b\d{1,2}[-/]\d{1,2}[-/]\d{4}\b|(?<![\d,.$-])(?:1[0-9]|20)\d\d(?:s\b|(?:[-–/](?:(?:1[0-9]|20)\d\d|\d\d))?(?![\d,%]))"
)
_GREATER = r"(?:more|greater|higher|larger|longer|bigger|taller|heavier|older|faster|later|better)"
_FEWER = r"(?:less|fewer|lower|smaller|shorter|lighter|younger|slower|earlier|worse)"
_BEFORE_NUMBER: tuple[tuple[str, str], ...] = (
    (">=", r"(?:at least|at lease|no (?:less|fewer|lower) than|not less than|a minimum of|minimum of)"),
    ("<=", r"(?:at most|no (?:more|greater|higher) than|not more than|up to|a maximum of|within)"),
    (">", rf"(?:{_GREATER} th[ae]n|over|above|exceed(?:s|ed|ing)?|past|upwards of|beyond)"),
    ("<", rf"(?:{_FEWER} th(?:an|at|en)|under|below|beneath)"),
    ("<=", r"(?:until|through)"),
    (">=", r"(?:since|starting (?:in|from))"),
    ("<", r"(?:before|prior to|previous to|preceding|earlier than)"),
    (">", r"(?:after|following|later than)"),
)  # fmt: skip
_AFTER_NUMBER = (
    (
        ">=",
        r"or (?:more|higher|greater|better|above|over|longer|later|older)\b|and (?:over|above|up)\b|plus\b",
    ),
    ("<=", r"or (?:less|fewer|lower|under|below|earlier|worse)\b|and (?:under|below)\b"),
)
_BEFORE = tuple(
    (sign, re.compile(pattern + r"\s+(?:the |an? |about |year |of |\$)?(?:the )?(?:year )?$"))
    for sign, pattern in _BEFORE_NUMBER
)
_AFTER = tuple((sign, re.compile(r"(?:\s\w+){0,2}?\s" + pattern)) for sign, pattern in _AFTER_NUMBER)
_BETWEEN = re.compile(r"\b(?:between|from)\s+(?:the )?(?:years )?$")
_JOIN = re.compile(r"^\s*(?:\w+ )?(?:and|to|-|–|until|through)\s+(?:the )?$")


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a question and the words (a mask) that it was read from."""

    number: float
    words: int
    ordinal: bool = False
    seconds: bool = False
    """Whether it is a length or time of day in seconds."""
    spelt: bool = False


@dataclass(frozen=True, slots=True)
class Moment:
    """A date, a month, a year or a span of years in a question."""

    start: Date
    end: Date | None
    words: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """ "More than 5", "before 2004", "between 10 and 20". Bounds are numbers, seconds or dates."""

    sign: str
    """<, <=, >, >= or between."""
    low: Quantity | Moment
    high: Quantity | Moment | None
    words: int


def _words(offsets: Offsets, start: int, end: int) -> int:
    mask = 0
    for index, (left, right) in enumerate(offsets):
        if left < end and right > start:
            mask |= 1 << index
    return mask


def quantities(plain: str, offsets: Offsets) -> tuple[Quantity, ...]:
    """The numbers of a folded question, in digits or in words."""
    found: list[Quantity] = []
    taken = 0
    for match in _TIMES.finditer(plain):
        seconds = seconds_of(match.group())
        if seconds is not None:
            mask = _words(offsets, *match.span())
            found.append(Quantity(seconds, mask, seconds=True))
            taken |= mask if ":" in match.group() else 0
    for match in _DIGITS.finditer(plain):
        mask = _words(offsets, *match.span())
        if not mask & taken:
            number = float(match[1].replace(",", "")) * _SCALE.get((match[3] or "").strip(), 1.0)
            found.append(Quantity(number, mask, ordinal=bool(match[2])))
    for match in _WORDS.finditer(plain):
        word = match.group()
        number = float(NUMBERS.get(word, ORDINALS.get(word, 0)))
        found.append(Quantity(number, _words(offsets, *match.span()), ordinal=word in ORDINALS, spelt=True))
    return tuple(found)


def moments(plain: str, offsets: Offsets) -> tuple[Moment, ...]:
    """The dates of a folded question."""
    found = []
    for match in _MOMENT.finditer(plain):
        said = match.group()
        mask = _words(offsets, *match.span())
        if said.rstrip(".") in ("may", "mar", "march"):
            continue
        if re.fullmatch(r"\d{3}0s", said):
            year = int(said[:4])
            found.append(Moment((year, 0, 0), (year + 9, 0, 0), mask))
            continue
        start, end = dates_of(said)
        if start is None and said[:3].isalpha():
            start = (0, month_number(said), 0)
        if start is not None:
            found.append(Moment(start, end, mask))
    return tuple(found)


def comparisons(
    plain: str, offsets: Offsets, numbers: tuple[Quantity, ...], times: tuple[Moment, ...]
) -> tuple[Comparison, ...]:
    """What the question compares with a number or a date of its own."""
    places: list[tuple[int, int, Quantity | Moment]] = []
    bounds: list[Quantity | Moment] = [*numbers, *times]
    for bound in bounds:
        inside = [index for index in range(len(offsets)) if bound.words >> index & 1]
        places.append((offsets[inside[0]][0], offsets[inside[-1]][1], bound))
    places.sort(key=lambda place: place[:2])
    found: list[Comparison] = []
    for start, end, bound in places:
        before = plain[:start].rstrip("$€£ ") + " "
        if _BETWEEN.search(before):
            for other, stop, high in places:
                if other > end - 1 and type(high) is type(bound) and _JOIN.match(plain[end:other]):
                    found.append(Comparison("between", bound, high, _words(offsets, start, stop)))
                    break
        for sign, pattern in _BEFORE:
            if match := pattern.search(before):
                words = _words(offsets, match.start(), end)
                found.append(Comparison(sign, bound, None, words))
                break
        for sign, pattern in _AFTER:
            if match := pattern.match(plain, end):
                found.append(Comparison(sign, bound, None, _words(offsets, start, match.end())))
                break
    return tuple(found)
