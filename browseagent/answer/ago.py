"""Times that are told from the moment of reading ("3 days ago", "yesterday"), by CLDR, in the words of each
language."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import timedelta
from functools import cache, lru_cache
from importlib.resources import files
from typing import Literal, get_args

from babel import Locale, UnknownLocaleError
from babel.dates import format_timedelta

_Unit = Literal["second", "minute", "hour", "day", "week", "month", "year"]
_Form = Literal["long", "short", "narrow"]
_SECONDS: dict[_Unit, int] = {
    "second": 1, "minute": 60, "hour": 3600, "day": 86_400, "week": 604_800, "month": 2_592_000,
    "year": 31_536_000,
}  # fmt: skip
_COUNTS = (1, 2, 5, 21)
"""One of each plural form of CLDR."""
_COUNT = r"(?:\d+|(?:[^\W\d]\s)?[^\W\d]{1,5})"
"""A number, or words in its place: "an hour ago", "a few seconds ago"."""
_FRAMED = r"(?:\d+|(?:[^\W\d]{1,9}\s){0,2}[^\W\d]{1,9})"
"""The same after a word that tells past times: "vor einer Woche", "vor ein paar Sekunden"."""
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts that set no space between words."""
_COMMON = ("de", "es", "fr", "it", "ja", "nl", "pl", "pt", "ru", "zh")


@lru_cache(maxsize=64)
def ago_pattern(language: str) -> re.Pattern[str]:
    """Matches a past time as it is told in a language, where that is not known in the most common ones, and
    in English, to which many pages fall back."""
    forms: set[str] = set()
    for name in ("en", *([re.split("[-_]", language)[0]] if language else _COMMON)):
        written = set(_written(name))
        counted = [each for each in written if "#" in each]
        frames: dict[tuple[str, str], set[str]] = {}
        for each in counted:
            before, unit, after = _parts(each)
            frames.setdefault((before, after), set()).add(unit)
        forms |= {_form(before, units, after) for (before, after), units in frames.items()}
        forms |= {_phrase(each) for each in (*written.difference(counted), *_uncounted().get(name, ()))}
    return re.compile("|".join(sorted(forms, key=len, reverse=True)), re.I)


@cache
def _uncounted() -> Mapping[str, list[str]]:
    """By language; see ``tools/lately.py``."""
    text = files("browseagent.answer").joinpath("lately.json").read_text("utf-8")
    found: Mapping[str, list[str]] = json.loads(text)
    return found


def _written(language: str) -> Iterator[str]:
    """The forms of a language, with # for the count where they have one: Arabic says "two hours" in one
    word."""
    try:
        locale = Locale.parse(language)
    except (ValueError, UnknownLocaleError):
        return
    for unit, seconds in _SECONDS.items():
        for count in _COUNTS:
            past = timedelta(seconds=-seconds * count)
            for form in get_args(_Form):
                written = format_timedelta(
                    past, granularity=unit, threshold=1e9, add_direction=True, format=form, locale=locale
                )
                written = written.replace(f" ({count})", "").replace(str(count), "#", 1)
                if not written.startswith(("-", "−")) and not any(map(str.isdigit, written)):
                    yield written


def _parts(form: str) -> tuple[str, str, str]:
    """What stands before the count, the unit, and what stands after it."""
    before, _, after = form.partition("#")
    unit, *more = after.replace(".", " ").split()
    return before.strip(), unit, " ".join(more)


def _form(before: str, units: set[str], after: str) -> str:
    """The pattern of counted forms that differ by their unit: any count, any ending of the unit, any space,
    other counts before it ("1 hour and 5 minutes ago")."""
    unspaced = bool(_UNSPACED.search("".join((before, after, *units))))
    unit = f"(?:{'|'.join(map(re.escape, sorted(units, key=len, reverse=True)))})"
    if not unspaced:
        unit = rf"{unit}[^\W\d]{{0,2}}\.?"
    others = rf"(?:\d+\s?{unit},?\s(?:[^\W\d]{{1,3}}\s)?)*"
    counted = r"\d+" if unspaced else others + (_FRAMED if before else _COUNT)
    around = [[re.escape(word) for word in each.split()] for each in (before, after)]
    pattern = r"\s*".join([*around[0], counted, unit, *around[1]])
    return pattern if unspaced else rf"(?<!\w){pattern}(?!\w)"


def _phrase(words: str) -> str:
    pattern = r"\s+".join(re.escape(word).replace("'", "['’]") for word in words.split())
    return pattern if _UNSPACED.search(words) else rf"(?<!\w){pattern}(?!\w)"
