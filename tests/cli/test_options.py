"""Durations, dates, and the settings that the common options make."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browseagent.cli.options.reading import parse_moment
from browseagent.cli.program import run
from browseagent.records import Document
from browseagent.watch.durations import parse_duration
from tests.cli.scripted_agent import ScriptedAgent
from tests.command import Command

URL = "https://example.org/"


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("90s", 90),
        ("15m", 900),
        ("2h", 7200),
        ("7d", 604_800),
        ("1w", 604_800),
        ("1h30m", 5400),
        ("250ms", 0.25),
        ("1.5H", 5400),
        ("45", 45),
        ("0", 0),
    ],
)
def test_durations(text: str, seconds: float) -> None:
    """Numbers with units, added up; a bare number is seconds."""
    assert parse_duration(text) == pytest.approx(seconds)


@pytest.mark.parametrize("text", ["", "soon", "3x", "-5s", "1h 30", "s", "1e3s", "nan", "999999999d", "5s!"])
def test_what_is_no_duration(text: str) -> None:
    """Everything else is refused, and so is more than a century."""
    with pytest.raises(ValueError, match=r"duration|century"):
        parse_duration(text)


@given(st.integers(0, 10**9))
def test_seconds_are_seconds(count: int) -> None:
    """Any whole number of seconds is read back as itself."""
    assert parse_duration(f"{count}s") == count


def test_moments(monkeypatch: pytest.MonkeyPatch) -> None:
    """A time without a zone is local, one with a zone is exact, a date alone means its end."""
    monkeypatch.setenv("TZ", "Etc/GMT-2")  # two hours ahead of UTC
    time.tzset()
    try:
        assert parse_moment("2026-03-01T12:30") == datetime(2026, 3, 1, 10, 30, tzinfo=UTC)
        assert parse_moment("2026-03-01T12:30Z") == datetime(2026, 3, 1, 12, 30, tzinfo=UTC)
        assert parse_moment("2026-03-01") == datetime(2026, 3, 1, 21, 59, 59, 999_999, tzinfo=UTC)
    finally:
        monkeypatch.undo()
        time.tzset()


@pytest.mark.parametrize(("text", "ago"), [("7d", timedelta(days=7)), ("1h30m", timedelta(minutes=90))])
def test_a_moment_is_told_by_how_long_ago_it_was(text: str, ago: timedelta) -> None:
    """As a duration is written everywhere else."""
    assert abs(datetime.now(UTC) - ago - parse_moment(text)) < timedelta(seconds=5)


@pytest.mark.parametrize(
    "text", ["yesterday", "7 days", "-7d", "2026-13-01", "", "01.03.2026", "0001-01-01T00:00+14:00"]
)
def test_what_is_no_moment(text: str) -> None:
    """A date that does not exist, or is not written as ISO 8601 has it, is refused."""
    with pytest.raises(ValueError, match="not a date"):
        parse_moment(text)


def test_options_become_settings(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every common option arrives in the settings of the agent."""
    agent = ScriptedAgent({URL: Document(URL, "text")})
    trace = tmp_path / "trace.jsonl"
    options = (
        "--model hf:some/model --via chromium --max-age 2h --timeout 5s --max-pages 3 "
        f"--as-of 2026-03-01T00:00Z --offline --quiet --format text --trace {trace}"
    )
    assert run(["read", URL, *options.split()], agent=agent.open) == 0
    assert capsys.readouterr().out == "text\n"
    made = agent.settings
    assert made is not None
    assert (made.model, made.via, made.max_age, made.timeout) == ("hf:some/model", "chromium", 7200.0, 5.0)
    assert (made.max_pages, made.offline, made.fresh, made.trace) == (3, True, False, trace)
    assert made.as_of == datetime(2026, 3, 1, tzinfo=UTC)


def test_an_error_says_what_to_do_next(real: Command) -> None:
    """A trace that cannot be written, an interval that is too short and a cron that is none."""
    trace = real("read", "-", "--trace", "/no-such-folder/x", stdin=b"<p>Words.</p>")
    assert trace.status == 2
    assert "the trace /no-such-folder/x cannot be written: No such file or directory\nhint: Name" in trace.err
    every = real("watch", "add", URL, "--every", "1s")
    assert every.status == 2 and "an interval is at least 5 s" in every.err and "\nhint: " in every.err
    both = real("watch", "add", URL, "--cron", "soon")
    assert both.status == 2 and 'hint: For example "0 9 * * 1-5"' in both.err


def test_without_options_the_settings_are_those_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What no option says stays as the configuration has it."""
    from browseagent.config import default_settings

    monkeypatch.setenv("BROWSEAGENT_HOME", str(tmp_path))
    agent = ScriptedAgent({URL: Document(URL, "text")})
    assert run(["read", URL, "--format", "text"], agent=agent.open) == 0
    assert capsys.readouterr().out == "text\n"
    assert agent.settings == default_settings()
