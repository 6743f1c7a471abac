"""Whether a watch itself works, and when somebody must be told that it does not. Pure.

An alert once after so many failures in a row, one when a watch was not checked successfully for three
intervals, and one when it is well again: of one spell of trouble a person hears twice, not every quarter
of an hour.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from browseagent.watch.records import State, Watch

OVERDUE = 3
"""Intervals without a good look after which a watch counts as not working."""


@dataclass(frozen=True, slots=True)
class Health:
    """How a watch has been doing."""

    failures: int = 0
    """Blocked or failed checks in a row."""
    told: bool = False
    """Whether an alert about the present spell of trouble went out."""
    good_at: datetime | None = None
    """The last good look; before the first one, when the watch was made."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something to tell about the watch itself."""

    kind: str
    """failure, overdue or recovery."""
    summary: str
    reason: str


def after_check(
    watch: Watch, health: Health, state: State, reason: str, now: datetime, interval: timedelta
) -> tuple[Health, Notice | None]:
    """The health after a check, and what is to be told of it."""
    if state.good:
        notice = None
        if health.told:
            since = f" since {health.good_at:%Y-%m-%d %H:%M} UTC" if health.good_at else ""
            notice = Notice("recovery", f"{watch.name} is seen again", f"it had not been seen{since}")
        return Health(0, False, now), notice
    trouble = state in (State.BLOCKED, State.FAILED)
    health = replace(health, failures=health.failures + 1 if trouble else health.failures)
    if health.told:
        return health, None
    if trouble and health.failures >= watch.fail_after:
        times = f"{health.failures} checks in a row" if health.failures > 1 else "a check"
        return replace(health, told=True), Notice(
            "failure", f"{watch.name} {state}: {reason}", f"{times} failed"
        )
    return _overdue(watch, health, f"{state}: {reason}", now, interval)


def _overdue(
    watch: Watch, health: Health, reason: str, now: datetime, interval: timedelta
) -> tuple[Health, Notice | None]:
    if health.good_at is None or now - health.good_at <= OVERDUE * interval:
        return health, None
    since = f"{health.good_at:%Y-%m-%d %H:%M} UTC"
    notice = Notice("overdue", f"{watch.name} was not checked successfully since {since}", reason)
    return replace(health, told=True), notice
