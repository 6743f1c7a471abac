"""The size limit: what was used longest ago goes first, what is held stays."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from browseagent.records import Outcome, Page, Via
from browseagent.store.pages import SqlPageStore

LIMIT = 10_000


class Clock:
    """A clock that moves an hour each time it is set forward."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 1, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def tick(self) -> None:
        self.now += timedelta(hours=1)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[SqlPageStore]:
    with SqlPageStore(tmp_path / "pages.sqlite", max_bytes=LIMIT, clock=clock) as opened:
        yield opened


def url(number: int) -> str:
    return f"https://example.org/{number}"


def put(store: SqlPageStore, clock: Clock, number: int, size: int = 3_000) -> int:
    """Puts a page of incompressible bytes, an hour after the one before."""
    clock.tick()
    body = random.Random(number).randbytes(size)
    return store.put(Page(url(number), url(number), Outcome.OK, Via.HTTP, clock.now, body=body)).id


def stored(store: SqlPageStore) -> set[str]:
    return {page.url for page in store.pages()}


def test_the_least_recently_used_goes_first(store: SqlPageStore, clock: Clock) -> None:
    """A page that was read since is kept over one that was only stored later."""
    for number in (1, 2, 3):
        put(store, clock, number)
    clock.tick()
    store.latest(url(1))
    put(store, clock, 4)
    assert stored(store) == {url(1), url(3), url(4)}
    assert store.size().bytes <= LIMIT


def test_what_is_held_is_never_evicted(store: SqlPageStore, clock: Clock) -> None:
    """A held version and a held URL outlive everything else; released, they are as others."""
    held = put(store, clock, 1)
    store.hold(held, "watch 7")
    store.hold(held, "watch 7")
    store.hold(url(2), "watch 7")
    for number in (2, 3, 4, 5):
        put(store, clock, number)
    assert stored(store) == {url(1), url(2), url(5)}
    store.release(held, "watch 8")  # not the owner
    put(store, clock, 6)
    assert url(1) in stored(store)
    store.release(held, "watch 7")
    store.release(url(2), "watch 7")
    put(store, clock, 7)
    assert url(1) not in stored(store)
    with pytest.raises(ValueError, match="no version 999"):
        store.hold(999, "watch 7")


def test_a_page_above_the_limit_is_still_stored(store: SqlPageStore, clock: Clock) -> None:
    """The page that was just fetched stays, so that it can be read; the next one replaces it."""
    put(store, clock, 1)
    put(store, clock, 2, size=LIMIT * 2)
    assert stored(store) == {url(2)}
    put(store, clock, 3)
    assert stored(store) == {url(3)}


def test_derived_data_counts_and_goes_by_its_use(store: SqlPageStore, clock: Clock) -> None:
    """What was derived long ago from a page that is not stored makes room before a page does."""
    store.put_derived("orphan", random.Random(0).randbytes(4_000), sha256="0" * 64)
    for number in (1, 2, 3):
        put(store, clock, number)
    assert store.derived("orphan") is None
    assert stored(store) == {url(1), url(2), url(3)}


def test_shared_bytes_are_kept_for_the_version_that_stays(store: SqlPageStore, clock: Clock) -> None:
    """Evicting one of two pages with the same body leaves the body to the other."""
    body = random.Random(1).randbytes(3_000)
    for number in (1, 2):
        clock.tick()
        store.put(Page(url(number), url(number), Outcome.OK, Via.HTTP, clock.now, body=body))
    for number in (3, 4):
        put(store, clock, number)
    store.clear(urls=[url(1)])
    kept = store.latest(url(2))
    assert kept is not None
    assert kept.body == body


def test_clear_by_page_by_age_and_all_of_it(store: SqlPageStore, clock: Clock) -> None:
    """Clearing takes what it is told to, says what it did, and leaves what is held."""
    for number in (1, 2, 3):
        put(store, clock, number, size=1_000)
    store.hold(url(3), "watch 1")
    cleared = store.clear(urls=[url(1), "https://example.org/unknown"])
    assert (cleared.versions, cleared.bytes, cleared.held) == (1, 1_000, 0)
    clock.tick()
    put(store, clock, 4, size=1_000)
    cleared = store.clear(before=clock.now - timedelta(hours=1))
    assert (cleared.versions, cleared.held) == (1, 1)
    assert stored(store) == {url(3), url(4)}
    store.put_derived("orphan", b"x", sha256="0" * 64)
    cleared = store.clear()
    assert (cleared.versions, cleared.held) == (1, 1)
    assert store.derived("orphan") is None
    assert stored(store) == {url(3)}


def test_the_file_shrinks_when_pages_go(tmp_path: Path, clock: Clock) -> None:
    """Freed space goes back to the file system, not only to the database."""
    with SqlPageStore(tmp_path / "pages.sqlite", clock=clock) as store:
        for number in range(4):
            put(store, clock, number, size=500_000)
        full = store.size().file_bytes
        store.clear()
        assert full > 2_000_000
        assert store.size().file_bytes < 400_000
