"""``browseagent cache``: what is stored can be seen, compared and cleared."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from browseagent.records import Outcome, Page, Via
from browseagent.store.pages import SqlPageStore

Command = Callable[..., Any]
URL = "https://example.org/notice"
NOW = datetime.now(UTC).replace(microsecond=0)
BODY = "<html><head><title>Notice {n}</title></head><body><h1>Notice</h1><p>The fee is {fee} euros a year, \
payable in March.</p><p>It is due for everybody who lives in the town.</p></body></html>"


@pytest.fixture
def stored(environment: dict[str, str]) -> Path:
    """A store with two versions of one page, a day and an hour old, and another page."""
    path = Path(environment["BROWSEAGENT_HOME"]) / "pages.sqlite"
    with SqlPageStore(path) as store:
        for number, (hours, fee) in enumerate([(24, 40), (1, 42)], start=1):
            put(store, URL, BODY.format(n=number, fee=fee), hours)
        put(store, "https://example.org/other", BODY.format(n=9, fee=9), 48)
    return path


def put(store: SqlPageStore, url: str, body: str, hours: float) -> None:
    html = (("content-type", "text/html; charset=utf-8"),)
    at = NOW - timedelta(hours=hours)
    store.put(Page(url, url, Outcome.OK, Via.HTTP, at, status=200, headers=html, body=body.encode()))


def test_list(real: Command, stored: Path) -> None:
    """Every page with its title, how many versions, and when it was last seen."""
    ended = real("cache", "list")
    assert ended.status == 0
    lines = ended.out.splitlines()
    assert lines[:2] == [URL, "  Notice 2"]
    assert "2 versions" in lines[2]
    assert "seen 1 h ago" in lines[2]
    assert "2 pages, 3 versions" in ended.err
    document = real("cache", "list", "--json").json
    assert [page["versions"] for page in document["pages"]] == [2, 1]
    assert document["size"]["versions"] == 3


def test_history(real: Command, stored: Path) -> None:
    """The versions of a page, newest first; the URL may be a bare domain's."""
    versions = real("cache", "history", "example.org/notice", "--json").json["versions"]
    assert [version["title"] for version in versions] == ["Notice 2", "Notice 1"]
    assert versions[0]["first_seen"] == (NOW - timedelta(hours=1)).isoformat()
    assert len(real("cache", "history", URL).out.splitlines()) == 2
    unknown = real("cache", "history", "https://example.org/unknown")
    assert (unknown.status, unknown.out) == (2, "")
    assert "cache list" in unknown.err


def test_show(real: Command, stored: Path) -> None:
    """The text of the latest version, of that of a time, of a numbered one; or the body as received."""
    assert "42 euros" in real("cache", "show", URL).out
    two_hours_ago = (NOW - timedelta(hours=2)).isoformat()
    assert "40 euros" in real("cache", "show", URL, "--as-of", two_hours_ago).out
    assert "40 euros" in real("cache", "show", URL, "--version", "1").out
    assert real("cache", "show", URL, "--format", "raw").out == BODY.format(n=2, fee=42)
    document = real("cache", "show", URL, "--json").json
    assert (document["schema"], document["page"]["via"]) == ("browseagent.document/1", "cache")
    for wrong in (
        ["--as-of", "2001-01-01"],
        ["--version", "77"],
        ["--version", "1", "--as-of", "2001-01-01"],
    ):
        assert real("cache", "show", URL, *wrong).status == 2


def test_diff(real: Command, stored: Path) -> None:
    """How the text changed between the last two versions, or between two that are named."""
    ended = real("cache", "diff", URL)
    assert ended.status == 0
    assert "- The fee is 40 euros" in ended.out
    assert "+ The fee is 42 euros" in ended.out
    assert "everybody" not in ended.out
    backwards = real("cache", "diff", URL, "2", "1", "--json").json
    assert backwards["changed"] is True
    assert "42 euros" in backwards["changes"][0]["before"]
    same = real("cache", "diff", URL, "1", "1")
    assert (same.status, same.out) == (0, "")
    assert "is the same" in same.err
    assert real("cache", "diff", "https://example.org/other").status == 2


def test_clear(real: Command, stored: Path) -> None:
    """By age, by page, or all of it; what was dropped is told."""
    assert real("cache", "clear", "--older-than", "30h", "--json").json["versions"] == 1
    assert "Dropped 0 versions" in real("cache", "clear", "https://example.org/other").out
    assert "Dropped 2 versions" in real("cache", "clear", "--all").out
    assert real("cache", "list", "--json").json["pages"] == []


def test_a_damaged_store_is_told_in_json_too(real: Command, stored: Path) -> None:
    """Status 2 with where the file is; the file is left as it was."""
    stored.write_bytes(b"no database" * 1000)
    ended = real("cache", "list", "--json")
    assert (ended.status, ended.json["error"]["kind"]) == (2, "store")
    assert str(stored) in ended.json["error"]["message"]
    assert stored.read_bytes() == b"no database" * 1000
