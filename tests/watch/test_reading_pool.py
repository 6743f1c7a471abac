"""Reading in processes that can be ended: a page that hangs the reader holds up nobody."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from collections.abc import AsyncIterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest

from browseagent.records import Page
from browseagent.watch.check import Checked, Checker
from browseagent.watch.outbox import Sent
from browseagent.watch.reading import HereReader, ReadingError
from browseagent.watch.reading_pool import ReadingPool
from browseagent.watch.records import State, Watch
from browseagent.watch.run import Broken, Options, Runner
from tests.watch.world import URL, Bench, Clock, FakeWeb

HANGS = r"(x+x+)+y"
"""What takes for ever on a row of x, and holds the interpreter's lock while it does."""
ROW = "x" * 60
WATCH = Watch("lantern", URL)


@pytest.fixture
async def pool() -> AsyncIterator[ReadingPool]:
    async with ReadingPool() as pool:
        yield pool


def page(text: str) -> Page:
    return FakeWeb(Clock()).page(text)


async def test_it_reads_as_this_process_does(pool: ReadingPool) -> None:
    """The same document, key and differences; the document knows its page."""
    watch = replace(WATCH, select="main", exclude=("h1",), ignore=("tent",))
    before, after = page("For the tent.\nIt costs £49."), page("For the house.\nIt costs £39.")
    there, here = await pool.read(after, watch), await HereReader().read(after, watch)
    assert there == here and there.document.page == after
    assert await pool.differences(before, there.document, watch) == await HereReader().differences(
        before, here.document, watch
    )
    assert pool.lost == 0


async def test_what_hangs_is_ended_and_replaced() -> None:
    """Even a regular expression that never lets go of the interpreter; the next page is read."""
    async with ReadingPool(seconds=8.0) as pool:
        with pytest.raises(ReadingError, match="did not end within 8 s"):
            await pool.read(page(ROW), replace(WATCH, ignore=(HANGS,)))
        assert (await pool.read(page("All is well."), WATCH)).document.text.endswith("All is well.")
        assert pool.lost == 1


async def test_a_check_that_hangs_delays_no_other(bench: Bench) -> None:
    """One page hangs its reader; the others are checked meanwhile, and the one fails with its reason."""
    told: list[Checked | Broken | Sent] = []
    began = time.monotonic()
    done: list[float] = []

    def tell(event: Checked | Broken | Sent) -> None:
        told.append(event)
        done.append(time.monotonic() - began)

    for number in range(4):
        url = f"https://h{number}.example/"
        bench.web.show(ROW if number == 0 else "The ferry runs today.", url)
        bench.add(f"w{number}", url=url, ignore=[HANGS] if number == 0 else [])
    async with ReadingPool(seconds=12.0) as pool:
        checker = Checker(replace(bench.world(), reader=pool))
        options = Options("one", at_once=2)
        runner = Runner(bench.store, checker, bench.courier, options, now=bench.clock, told=tell)
        assert await runner.once() == 4
    checked = {each.watch.name: each for each in told if isinstance(each, Checked)}
    assert {name: each.state for name, each in checked.items()} == {
        "w0": State.FAILED, "w1": State.NEW, "w2": State.NEW, "w3": State.NEW,
    }  # fmt: skip
    assert checked["w0"].reason == "reading the page did not end within 12 s"
    assert isinstance(told[-1], Checked) and told[-1].watch.name == "w0" and done[-2] < done[-1]


@pytest.mark.parametrize(
    ("program", "said"),
    [
        ("import os; os.abort()", "took the process that read it down"),
        ("import sys; sys.stdout.write('no length'); sys.stdout.flush()", "took the process"),
    ],
)
async def test_a_page_that_takes_its_reader_down(program: str, said: str) -> None:
    """It is an error of that page, with a reason."""
    async with ReadingPool(program=(sys.executable, "-c", program)) as pool:
        with pytest.raises(ReadingError, match=said):
            await pool.read(page("Boo."), WATCH)
        assert pool.lost == 1


async def test_a_check_that_is_cancelled_ends_its_reader(tmp_path: Path) -> None:
    """Nothing goes on reading for a check that nobody waits for any more."""
    note = tmp_path / "pid"
    program = (
        f"import os, time, pathlib; pathlib.Path({str(note)!r}).write_text(str(os.getpid())); time.sleep(99)"
    )
    written = partial(_written, note)
    async with ReadingPool(program=(sys.executable, "-c", program)) as pool:
        task = asyncio.create_task(pool.read(page("Boo."), WATCH))
        async with asyncio.timeout(30):
            while not written():  # noqa: ASYNC110  there is no event to wait for
                await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    with pytest.raises(ProcessLookupError):
        os.kill(int(written()), 0)


def _written(note: Path) -> str:
    return note.read_text() if note.exists() else ""
