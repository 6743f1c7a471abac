"""Browsers that run already: a Chromium with its DevTools open, and a Playwright server."""

from __future__ import annotations

import contextlib
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import playwright
import pytest

from browseagent.records import Outcome, Via
from browseagent.session import Session
from browseagent.web import Request, Web
from browseagent.web.find_chromium import find_chromium, on_this_machine
from fixtures.server import FixtureServer
from tests.web.conftest import Listener, Names

DRIVER = Path(playwright.__file__).parent / "driver"
SERVER = """
const { chromium } = require(process.argv[1]);
chromium.launchServer({
  executablePath: process.argv[2], headless: true, chromiumSandbox: false, host: '127.0.0.1', port: 0,
}).then((server) => console.log(server.wsEndpoint()));
"""


@contextlib.contextmanager
def ended(process: subprocess.Popen[str]) -> Iterator[subprocess.Popen[str]]:
    """Ends a process of ours with the block."""
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
        if process.stdout is not None:
            process.stdout.close()


@pytest.fixture
def devtools(tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address of a Chromium's DevTools."""
    found = find_chromium().found
    assert found is not None
    command = [str(found), "--headless", "--no-sandbox", "--disable-gpu", "--remote-debugging-port=0"]
    command += [f"--user-data-dir={tmp_path / 'chromium'}", "about:blank"]
    with ended(subprocess.Popen(command, stderr=subprocess.DEVNULL, text=True)) as process:
        told = tmp_path / "chromium" / "DevToolsActivePort"
        until = time.monotonic() + 60
        while not (told.exists() and "\n" in told.read_text()) and time.monotonic() < until:
            time.sleep(0.1)
        yield f"http://127.0.0.1:{told.read_text().splitlines()[0]}", process


@pytest.fixture
def playwright_server() -> Iterator[str]:
    """The address of a Playwright server."""
    found = find_chromium().found
    node = DRIVER / "node"
    command = [str(node if node.exists() else shutil.which("node")), "-e", SERVER, str(DRIVER / "package")]
    with ended(subprocess.Popen([*command, str(found)], stdout=subprocess.PIPE, text=True)) as process:
        assert process.stdout is not None
        yield process.stdout.readline().strip()


@pytest.mark.browser
async def test_devtools(
    devtools: tuple[str, subprocess.Popen[str]], names: Names, fresh_site: FixtureServer, forbidden: Listener
) -> None:
    """Pages are read in a browser that runs already, through our gate where it is on this machine; it goes on
    running afterwards, and what is not allowed is not reached."""
    address, process = devtools
    names.table["inside.test"] = ["10.0.0.7"]
    fresh_site.set_page(
        "/session/tricks.html",
        f"<!doctype html><title>Tricks</title><h1>Tricks</h1><p>{'A page that tries to get in. ' * 20}</p>"
        f"<img src='http://inside.test:{forbidden.port}/'><iframe src='http://127.0.0.2:{forbidden.port}/'>"
        f"</iframe><script>fetch('http://127.0.0.2:{forbidden.port}/').catch(() => 0)</script>",
    )
    url = f"http://own.public.test:{fresh_site.port}/session/tricks.html"
    async with Web(resolve=names.resolve, dial=names.dial) as web:
        session = Session(browser_url=address, user_agent="Weather Station 3")
        page = await web.fetch(Request(url, timeout=60.0, session=session))
        assert (page.outcome, page.via) == (Outcome.OK, Via.CHROMIUM), page.reason
        asked = fresh_site.requests_for("/session/tricks.html")
        assert asked[0].headers["user-agent"] == "Weather Station 3"
    assert forbidden.visitors == []
    assert process.poll() is None, "a browser that is not ours is not ended"


@pytest.mark.browser
async def test_a_playwright_server(playwright_server: str, web: Web, site: FixtureServer) -> None:
    """Anything that Playwright's server serves is used as our own."""
    assert playwright_server.startswith("ws://")
    session = Session(browser_url=playwright_server)
    page = await web.fetch(Request(site.url("/session/window.html"), timeout=60.0, session=session))
    assert (page.outcome, page.via) == (Outcome.OK, Via.CHROMIUM), page.reason
    assert "window: 1280x800" in (page.dom or "")


@pytest.mark.browser
async def test_of_several_browsers_a_lost_one_is_passed_over(
    devtools: tuple[str, subprocess.Popen[str]], names: Names, fresh_site: FixtureServer, forbidden: Listener
) -> None:
    """Where the first one is gone the page comes from the next, still through our gate; the lost one is left
    out for a while."""
    names.table["inside.test"] = ["10.0.0.7"]
    inside = f"<img src='http://inside.test:{forbidden.port}/'>"
    text = "A page that is read by whichever browser there is. " * 20
    fresh_site.set_page("/session/any.html", f"<!doctype html><title>Any</title><p>{text}</p>{inside}")
    url = f"http://own.public.test:{fresh_site.port}/session/any.html"
    addresses = ("http://127.0.0.1:9", devtools[0])
    async with Web(resolve=names.resolve, dial=names.dial, browsers=addresses) as web:
        page = await web.fetch(Request(url, via="chromium", timeout=60.0))
        assert (page.outcome, page.via) == (Outcome.OK, Via.CHROMIUM), page.reason
        assert web.browsers.states() == {"busy": 0, "idle": 1, "lost": 1}
    assert forbidden.visitors == []


@pytest.mark.parametrize("address", ["ws://127.0.0.1:9/x?token=swordfish", "http://me:swordfish@127.0.0.1:9"])
async def test_a_browser_that_is_not_there(web: Web, site: FixtureServer, address: str) -> None:
    """Is told, without what its address may hold; the page is not fetched otherwise."""
    request = Request(site.url("/index.html"), timeout=30.0, session=Session(browser_url=address))
    page = await web.fetch(request)
    assert page.outcome is Outcome.UNREACHABLE
    assert "127.0.0.1:9" in (page.reason or "") and "swordfish" not in (page.reason or "")


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("ws://127.0.0.1:9222/x", True),
        ("http://localhost:9222", True),
        ("ws://[::1]:9222", True),
        ("wss://browsers.example.org/x", False),
        ("ws://10.0.0.7:9222", False),
        ("ws://127.0.0.1.example.org", False),
    ],
)
def test_which_browser_can_reach_the_gate(address: str, here: bool) -> None:
    """That on this machine; the gate listens on loopback only."""
    assert on_this_machine(address) is here


async def test_a_browser_elsewhere_gets_only_what_a_person_named(web: Web, site: FixtureServer) -> None:
    """Its connections do not pass the gate, so what a page named is not sent there."""
    session = Session(browser_url="ws://browsers.invalid:9222/x")
    request = Request(site.url("/index.html"), via="chromium", timeout=30.0, trusted=False, session=session)
    page = await web.fetch(request)
    assert page.outcome is Outcome.POLICY
    assert "egress gate" in (page.reason or "")
