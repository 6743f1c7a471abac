"""Pages of one URL that different sessions had."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

from browseagent.records import Outcome, Page, Via
from browseagent.store.pages import SqlPageStore

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
URL = "https://example.org/"


def page(body: str, minutes: int = 0) -> Page:
    """A page with this body, some minutes after noon."""
    at = NOON + timedelta(minutes=minutes)
    return Page(URL, URL, Outcome.OK, Via.HTTP, at, status=200, body=body.encode())


def test_variants_have_nothing_to_do_with_each_other(tmp_path: Path) -> None:
    """Neither is served for the other, confirmed with it, or part of its history."""
    with SqlPageStore(tmp_path / "pages.sqlite") as store:
        store.put(page("public"))
        store.put(page("private", 1), variant="profile work")
        store.put(page("public", 2))
        found = store.latest(URL)
        assert found is not None and found.body == b"public"
        own = store.latest(URL, variant="profile work")
        assert own is not None and own.body == b"private"
        assert store.latest(URL, variant="profile home") is None
        store.confirm(URL, NOON + timedelta(hours=1), variant="profile work")
        assert [version.last_seen.hour for version in store.history(URL, variant="profile work")] == [13]
        assert [version.last_seen.hour for version in store.history(URL, variant="")] == [12]
        assert [version.variant for version in store.history(URL)] == ["profile work", ""]
        assert {(entry.url, entry.variant) for entry in store.pages()} == {(URL, ""), (URL, "profile work")}


def test_the_same_content_in_two_variants_is_stored_once(tmp_path: Path) -> None:
    """And dropping one leaves the other whole."""
    with SqlPageStore(tmp_path / "pages.sqlite") as store:
        store.put(page("the same"), variant="one")
        size = store.size().bytes
        store.put(page("the same"), variant="two")
        assert store.size().bytes == size
        assert store.size().versions == 2
