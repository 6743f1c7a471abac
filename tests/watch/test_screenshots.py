"""Pictures of what a watch saw: kept with each snapshot within their limit, on SQLite and on PostgreSQL."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path

import pytest
import sqlalchemy as sa

from browseagent.errors import UsageError
from browseagent.records import Box, Screenshot
from browseagent.store.database import Database
from browseagent.store.move import move
from browseagent.store.pages import SqlPageStore
from browseagent.store.schema import blobs
from browseagent.store.screenshots import Screenshots
from browseagent.store.watch_schema import screenshots
from browseagent.watch.records import State
from browseagent.watch.retention import Kept, over
from tests.watch.world import START, URL, Bench, Clock

BOX = Box("It costs £10.00 today.", 8, 90, 200, 18)


def shot(seed: int, size: int = 450_000) -> Screenshot:
    """A picture that no compression makes smaller."""
    return Screenshot(random.Random(seed).randbytes(size), "image/jpeg", 1280, 900, (replace(BOX, x=seed),))


async def look(bench: Bench, text: str, seen: Screenshot | None) -> int:
    """A check that sees this text and this picture; the snapshot that it kept."""
    bench.web.show(text)
    bench.web.pages[URL] = replace(bench.web.pages[URL], screenshot=seen)
    await bench.check()
    return bench.book.snapshots("lantern")[0].id


def kept(bench: Bench) -> list[int]:
    """The snapshots that have a picture."""
    with bench.pages.database.transaction() as connection:
        return sorted(connection.execute(sa.select(screenshots.c.snapshot_id)).scalars())


def pictures(bench: Bench) -> int:
    """How many pictures' bytes the store holds."""
    query = sa.select(sa.func.count()).select_from(blobs).where(blobs.c.sha256.in_(
        sa.union(sa.select(screenshots.c.image_blob), sa.select(screenshots.c.boxes_blob))
    ))  # fmt: skip
    with bench.pages.database.transaction() as connection:
        return int(connection.execute(query).scalar_one())


async def test_a_picture_is_kept_with_each_snapshot(any_bench: Bench) -> None:
    """The picture and its boxes come back as they were, and are asked for without validators; a look that
    finds nothing new keeps none."""
    bench = any_bench
    bench.add(screenshots=5)
    first = await look(bench, "It costs £10.00 today.", shot(1))
    assert await look(bench, "It costs £10.00 today.", shot(2)) == first
    second = await look(bench, "It costs £12.00 today.", shot(3))
    found = Screenshots(bench.pages.database)
    assert found.get(first) == shot(1)
    assert found.get(second) == shot(3)
    assert found.get(999) is None
    assert {(each.screenshot, each.etag) for each in bench.web.requests} == {("jpeg", None)}


async def test_without_the_setting_none_is_asked_for(bench: Bench) -> None:
    """Nor kept where one came all the same."""
    bench.add()
    await look(bench, "It costs £10.00 today.", shot(1))
    assert kept(bench) == []
    assert bench.web.requests[0].screenshot == ""


async def test_a_look_without_a_picture_is_a_look(bench: Bench) -> None:
    """A page that a browser does not show (a PDF), or a picture that could not be taken, delays nothing."""
    bench.add(screenshots=5)
    await look(bench, "It costs £10.00 today.", None)
    await look(bench, "It costs £12.00 today.", shot(1))
    assert bench.history()[0].kind == "changed"
    assert len(kept(bench)) == 1


async def test_the_oldest_pictures_go_where_the_limit_is_reached(any_bench: Bench) -> None:
    """The snapshots stay; so does a pinned one's picture. One above the limit by itself is not kept, and
    costs no other."""
    bench = any_bench
    bench.add(screenshots=1)
    numbers = [await look(bench, f"It costs £{price}.00 today.", shot(price)) for price in (10, 11)]
    bench.book.pin("lantern", numbers[0])
    numbers += [await look(bench, f"It costs £{price}.00 today.", shot(price)) for price in (12, 13)]
    assert kept(bench) == [numbers[0], numbers[3]]
    assert len(bench.book.snapshots("lantern")) == 4
    await look(bench, "It costs £14.00 today.", shot(14, 1_200_000))
    assert kept(bench) == [numbers[0], numbers[3]]
    assert pictures(bench) == 4


async def test_pictures_go_with_their_snapshots(any_bench: Bench) -> None:
    """Where retention drops a snapshot, and where the watch is removed; bytes that two share stay as long
    as one needs them."""
    bench = any_bench
    bench.add(screenshots=5, keep=2)
    same = shot(1)
    for price in (10, 11, 12):
        await look(bench, f"It costs £{price}.00 today.", same)
    assert pictures(bench) == 2
    assert bench.book.prune("lantern", bench.clock()) == 1
    assert len(kept(bench)) == 2
    assert pictures(bench) == 2
    bench.book.remove("lantern")
    assert kept(bench) == []
    with bench.pages.database.transaction() as connection:
        stored = set(connection.execute(sa.select(blobs.c.stored_bytes)).scalars())
    assert max(stored) < 2000


async def test_they_are_moved_with_the_rest(tmp_path: Path, postgres_database: str) -> None:
    """``store move`` takes them to PostgreSQL."""
    with SqlPageStore(tmp_path / "pages.sqlite", clock=Clock()) as pages:
        bench = Bench(pages, Clock())
        bench.add(screenshots=5)
        number = await look(bench, "It costs £10.00 today.", shot(1))
    source, target = Database(tmp_path / "pages.sqlite"), Database(postgres_database)
    assert move(source, target).tables["screenshots"].rows == 1
    assert Screenshots(target).get(number) == shot(1)
    source.close()
    target.close()


def test_over_is_the_oldest_beyond_the_limit() -> None:
    """Pinned ones count and stay; none younger goes while an older one stays, but for these."""
    taken = [Kept(number, START, 40, pinned=number == 2) for number in range(1, 6)]
    assert over(taken, 120) == [1, 3]
    assert over(taken, 10) == [1, 3, 4, 5]
    assert over(taken, 200) == []


async def test_a_picture_needs_a_browser(bench: Bench) -> None:
    """So a watch over HTTP refuses it, and says why."""
    with pytest.raises(UsageError, match="screenshots need a browser"):
        bench.add(screenshots=5, via="http")
    bench.add(screenshots=5, via="chromium")
    await look(bench, "It costs £10.00 today.", shot(1))
    assert (await bench.check()).state is State.UNCHANGED
