"""Real server processes with a data folder of the test's own, filled with what pages may try."""

from __future__ import annotations

import asyncio
import os
import re
import struct
import subprocess
import sys
import threading
import zlib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, Request, sync_playwright
from playwright.sync_api import Page as Tab

from browseagent.config import Settings, default_settings
from browseagent.records import Box, Outcome, Page, Screenshot, Via
from browseagent.store.asked import AskedBefore
from browseagent.web.find_chromium import find_chromium
from browseagent.wiring import Kept, open_kept
from fixtures.server import FixtureServer
from tests.watch.world import URL as SHOP
from tests.watch.world import Bench, Clock

STARTS = 180
"""Seconds for a server to listen, on a machine that is busy."""
SECRET = "a-token-of-thirty-two-characters"
ATTACK = '<script>alert(1)</script>"><img src=x onerror=alert(2)><svg onload=alert(3)>'
TITLE = f"Title {ATTACK}"
EVIL = "http://evil.example/page"
LINK = "javascript:alert(document.domain)"
LAMP = "evil/lamp"
"""A watch with pictures of before and after."""
SLOW = 45_000
"""Milliseconds for an answer, on a machine that is busy."""


@dataclass
class Server:
    """A running server."""

    url: str
    home: Path
    client: httpx.Client
    """Asks as a browser does, and follows nowhere by itself."""

    def token(self, path: str = "/ask") -> str:
        """The token that a form of this server carries."""
        found = re.search(r'name="token" value="([0-9a-f]+)"', self.client.get(path).text)
        assert found
        return found.group(1)

    def send(self, path: str, **fields: str) -> httpx.Response:
        """Sends a form of this server."""
        return self.client.post(path, data={"token": self.token(), **fields})


@contextmanager
def running(home: Path, *options: str) -> Iterator[Server]:
    """A server on a free port until the block ends."""
    home.mkdir(parents=True, exist_ok=True)
    command = [sys.executable, "-m", "browseagent", "serve", "--port", "0", *options]
    environment = {**os.environ, "BROWSEAGENT_HOME": str(home), "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, env=environment, text=True) as process:
        timer = threading.Timer(STARTS, process.kill)
        timer.start()
        assert process.stderr is not None
        said = []
        for line in process.stderr:
            said.append(line)
            if line.startswith("Serving at "):
                break
        timer.cancel()
        drain = threading.Thread(target=process.stderr.read, daemon=True)
        drain.start()
        try:
            assert said and said[-1].startswith("Serving at "), "".join(said)
            url = said[-1].split()[2].rstrip("/").replace("0.0.0.0", "127.0.0.1")
            with httpx.Client(base_url=url, headers={"accept": "text/html"}, timeout=60) as client:
                yield Server(url, home, client)
        finally:
            process.terminate()
            drain.join(60)


def page(url: str, body: str, at: datetime, **headers: str) -> Page:
    """A page as it might have come."""
    return Page(
        url, url, Outcome.OK, Via.HTTP, at, status=200,
        headers=(("content-type", "text/html; charset=utf-8"), *headers.items()), body=body.encode(),
    )  # fmt: skip


def hostile(words: str) -> str:
    """A page whose title, text and links try to become more than text."""
    escaped = ATTACK.replace("<", "&lt;")
    return (
        f"<html><head><title>Title {escaped}</title></head><body><main><h1>Fares {escaped}</h1>"
        f'<p>{words} {escaped} \u202eturned\u202c <a href="{LINK}">press {escaped}</a></p>'
        f"<ul><li>First {escaped}</li><li>Second</li></ul>"
        f"<table><tr><th>Who {escaped}</th><th>Pays</th></tr>"
        f"<tr><td>Adults</td><td>7 {escaped}</td></tr></table>"
        f"<pre><code>code {escaped}</code></pre><script>document.title='x'</script></main></body></html>"
    )


def filled(home: Path) -> None:
    """Puts hostile pages, answers and a watch into a data folder."""
    settings = Settings(home=home)
    now = datetime.now(UTC)
    text = "Adults pay 7 euros for a ticket to the museum on the hill."
    with open_kept(settings) as kept:
        kept.pages.put(page(EVIL, hostile("Adults pay 5 euros for a ticket."), now - timedelta(days=2)))
        kept.pages.put(page(EVIL, hostile(text), now - timedelta(days=1)))
        pictured(kept)
        kept.book.put("evil/watch", {"url": EVIL, "tags": [ATTACK], "about": ATTACK}, now)
        quote = {"text": text, "start": 0, "end": 1, "url": EVIL, "link": LINK}
        AskedBefore(kept.pages.database).put(
            {
                "schema": "browseagent.answer/1", "question": f"What {ATTACK}?", "status": "answered",
                "answer": f"7 euros {ATTACK}", "confidence": 0.9, "quotes": [quote], "closest": [],
                "alternatives": [{"text": ATTACK, "quote": {**quote, "text": ATTACK}}], "perhaps": None,
                "sentences": [], "model": {"name": "embedded"}, "timings": {}, "stopped": "", "error": None,
                "pages": [
                    {
                        "url": EVIL, "final_url": EVIL, "outcome": "ok", "title": TITLE, "reason": None,
                        "fetched_at": now.isoformat(),
                    }
                ],
            },
            now,
        )  # fmt: skip


def pictured(kept: Kept) -> None:
    """Puts a watch with pictures into a store, what their boxes say being hostile; its change is number 1."""
    clock = Clock(datetime.now(UTC) - timedelta(hours=2))
    bench = Bench(kept.pages, clock)
    bench.add(LAMP, screenshots=5)
    for price in ("49", "39"):
        words = f"It costs {price} pounds. {ATTACK}"
        bench.web.show(words.replace("<", "&lt;"))
        boxes = (Box(f"Lantern {ATTACK}", 40, 40, 300, 30), Box(words, 40, 2500, 600, 30))
        shot = Screenshot(png(1280, 3000), "image/png", 1280, 3000, boxes)
        bench.web.pages[SHOP] = replace(bench.web.pages[SHOP], screenshot=shot)
        with ThreadPoolExecutor(1) as apart:  # Playwright has a loop in this thread
            apart.submit(lambda: asyncio.run(bench.check(LAMP))).result()


def png(width: int, height: int) -> bytes:
    """A grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress((b"\0" + b"\xdd" * width) * height)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """The browser of this machine. Of one module: while it is open, this thread has a loop that runs, and no
    other one can."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium().found, timeout=SLOW)
        yield browser
        browser.close()


@contextmanager
def opened(browser: Browser, server: Server, *, refused: int = 0, **how: Any) -> Iterator[Tab]:
    """A page of a window of its own; at the end nothing was asked of elsewhere, and the console says nothing
    but that so many requests were ``refused``."""
    context = browser.new_context(base_url=server.url, **how)
    context.set_default_timeout(SLOW)
    page = context.new_page()
    said: list[str] = []
    elsewhere: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))

    def asked(request: Request) -> None:
        if not request.url.startswith(server.url):
            elsewhere.append(request.url)

    page.on("request", asked)
    yield page
    context.close()
    assert len(said) == refused, said
    assert elsewhere == []


@pytest.fixture(scope="session")
def pages(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that reads this machine's network and may change watches; its store holds hostile pages."""
    home = tmp_path_factory.mktemp("pages")
    filled(home)
    with running(home, "--allow-private", "--allow-writes") as server:
        yield server


@pytest.fixture(scope="session")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that other machines may reach, with a token, and without further leave."""
    home = tmp_path_factory.mktemp("strict")
    filled(home)
    (home / "token").write_text(SECRET, encoding="ascii")
    with running(home, "--host", "0.0.0.0", "--token-file", str(home / "token")) as server:
        yield server


@pytest.fixture(scope="session")
def answering(tmp_path_factory: pytest.TempPathFactory, site: FixtureServer) -> Iterator[Server]:
    """A server with this machine's model that checks watches itself."""
    home = tmp_path_factory.mktemp("answering")
    (home / "models").symlink_to(default_settings().models_path)
    with running(home, "--allow-private", "--allow-writes", "--with-watches") as server:
        yield server
