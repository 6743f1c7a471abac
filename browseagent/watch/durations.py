"""Durations and windows as people write them. Pure."""

from __future__ import annotations

import re

from browseagent.watch.records import Window

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86_400.0, "w": 604_800.0}
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhdw])")
_LONGEST = 100 * 365 * 86_400.0  # a century: more cannot be taken from a date
_WINDOW = re.compile(r"(\d{1,2}):(\d\d)\s*[-–]\s*(\d{1,2}):(\d\d)")


def parse_duration(text: str) -> float:
    """Seconds of ``90s``, ``15m``, ``2h``, ``7d``, ``1h30m`` or a bare number. Raises ValueError."""
    written = text.strip().lower()
    if re.fullmatch(r"\d+(\.\d+)?", written):
        seconds = float(written)
    elif written and _PART.sub("", written) == "":
        seconds = sum(float(number) * _UNITS[unit] for number, unit in _PART.findall(written))
    else:
        raise ValueError(f"{text!r} is not a duration; write 90s, 15m, 2h or 7d")
    if seconds > _LONGEST:
        raise ValueError(f"{text!r} is longer than a century")
    return seconds


def duration_text(seconds: float) -> str:
    """The shortest way to write a duration, which :func:`parse_duration` reads back."""
    for unit in ("w", "d", "h", "m"):
        if seconds >= _UNITS[unit] and seconds % _UNITS[unit] == 0:
            return f"{seconds / _UNITS[unit]:.0f}{unit}"
    return f"{seconds:g}s" if seconds < 1e6 else f"{seconds:.0f}s"


def parse_window(text: str) -> Window:
    """The window of ``08:00-20:00``; over midnight where the second is not later. Raises ValueError."""
    match = _WINDOW.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"{text!r} is not a window; write 08:00-20:00")
    numbers = [int(part) for part in match.groups()]
    start, end = numbers[0] * 60 + numbers[1], numbers[2] * 60 + numbers[3]
    if numbers[1] > 59 or numbers[3] > 59 or start >= 1440 or end > 1440:
        raise ValueError(f"{text!r} is not a window: the times must lie between 00:00 and 24:00")
    return Window(start, end % 1440)


def window_text(window: Window) -> str:
    """The window as it is written."""
    return "-".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (window.start, window.end))
