"""Questions on a site that is stored: the full-text index says which of its pages to read."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import cache
from hashlib import sha256
from urllib.parse import urlsplit

from browseagent.agent.leads import address_words
from browseagent.agent.named import Source, web_url
from browseagent.agent.run import Tell
from browseagent.agent.scope import is_page, site_of
from browseagent.agent.sources import Sources
from browseagent.answer import lexical
from browseagent.answer.question import Question
from browseagent.read import extractor_version
from browseagent.records import BlockKind, Document
from browseagent.store.database import Database
from browseagent.store.page_index import PageIndex, PageText, Unindexed
from browseagent.store.pages import SqlPageStore

_TERMS_VERSION = "1"
"""Of what :func:`page_text` makes; raised when it changes."""
_BATCH = 50
"""Pages that are put into the index in one transaction."""
_FOR_PROGRAMS = ("/robots.txt", "/llms.txt", "/llms-full.txt")


@cache
def index_maker() -> str:
    """Names what makes the index's terms of pages: the extractor and the words."""
    return sha256(f"{extractor_version()} {_TERMS_VERSION}".encode()).hexdigest()


def index_of(database: Database) -> PageIndex:
    """The full-text index in a store's database."""
    return PageIndex(database, index_maker())


def page_text(document: Document, url: str) -> PageText:
    """The terms of a page for the index."""
    headings = [document.block_text(block) for block in document.blocks if block.kind is BlockKind.HEADING]
    return PageText(
        title=lexical.terms(document.title),
        headings=lexical.terms("\n".join(headings)),
        address=lexical.terms(address_words(url)),
        body=lexical.terms(document.text),
    )


async def best_pages(
    question: Question,
    sources: Sequence[Source],
    reading: Sources,
    store: SqlPageStore,
    most: int,
    tell: Tell,
) -> tuple[Source, ...]:
    """The sources, in place of the URLs the best ``most`` stored pages of their sites for the question; the
    URLs themselves where there are none. Without any source, the best of all stored pages. Raises UsageError
    where the store can hold no index."""
    index = index_of(store.database)
    variant = await reading.variant()
    terms = question.terms
    urls = [web_url(source) for source in sources if isinstance(source, str)]
    sites = list(dict.fromkeys(map(site_of, urls)))
    if not sources:  # everything that is stored
        sites = sorted({site_of(page.url) for page in await asyncio.to_thread(store.pages)})
    hits = []
    for site in sites:
        await _bring_up_to_date(index, site, variant, reading, store, tell)
        found = await asyncio.to_thread(index.find, terms, site, variant, most)
        tell("index", f"{len(found)} stored pages of {site} are the most about it")
        hits += found
    best = [hit.url for hit in sorted(hits, key=lambda hit: -hit.score)[:most]] or urls
    return (*best, *(source for source in sources if not isinstance(source, str)))


async def _bring_up_to_date(
    index: PageIndex, site: str, variant: str, reading: Sources, store: SqlPageStore, tell: Tell
) -> None:
    """Puts into the index what was stored of a site without it."""
    missing = await asyncio.to_thread(index.missing, site, variant)
    if missing:
        tell("index", f"{len(missing)} stored pages of {site} are new to the full-text index")
    for start in range(0, len(missing), _BATCH):
        made: list[tuple[Unindexed, PageText]] = []
        for version in missing[start : start + _BATCH]:
            text = await _text_of(version, reading, store)
            if text is not None:
                made.append((version, text))
        await asyncio.to_thread(index.put, site, variant, made)


async def _text_of(version: Unindexed, reading: Sources, store: SqlPageStore) -> PageText | None:
    """The terms of a stored page; none of a file that is for programs. None where it has gone meanwhile."""
    if not is_page(version.url) or urlsplit(version.url).path in _FOR_PROGRAMS:
        return PageText((), (), (), ())
    page = await asyncio.to_thread(store.version_page, version.version_id)
    if page is None:
        return None
    if site_of(page.final_url) != site_of(version.url):
        return PageText((), (), (), ())  # It leads to another site: not what was asked about.
    return page_text(await reading.document(page), version.url)
