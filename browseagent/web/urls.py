"""URLs as the web room takes them apart. Pure.

httpx is imported where it is used: a question about a stored page needs none of it.
"""

from __future__ import annotations

import re

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
        return plain_url(str(httpx.URL(url).join(location.strip())))
    except (httpx.InvalidURL, UnicodeError):
        return location


def plain_url(url: str) -> str:
    """A URL without a user's name and password: those are said once, by the person, and go nowhere else."""
    scheme, mark, rest = url.partition("://")
    host = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    return f"{scheme}{mark}{rest[host.rindex('@') + 1 :]}" if "@" in host else url


def forward_of(value: str, base: str) -> str:
    """Where ``Refresh`` (the header, or ``<meta http-equiv>``) leads within ten seconds: an absolute URL, or
    empty where it only loads the same address anew."""
    match = _REFRESH.match(value)
    if match is None or int(match[1]) > 10 or not match[2].strip():
        return ""
    target = absolute(base, match[2].strip())
    return "" if target.partition("#")[0] == base.partition("#")[0] else target


_REFRESH = re.compile(r"^\s*(\d+)(?:\.\d*)?\s*[;,]?\s*(?:url\s*=\s*)?[\"']?([^\"']*)", re.IGNORECASE)
