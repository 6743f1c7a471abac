"""What a crawl takes up of what it finds. Pure.

A site may have pages without end: a calendar that leads to the next month for ever, filters that combine,
a link that is relative by mistake and grows longer at each step. Depth and the number of pages bound all of
them; beside these, addresses of one pattern are taken up a limited number of times where the pattern is one
that programs make (a query, a date), and an address that repeats itself is not taken up at all.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit, urlunsplit

from browseagent.agent.scope import is_page, site_of

LONGEST_URL = 1000
"""Addresses that people are meant to open are shorter; what grows beyond is a trap."""
MOST_REPEATS = 2
"""How often one part of a path may come in it: /a/b/a/b/a is a relative link gone wrong."""
_DEFAULT_PORTS = {"http": ":80", "https": ":443"}
_TRACKING = re.compile(r"(?:utm_\w+|gclid|fbclid|msclkid|mc_[ce]id|phpsessid|jsessionid|sessionid)", re.I)
"""Names in a query that say who came from where, and nothing of the page."""
_SESSION_IN_PATH = re.compile(r";jsessionid=[^/?#]*", re.I)
_DATE = re.compile(r"(?:^|/)(?:19|20|21)\d\d(?:[-/]\d{1,2})?(?:[-/]\d{1,2})?(?:/|$)")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How far a crawl goes."""

    max_pages: int = 500
    """Pages that are asked for, those that fail among them."""
    depth: int = 10
    """Links between the first page and a page."""
    include: tuple[str, ...] = ()
    """Regular expressions, of which an address must match one; empty: it need not."""
    exclude: tuple[str, ...] = ()
    """Regular expressions, of which an address may match none."""
    per_pattern: int = 100
    """Addresses that differ only in the values of their query, or in a date."""

    def refuse(self, url: str, depth: int, site: str) -> str | None:
        """Why an address (see :func:`canonical`) is not taken up; None where it is."""
        if site_of(url) != site:
            return "another site"
        if depth > self.depth:
            return "too deep"
        if len(url) > LONGEST_URL or _repeats(url):
            return "a trap"
        if not is_page(url):
            return "no page"
        if any(re.search(pattern, url) for pattern in self.exclude):
            return "excluded"
        if self.include and not any(re.search(pattern, url) for pattern in self.include):
            return "not included"
        return None


def canonical(url: str) -> str:
    """One spelling of an address: scheme and host in lower case, no default port, a path at least, no
    fragment, no session and no tracking in it. Raises ValueError for what is no URL."""
    parts = urlsplit(url)
    scheme = parts.scheme.lower()
    host = parts.netloc.lower().removesuffix(_DEFAULT_PORTS.get(scheme, "\0"))
    path = _SESSION_IN_PATH.sub("", parts.path) or "/"
    fields = [field for field in parts.query.split("&") if field]
    query = "&".join(field for field in fields if not _TRACKING.fullmatch(field.partition("=")[0]))
    return urlunsplit((scheme, host, path, query, ""))


def pattern_of(url: str) -> str:
    """What addresses that a program makes without end have in common: the path, its numbers as 0, and the
    names in the query. Empty for an address that has neither a query nor a date."""
    parts = urlsplit(url)
    if not parts.query and not _DATE.search(parts.path):
        return ""
    names = sorted({field.partition("=")[0] for field in parts.query.split("&")})
    return f"{re.sub(r'[0-9]+', '0', parts.path)}?{'&'.join(names)}"[:LONGEST_URL]


def _repeats(url: str) -> bool:
    parts = [part for part in urlsplit(url).path.split("/") if part]
    return any(times > MOST_REPEATS for times in Counter(parts).values())
