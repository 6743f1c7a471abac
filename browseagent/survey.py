"""What a site lists of its own pages: robots.txt, its sitemaps, llms.txt. Asked for once in a run."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from urllib.parse import urljoin

from browseagent.browse.candidate import Candidate, Lead, plain_url
from browseagent.browse.links import links_of
from browseagent.browse.scope import Scope, is_page
from browseagent.browse.sitemap import MOST_FILES, MOST_URLS, parse_sitemap, sitemaps_named
from browseagent.read import extract
from browseagent.records import Outcome, Page
from browseagent.sources import Sources

LIST_SECONDS = 10.0
"""For one list to come, the wait for the host's turn included."""
_MARKDOWN = "text/markdown; charset=utf-8"


async def survey(sources: Sources, named: str, scope: Scope, seconds: float) -> list[Candidate]:
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
