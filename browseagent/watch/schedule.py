"""When a watch is due next. Pure: the time is an argument.

A watch with an interval is due on a grid of its own: the interval counted from a phase that a hash of
its name gives, so that ten thousand watches of one interval spread evenly, always, also after a
restart. A watch with a cron expression is due when Debian's cron would run it in its time zone. A
window keeps either within hours of the wall clock. Every moment is absolute (UTC); only windows and
cron expressions look at a wall clock.

Two properties everything else leans on: ``next_due(s, t) > t``, and it never decreases as ``t`` grows.
So a due time that was computed earlier is at most ``next_due(s, now)``, unless the clock was set back.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from cronsim import CronSim, CronSimError

from browseagent.errors import UsageError
from browseagent.watch.records import Watch, Window

SHORTEST = 5.0
"""Seconds: a shorter interval is a mistake, and unkind to the site."""
_EPOCH = datetime(2020, 1, 1, tzinfo=UTC)
SKEW = timedelta(minutes=5)
"""Clocks of processes that share watches differ by less, and one that is corrected steps back by less."""
_STEPS = 5000
"""Cron moments that are tried for one inside the window: thirteen years of a daily one."""


@dataclass(frozen=True, slots=True)
class Schedule:
    """An interval or a cron expression, and a window. Make it with :func:`schedule_of`."""

    every: timedelta | None
    cron: str | None
    zone: ZoneInfo
    window: Window | None
    share: float
    """From the hash of the watch's name, 0 to 1: where in its interval the watch is due."""


def schedule_of(watch: Watch) -> Schedule:
    """The schedule of a watch. Raises UsageError for one that can never be due."""
    try:
        zone = ZoneInfo(watch.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        hint = "Write a name such as Europe/Berlin or America/New_York."
        raise UsageError(f"there is no time zone {watch.timezone!r}", hint=hint) from error
    if (watch.every is None) == (watch.cron is None):
        raise UsageError(
            f"{watch.name}: give either an interval (every) or a cron expression",
            hint='For example every 15m, or cron "0 9 * * *".',
        )
    if watch.every is not None and watch.every < SHORTEST:
        raise UsageError(
            f"{watch.name}: an interval is at least {SHORTEST:.0f} s, for the site's sake",
            hint="Most pages are well watched every 15m or more seldom.",
        )
    every = None if watch.every is None else timedelta(seconds=watch.every)
    schedule = Schedule(every, watch.cron, zone, watch.between, share_of(watch.name))
    if watch.cron is not None:
        try:
            next_due(schedule, _EPOCH)
        except (CronSimError, StopIteration) as error:
            why = str(error) or "it names a day that does not exist"
            raise UsageError(
                f"{watch.cron!r} is no cron expression: {why}",
                hint='For example "0 9 * * 1-5": minute, hour, day, month, day of the week.',
            ) from error
    return schedule


def share_of(name: str) -> float:
    """A number from 0 to 1 that depends on the name alone, spread evenly."""
    return int.from_bytes(hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:6]) / 2**48


def next_due(schedule: Schedule, after: datetime) -> datetime:
    """The first moment after ``after`` at which the watch is due, in UTC."""
    if schedule.every is None:
        return next(_allowed(schedule, _cron(schedule, after)))
    first = next(_grid(schedule, after))
    if schedule.window is None:
        return first
    if schedule.every <= timedelta(minutes=schedule.window.minutes):
        return next(_allowed(schedule, _grid(schedule, after)))
    return _into_window(schedule, schedule.window, first)


def following(schedule: Schedule, served: datetime, now: datetime) -> datetime:
    """When a watch is due after the due time that was served. It may lie ahead of ``now``: whoever claimed
    the watch has a clock that goes faster than that of whoever checked it."""
    return next_due(schedule, served if now < served <= now + SKEW else now)


def is_open(schedule: Schedule, now: datetime) -> bool:
    """Whether the watch may be checked now: a run that was missed waits for the window too."""
    return schedule.window is None or schedule.window.holds(_minute(now, schedule.zone))


def interval_of(schedule: Schedule, now: datetime) -> timedelta:
    """How long it is between two checks about now."""
    first = next_due(schedule, now)
    return schedule.every or next_due(schedule, first) - first


def mended(schedule: Schedule, due: datetime, now: datetime) -> datetime:
    """The due time after a look at the clock: one that lies further off than it could when it was
    computed, by any clock of ours, stems from a clock that was set back since."""
    return due if due <= next_due(schedule, now + SKEW) else next_due(schedule, now)


def caught_up(schedule: Schedule, due: datetime, now: datetime) -> datetime:
    """The due time at a start: what fell due long ago (the machine slept, the program was not
    running) is due once, soon, and not together with everything else that did."""
    interval = interval_of(schedule, now)
    if now - due <= interval / 10:
        return due
    return now + schedule.share * min(interval / 4, timedelta(minutes=10))


def _grid(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    every = schedule.every
    assert every is not None
    phase = _EPOCH + timedelta(microseconds=round(every / timedelta(microseconds=1) * schedule.share))
    moment = phase + ((after - phase) // every + 1) * every
    while True:
        yield moment
        moment += every


def _cron(schedule: Schedule, after: datetime) -> Iterator[datetime]:
    assert schedule.cron is not None
    last = after
    for local in CronSim(schedule.cron, after.astimezone(schedule.zone)):
        moment = local.astimezone(UTC)
        # In the hour that a clock change repeats cronsim gives its first pass, which may be over.
        if moment > last:
            last = moment
            yield moment


def _allowed(schedule: Schedule, moments: Iterator[datetime]) -> Iterator[datetime]:
    """The moments inside the window. Raises UsageError where no moment of a cron expression is."""
    window = schedule.window
    for tried, moment in enumerate(moments):
        if window is None or window.holds(_minute(moment, schedule.zone)):
            yield moment
        elif tried > _STEPS and schedule.cron is not None:
            break
    raise UsageError(f"{schedule.cron!r} is never due within its window")


def _into_window(schedule: Schedule, window: Window, moment: datetime) -> datetime:
    """A moment of an interval that is longer than the window: itself where it lies inside, else the
    next one that does before the window closes again, else the watch's own share of the window."""
    if window.holds(_minute(moment, schedule.zone)):
        return moment
    opening = moment.replace(second=0, microsecond=0)
    while not window.holds(_minute(opening, schedule.zone)):
        opening += timedelta(minutes=1)
    later = next(_grid(schedule, opening - timedelta(microseconds=1)))
    spread = opening + timedelta(minutes=window.minutes) * schedule.share
    for choice in (later, spread):
        whole = choice - opening < timedelta(minutes=window.minutes)
        if whole and window.holds(_minute(choice, schedule.zone)):
            return choice
    return opening


def _minute(moment: datetime, zone: ZoneInfo) -> int:
    local = moment.astimezone(zone)
    return local.hour * 60 + local.minute
