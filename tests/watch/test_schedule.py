"""When a watch is due: properties that always hold, and a table of the hard cases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from browseagent.errors import UsageError
from browseagent.watch.durations import parse_window
from browseagent.watch.records import Watch, Window
from browseagent.watch.schedule import (
    Schedule,
    caught_up,
    is_open,
    mended,
    next_due,
    schedule_of,
    share_of,
)

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Australia/Lord_Howe",
    "Asia/Kolkata",
    "Africa/Casablanca",
)
CRONS = (
    "*/5 * * * *",
    "0 9 * * mon-fri",
    "30 2 * * *",
    "0 0 31 * *",
    "15 1,2,3 * * *",
    "0 */6 * * *",
    "0 0 L * *",
)


def schedule(
    every: str | float | None = None,
    cron: str | None = None,
    zone: str = "UTC",
    between: str | None = None,
    name: str = "w",
) -> Schedule:
    window = parse_window(between) if between else None
    seconds = float(every) if every is not None else None
    return schedule_of(Watch(name, "https://example.org/", seconds, cron, zone, window))


def local(schedule_: Schedule, start: str, count: int) -> list[str]:
    """The wall clock at the next moments after a UTC time, with their offset from UTC."""
    moment, seen = datetime.fromisoformat(start).replace(tzinfo=UTC), []
    for _ in range(count):
        moment = next_due(schedule_, moment)
        seen.append(f"{moment.astimezone(schedule_.zone):%m-%d %H:%M%z}")
    return seen


MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2028, 12, 31)).map(lambda t: t.replace(tzinfo=UTC))
WINDOWS = st.none() | st.builds(Window, st.integers(0, 1439), st.integers(0, 1439))
SCHEDULES = st.builds(
    lambda every, zone, window, share: Schedule(
        timedelta(seconds=every), None, ZoneInfo(zone), window, share
    ),
    st.integers(60, 8 * 86_400),
    st.sampled_from(ZONES),
    WINDOWS,
    st.floats(0, 1, exclude_max=True),
)
CRON_SCHEDULES = st.builds(
    lambda cron, zone: Schedule(None, cron, ZoneInfo(zone), None, 0.5),
    st.sampled_from(CRONS),
    st.sampled_from(ZONES),
)


@settings(max_examples=300)
@given(SCHEDULES | CRON_SCHEDULES, MOMENTS, st.integers(0, 3 * 86_400))
def test_the_next_moment_is_later_and_never_goes_back(plan: Schedule, now: datetime, seconds: int) -> None:
    """The next moment lies in the future, in the window, and a later look never gives an earlier one."""
    due = next_due(plan, now)
    assert due > now
    assert is_open(plan, due)
    assert next_due(plan, now + timedelta(seconds=seconds)) >= due


@settings(max_examples=200)
@given(SCHEDULES, MOMENTS)
def test_without_a_window_moments_are_one_interval_apart(plan: Schedule, now: datetime) -> None:
    """Clock changes do not touch an interval."""
    free = Schedule(plan.every, None, plan.zone, None, plan.share)
    first = next_due(free, now)
    assert plan.every is not None
    assert first - now <= plan.every
    assert next_due(free, first) - first == plan.every


@settings(max_examples=150)
@given(SCHEDULES, MOMENTS)
def test_a_window_is_used_every_day(plan: Schedule, now: datetime) -> None:
    """A window of half an hour or more is not missed, but on days on which the clock jumps over it."""
    assert plan.every is not None
    window = plan.window
    if window is not None and window.minutes >= 120:
        assert next_due(plan, now) - now <= plan.every + timedelta(days=1, hours=1)


@pytest.mark.parametrize(
    ("plan", "start", "wall"),
    [
        # spring forward: 02:30 does not exist; the run comes right after the gap, once
        (
            schedule(cron="30 2 * * *", zone="Europe/Berlin"),
            "2026-03-28T00:00",
            ["03-28 02:30+0100", "03-29 03:00+0200", "03-30 02:30+0200"],
        ),
        (
            schedule(cron="30 2 * * *", zone="America/New_York"),
            "2026-03-07T00:00",
            ["03-07 02:30-0500", "03-08 03:00-0400", "03-09 02:30-0400"],
        ),
        (
            schedule(cron="15 2 * * *", zone="Australia/Lord_Howe"),
            "2026-10-02T20:00",
            ["10-04 02:30+1100", "10-05 02:15+1100"],
        ),  # the clock jumps by half an hour there
        # fall back: 02:30 comes twice; the run is once
        (
            schedule(cron="30 2 * * *", zone="Europe/Berlin"),
            "2026-10-24T12:00",
            ["10-25 02:30+0200", "10-26 02:30+0100"],
        ),
        (
            schedule(cron="30 1 * * *", zone="America/New_York"),
            "2026-10-31T12:00",
            ["11-01 01:30-0400", "11-02 01:30-0500"],
        ),
        (
            schedule(cron="45 1 * * *", zone="Australia/Lord_Howe"),
            "2026-04-04T00:00",
            ["04-05 01:45+1100", "04-06 01:45+1030"],
        ),
        # asked in the second pass of the repeated hour: not again a moment of the first
        (schedule(cron="50 1 * * *", zone="America/New_York"), "2026-11-01T06:40", ["11-02 01:50-0500"]),
        # every hour runs through both passes
        (
            schedule(cron="0 * * * *", zone="Europe/Berlin"),
            "2026-10-24T23:30",
            ["10-25 02:00+0200", "10-25 02:00+0100", "10-25 03:00+0100"],
        ),
        # months without a 31st, and a leap day
        (schedule(cron="0 12 31 * *"), "2026-03-31T12:00", ["05-31 12:00+0000", "07-31 12:00+0000"]),
        (schedule(cron="0 12 29 2 *"), "2026-03-01T00:00", ["02-29 12:00+0000"]),
        (schedule(cron="0 12 L * *"), "2026-02-01T00:00", ["02-28 12:00+0000", "03-31 12:00+0000"]),
        # working days
        (schedule(cron="0 9 * * mon-fri", zone="Europe/Berlin"), "2026-03-27T09:00", ["03-30 09:00+0200"]),
        # a window over midnight, and cron inside a window
        (
            schedule(cron="0 * * * *", zone="Europe/Berlin", between="22:00-02:00"),
            "2026-01-01T12:00",
            [
                "01-01 22:00+0100",
                "01-01 23:00+0100",
                "01-02 00:00+0100",
                "01-02 01:00+0100",
                "01-02 22:00+0100",
            ],
        ),
    ],
)
def test_hard_cases_of_cron(plan: Schedule, start: str, wall: list[str]) -> None:
    """Clock changes, missing days and windows, as a person at the wall clock expects them."""
    assert local(plan, start, len(wall)) == wall


@pytest.mark.parametrize(
    ("zone", "night", "count"),
    [
        ("Europe/Berlin", "2026-03-28", 3),
        ("Europe/Berlin", "2026-10-24", 5),
        ("America/New_York", "2026-03-07", 3),
        ("America/New_York", "2026-10-31", 5),
        ("UTC", "2026-03-28", 4),
    ],
)
def test_a_window_over_midnight_and_over_a_clock_change(zone: str, night: str, count: int) -> None:
    """A window of four hours on the wall clock holds one hour less or more on such a night."""
    plan = schedule(every=3600, zone=zone, between="23:30-03:30")
    moment = datetime.fromisoformat(night).replace(hour=12, tzinfo=plan.zone).astimezone(UTC)
    end, seen = moment + timedelta(days=1), 0
    while (moment := next_due(plan, moment)) < end:
        assert plan.window is not None
        assert plan.window.holds(moment.astimezone(plan.zone).hour * 60 + moment.astimezone(plan.zone).minute)
        seen += 1
    assert seen == count


def test_a_clock_set_back_does_not_stop_a_watch() -> None:
    """A due time from a clock that ran a year ahead comes down to the next moment by today's clock."""
    plan, now = schedule(every=900), datetime(2026, 3, 1, tzinfo=UTC)
    ahead = next_due(plan, now + timedelta(days=365))
    assert mended(plan, ahead, now) == next_due(plan, now)
    rightful = next_due(plan, now - timedelta(minutes=20))
    assert mended(plan, rightful, now) == rightful


def test_a_machine_asleep_for_a_week_checks_once_and_not_all_at_once() -> None:
    """What was missed comes down to one run each, soon after the start and spread; then the grid again."""
    now = datetime(2026, 3, 8, 12, tzinfo=UTC)
    dues = []
    for number in range(500):
        plan = schedule(every=900, name=f"watch {number}")
        due = caught_up(plan, now - timedelta(days=7), now)
        assert now <= due < now + timedelta(seconds=225)
        dues.append(due)
        assert next_due(plan, due) > now
    slots = [sum(1 for due in dues if int((due - now).total_seconds()) // 25 == slot) for slot in range(9)]
    assert max(slots) < 2 * min(slots)


def test_what_fell_due_just_now_is_not_put_off() -> None:
    """Being late by a tenth of the interval is the running of a program, not a sleep."""
    plan, now = schedule(every=900), datetime(2026, 3, 8, 12, tzinfo=UTC)
    late = now - timedelta(seconds=60)
    assert caught_up(plan, late, now) == late


def test_watches_of_one_interval_spread_evenly() -> None:
    """No minute of an hour gets more than twice its part of a thousand watches."""
    now = datetime(2026, 3, 8, 12, tzinfo=UTC)
    minutes = [next_due(schedule(every=3600, name=f"shop {n}"), now).minute for n in range(1000)]
    assert max(minutes.count(m) for m in range(0, 60)) < 45
    shares = sorted(share_of(f"watch {n}") for n in range(1000))
    assert max(b - a for a, b in pairwise(shares)) < 0.02


def test_a_missed_run_outside_the_window_waits_for_it() -> None:
    """Whoever asked for office hours is not served at night, not even what was missed."""
    plan = schedule(every=3600, zone="Europe/Berlin", between="08:00-18:00")
    assert not is_open(plan, datetime(2026, 1, 5, 20, tzinfo=UTC))
    assert is_open(plan, datetime(2026, 1, 5, 9, tzinfo=UTC))


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"cron": "61 * * * *"}, "no cron expression"),
        ({"cron": "0 0 31 2 *"}, "no cron expression"),
        ({"every": 1}, "at least"),
        ({"every": 900, "zone": "Mars/Olympus"}, "no time zone"),
        ({"every": 900, "cron": "* * * * *"}, "either"),
        ({}, "either"),
        ({"cron": "0 12 * * *", "between": "13:00-14:00"}, "never due"),
    ],
)
def test_a_schedule_that_can_never_be_due_is_refused(more: dict[str, str], said: str) -> None:
    """The error says which part is wrong, when the watch is made."""
    with pytest.raises(UsageError, match=said):
        schedule(**more)
