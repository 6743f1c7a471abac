"""A watch as settings and back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browseagent.errors import UsageError
from browseagent.store.pages import SqlPageStore
from browseagent.store.watch_book import WatchBook
from browseagent.watch.notify.target import parse_target
from browseagent.watch.records import Question, ValueKind, Window
from browseagent.watch.settings import layered, session_of, settings_of, shown_of, watch_of

URL = "https://example.org/"
FULL = {
    "url": URL,
    "cron": "0 9 * * mon-fri",
    "timezone": "Europe/Berlin",
    "between": "08:00-20:00",
    "select": "main",
    "exclude": [".ads"],
    "ignore": [r"\d+ visitors"],
    "only": "added",
    "ask": [{"question": "What does it cost?", "type": "money", "name": "price"}],
    "when": "price < 50",
    "about": "prices",
    "notify": ["stdout", "webhook:https://example.org/hook"],
    "digest": "0 8 * * *",
    "tags": ["shop"],
    "confirm": "1m",
    "via": "chromium",
    "profile": "shop",
    "timeout": "45s",
    "fail_after": 5,
    "keep": 10,
    "keep_for": "30d",
    "keep_bytes": 1000000,
    "screenshots": 20,
    "group": "shops",
    "enabled": False,
}


def test_every_setting_comes_back() -> None:
    """Settings that are read and written again are the same."""
    watch = watch_of("lantern", FULL)
    assert watch.between == Window(8 * 60, 20 * 60) and watch.every is None
    assert watch.questions == (Question("What does it cost?", ValueKind.MONEY, (), "price"),)
    assert settings_of(watch) == FULL
    assert watch_of("lantern", settings_of(watch)) == watch


def test_defaults_are_not_written() -> None:
    """A watch with nothing but a URL is its URL."""
    assert settings_of(watch_of("w", {"url": URL})) == {"url": URL}
    assert settings_of(watch_of("w", {"url": URL, "ask": "Is it open?"}))["ask"] == [
        {"question": "Is it open?", "type": "text"}
    ]


def test_layers_replace_each_other() -> None:
    """The watch's own settings win over the group's; a cron expression replaces an interval."""
    merged = layered({"every": "1h", "tags": ["a"]}, {"cron": "0 9 * * *"}, {"url": URL, "tags": ["b"]})
    assert merged == {"cron": "0 9 * * *", "url": URL, "tags": ["b"]}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"evry": "1h"}, "evry: this key is not known"),
        ({"every": "soon"}, "every: 'soon' is not a duration"),
        ({"every": 0}, "longer than nothing"),
        ({"every": "1s"}, "at least 5 s"),
        ({"between": "8-20"}, "between: '8-20' is not a window"),
        ({"between": "25:00-26:00"}, "between 00:00 and 24:00"),
        ({"ignore": ["("]}, "ignore: '\\(' is no regular expression"),
        ({"only": "moved"}, "only: 'moved' is none of"),
        ({"ask": [{"question": "What?", "type": "colour"}]}, "no type of answer"),
        ({"ask": [{"question": "What?", "type": "choice:a"}]}, "choices are given"),
        ({"ask": [{"q": "What?"}]}, "a question is a text"),
        ({"ask": "??"}, "no words"),
        ({"ask": [{"question": "What?", "name": "previous"}]}, "no name for a question"),
        ({"ask": ["One?", "Two?"]}, "two questions have one name"),
        ({"when": "price < 50"}, "none is asked"),
        ({"notify": ["pigeon"]}, "no target for alerts"),
        ({"url": "ftp://example.org"}, "no http"),
        ({"url": "nonsense"}, "no http"),
        ({"keep": 0}, "from 1"),
        ({"keep": True}, "from 1"),
        ({"enabled": "yes"}, "true or false"),
        ({"tags": 5}, "a list of texts"),
        ({"digest": "every morning"}, "no cron expression"),
        ({"select": ""}, "a text is expected"),
    ],
)
def test_mistakes_are_named(more: dict[str, object], said: str) -> None:
    """The error names the watch or the key, and what is wrong with it."""
    with pytest.raises(UsageError, match=said):
        watch_of("w", {"url": URL, **more})


@pytest.mark.parametrize("name", ["", "-x", "a\nb", "a" * 200, "_"])
def test_names(name: str) -> None:
    """A name can be typed and printed."""
    with pytest.raises(UsageError, match="no name for a watch"):
        watch_of(name, {"url": URL})


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("stdout", "stdout"),
        ("command:notify-send -u low 'page changed'", "command:notify-send"),
        ("webhook:https://example.org/hook?token=secret", "webhook:https://example.org/…"),
        ("feed:/tmp/alerts.atom", "feed:/tmp/alerts.atom"),
        ("mailtos://user:password@example.org", "mailtos://example.org/…"),
    ],
)
def test_targets_are_shown_without_secrets(text: str, shown: str) -> None:
    """What is printed of a target holds no password and no token."""
    assert parse_target(text).shown == shown


@pytest.mark.parametrize(
    "text", ["", "command:", "command:'x", "webhook:ftp://x", "http://x", "feed:", "x y"]
)
def test_what_is_no_target(text: str) -> None:
    """A misspelt target is an error at once, not a lost alert later."""
    with pytest.raises(UsageError, match="no target"):
        parse_target(text)


@given(st.integers(5, 10**7))
def test_intervals_come_back(seconds: int) -> None:
    """Any interval is written so that it reads back as itself."""
    watch = watch_of("w", {"url": URL, "every": seconds})
    assert watch_of("w", settings_of(watch)) == watch


def test_a_password_in_an_address_is_no_part_of_it(tmp_path: Path) -> None:
    """It is said to the site as a header, which no list, alert or export for eyes shows; the address that is
    stored is without it, also where a watch is read back."""
    with SqlPageStore(tmp_path / "pages.sqlite") as pages:
        book = WatchBook(pages.database)
        book.put("tide", {"url": "https://ann:secret@tide.example/x"}, datetime.now(UTC), new=True)
        (entry,) = book.entries(["tide"])
        assert (entry.watch.url, entry.watch.basic) == ("https://tide.example/x", "YW5uOnNlY3JldA==")
        assert "secret" not in str(shown_of(entry.watch)) and "YW5u" not in str(shown_of(entry.watch))
        assert ("Authorization", "Basic YW5uOnNlY3JldA==") in session_of(entry.watch).headers
    assert b"secret@" not in (tmp_path / "pages.sqlite").read_bytes()
