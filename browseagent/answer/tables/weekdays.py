"""Days of the week that a header or a cell stands for: "Monday to Friday" is also Tuesday's column."""

from __future__ import annotations

import re

from browseagent.answer.lexical import stem

_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_NAME = r"(mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*day)?s?\b\.?"
_RANGE = re.compile(rf"\b{_NAME}\s?(?:to|until|through|-|–|—)\s?{_NAME}", re.I)
_SINGLE = re.compile(rf"\b{_NAME}", re.I)
_SPANS = (
    ("weekend", (5, 6)),
    ("weekday", (0, 4)),
    ("working day", (0, 4)),
    ("every day", (0, 6)),
    ("daily", (0, 6)),
)


def days_of(text: str) -> frozenset[str]:
    """The stems of the days that a text names or spans; empty where it speaks of none."""
    if len(text) > 60 or not ("day" in text.lower() or "week" in text.lower() or _RANGE.search(text)):
        return frozenset()
    found: set[int] = set()
    for first, last in _RANGE.findall(text):
        start, end = _number(first), _number(last)
        found.update(day % 7 for day in range(start, (end if end >= start else end + 7) + 1))
    found.update(_number(name) for name in _SINGLE.findall(text))
    for word, (start, end) in _SPANS:
        if word in text.lower():
            found.update(range(start, end + 1))
    return frozenset(stem(_DAYS[day]) for day in found)


def _number(name: str) -> int:
    return next(index for index, day in enumerate(_DAYS) if day.startswith(name[:3].lower()))
