"""The way that a page took in Chromium, from the URL asked for to the one that stands there."""

from __future__ import annotations

from playwright.async_api import Request, Response


def chain_of(responses: list[Response]) -> list[str]:
    """Every URL of the main frame on the way, in order."""
    urls: list[str] = []
    for response in responses:
        hops: list[str] = []
        wire: Request | None = response.request
        while wire is not None:
            hops.append(wire.url)
            wire = wire.redirected_from
        urls.extend(hop for hop in reversed(hops) if hop not in urls)
    return urls


def moved(asked: str, final: str) -> bool:
    """Whether a URL is another than the one asked for; a slash at the end is none."""
    return asked.rstrip("/") != final.rstrip("/")
