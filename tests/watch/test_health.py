"""Trouble with a watch itself: told once, and its end once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from browseagent.watch.health import Health, after_check
from browseagent.watch.records import State, Watch

START = datetime(2026, 3, 1, tzinfo=UTC)
QUARTER = timedelta(minutes=15)
WATCH = Watch("ferry", "https://example.org/")


def told(states: str, *, watch: Watch = WATCH) -> list[str]:
    """The notices of a row of checks, a quarter of an hour apart: good, failed, blocked, unverified."""
    kinds = {"g": State.UNCHANGED, "f": State.FAILED, "b": State.BLOCKED, "u": State.UNVERIFIED}
    health, out = Health(good_at=START), []
    for number, letter in enumerate(states, start=1):
        now = START + number * QUARTER
        health, notice = after_check(watch, health, kinds[letter], "so it was", now, QUARTER)
        out.append(notice.kind if notice else "")
    return out


def test_a_spell_of_trouble_is_told_twice() -> None:
    """After three failures in a row once, however long it lasts, and once when it is over."""
    assert told("gfffffg") == ["", "", "", "failure", "", "", "recovery"]
    assert told("gffgffg") == [""] * 7
    assert told("gfbfg") == ["", "", "", "failure", "recovery"]


def test_what_is_no_failure_is_told_after_three_intervals() -> None:
    """Looks that cannot be trusted leave a watch unseen; that is told too, once."""
    assert told("guuuuug") == ["", "", "", "", "overdue", "", "recovery"]
    assert told("gufuufg")[4] == "overdue"


def test_each_spell_is_told_anew() -> None:
    """The end of one is the beginning of the count for the next."""
    assert told("fffgfffg") == ["", "", "failure", "recovery", "", "", "failure", "recovery"]


def test_after_how_many_is_the_watch_s_own() -> None:
    """A watch may want to be heard of at once."""
    assert told("f", watch=Watch("w", "https://example.org/", fail_after=1)) == ["failure"]
