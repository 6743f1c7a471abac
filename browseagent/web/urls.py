"""URLs as the web room takes them apart. Pure.

httpx is imported where it is used: a question about a stored page needs none of it.
"""

from __future__ import annotations

from browseagent.web.policy import Origin, plain_host


def origin_of(url: str) -> Origin | None:
    """The origin of an http or https URL; None where it is no such URL."""
    import httpx

    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError, ValueError):
        return None
    if parsed.scheme not in ("http", "https") or not parsed.host:
        return None
    return Origin(plain_host(parsed.host), parsed.port or (443 if parsed.scheme == "https" else 80))


def same_origin(one: str, other: str) -> bool:
    """Whether two http or https URLs have one scheme, host and port: what is meant for one may go to the
    other."""
    import httpx

    origin = origin_of(one)
    if origin is None or origin != origin_of(other):
        return False
    return httpx.URL(one).scheme == httpx.URL(other).scheme


def absolute(url: str, location: str) -> str:
    """Where a redirect leads. What is no http URL is given as it stands, to be refused."""
    import httpx

    try:
        return str(httpx.URL(url).join(location))
    except (httpx.InvalidURL, UnicodeError):
        return location
