"""A standing answer over time as the points of a chart. Pure; a template draws it as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

WIDTH, HEIGHT = 640, 220
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 20, 15, 30


@dataclass(frozen=True, slots=True)
class Dot:
    """One value, where it is drawn and what it says."""

    x: float
    y: float
    said: str


@dataclass(frozen=True, slots=True)
class Chart:
    """Where everything is drawn."""

    name: str
    dots: tuple[Dot, ...]
    line: str
    """The points of a stepped line: a value holds until the next one."""
    levels: tuple[tuple[float, str], ...]
    first: str
    last: str


def chart(name: str, values: Sequence[tuple[datetime, float, str]]) -> Chart | None:
    """The chart of values (time, number, in words), oldest first; None for fewer than two."""
    if len(values) < 2:
        return None
    times = [moment.timestamp() for moment, _, _ in values]
    low, high = min(number for _, number, _ in values), max(number for _, number, _ in values)
    if low == high:
        low, high = low - 1, high + 1
    span = times[-1] - times[0] or 1.0

    def across(moment: float) -> float:
        return round(_LEFT + (moment - times[0]) / span * (WIDTH - _LEFT - _RIGHT), 1)

    def up(number: float) -> float:
        return round(HEIGHT - _BOTTOM - (number - low) / (high - low) * (HEIGHT - _TOP - _BOTTOM), 1)

    dots = tuple(
        Dot(across(at), up(number), f"{moment:%Y-%m-%d %H:%M} UTC: {said}")
        for at, (moment, number, said) in zip(times, values, strict=True)
    )
    steps = [f"{dots[0].x},{dots[0].y}"]
    for before, after in pairwise(dots):
        steps += [f"{after.x},{before.y}", f"{after.x},{after.y}"]
    levels = tuple((up(number), f"{number:,.6g}") for number in (low, (low + high) / 2, high))
    form = "%Y-%m-%d" if span > 86_400 else "%H:%M UTC"
    first, last = (format(moment, form) for moment, _, _ in (values[0], values[-1]))
    return Chart(name, dots, " ".join(steps), levels, first, last)
