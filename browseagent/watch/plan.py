"""When a watch will be checked, told to a person by its own wall clock. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from browseagent.records.counted import counted
from browseagent.watch.records import Watch, Window
from browseagent.watch.schedule import is_open, next_due, schedule_of


@dataclass(frozen=True, slots=True)
class Planned:
    """One check to come."""

    at: datetime
    local: datetime
    """The same by the watch's wall clock."""
    note: str
    """What is to be known of it; mostly empty."""
    alerts: datetime
    """When its alerts would go out, by that clock."""


def planned(watch: Watch, due: datetime, now: datetime) -> Iterator[Planned]:
    """The checks of a watch that is ``due`` then, without end. One that is due already is checked now, or
    when its hours begin."""
    schedule = schedule_of(watch)
    digest = None
    if watch.digest is not None:
        digest = schedule_of(replace(watch, every=None, cron=watch.digest, between=None))
    at = due
    if due <= now:
        at = now if is_open(schedule, now) else next_due(schedule, now)
    before = now.astimezone(schedule.zone)
    while True:
        local = at.astimezone(schedule.zone)
        notes = ["due now"] if at == now else []
        shift = (local.utcoffset() or timedelta()) - (before.utcoffset() or timedelta())
        if shift:
            way = "forward" if shift > timedelta() else "back"
            minutes = counted(abs(shift) // timedelta(minutes=1), "minute")
            notes.append(f"the clock went {way} by {minutes} before")
        if watch.between is not None and _opened(watch.between, local) != _opened(watch.between, before):
            notes.append("first in its hours")
        alerts = at if digest is None else next_due(digest, at)
        yield Planned(at, local, "; ".join(notes), alerts.astimezone(schedule.zone))
        before, at = local, next_due(schedule, at)


def _opened(window: Window, local: datetime) -> date:
    """The day on which a window opened last."""
    return (local.replace(tzinfo=None) - timedelta(minutes=window.start)).date()
