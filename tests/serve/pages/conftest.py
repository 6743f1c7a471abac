"""Real server processes with a data folder of the test's own, filled with what pages may try."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from browseagent.config import Settings, default_settings
from browseagent.records import Outcome, Page, Via
from browseagent.store.asked import AskedBefore
from browseagent.wiring import open_kept
from fixtures.server import FixtureServer

STARTS = 180
"""Seconds for a server to listen, on a machine that is busy."""
SECRET = "a-token-of-thirty-two-characters"
ATTACK = '<script>alert(1)</script>"><img src=x onerror=alert(2)><svg onload=alert(3)>'
TITLE = f"Title {ATTACK}"
EVIL = "http://evil.example/page"
LINK = "javascript:alert(document.domain)"


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
