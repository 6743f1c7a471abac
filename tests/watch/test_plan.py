"""What ``watch next`` tells: hours, changes of the clock, what is due already, and when a digest goes out."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from browseagent.watch.durations import parse_window
from browseagent.watch.plan import Planned, planned
from browseagent.watch.records import Watch
from browseagent.watch.schedule import is_open, next_due, schedule_of

EVENING = datetime(2027, 3, 27, 20, tzinfo=UTC)  # 21:00 in Berlin, the night before the clock goes forward


def nightly(**more: object) -> Watch:
    """Hourly at night in Berlin, its alerts in one digest."""
    between = parse_window("22:00-06:00")
    said: dict[str, object] = {"every": 3600.0, "timezone": "Europe/Berlin", "between": between, **more}
    return Watch("h", "https://example.org/", **said)  # type: ignore[arg-type]


def told(watch: Watch, due: datetime, now: datetime, count: int) -> list[tuple[str, str]]:
    """The next checks: hour by the watch's clock with its zone, and the note."""
    return [(f"{each.local:%d %H %Z}", each.note) for each in islice(planned(watch, due, now), count)]


def test_a_night_over_midnight_and_over_the_change_of_the_clock() -> None:
    """The first check of a night is told, not the first after midnight; the skipped hour has none."""
    due = next_due(schedule_of(nightly()), EVENING)
    assert told(nightly(), due, EVENING, 9) == [
        ("27 22 CET", "first in its hours"),
        ("27 23 CET", ""),
        ("28 00 CET", ""),
        ("28 01 CET", ""),
        ("28 03 CEST", "the clock went forward by 60 minutes before"),
        ("28 04 CEST", ""),
        ("28 05 CEST", ""),
        ("28 22 CEST", "first in its hours"),
        ("28 23 CEST", ""),
    ]


def test_what_is_due_already_waits_for_its_hours() -> None:
    """A watch that was missed is checked now where it may be, else when its hours begin."""
    missed = EVENING - timedelta(days=2)
    assert told(nightly(), missed, EVENING, 1) == [("27 22 CET", "first in its hours")]
    late = EVENING + timedelta(hours=3)
    assert told(nightly(), missed, late, 2) == [("28 00 CET", "due now"), ("28 00 CET", "")]


def test_a_digest_whose_time_is_skipped_goes_out_right_after() -> None:
    """At 02:30 on the day that has none, and once on the day that has two."""
    watch = nightly(digest="30 2 * * *")
    night = list(islice(planned(watch, EVENING, EVENING), 8))
    assert [f"{each.alerts:%d %H:%M %Z}" for each in night][::7] == ["28 03:00 CEST", "29 02:30 CEST"]
    back = datetime(2027, 10, 30, 22, tzinfo=UTC)
    found = islice(planned(watch, back, back), 5)
    assert [(f"{each.local:%H:%M %Z}", f"{each.alerts:%d %H:%M %Z}") for each in found] == [
        ("00:00 CEST", "31 02:30 CEST"),
        ("00:39 CEST", "31 02:30 CEST"),
        ("01:39 CEST", "31 02:30 CEST"),
        ("02:39 CEST", "01 02:30 CET"),
        ("02:39 CET", "01 02:30 CET"),
    ]


@settings(max_examples=50)
@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2028, 1, 1), timezones=st.just(UTC)),
    st.integers(-3 * 86_400, 3 * 86_400),
    st.sampled_from(["Europe/Berlin", "Australia/Lord_Howe", "America/New_York"]),
    st.sampled_from(["22:00-06:00", "08:00-20:00", "02:00-03:00", None]),
)
def test_checks_go_forward_within_their_hours(
    now: datetime, seconds: int, zone: str, between: str | None
) -> None:
    """Each comes after the one before and not before now, inside the hours, alerts not before their check."""
    watch = nightly(timezone=zone, between=between and parse_window(between), digest="30 2 * * *")
    due = now + timedelta(seconds=seconds)
    checks: list[Planned] = list(islice(planned(watch, due, now), 12))
    assert all(before.at < after.at for before, after in pairwise(checks))
    assert checks[0].at >= now
    assert all(each.alerts > each.at for each in checks)
    assert all(is_open(schedule_of(watch), each.at) for each in checks[1:])
    assert all(each.local.astimezone(UTC) == each.at for each in checks)
