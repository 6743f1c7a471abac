"""URLs as the web room takes them apart. Pure."""

from __future__ import annotations

import httpx

from browseagent.web.policy import Origin, plain_host


def origin_of(url: str) -> Origin | None:
    """The origin of an http or https URL; None where it is no such URL."""
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        return None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        return None
    return Origin(plain_host(parsed.host), parsed.port or (443 if parsed.scheme == "https" else 80))
