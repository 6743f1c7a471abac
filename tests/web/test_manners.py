"""robots.txt, one request at a time a host, and coming back when asked to."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime

import pytest

from browseagent.records import Outcome, Via
from browseagent.web import Request, Web
from browseagent.web.manners import Manners, retry_after
from browseagent.web.response import Response
from fixtures.server import FixtureServer
from tests.web.conftest import Names, answer, serving

NOW = datetime(2025, 3, 1, 12, 0, tzinfo=UTC)


def _response(status: int, value: str) -> Response:
    return Response("http://a/", "http://a/", Via.HTTP, status, headers=(("retry-after", value),))


@pytest.mark.parametrize(
    ("status", "value", "seconds"),
    [
        (429, "7", 7.0),
        (503, "Sat, 01 Mar 2025 12:00:30 GMT", 30.0),
        (503, "Sat, 01 Mar 2025 11:00:00 GMT", 0.0),
        (429, "soon", None),
        (429, "", None),
        (200, "7", None),
    ],
)
def test_retry_after(status: int, value: str, seconds: float | None) -> None:
    """Retry-After is understood in seconds and as a date, on the statuses that it belongs to."""
    assert retry_after(_response(status, value), NOW) == seconds


async def test_turns() -> None:
    """A host is asked by one at a time with a pause between; another host need not wait."""
    manners = Manners(delay=0.2)
    spans: list[tuple[str, float, float]] = []

    async def ask(host: str) -> None:
        async with manners.turn(host, None):
            began = time.monotonic()
            await asyncio.sleep(0.05)
            spans.append((host, began, time.monotonic()))

    await asyncio.gather(ask("a"), ask("a"), ask("b"))
    first, second = [span for span in spans if span[0] == "a"]
    assert second[1] - first[2] >= 0.19
    assert next(span for span in spans if span[0] == "b")[1] < second[1]


async def test_come_back_later(fresh_site: FixtureServer, web: Web) -> None:
    """A server that asks to wait a second is asked again after a second; one that asks for a day is not."""
    page = await web.fetch(Request(fresh_site.url("/cases/recovers-429.html"), via="http", timeout=10))
    assert page.outcome is Outcome.OK
    assert any("asked to wait" in note for note in page.how)
    page = await web.fetch(Request(fresh_site.url("/cases/error-503-long.html"), via="http", timeout=10))
    assert page.outcome is Outcome.HTTP_ERROR
    assert len(fresh_site.requests_for("/cases/error-503-long.html")) == 1


async def test_robots(names: Names) -> None:
    """robots.txt binds what pages name and only adds a note to what a person typed, unless told to obey;
    it is asked for once."""
    asked: list[str] = []

    async def handler(target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(target)
        if target == "/robots.txt":
            writer.write(answer(b"User-agent: *\nDisallow: /private", content_type="text/plain"))
        else:
            writer.write(answer(b"<h1>Page</h1><p>Words that anyone may read, or not.</p>"))

    async with serving(handler) as port:
        base = f"http://a.public.test:{port}"
        async with Web(resolve=names.resolve, dial=names.dial, delay=0.0) as web:
            linked = await web.fetch(Request(f"{base}/private/x", trusted=False))
            typed = await web.fetch(Request(f"{base}/private/x"))
            other = await web.fetch(Request(f"{base}/open", trusted=False))
        assert (linked.outcome, typed.outcome, other.outcome) == (Outcome.ROBOTS, Outcome.OK, Outcome.OK)
        assert any("robots.txt" in note for note in typed.how)
        assert not other.how
        assert asked == ["/robots.txt", "/private/x", "/open"]
        async with Web(resolve=names.resolve, dial=names.dial, obey_robots=True) as web:
            assert (await web.fetch(Request(f"{base}/private/x"))).outcome is Outcome.ROBOTS


async def test_a_failing_robots_txt_forbids(names: Names) -> None:
    """Where the server fails to say what it allows, pages that pages name are left alone (RFC 9309)."""

    async def handler(target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(b"broken", status="500 Oops" if target == "/robots.txt" else "200 OK"))

    async with serving(handler) as port, Web(resolve=names.resolve, dial=names.dial) as web:
        page = await web.fetch(Request(f"http://a.public.test:{port}/", trusted=False))
    assert page.outcome is Outcome.ROBOTS
