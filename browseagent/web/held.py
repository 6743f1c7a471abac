"""Requests that Chromium holds until they are answered for: with the person's own headers, or refused.

Playwright's extra headers go to everybody, and those that a route sets go along with redirects. Here
Chromium holds each request to one origin, every hop of a redirect by itself, and goes on with the headers.
"""

from __future__ import annotations

from typing import Any

import httpx
from playwright.async_api import BrowserContext, Page

from browseagent.web.chromium import bounded, detached
from browseagent.web.policy import same_origin
from browseagent.web.port import Request

ANSWER_SECONDS = 5.0
"""For Chromium to take an answer; it takes a millisecond."""


async def lend(context: BrowserContext, page: Page, request: Request) -> None:
    """Has the request's headers sent with what the page asks of the origin that the person named."""
    own = request.session.headers
    if not own or not request.owner:
        return
    names = {name.lower() for name, _ in own}
    session = await context.new_cdp_session(page)

    def go_on(event: dict[str, Any]) -> None:
        answer: dict[str, Any] = {"requestId": event["requestId"]}
        asked = event["request"]
        if same_origin(asked["url"], request.owner):
            kept = [(name, value) for name, value in asked["headers"].items() if name.lower() not in names]
            answer["headers"] = [{"name": name, "value": value} for name, value in (*kept, *own)]
        detached(bounded(session.send("Fetch.continueRequest", answer), ANSWER_SECONDS))

    session.on("Fetch.requestPaused", go_on)
    site = _site(request.owner)
    named = site.replace("://", "://*@")  # a page may lead there with a name and password of its own
    await session.send("Fetch.enable", {"patterns": [{"urlPattern": f"{each}/*"} for each in (site, named)]})


async def without_media(context: BrowserContext, page: Page) -> None:
    """Has audio and video refused. Images and fonts are off by Chromium's own switches, which cost no
    question a request; only media requests are held here."""
    session = await context.new_cdp_session(page)

    def refuse(event: dict[str, Any]) -> None:
        answer = {"requestId": event["requestId"], "errorReason": "BlockedByClient"}
        detached(bounded(session.send("Fetch.failRequest", answer), 2.0))

    session.on("Fetch.requestPaused", refuse)
    await session.send("Fetch.enable", {"patterns": [{"resourceType": "Media"}]})


def _site(url: str) -> str:
    """Scheme, host and port of a URL as Chromium writes them."""
    parsed = httpx.URL(url)
    return f"{parsed.scheme}://{parsed.netloc.decode('ascii')}"
