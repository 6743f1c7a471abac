"""Times that are told from the moment of reading ("3 days ago"), by CLDR, in the words of each language."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache
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
_COUNT = r"(?:\d+|[^\W\d]{1,5})"
"""A number, or the article in its place: "an hour ago", "vor einer Woche"."""
_UNSPACED = re.compile("[\u0e00-\u0eff\u3040-\u30ff\u3400-\u9fff]")
"""Scripts that set no space between words."""


_COMMON = ("de", "es", "fr", "it", "ja", "nl", "pl", "pt", "ru", "zh")


@lru_cache(maxsize=64)
def ago_pattern(language: str) -> re.Pattern[str]:
    """Matches a past time as it is told in a language, where that is not known in the most common ones, and
    in English, to which many pages fall back."""
    forms: set[str] = set()
    for name in ("en", *([language] if language else _COMMON)):
        try:
            locale = Locale.parse(name.replace("-", "_").split("_")[0])
        except (ValueError, UnknownLocaleError):
            continue
        for unit, seconds in _SECONDS.items():
            for count in _COUNTS:
                past = timedelta(seconds=-seconds * count)
                for form in get_args(_Form):
                    written = format_timedelta(
                        past, granularity=unit, threshold=1e9, add_direction=True, format=form, locale=locale
                    )
                    written = written.replace(f" ({count})", "")
                    if str(count) in written and not written.startswith(("-", "−")):
                        forms.add(_form(written, str(count)))
                    elif not any(map(str.isdigit, written)):  # "two hours" is one word in Arabic
                        forms.add(rf"(?<!\w){re.escape(written)}(?!\w)")
    return re.compile("|".join(sorted(forms, key=len, reverse=True)), re.I)


def _form(written: str, count: str) -> str:
    """The pattern of a written form: any count, any ending of its unit, any space."""
    before, _, after = written.partition(count)
    unit, *more = after.replace(".", " ").split()
    counted = r"\d+" if _UNSPACED.search(written) else _COUNT
    words = [*map(re.escape, before.split()), counted, rf"{re.escape(unit)}[^\W\d]{{0,2}}\.?"]
    pattern = r"\s*".join([*words, *map(re.escape, more)])
    return pattern if _UNSPACED.search(written) else rf"(?<!\w){pattern}(?!\w)"
