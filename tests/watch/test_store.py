"""Claims, leases and definitions in the database, on SQLite and on PostgreSQL."""

from __future__ import annotations

import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from browseagent.durable import is_gone, this_process
from browseagent.errors import StoreError, UsageError
from browseagent.records import Outcome, Page, Via
from browseagent.store import migrate, watch_schema
from browseagent.store.crawls import Crawls, Done, Tally, Waiting
from browseagent.store.database import postgres_engine
from browseagent.store.page_index import PageIndex, PageText
from browseagent.store.pages import SqlPageStore
from browseagent.store.schema import metadata
from browseagent.watch.port import LostClaimError
from browseagent.watch.schedule import next_due, schedule_of
from browseagent.watch.settings import session_of, shown_of, without_login
from tests.watch.world import START, URL, Bench, Clock


def test_a_watch_is_claimed_once(any_bench: Bench) -> None:
    """Two processes share what is due; what one has, the other does not get."""
    bench = any_bench
    for number in range(4):
        bench.add(f"w{number}", url=f"https://host{number}.example/")
    first = bench.store.claim("one", START, seconds=60, limit=3)
    second = bench.store.claim("two", START, seconds=60, limit=3)
    assert [claim.watch.name for claim in first] == ["w0", "w1", "w2"]
    assert [claim.watch.name for claim in second] == ["w3"]
    assert bench.store.claim_named("w0", "two", START, seconds=60) is None


def test_what_a_dead_process_had_is_claimed_again(any_bench: Bench) -> None:
    """When the lease is over another one takes the watch, and the first one's findings are refused."""
    bench = any_bench
    bench.add()
    (first,) = bench.store.claim("one", START, seconds=60, limit=1)
    later = START + timedelta(seconds=61)
    (second,) = bench.store.claim("two", later, seconds=60, limit=1)
    with pytest.raises(LostClaimError):
        bench.store.begin_judging(first, None)  # type: ignore[arg-type]
    bench.store.release(first, later + timedelta(days=9))
    bench.store.release(second, later + timedelta(minutes=1))
    assert bench.store.next_due() == later + timedelta(minutes=1)


def test_a_lease_that_is_renewed_lasts(any_bench: Bench) -> None:
    """A long check keeps its watch."""
    bench = any_bench
    bench.add()
    (claim,) = bench.store.claim("one", START, seconds=60, limit=1)
    bench.store.renew([claim.token], START + timedelta(seconds=120))
    assert bench.store.claim("two", START + timedelta(seconds=90), seconds=60, limit=1) == []


def test_one_a_host(any_bench: Bench) -> None:
    """Of several watches of one host one is claimed; a busy host's are left alone; others are not held up."""
    bench = any_bench
    for number in range(5):
        bench.add(f"a{number}", url="https://a.example/")
    bench.add("b", url="https://b.example/")
    assert [c.watch.name for c in bench.store.claim("x", START, seconds=60, limit=4)] == ["a0", "b"]
    assert bench.store.claim("x", START, seconds=60, limit=4, busy={"a.example"}) == []
    names = [c.watch.name for c in bench.store.claim("x", START, seconds=60, limit=4, per_host=2)]
    assert names == ["a1", "a2"]


def test_outside_its_window_a_watch_waits(bench: Bench) -> None:
    """What was missed in the day is not made up for at night."""
    bench.add(between="08:00-10:00")
    assert bench.store.claim("x", START, seconds=60, limit=1) == []
    due = bench.store.next_due()
    assert due is not None and due.hour in (8, 9) and due > START


def test_a_clock_that_was_set_back(bench: Bench) -> None:
    """Due times and leases of a clock that ran ahead come down to today's."""
    ahead = START + timedelta(days=400)
    watch = bench.book.put("w", {"url": "https://a.example/", "every": "15m"}, ahead)
    bench.store.claim("x", ahead, seconds=60, limit=1)
    assert bench.store.mend(START) == 1
    assert bench.store.next_due() == next_due(schedule_of(watch), START)
    assert len(bench.store.claim("x", START + timedelta(minutes=20), seconds=60, limit=1)) == 1


def test_a_start_after_a_sleep_is_no_stampede(bench: Bench) -> None:
    """After a week the missed runs are one each, spread over some minutes."""
    for number in range(40):
        bench.add(f"w{number}", url=f"https://h{number}.example/")
    now = START + timedelta(days=7)
    assert bench.store.mend(now, catch_up=True) == 40
    at_once = bench.store.claim("x", now + timedelta(seconds=5), seconds=600, limit=40)
    in_time = bench.store.claim("x", now + timedelta(minutes=4), seconds=60, limit=40)
    assert len(at_once) < 10 and len(at_once) + len(in_time) == 40


# --- definitions


def test_groups_and_defaults(any_bench: Bench) -> None:
    """A group's settings are its watches', unless they say otherwise; a broken group is refused whole."""
    bench = any_bench
    bench.book.put_group("", {"notify": ["stdout"], "every": "2h"}, START)
    bench.book.put_group("shops", {"every": "30m", "tags": ["shop"]}, START)
    watch = bench.book.put("w", {"url": "https://a.example/", "group": "shops"}, START)
    assert (watch.every, watch.tags, watch.notify) == (1800, ("shop",), ("stdout",))
    bench.book.put_group("shops", {"cron": "0 9 * * *"}, START)
    (entry,) = bench.book.entries()
    assert (entry.watch.cron, entry.watch.every) == ("0 9 * * *", None)
    with pytest.raises(UsageError, match="condition"):
        bench.book.put_group("shops", {"when": "price < 5"}, START)
    with pytest.raises(UsageError, match="no group 'x'"):
        bench.book.put("v", {"url": "https://a.example/", "group": "x"}, START)
    with pytest.raises(UsageError, match="has watches"):
        bench.book.remove_group("shops")


def test_a_group_that_changes_changes_its_watches(any_bench: Bench) -> None:
    """One that is switched off is claimed no more; a shorter interval is due sooner; a longer one no later
    than it was; a watch's own settings still win, and watches of no group are left alone."""
    bench = any_bench
    bench.book.put_group("shops", {"every": "1d"}, START)
    own: dict[str, dict[str, object]] = {
        "of": {"group": "shops"},
        "own": {"group": "shops", "every": "2d", "enabled": True},
        "none": {},
    }
    for name, settings in own.items():
        bench.book.put(name, {"url": f"https://{name}.example/", **settings}, START)
        claim = bench.store.claim_named(name, "x", START, seconds=60)
        assert claim is not None
        bench.store.release(claim, START + timedelta(days=1))

    def due() -> dict[str, timedelta]:
        return {each.watch.name: each.due_at - START for each in bench.book.entries()}

    day = timedelta(days=1)
    bench.book.put_group("shops", {"every": "10m"}, START)
    assert due()["of"] <= timedelta(minutes=10) and (due()["own"], due()["none"]) == (day, day)
    sooner = due()
    bench.book.put_group("shops", {"every": "3d"}, START)
    assert due() == sooner
    later = START + timedelta(days=30)
    bench.book.put_group("shops", {"enabled": False}, START)
    assert {c.watch.name for c in bench.store.claim("x", later, seconds=60, limit=9)} == {"own", "none"}
    bench.book.put_group("", {"enabled": False}, START)
    bench.book.put_group("shops", {}, START)
    assert bench.store.claim("x", later + day, seconds=60, limit=9, busy={"own.example"}) == []
    bench.book.put_group("", {}, START)
    assert {c.watch.name for c in bench.store.claim("x", later + day, seconds=60, limit=9)} == set(own)


async def test_a_group_that_gets_its_pages_otherwise_begins_anew(any_bench: Bench) -> None:
    """What a watch remembers of a page is not compared with what somebody else sees of it."""
    bench = any_bench
    bench.web.show("One page.")
    bench.book.put_group("shops", {"locale": "en-GB"}, START)
    bench.add(group="shops")
    assert (await bench.check()).state == "new"
    bench.book.put_group("shops", {"locale": "de-DE"}, bench.clock())
    (entry,) = bench.book.entries()
    assert (entry.state, entry.due_at) == (None, bench.clock())
    bench.web.show("Eine Seite.")
    assert (await bench.check()).state == "new"


def test_settings_that_cannot_be_read_are_mended_by_others(any_bench: Bench) -> None:
    """A watch that another program left broken waits an hour a time, and is due again once it is put right:
    its own settings, or its group's."""
    bench = any_bench
    bench.book.put_group("shops", {"every": "15m"}, START)
    bench.add("own")
    bench.add("of", group="shops", url="https://b.example/")
    table, groups = watch_schema.watches, watch_schema.watch_groups
    with bench.pages.database.transaction(write=True) as connection:
        broken = {"url": URL, "every": "soon"}
        connection.execute(table.update().where(table.c.name == "own").values(settings=broken))
        connection.execute(groups.update().values(settings={"timezone": "Moon/Sea"}))
    assert bench.store.claim("x", START, seconds=60, limit=9) == []
    bench.book.put("own", {"url": URL, "every": "5m"}, START)
    bench.book.put_group("shops", {}, START)
    soon = START + timedelta(minutes=15)
    assert {c.watch.name for c in bench.store.claim("x", soon, seconds=60, limit=9)} == {"own", "of"}


def test_a_watch_that_cannot_be_read_hides_no_other(any_bench: Bench) -> None:
    """It is listed apart, with what is wrong and how to mend it, found by words and tags like others, and
    keeps no group from being changed."""
    bench = any_bench
    bench.book.put_group("shops", {"every": "15m"}, START)
    for name in ("a", "b", "c"):
        bench.book.put(name, {"url": f"https://{name}.example/", "group": "shops", "tags": ["t"]}, START)
    table = watch_schema.watches
    broken = {"url": "https://b.example/", "every": "soon", "tags": ["t"]}
    with bench.pages.database.transaction(write=True) as connection:
        connection.execute(table.update().where(table.c.name == "b").values(settings=broken))
    for found in (bench.book.chosen(), bench.book.chosen(tag="t"), bench.book.chosen(["example"])):
        assert [each.watch.name for each in found.entries] == ["a", "c"]
        (other,) = found.unreadable
        assert (other.name, other.url) == ("b", "https://b.example/")
        assert other.wrong.message.startswith("b: every: 'soon' is not a duration")
        assert other.wrong.hint is not None and "watch export" in other.wrong.hint
        assert "`browseagent watch remove b`" in other.wrong.hint
    assert bench.book.chosen(tag="x").unreadable == []
    assert bench.book.own()["b"] == {**broken, "group": "shops"}
    with pytest.raises(UsageError, match="b: every") as raised:
        bench.book.entries(["a", "b"])
    assert "watch import" in raised.value.hint
    bench.book.put_group("shops", {"every": "30m"}, START)
    assert {each.watch.every for each in bench.book.entries()} == {1800}
    with pytest.raises(UsageError, match="condition"):
        bench.book.put_group("shops", {"when": "price < 5"}, START)


def test_a_name_is_taken_once(bench: Bench) -> None:
    """Adding over a watch is refused; changing it is another thing."""
    bench.add()
    with pytest.raises(UsageError, match="already"):
        bench.add()
    with pytest.raises(UsageError, match="no watch named 'x'"):
        bench.book.history("x")


async def test_another_url_is_another_page(bench: Bench) -> None:
    """What is remembered of one page is not compared with another."""
    bench.web.show("One page.")
    bench.add()
    await bench.check()
    bench.web.show("Another page.", url="https://b.example/")
    bench.book.put("lantern", {"url": "https://b.example/"}, bench.clock())
    assert (await bench.check()).state == "new"


async def test_what_is_removed_is_gone_and_its_pages_may_go(any_bench: Bench) -> None:
    """Removing a watch forgets its history and lets its page versions go with the rest of the store."""
    bench = any_bench
    bench.add()
    for text in ("One page.", "Another text of the page."):
        bench.web.show(text)
        await bench.check()
    assert bench.pages.clear().held == 2
    bench.book.remove("lantern")
    assert bench.book.entries() == []
    assert bench.pages.clear().versions == 2


# --- the schema


_WITHOUT_SITES = tuple(
    f"DROP TABLE {table}" for table in ("screenshots", "asked", "indexed", "crawl_pages", "crawls")
)
_WITHOUT_WATCHES = (
    *_WITHOUT_SITES,
    *(
        f"DROP TABLE {table}"
        for table in ("outbox", "events", "snapshots", "watches", "watch_groups", "alembic_version")
    ),
    "UPDATE meta SET value = '2' WHERE key = 'schema_version'",
)
_BACK = {
    5: (
        "DROP TABLE screenshots",
        "UPDATE alembic_version SET version_num = 'r0005'",
        "UPDATE meta SET value = '5' WHERE key = 'schema_version'",
    ),
    3: (
        *_WITHOUT_SITES,
        "UPDATE alembic_version SET version_num = 'r0003'",
        "UPDATE meta SET value = '3' WHERE key = 'schema_version'",
    ),
    2: _WITHOUT_WATCHES,
    1: (
        *_WITHOUT_WATCHES,
        "DROP INDEX versions_by_url",
        "ALTER TABLE versions DROP COLUMN variant",
        "CREATE INDEX versions_by_url ON versions (url, first_seen, id)",
        "UPDATE meta SET value = '1' WHERE key = 'schema_version'",
    ),
}
"""What makes of a new database one of an older schema."""


@pytest.fixture(params=["sqlite", "postgresql"])
def any_place(request: pytest.FixtureRequest, tmp_path: Path) -> Path | str:
    """Where a new database can be made, of each kind."""
    if request.param == "sqlite":
        return tmp_path / "pages.sqlite"
    return str(request.getfixturevalue("postgres_database"))


@pytest.fixture
def any_engine(any_place: Path | str) -> Iterator[sa.Engine]:
    engine = _engine(any_place)
    yield engine
    engine.dispose()


def _engine(place: Path | str) -> sa.Engine:
    return sa.create_engine(f"sqlite:///{place}") if isinstance(place, Path) else postgres_engine(place)


def _made_by_migrations(engine: sa.Engine) -> list[object]:
    """The differences between what the migrations make and the metadata."""
    with engine.begin() as connection:
        command.upgrade(migrate.alembic_config(connection), "head")
        return list(compare_metadata(MigrationContext.configure(connection), metadata))


def test_migrations_make_the_schema(any_engine: sa.Engine) -> None:
    """A database made by the migrations alone is the same as a new one, on both."""
    assert watch_schema.watches.metadata is metadata
    assert _made_by_migrations(any_engine) == []


def test_the_newest_migration_is_the_one_that_new_databases_name() -> None:
    """A new migration is not forgotten where databases are made."""
    with sa.create_engine("sqlite://").connect() as connection:
        script = ScriptDirectory.from_config(migrate.alembic_config(connection))
        assert script.get_current_head() == migrate.HEAD


@pytest.mark.parametrize("version", [1, 2, 3, 5])
def test_an_older_store_is_taken_along(any_place: Path | str, version: int) -> None:
    """One that was made before there were variants (1), watches (2), crawls (3) or pictures (5) keeps
    its pages."""
    url = "https://a.example/"
    page = Page(url, url, Outcome.OK, Via.HTTP, START, body=b"kept")
    with SqlPageStore(any_place) as store:
        store.put(page)
        if version >= 2:
            store.put(replace(page, body=b"private"), variant="profile work")
    engine = _engine(any_place)
    with engine.begin() as connection:
        for statement in _BACK[version]:
            connection.execute(sa.text(statement))
    with SqlPageStore(any_place) as store:
        latest = store.latest(url)
        assert latest is not None and latest.body == b"kept"
        own = store.latest(url, variant="profile work")
        assert (own.body if own else None) == (b"private" if version >= 2 else None)
        store.put(replace(page, body=b"new"), variant="profile home")
        assert len(store.history(url)) == (2 if version == 1 else 3)
        assert Bench(store, Clock()).add() is not None
    with SqlPageStore(any_place) as again:  # a second opening finds nothing to do
        assert len(Bench(again, Clock()).book.entries()) == 1
        assert len(again.history(url, variant="")) == 1
    with engine.connect() as connection:
        assert list(compare_metadata(MigrationContext.configure(connection), metadata)) == []
    engine.dispose()


def test_a_database_that_cannot_be_reached_is_said_without_its_password() -> None:
    """The error names the server and hides the password."""
    with pytest.raises(StoreError) as caught:
        SqlPageStore("postgresql://me:secret@127.0.0.1:1/none")
    assert "secret" not in caught.value.message and "127.0.0.1" in caught.value.message


# --- crawls, in the same database


def test_a_crawl_takes_up_each_address_once(any_place: Path | str) -> None:
    """What became of a page and what was found on it are one transaction; the pages that wait come the least
    deep first; a budget that was spent can be raised, and at its end a crawl begins anew."""
    home, far = "https://a.example/", "https://a.example/far"
    near = Waiting("https://a.example/near", 1, home)
    months = [Waiting(f"https://a.example/2026/{month}/", 2, home, "/0/0/") for month in range(1, 9)]
    with SqlPageStore(any_place) as store:
        kept = Crawls(store.database, PageIndex(store.database, "1"))
        crawl, resumed = kept.begin("key", home, START, max_pages=5, anew=False)
        assert (kept.next(crawl), resumed) == (Waiting(home, 0), False)
        found = [Waiting(far, 2, home), near, *months]
        where = {"site": "a.example", "variant": "", "per_pattern": 3}
        done = Done(home, home, True, "ok", sha256="0" * 64, text=PageText(["a"], [], [], ["b"]))
        assert kept.commit(crawl, done, found, **where) == 5  # type: ignore[arg-type]
        assert kept.commit(crawl, done, found, **where) == 0  # type: ignore[arg-type]
        assert kept.next(crawl) == near
        moved = Done(near.url, far, True, "ok")
        kept.commit(crawl, moved, [], **where)  # type: ignore[arg-type]
        assert kept.tally(crawl) == Tally(read=2, failed=0, waiting=3)
        assert kept.begin("key", home, START, max_pages=5, anew=False) == (crawl, True)
        again, resumed = kept.begin("key", home, START, max_pages=2, anew=False)
        assert (kept.tally(again), resumed) == (Tally(read=0, failed=0, waiting=1), False)


def test_the_full_text_index_is_sqlites(any_place: Path | str) -> None:
    """In PostgreSQL pages are stored and dropped as ever, and asking the index says what to do instead."""
    url = "https://a.example/"
    with SqlPageStore(any_place) as store:
        store.put(Page(url, url, Outcome.OK, Via.HTTP, START, body=b"kept"))
        index = PageIndex(store.database, "1")
        if index.available:
            assert [each.url for each in index.missing("a.example", "")] == [url]
        else:
            with pytest.raises(UsageError, match="PostgreSQL"):
                index.missing("a.example", "")
        assert store.clear().versions == 1


KILLED = "from browseagent.durable import this_process; print(this_process(), flush=True); input()"


@pytest.fixture
def killed() -> str:
    """The name of a process that was killed."""
    with subprocess.Popen(
        [sys.executable, "-c", KILLED], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        name = process.stdout.readline().strip()
        assert not is_gone(name)
        process.kill()
    return name


async def test_what_a_killed_process_held_is_free_at_once(any_bench: Bench, killed: str) -> None:
    """Its watches, by name and by schedule, and the letters that it was sending; a living one's are not."""
    bench = any_bench
    bench.web.show("The ferry runs.")
    for number, owner in enumerate((killed, killed, this_process(), "another.machine.9")):
        bench.add(f"w{number}", url=f"https://{number}.example.org/")
        assert bench.store.claim_named(f"w{number}", owner, bench.clock(), seconds=600) is not None
    assert bench.store.claim_named("w0", "mine", bench.clock(), seconds=600) is not None
    bench.store.mend(bench.clock())
    found = bench.store.claim("mine", bench.clock(), seconds=600, limit=9)
    assert [claim.watch.name for claim in found] == ["w1"]
    for name in ("w2", "w3"):
        assert bench.store.claim_named(name, "mine", bench.clock(), seconds=600) is None


async def test_letters_of_a_killed_process_go_out_at_once(any_bench: Bench, killed: str) -> None:
    """With the same key."""
    bench = any_bench
    bench.add()
    for text in ("The ferry runs.", "The ferry is late."):
        bench.web.show(text)
        claim = bench.store.claim_named("lantern", "mine", bench.clock(), seconds=600)
        assert claim is not None
        await bench.checker.check(claim)
    (first,) = bench.outbox.take(killed, bench.clock(), seconds=600, limit=5)
    (second,) = bench.outbox.take(this_process(), bench.clock(), seconds=600, limit=5)
    assert first.key == second.key
    assert bench.outbox.take("mine", bench.clock(), seconds=600, limit=5) == []


def test_another_process_under_the_same_number_is_another(killed: str) -> None:
    """A name tells when the process was started; names of other forms are never gone."""
    here = this_process()
    assert is_gone(killed) and is_gone(here.rpartition(".")[0] + ".12") and not is_gone(here)
    assert not is_gone("host.12") and not is_gone("")


LOGIN = "http://ann:p%40ss-w0rd@shop.example.org:8080/a@b?c=d#e"


async def test_a_password_in_an_address_stays_behind(any_bench: Bench) -> None:
    """It is sent to the site and to nobody else; it is not in what is shown, stored, or sent in an alert."""
    bench = any_bench
    address = "http://shop.example.org:8080/a@b?c=d#e"
    watch = bench.add(url=LOGIN)
    assert (watch.url, session_of(watch).headers) == (
        address, (("Authorization", "Basic " + b64encode(b"ann:p@ss-w0rd").decode()),),
    )  # fmt: skip
    for text in ("The ferry runs.", "The ferry is late."):
        bench.web.show(text, address)
        await bench.check()
    (entry,) = bench.book.entries()
    assert shown_of(entry.watch)["basic"] == "…"
    said = [repr(message) for _, message in bench.receiver.messages]
    said += [repr(entry), repr(watch), repr(bench.history())]
    assert len(bench.receiver.messages) == 1
    assert not any("w0rd" in text for text in said)
    assert bench.book.put("lantern", {**entry.own}, bench.clock()) == watch


@pytest.mark.parametrize(
    "url", ["https://example.org/@ada", "https://example.org/?to=a@b.c", "https://a.b/#x@y"]
)
def test_an_at_sign_elsewhere_is_no_login(url: str) -> None:
    """Only what stands before the host is."""
    assert without_login({"url": url}) == {"url": url}
