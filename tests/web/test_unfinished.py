"""Unfinished is not whole: data that is on its way is waited for, and what broke off is said to be a part."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import brotli
import pytest
from backports import zstd

from browseagent.records import Outcome, Page
from browseagent.web import Request, Web
from tests.web.conftest import answer, serving

ABOUT = "<p>All wrecks that lie within twelve miles of the coast, with the year in which they sank.</p>" * 3
ROWS = b'["The Anna Maria, 1887", "The Northern Star, 1911"]'
TO_HTML = ".then(r => r.json()).then(x => {%s})"
LIST = "document.getElementById('rows').innerHTML = x.map(t => `<p>${t}</p>`).join('')"
ITEMS = "for (const t of x) document.querySelector('main').append(t)"
TABLE = f"{ABOUT}<table><thead><tr><th>Ship</th></tr></thead><tbody></tbody></table>"
BODY = "document.querySelector('tbody').innerHTML = x.map(t => `<tr><td>${t}</td></tr>`).join('')"
OLD = """const q = new XMLHttpRequest();
q.open('GET', '/rows'); q.onload = () => { const x = JSON.parse(q.response); %s }; q.send()"""
CHAINED = f"fetch('/where').then(r => r.text()).then(u => fetch(u)){TO_HTML % LIST}"
FETCHED = f"fetch('/rows'){TO_HTML}"

FILLED = {
    "an empty container": (f"{ABOUT}<div id=rows></div>", FETCHED % LIST),
    "a place that the script makes": (ABOUT, FETCHED % ITEMS),
    "the rows of a table": (TABLE, FETCHED % BODY),
    "by XMLHttpRequest": (f"{ABOUT}<div id=rows></div>", OLD % LIST),
    "one request after the other": (f"{ABOUT}<ul id=rows></ul>", CHAINED),
}


IN_A_FILE = (
    f"{ABOUT * 3}<div id=rows></div>",
    f"{ABOUT * 3}<ul id=rows class=wrecks></ul>",
    f"{ABOUT}<section class=wrecks></section>",
)
PUT_IN = "document.querySelector('#rows, .wrecks').innerHTML = x.map(t => `<p>${t}</p>`).join('')"


@asynccontextmanager
async def _slow(page: str, seconds: float) -> AsyncIterator[str]:
    """A server whose data comes late; the address of its page."""

    async def handler(target: str, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if target == "/rows":
            await asyncio.sleep(seconds)
            writer.write(answer(ROWS, content_type="application/json"))
        elif target == "/app.js":
            writer.write(answer((FETCHED % PUT_IN).encode(), content_type="text/javascript"))
        elif target == "/where":
            writer.write(answer(b"/rows", content_type="text/plain"))
        else:
            writer.write(answer(page.encode()))

    async with serving(handler) as port:
        yield f"http://127.0.0.1:{port}/"


def _page(main: str, code: str) -> str:
    return (
        "<!doctype html><html lang=en><title>Wrecks</title><body><header><a href=/>Home</a></header><main>"
        f"<h1>Wrecks</h1>{main}</main><script>{code}</script><footer>Harbour Council</footer>"
    )


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("kind", FILLED)
async def test_data_that_fills_the_page_is_waited_for(one_web: Web, kind: str) -> None:
    """However the page puts it in, and though the page is still meanwhile."""
    async with _slow(_page(*FILLED[kind]), 2.5) as url:
        page = await one_web.fetch(Request(url, timeout=40))
    assert page.outcome is Outcome.OK, page.reason
    assert "Northern Star" in (page.visible_text or "")


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("main", IN_A_FILE)
async def test_an_empty_place_is_seen_where_the_script_is_not(one_web: Web, main: str) -> None:
    """A script in a file of its own tells nothing of what it fills; the empty place in the main part does."""
    async with _slow(_page(main, "</script><script src=/app.js>"), 1.5) as url:
        page = await one_web.fetch(Request(url, timeout=40))
    assert "Northern Star" in (page.visible_text or ""), page.notes


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
async def test_data_that_does_not_come_leaves_the_page_unfinished(one_web: Web) -> None:
    """A page that still waits for its rows at the deadline is no whole page."""
    async with _slow(_page(*FILLED["an empty container"]), 60) as url:
        page = await one_web.fetch(Request(url, via="chromium", timeout=12))
    assert page.outcome in (Outcome.TRUNCATED, Outcome.TIMEOUT)
    assert "waiting for data" in (page.reason or "")


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("path", ["/live/poll", "/presence", "/events/stream"])
async def test_what_never_ends_is_not_waited_for(one_web: Web, path: str) -> None:
    """A long poll brings no text of the page."""

    async def handler(target: str, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if target == path:
            await asyncio.sleep(60)
        writer.write(answer(_page(ABOUT, f"fetch('{path}')").encode()))

    async with serving(handler) as port:
        page = await one_web.fetch(Request(f"http://127.0.0.1:{port}/", via="chromium", timeout=20))
    assert page.outcome is Outcome.OK, page.reason


TEXT = f"<!doctype html><title>Wrecks</title><h1>Wrecks</h1>{ABOUT}".encode()
_raw = zlib.compressobj(wbits=-15)
CODED = {
    "gzip": gzip.compress(TEXT * 9),
    "deflate": zlib.compress(TEXT * 9),
    "br": brotli.compress(TEXT * 9),
    "zstd": zstd.compress(TEXT * 9),
}


async def _cut(web: Web, reply: bytes, via: str) -> Page:
    async def handler(_: str, __: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(reply)

    async with serving(handler) as port:
        return await web.fetch(Request(f"http://127.0.0.1:{port}/", via=via, timeout=20))  # type: ignore[arg-type]


def _head(*lines: str) -> bytes:
    return "\r\n".join(("HTTP/1.1 200 OK", *lines, "", "")).encode()


HTML, CHUNKED = "Content-Type: text/html", "Transfer-Encoding: chunked"
SHORT = {
    "its length": _head(HTML, f"Content-Length: {len(TEXT) + 400}") + TEXT,
    "its chunks": _head(HTML, CHUNKED) + f"{len(TEXT):x}\r\n".encode() + TEXT + b"\r\n",
    "the middle of a chunk": _head(HTML, CHUNKED) + f"{len(TEXT) + 99:x}\r\n".encode() + TEXT,
    "a few words": _head(HTML, "Content-Length: 4000") + b"<p>The ferry sails at",
    "data": _head("Content-Type: application/json", "Content-Length: 4000") + b'{"ships": ["Anna", "No',
}


@pytest.mark.parametrize("where", SHORT)
async def test_a_body_that_breaks_off_is_truncated(web: Web, where: str) -> None:
    """Whatever said how much there would be, and however little came."""
    page = await _cut(web, SHORT[where], "http")
    assert page.outcome is Outcome.TRUNCATED, page.reason


@pytest.mark.parametrize("coding", CODED)
async def test_a_compressed_stream_that_breaks_off_is_truncated(web: Web, coding: str) -> None:
    """Though the connection ended as it should; the whole stream is a whole page."""
    head = _head("Content-Type: text/html", f"Content-Encoding: {coding}")
    assert (await _cut(web, head + CODED[coding], "http")).outcome is Outcome.OK
    part = CODED[coding][: -max(6, len(CODED[coding]) // 8)]
    page = await _cut(web, head + part, "http")
    assert page.outcome is Outcome.TRUNCATED or not page.body, page.reason


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("where", ["its length", "its chunks", "the middle of a chunk"])
async def test_a_browser_says_the_same(one_web: Web, where: str) -> None:
    """Chromium shows what came of such a page as if it were all; it is not."""
    page = await _cut(one_web, SHORT[where], "chromium")
    assert page.outcome is Outcome.TRUNCATED, page.reason
