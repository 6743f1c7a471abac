"""Storing a site page by page, politely, so that it can be stopped at any moment and go on.

One page is read at a time, by what reads every page (:class:`~browseagent.agent.sources.Sources`). What
became of it and the links on it are committed together (:mod:`browseagent.store.crawls`), and nothing else
is kept in mind. A page that fails is noted and never ends the crawl; a network that fails several times in
a row does, and the pages wait for the next run.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from browseagent.agent.frontier import Bounds, canonical, pattern_of
from browseagent.agent.leads import Candidate, links_of
from browseagent.agent.named import web_url
from browseagent.agent.run import Tell
from browseagent.agent.scope import scope_of, site_of
from browseagent.agent.site import page_text
from browseagent.agent.sitemap import listed_pages
from browseagent.agent.sources import Sources
from browseagent.errors import BrowseAgentError, StoreError
from browseagent.records import Document, ErrorInfo, Outcome, Page
from browseagent.store.crawls import Crawls, Done, Failure, Tally, Waiting

TROUBLES = 5
"""Pages in a row that the network did not bring, after which the site is taken to be unreachable."""
LISTS_SECONDS = 60.0
"""For the site's own lists of its pages; each is asked for as politely as a page is."""
_NETWORK = (Outcome.UNREACHABLE.value, Outcome.TIMEOUT.value)

Ended = Literal["complete", "max_pages", "unreachable"]


@dataclass(frozen=True, slots=True)
class Crawled:
    """How a crawl ended."""

    url: str
    ended: Ended
    tally: Tally
    resumed: bool
    """Whether it went on where an earlier run was."""
    failures: tuple[Failure, ...]
    trouble: Failure | None = None
    """Where the network failed, the last page that it did not bring."""
    hint: str = ""
    """What to do about the page that was named, where that failed."""

    @property
    def error(self) -> ErrorInfo | None:
        """Why nothing was stored at all, or why it could not be finished; None where it was."""
        nothing = self.failures[0] if self.failures and not self.tally.read else None
        worst = self.trouble or nothing
        if worst is None:
            return None
        go_on = "The same command goes on where it was." if self.trouble else ""
        hint = self.hint if worst.url == self.url else ""
        return ErrorInfo(worst.outcome, worst.reason or worst.outcome, hint or go_on, worst.url)


@dataclass(slots=True)
class Crawl:
    """One run of a crawl. ``seconds`` is the deadline of one page; ``anew`` forgets an earlier run."""

    url: str
    bounds: Bounds
    sources: Sources
    crawls: Crawls
    tell: Tell
    seconds: float = 30.0
    anew: bool = False
    _site: str = field(init=False, default="")
    _variant: str = field(init=False, default="")
    _number: int = field(init=False, default=0)
    _hint: str = field(init=False, default="")

    async def to_the_end(self) -> Crawled:
        """Reads pages until none waits, the budget is spent, or the network fails. Raises StoreError, and
        UsageError for what is no web address."""
        start = canonical(web_url(self.url))
        self._site = site_of(start)
        self._variant = await self.sources.variant()
        key = _key(start, self.bounds, self._variant)
        most = self.bounds.max_pages
        self._number, resumed = await asyncio.to_thread(
            self.crawls.begin, key, start, datetime.now(UTC), max_pages=most, anew=self.anew
        )
        ended, trouble = await self._pages(start)
        tally = await asyncio.to_thread(self.crawls.tally, self._number)
        failures = await asyncio.to_thread(self.crawls.failures, self._number)
        return Crawled(start, ended, tally, resumed, tuple(failures), trouble, self._hint)

    async def _pages(self, start: str) -> tuple[Ended, Failure | None]:
        # Also where it is stored: what may be reached on the person's behalf is where this page was found.
        first = await self.sources.asked_again(start, seconds=self.seconds)
        self._hint = first.hint or ""
        if first.outcome.value in _NETWORK:
            return "unreachable", Failure(start, first.outcome.value, first.reason or "")
        troubles: list[Waiting] = []
        while True:
            tally = await asyncio.to_thread(self.crawls.tally, self._number)
            page = await asyncio.to_thread(self.crawls.next, self._number)
            if page is None:
                return "complete", None
            if tally.asked >= self.bounds.max_pages:
                return "max_pages", None
            at = f"{tally.asked + 1} of {min(tally.asked + tally.waiting, self.bounds.max_pages)}"
            self.tell("crawl", f"{at}: {page.url}", {"url": page.url, "depth": page.depth})
            done, found = await self._read(page, start)
            new = await asyncio.to_thread(
                self.crawls.commit,
                *(self._number, done, found),
                site=self._site,
                variant=self._variant,
                per_pattern=self.bounds.per_pattern,
            )
            said = f"{done.outcome} {done.url}" + (f": {done.reason}" if done.reason else "")
            self.tell("stored" if done.readable else "failed", said, {"url": done.url, "new_links": new})
            if done.outcome in _NETWORK and not page.tried:
                troubles.append(page)
            elif done.outcome != Outcome.ROBOTS.value:  # for which nobody was asked
                troubles = []
            if len(troubles) == TROUBLES:
                await asyncio.to_thread(self.crawls.wait_again, self._number, [each.url for each in troubles])
                return "unreachable", Failure(done.url, done.outcome, done.reason)

    async def _read(self, waiting: Waiting, start: str) -> tuple[Done, list[Waiting]]:
        """What became of a page, and what was found on it."""
        url = waiting.url
        try:
            linked_by = "" if url == start else start
            obtained = await self.sources.obtain(url, seconds=self.seconds, linked_by=linked_by)
            page = obtained.page
            final = canonical(page.final_url)
            if obtained.document is None:
                # A page of links alone holds no text, and leads on all the same.
                empty = page.outcome is Outcome.EMPTY
                links = links_of(await self.sources.document(page), depth=waiting.depth) if empty else []
                done = Done(url, final, False, page.outcome.value, page.reason or "")
                return done, self._taken_up(links)
            if site_of(final) != self._site:
                reason = f"it leads to another site, {final}"
                return Done(url, url, False, Outcome.POLICY.value, reason), []
            # Of an article on several pages each is a page here; the others are found by their links.
            document = await self.sources.document(_own_page(page, obtained.document))
            found = self._taken_up(links_of(document, depth=waiting.depth))
            if url == start:
                scope = scope_of([start])
                found += self._taken_up(await listed_pages(self.sources, start, scope, LISTS_SECONDS))
            text = page_text(document, url)
            sha256 = document.page.sha256 if document.page else page.sha256
            return Done(url, final, True, page.outcome.value, page.reason or "", sha256, text), found
        except StoreError:
            raise
        except BrowseAgentError as error:
            return Done(url, url, False, error.detail, error.message), []
        except Exception as error:  # noqa: BLE001  one page that we fail at is not to end the others
            return Done(url, url, False, "internal", f"{type(error).__name__}: {error}"), []

    def _taken_up(self, candidates: Sequence[Candidate]) -> list[Waiting]:
        """The candidates that are within the bounds, each address once."""
        found: dict[str, Waiting] = {}
        for candidate in candidates:
            try:
                url = canonical(candidate.url)
                refused = self.bounds.refuse(url, candidate.depth, self._site)
            except ValueError:
                continue
            if refused is None and url not in found:
                found[url] = Waiting(url, candidate.depth, candidate.found_on, pattern_of(url))
        return list(found.values())


def _own_page(page: Page, document: Document) -> Page:
    """The page that was asked for, where its document is an article on several."""
    first = document.parts[0].page if document.parts else None
    return first or page


def _key(start: str, bounds: Bounds, variant: str) -> str:
    """Names a crawl by what was asked for; the number of pages is no part of it, so that more can be."""
    asked = [start, bounds.depth, bounds.include, bounds.exclude, bounds.per_pattern, variant]
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()
