"""The page store: versions in time, shared bytes, what comes back, what stays private."""

from __future__ import annotations

import itertools
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from browseagent.records import Outcome, Page, Via
from browseagent.store.pages import SqlPageStore

URL = "https://example.org/notice"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def page(body: bytes, hours: float = 0, url: str = URL, **more: object) -> Page:
    made = Page(url, url, Outcome.OK, Via.HTTP, at(hours), status=200, body=body)
    return replace(made, **more)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlPageStore]:
    with SqlPageStore(tmp_path / "home" / "pages.sqlite") as opened:
        yield opened


def test_a_page_comes_back_whole(store: SqlPageStore) -> None:
    """Every field of a page survives; only ``via`` says that it is from the cache now."""
    put = page(
        b"<title>A &amp; B\n</title>body \xff\x00",
        dom="<html>\udc80 rendered 中文</html>",
        visible_text="rendered 中文",
        final_url=URL + "/2",
        redirects=(URL, URL + "/2"),
        headers=(("etag", '"x"'), ("set-cookie", "a=1"), ("set-cookie", "b=2"), ("x-bad", "\udcff")),
        outcome=Outcome.TRUNCATED,
        via=Via.CHROMIUM,
        reason="only a teaser",
        hint="log in",
        notes=("a consent layer was refused",),
    )
    version = store.put(put)
    back = store.latest(URL)
    headers = (*put.headers[:3], ("x-bad", "\\udcff"))  # undecodable bytes are spelt out
    assert back == replace(put, via=Via.CACHE, headers=headers)
    assert back.header("ETag") == '"x"'
    assert (version.sha256, version.via, version.status) == (put.sha256, "chromium", 200)


@pytest.mark.parametrize("empty", [b"", b"\0"])
def test_an_empty_body_is_a_body(store: SqlPageStore, empty: bytes) -> None:
    """Nothing at all is stored and given back as nothing at all."""
    store.put(page(empty))
    back = store.latest(URL)
    assert back is not None
    assert back.body == empty


def test_a_b_a_makes_three_versions_of_two_contents(store: SqlPageStore) -> None:
    """A page that changes and changes back has three versions, and its bytes are stored twice."""
    first, second = bytes(range(256)), bytes(reversed(range(256)))
    for hours, body in enumerate([first, first, second, first]):
        store.put(page(body, hours))
    history = store.history(URL)
    assert [(v.first_seen, v.last_seen) for v in history] == [
        (at(3), at(3)),
        (at(2), at(2)),
        (at(0), at(1)),
    ]
    assert history[0].sha256 == history[2].sha256 != history[1].sha256
    assert store.size().bytes == 512


def test_as_of_gives_what_was_current(store: SqlPageStore) -> None:
    """A time before the first version has no page; a time between two versions has the earlier one."""
    store.put(page(b"one", 0))
    store.put(page(b"two", 2))
    assert store.latest(URL, as_of=at(-1)) is None
    for hours, body in ((0, b"one"), (1, b"one"), (2, b"two"), (9, b"two")):
        found = store.latest(URL, as_of=at(hours))
        assert found is not None
        assert found.body == body


def test_confirming_moves_the_time_and_nothing_else(store: SqlPageStore) -> None:
    """A 304 makes the latest version as young as the confirmation; an old one does not make it older."""
    assert store.confirm(URL, at(1)) is None
    store.put(page(b"one", 0))
    later = store.confirm(URL, at(5))
    assert later is not None
    assert (later.body, later.fetched_at) == (b"one", at(5))
    again = store.confirm(URL, at(2))
    assert again is not None
    assert again.fetched_at == at(5)
    assert len(store.history(URL)) == 1


def test_the_same_dom_with_new_validators_keeps_the_new_ones(store: SqlPageStore) -> None:
    """Where only the body behind the same rendering changed, its ETag and body are the newest."""
    store.put(page(b"nonce 1", 0, dom="same", headers=(("etag", "1"),)))
    store.put(page(b"nonce 22", 1, dom="same", headers=(("etag", "2"),)))
    back = store.latest(URL)
    assert back is not None
    assert (back.body, back.header("etag")) == (b"nonce 22", "2")
    assert len(store.history(URL)) == 1
    assert store.size().bytes == len("nonce 22") + len("same")  # the first body is gone


def test_a_late_observation_takes_its_place_in_time(store: SqlPageStore) -> None:
    """Another process's older fetch never becomes the latest version; it splits one that spans it."""
    store.put(page(b"new", 4))
    store.put(page(b"new", 8))
    store.put(page(b"odd", 6))
    store.put(page(b"old", 2))
    assert [(v.first_seen, v.last_seen) for v in store.history(URL)] == [
        (at(8), at(8)),
        (at(6), at(6)),
        (at(4), at(4)),
        (at(2), at(2)),
    ]
    latest = store.latest(URL)
    assert latest is not None
    assert latest.body == b"new"


observations = st.lists(
    st.tuples(st.integers(0, 12), st.sampled_from([b"A", b"B", b"C"])),
    min_size=1,
    max_size=12,
    unique_by=lambda observation: observation[0],
)


@settings(max_examples=20)
@given(seen=observations, ask=st.integers(-1, 13))
def test_as_of_is_the_last_observation_before(
    tmp_path_factory: pytest.TempPathFactory, seen: list[tuple[int, bytes]], ask: int
) -> None:
    """In order of time: as of any moment, the page is what was last seen at or before it. And put
    in any other order, the latest is still what was seen last."""
    folder = tmp_path_factory.mktemp("store")
    with SqlPageStore(folder / "ordered") as ordered, SqlPageStore(folder / "shuffled") as shuffled:
        for hours, body in sorted(seen):
            ordered.put(page(body, hours))
        for hours, body in seen:
            shuffled.put(page(body, hours))
        expected = [body for hours, body in sorted(seen) if hours <= ask]
        found = ordered.latest(URL, as_of=at(ask))
        assert (found.body if found else None) == (expected[-1] if expected else None)
        last = shuffled.latest(URL)
        assert last is not None
        assert last.body == max(seen)[1]
        spans = [(v.first_seen, v.last_seen) for v in reversed(shuffled.history(URL))]
        assert all(first <= last for first, last in spans)
        assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))


@settings(max_examples=20)
@given(body=st.binary(max_size=2000), dom=st.none() | st.text(max_size=500))
def test_any_bytes_come_back(tmp_path_factory: pytest.TempPathFactory, body: bytes, dom: str | None) -> None:
    """Body and rendered DOM come back exactly, whatever they are, and so does the page's identity."""
    with SqlPageStore(tmp_path_factory.mktemp("store") / "pages.sqlite") as store:
        put = page(body, dom=dom)
        store.put(put)
        back = store.latest(URL)
        assert back is not None
        assert (back.body, back.dom, back.sha256) == (body, dom, put.sha256)


def test_only_readable_pages_are_stored(store: SqlPageStore) -> None:
    """A bot wall is never stored as the page that it stands in front of."""
    with pytest.raises(ValueError, match="blocked"):
        store.put(page(b"Checking your browser", outcome=Outcome.BLOCKED))
    assert store.latest(URL) is None


def test_a_time_without_zone_is_refused(store: SqlPageStore) -> None:
    """A naive time would mean another moment on another machine."""
    with pytest.raises(ValueError, match="time zone"):
        store.latest(URL, as_of=datetime(2026, 3, 1))
    with pytest.raises(ValueError, match="time zone"):
        store.put(page(b"", fetched_at=datetime(2026, 3, 1)))


@pytest.mark.parametrize(
    ("asked", "found"),
    [(URL + "#part", True), (URL, True), (URL + "#/route", False), (URL + "?q", False)],
)
def test_a_fragment_names_no_other_page_unless_it_is_a_route(
    store: SqlPageStore, asked: str, found: bool
) -> None:
    """A page is found under its URL with another fragment, but a single-page route is its own page."""
    store.put(page(b"x", url=URL + "#top"))
    assert (store.latest(asked) is not None) is found


@pytest.mark.parametrize(
    ("body", "content_type", "title"),
    [
        (b"<title lang=en>\n Fares &amp; times </title>", "text/html", "Fares & times"),
        ("<meta charset=windows-1252><title>Größe</title>".encode("cp1252"), "text/html", "Größe"),
        ("<title>天气</title>".encode("gb18030"), "text/html; charset=gb18030", "天气"),
        (b"<title>odd</title>", "text/html; charset=hex", "odd"),
        (b"%PDF-1.7", "application/pdf", ""),
    ],
)
def test_the_title_is_that_of_the_markup(
    store: SqlPageStore, body: bytes, content_type: str, title: str
) -> None:
    """Listings show the title element, in the encoding that the page declares."""
    assert store.put(page(body, headers=(("content-type", content_type),))).title == title


def test_what_is_derived_lives_as_long_as_its_content(store: SqlPageStore) -> None:
    """Derived data is found by its key, can be replaced, and goes with the last version of its content."""
    first, other = page(b"A", 0), page(b"A", 0, url="https://example.org/copy")
    store.put(first)
    store.put(other)
    store.put_derived("text/1", b"old", sha256=first.sha256)
    store.put_derived("text/1", b"new" * 100, sha256=first.sha256)
    assert store.derived("text/1") == b"new" * 100
    assert store.derived("text/2") is None
    store.clear(urls=[URL])
    assert store.derived("text/1") is not None
    store.clear(urls=[other.url])
    assert store.derived("text/1") is None
    assert store.size().bytes == 0


def test_listing_counts_versions_and_knows_what_is_held(store: SqlPageStore) -> None:
    """The listing has one entry a URL, most recent first, with the title of the latest version."""
    store.put(page(b"<title>old</title>", 0))
    store.put(page(b"<title>new</title>", 3))
    store.put(page(b"x", 1, url="https://example.org/other"))
    store.hold("https://example.org/other", "watch 1")
    listed = [(p.url, p.title, p.versions, p.last_seen, p.held) for p in store.pages()]
    assert listed == [
        (URL, "new", 2, at(3), False),
        ("https://example.org/other", "", 1, at(1), True),
    ]
    assert (store.size().pages, store.size().versions) == (2, 3)


def test_a_version_can_be_had_by_its_number(store: SqlPageStore) -> None:
    """Any version's page can be read again; a number that never was gives nothing."""
    old = store.put(page(b"old", 0))
    store.put(page(b"new", 1))
    found = store.version_page(old.id)
    assert found is not None
    assert (found.url, found.body) == (URL, b"old")
    assert store.version_page(999) is None


def test_the_store_is_private(tmp_path: Path) -> None:
    """The folder is for its owner alone, and so is each file of the database, also while it is open."""
    path = tmp_path / "data" / "home" / "pages.sqlite"
    with SqlPageStore(path) as store:
        store.put(page(b"secret"))
        modes = {p.name: stat.S_IMODE(p.stat().st_mode) for p in path.parent.iterdir()}
        assert set(modes) >= {"pages.sqlite", "pages.sqlite-wal"}
        assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
