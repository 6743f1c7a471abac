"""The one way to a page: fetched, and once more through a browser where its text shows that it is needed.

Whether that is so can be told in part by looking at what came (:mod:`~browseagent.web.escalate`), in part
only by reading it. So whoever gets pages gets them here, and says how they are read.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from browseagent.read.media import MARKDOWN_TYPES
from browseagent.records import Document, Elements, Page, Via
from browseagent.records.counted import counted
from browseagent.web.port import Fetcher, Request

LITTLE_KEPT, FEW_WORDS = 0.15, 50
"""A page of which no more is kept, in share and in words, may not be all there; a browser costs a second."""

Read = Callable[[Page], Awaitable[Document | None]]
"""The document of a page; None where it is known already that the page is whole."""


@dataclass(frozen=True, slots=True)
class Getter:
    """Gets pages."""

    fetcher: Fetcher

    async def get(self, request: Request, read: Read) -> Page:
        """The page, within ``request.timeout`` seconds of fetching. Raises what ``read`` raises, and what a
        :class:`~browseagent.web.port.Fetcher` does."""
        until = asyncio.get_running_loop().time() + request.timeout
        page = await self.fetcher.fetch(request)
        left = until - asyncio.get_running_loop().time()
        return await self.whole(page, replace(request, timeout=max(0.1, left)), read)

    async def whole(self, page: Page, request: Request, read: Read) -> Page:
        """A page that was had by a request before (perhaps from a store); or the same through a browser,
        where its document shows that this is needed and a browser gives more."""
        if request.via != "auto" or not page.outcome.readable or page.status == 304:
            return page
        document = await read(page)
        why = None if document is None else why_rendered(page, document, request.elements)
        if document is None or why is None:
            return page
        plain = replace(request, via="chromium", etag=None, last_modified=None)
        seen = await self.fetcher.fetch(plain)
        more = await read(seen) if seen.outcome.readable else None
        if more is None:
            return page
        chosen = bool(request.elements and more.text.strip())
        if len(more.text) <= len(document.text) and not chosen and not _unseen(document):
            return page
        return replace(seen, how=(*seen.how, f"a browser was used: {why}"))


def why_rendered(page: Page, document: Document, elements: Elements) -> str | None:
    """Why a page is asked for again through a browser; None where it is not. Only where scripts could add to
    it, or elements are chosen from what is no HTML."""
    if elements and page.content_type.startswith(MARKDOWN_TYPES):
        return "elements are chosen from HTML, and the server sent Markdown"
    if page.dom is not None or b"<script" not in page.body.lower():
        return None
    if elements.only and not document.text.strip():
        return "what was chosen is not in the page as served"
    if page.via is not Via.HTTP:  # a stored page: what it is was judged when it came
        return None
    if _unseen(document):
        return "the page hides most of its text until its scripts have run"
    words = len(document.text.split())
    if not words:
        return "the page as served holds no readable text"
    if words < FEW_WORDS and document.kept < LITTLE_KEPT:
        return f"of the page as served {document.kept:.0%} is its own text, {counted(words, 'word')}"
    return None


def _unseen(document: Document) -> bool:
    """Whether hidden text was taken for the page's own."""
    from browseagent.read.visibility import READ_UNSEEN

    return READ_UNSEEN in document.notes
