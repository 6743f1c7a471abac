"""A site's own lists of its pages: the ``Sitemap`` lines of robots.txt, sitemaps and their indexes
(https://www.sitemaps.org/protocol.html)."""

from __future__ import annotations

import html
import re
import zlib
from dataclasses import dataclass

MOST_URLS = 20_000
"""Addresses that are taken from the sitemaps of one site."""
MOST_FILES = 6
"""Sitemap files that are fetched for one question, indexes included."""
MOST_BYTES = 10_000_000
"""Of one file, unpacked; the protocol allows 50 MB."""
_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.IGNORECASE | re.MULTILINE)
# Taken out by pattern: a sitemap is flat, and what is no such element is of no use here.
_LOC = re.compile(r"<(?:\w+:)?loc\s*>\s*(?:<!\[CDATA\[)?\s*([^<>\s]+?)\s*(?:\]\]>)?\s*</", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sitemap:
    """What a sitemap file lists: pages, or further sitemaps."""

    pages: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def sitemaps_named(robots: str) -> list[str]:
    """The sitemaps that a robots.txt names."""
    return list(dict.fromkeys(_LINE.findall(robots)))[:MOST_FILES]


def parse_sitemap(body: bytes) -> Sitemap:
    """What a sitemap lists, whether it is packed (gzip) or not; nothing where it is none."""
    if body[:2] == b"\x1f\x8b":
        try:
            body = zlib.decompressobj(31).decompress(body, MOST_BYTES)
        except zlib.error:
            return Sitemap()
    text = body[:MOST_BYTES].decode("utf-8", "replace")
    if "<" not in text[:200]:  # the protocol's other form: one address a line
        lines = tuple(line.strip() for line in text.splitlines() if line.startswith(("http:", "https:")))
        return Sitemap(pages=lines[:MOST_URLS])
    found = tuple(dict.fromkeys(html.unescape(url) for url in _LOC.findall(text)))[:MOST_URLS]
    is_index = re.search(r"<(?:\w+:)?sitemapindex\b", text[:2000])
    return Sitemap(files=found) if is_index else Sitemap(pages=found)
