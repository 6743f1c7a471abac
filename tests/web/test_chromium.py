"""Chromium as a good citizen: crashes, recycling, and nothing left behind on any way out."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from browseagent.records import Outcome
from browseagent.web import Limits, Request, Web
from browseagent.web.chromium import MEMORY_EVERY
from browseagent.web.find_chromium import process_tree
from fixtures.server import FixtureServer

pytestmark = pytest.mark.browser
ROOT = Path(__file__).resolve().parents[2]

PARENT = """
import asyncio, os, signal, sys
from browseagent.web import Request, Web

async def main():
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, asyncio.current_task().cancel)
    async with Web() as web:
        await web.fetch(Request(sys.argv[1], via="chromium", timeout=20))
        print("ready", flush=True)
        await web.fetch(Request(sys.argv[2], via="chromium", timeout=60))

try:
    asyncio.run(main())
except (asyncio.CancelledError, KeyboardInterrupt):
    sys.exit(130)
"""


def _alive(pids: list[int]) -> list[int]:
    """Those that still run; a zombie does not."""
    alive = []
    for pid in pids:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        except OSError:
            continue
        if state != "Z":
            alive.append(pid)
    return alive


def _gone(pids: list[int], seconds: float) -> list[int]:
    """Those that are left after so many seconds at most."""
    until = time.monotonic() + seconds
    while _alive(pids) and time.monotonic() < until:
        time.sleep(0.1)
    return _alive(pids)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_process_is_left(site: FixtureServer, number: signal.Signals) -> None:
    """Interrupted, terminated or killed in the middle of a page, the program leaves no Chromium."""
    # SIGINT may be ignored in the shell that runs the tests; the child must not inherit that.
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, site.url("/cases/plain-article.html"), site.url("/cases/hang.html")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    try:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        children = process_tree(parent.pid)[1:]
        assert len(children) >= 3
        time.sleep(0.5)
        parent.send_signal(number)
        assert parent.wait(15) == (130 if number is not signal.SIGKILL else -signal.SIGKILL)
        assert _gone(children, 15) == []
    finally:
        parent.kill()
        parent.wait()
        assert parent.stdout is not None
        parent.stdout.close()


def test_driver_and_parent_killed_together(site: FixtureServer) -> None:
    """Killed together with Playwright's driver, Chromium still ends: its pipe has closed."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, site.url("/cases/plain-article.html"), site.url("/cases/hang.html")],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        driver, *others = process_tree(parent.pid)[1:]
        os.kill(parent.pid, signal.SIGSTOP)
        os.kill(driver, signal.SIGKILL)
        os.kill(parent.pid, signal.SIGKILL)
        assert _gone(others, 15) == []
    finally:
        parent.kill()
        parent.wait()
        assert parent.stdout is not None
        parent.stdout.close()


async def test_crashed_browser_is_replaced(site: FixtureServer, web: Web) -> None:
    """After the browser has crashed the next page is fetched by a new one."""
    url = site.url("/cases/plain-article.html")
    assert (await web.fetch(Request(url, via="chromium"))).outcome is Outcome.OK
    await web.browser().crash()
    assert (await web.fetch(Request(url, via="chromium"))).outcome is Outcome.OK
    assert web.browser().starts == 2


async def test_crash_in_the_middle_of_a_page(site: FixtureServer, web: Web) -> None:
    """A page under which the browser dies is tried once more, and says so."""
    fetching = asyncio.create_task(
        web.fetch(Request(site.url("/cases/slow-answer.html"), via="chromium", timeout=25))
    )
    await _until(lambda: web.browser().starts == 1 and web.browser().open_pages == 1)
    await asyncio.sleep(0.5)
    await web.browser().crash()
    page = await fetching
    assert page.outcome is Outcome.OK, page.reason
    assert "the page crashed the browser once" in page.how


async def test_recycling(site: FixtureServer) -> None:
    """After its number of pages the browser is started anew, while the others finish undisturbed."""
    async with Web(limits=Limits(recycle_pages=2)) as web:
        url = site.url("/cases/plain-article.html")
        pages = await asyncio.gather(*(web.fetch(Request(url, via="chromium")) for _ in range(5)))
        assert {page.outcome for page in pages} == {Outcome.OK}
        assert web.browser().starts == 3


async def test_recycling_by_memory(site: FixtureServer) -> None:
    """A browser that has grown too large is started anew before its next page."""
    async with Web(limits=Limits(recycle_bytes=1)) as web:
        url = site.url("/cases/plain-article.html")
        for _ in range(MEMORY_EVERY + 1):
            assert (await web.fetch(Request(url, via="chromium"))).outcome is Outcome.OK
        assert web.browser().starts == 2


EATS = "<p>eats</p><script>const a=[];for(;;)a.push(new Array(1e6).fill(Math.random()))</script>"


async def test_a_page_that_crashes_its_renderer(fresh_site: FixtureServer, web: Web) -> None:
    """A renderer that dies is replaced and its page tried once more; a page that kills it again is said to
    have done so, and the next page is read as if nothing had happened."""
    fresh_site.set_page("/eats.html", EATS)
    page = await web.fetch(Request(fresh_site.url("/eats.html"), via="chromium", timeout=60))
    assert page.outcome is Outcome.UNREACHABLE
    assert "crashed Chromium twice" in (page.reason or "")
    assert len(fresh_site.requests_for("/eats.html")) == 2
    after = await web.fetch(Request(fresh_site.url("/cases/plain-article.html"), via="chromium"))
    assert after.outcome is Outcome.OK


async def test_what_a_page_may_not_have(site: FixtureServer, web: Web) -> None:
    """Windows are closed, a download is read, and a document without end is cut off; the notes say so."""
    notes = {}
    for name in ("opens-popups", "starts-download"):
        page = await web.fetch(Request(site.url(f"/cases/{name}.html"), via="chromium", timeout=30))
        notes[name] = " ".join((*page.how, *page.notes))
        assert page.outcome.readable, page.reason
    assert "opened a window; it was closed" in notes["opens-popups"]
    assert "led to this file" in notes["starts-download"]
    async with Web(limits=Limits(dom_nodes=2000)) as narrow:
        url = site.url("/cases/many-nodes.html")
        page = await narrow.fetch(Request(url, via="chromium", timeout=60))
    assert any("cut off after 2000 nodes" in note for note in page.notes)
    assert page.dom is not None and len(page.dom) < 1_000_000


async def test_cancelled_fetch(site: FixtureServer) -> None:
    """A fetch that is cancelled, even while Chromium starts, leaves nothing running after the room."""
    before = set(process_tree(os.getpid()))
    for pause in (0.05, 0.6, 2.0):
        async with Web() as web:
            task = asyncio.create_task(web.fetch(Request(site.url("/cases/hang.html"), via="chromium")))
            await asyncio.sleep(pause)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
    left = [pid for pid in process_tree(os.getpid()) if pid not in before]
    assert await asyncio.to_thread(_gone, left, 5) == []


async def _until(true: Callable[[], bool]) -> None:
    for _ in range(400):
        if true():
            return
        await asyncio.sleep(0.05)
    raise TimeoutError
