"""``browseagent ask --since``: what the answer was, and what it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from browseagent.store.pages import SqlPageStore
from tests.cli.test_cache import BODY, URL, put
from tests.command import Command

NOW = datetime.now(UTC).replace(microsecond=0)
ASKED = ("ask", "How much is the fee?", URL)


@pytest.fixture
def stored(environment: dict[str, str]) -> None:
    """Two versions of a page, a day and an hour old."""
    home = Path(environment["BROWSEAGENT_HOME"])
    home.mkdir()
    with SqlPageStore(home / "pages.sqlite") as store:
        for number, (hours, fee) in enumerate([(24, 40), (1, 42)], start=1):
            put(store, URL, BODY.format(n=number, fee=fee), hours)


def since(hours: float) -> str:
    """The time that many hours ago."""
    return (NOW - timedelta(hours=hours)).isoformat()


@pytest.mark.model
def test_what_the_answer_was_and_is(answering: Command, stored: None) -> None:
    """Both answers, each with the words of its own version; the later one is kept for history."""
    shown = answering(*ASKED, "--since", since(2), "--offline")
    assert shown.status == 0
    assert shown.out.splitlines()[0] == "40 euros → 42 euros"
    assert shown.out.index("“The fee is 40 euros") < shown.out.index("“The fee is 42 euros")
    assert "→ 42 euros" in answering("history", "list").out
    same = answering(*ASKED, "--since", since(5), "--as-of", since(3), "--json").json
    assert (same["changed"], same["before"]["answer"], same["after"]["answer"]) == (
        False,
        "40 euros",
        "40 euros",
    )
    unknown = answering(*ASKED, "--since", since(99), "--offline", "--json")
    assert (unknown.status, unknown.json["error"]["kind"]) == (4, "unreachable")
    assert "is stored as of" in unknown.err and f"browseagent cache history {URL}" in unknown.err


def test_what_cannot_be_compared_is_told(real: Command) -> None:
    """A time to come, typed answers, all stored pages, lines, and files: status 2."""
    tomorrow = (NOW + timedelta(days=1)).isoformat()
    assert "earlier" in real(*ASKED, "--since", tomorrow).err
    assert real(*ASKED, "--since", since(2), "--type", "money").status == 2
    assert real("ask", "What?", "--stored", "--since", since(2)).status == 2
    assert real("ask", "--jsonl", "-", "--since", since(2)).status == 2
    assert "URL" in real("ask", "What?", __file__, "--since", since(2)).err
