"""What a site lists of its own pages: robots.txt, its sitemaps and their indexes
(https://www.sitemaps.org/protocol.html), llms.txt. Asked for once in a run."""

from __future__ import annotations

import asyncio
import html
import re
import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from urllib.parse import urljoin

from browseagent.agent.leads import Candidate, Lead, links_of, plain_url
from browseagent.agent.scope import Scope, is_page
from browseagent.agent.sources import Sources
from browseagent.read import extract
from browseagent.records import Outcome, Page

LIST_SECONDS = 10.0
"""For one list to come, the wait for the host's turn included."""
_MARKDOWN = "text/markdown; charset=utf-8"


async def listed_pages(sources: Sources, named: str, scope: Scope, seconds: float) -> list[Candidate]:
    """The pages that the site of a named URL lists, as far as its lists come within ``seconds``."""
    until = asyncio.get_running_loop().time() + seconds
    page = await _list(sources, urljoin(named, "/llms.txt"), named, until)
    found: list[Candidate] = []
    if page is not None and page.body.lstrip()[:1] != b"<":
        found = links_of(extract(page.body, page.final_url, _MARKDOWN), Lead.LLMS)
    async for url, file in _mapped(sources, named, scope, until):
        if is_page(url):
            found.append(Candidate(plain_url(url), Lead.SITEMAP, file, depth=1))
    return found


async def _mapped(sources: Sources, named: str, scope: Scope, until: float) -> AsyncIterator[tuple[str, str]]:
    """(page, sitemap that lists it) of the site's sitemaps."""
    robots = await _list(sources, urljoin(named, "/robots.txt"), named, until)
    told = sitemaps_named(robots.body.decode("utf-8", "replace")) if robots is not None else []
    files = [url for url in told or [urljoin(named, "/sitemap.xml")] if scope.covers(url)]
    left = MOST_URLS
    place = 0
    while place < min(len(files), MOST_FILES) and left > 0:
        file = files[place]
        place += 1
        page = await _list(sources, file, named, until)
        if page is None:
            continue
        sitemap = parse_sitemap(page.body)
        files += [url for url in sitemap.files if url not in files and scope.covers(url)]
        for url in sitemap.pages[:left]:
            yield url, file
        left -= len(sitemap.pages)


async def _list(sources: Sources, url: str, named: str, until: float) -> Page | None:
    """A list, or None where there is none or it does not come in time."""
    left = until - asyncio.get_running_loop().time()
    if left <= 0:
        return None
    page = await sources.listing(url, seconds=min(left, LIST_SECONDS), linked_by=named)
    # A packed sitemap is no page that can be read, and has come all the same.
    came = page.outcome.readable or (page.outcome is Outcome.UNSUPPORTED and page.status == 200)
    return page if came else None


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
