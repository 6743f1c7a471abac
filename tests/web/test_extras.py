"""What no text needs is not loaded, unless it is asked for: media and trackers."""

from __future__ import annotations

import asyncio

import pytest

from browseagent.records import Outcome
from browseagent.session import Session
from browseagent.web import Request, Web
from tests.web.conftest import PUBLIC, Names, answer, serving

PAGE = (
    "<html><head><title>Tides</title></head><body><h1>Tides</h1><p>High water is at noon, low water at six "
    "in the evening; the harbour office posts the table every Monday.</p><img src=/picture.png>"
    "<video src=/film.mp4 preload=auto></video>"
    "<script src=http://track.adform.net:{port}/count.js></script></body></html>"
)


@pytest.mark.browser
@pytest.mark.parametrize(
    ("session", "loaded"),
    [
        (Session(), set()),
        (Session(media=True), {"/picture.png", "/film.mp4"}),
        (Session(trackers=True), {"/count.js"}),
    ],
)
async def test_extras_are_loaded_on_request_only(names: Names, session: Session, loaded: set[str]) -> None:
    """Neither pictures, films nor a tracker's script are asked for unless the person does."""
    asked: set[str] = set()
    names.table["track.adform.net"] = [str(PUBLIC)]

    async def handler(target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.add(target)
        body = PAGE.format(port=port[0]).encode() if target == "/" else b""
        writer.write(answer(body, "Content-Type: text/html"))

    port: list[int] = []
    async with serving(handler) as number, Web(resolve=names.resolve, dial=names.dial, delay=0.0) as web:
        port.append(number)
        url = f"http://a.public.test:{number}/"
        page = await web.fetch(Request(url, via="chromium", timeout=20, session=session))
    assert page.outcome is Outcome.OK, page.reason
    assert asked & {"/picture.png", "/film.mp4", "/count.js"} == loaded
