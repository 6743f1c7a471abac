"""From what a person named to a document: a file, standard input, a stored page, or the web.

The world is behind ports: a :class:`~browseagent.web.port.Fetcher` and a
:class:`~browseagent.store.port.PageStore`. What goes wrong with a page is in the page's outcome.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from browseagent.agent.named import web_url
from browseagent.config import Settings
from browseagent.durable import write_atomically
from browseagent.errors import UsageError
from browseagent.read.media import Media, media_of_page
from browseagent.records import Document, Outcome, Page, Via
from browseagent.store.freshness import Plan, plan, validators
from browseagent.store.port import PageStore
from browseagent.web.getter import Getter
from browseagent.web.port import Fetcher, ProfileStore, Request

_EMPTY = {
    Media.HTML: "--via chromium runs the page's scripts",
    Media.PDF: "the PDF may be damaged, or its pages may be pictures",
}
"""What may be the matter where no text is found in a body of a kind."""


@dataclass(frozen=True, slots=True)
class Obtained:
    """A page and, where it is readable, its document."""

    page: Page
    document: Document | None
    requested: bool
    """Whether the network was used for it."""


class Sources:
    """Gets pages and documents, from the store where they are young enough."""

    def __init__(
        self, settings: Settings, fetcher: Fetcher, store: PageStore, profiles: ProfileStore
    ) -> None:
        self._settings = settings
        self._fetcher = fetcher
        self._getter = Getter(fetcher)
        self._store = store
        self._profiles = profiles
        self._asked_for: set[str] = set()
        """URLs that the person named and that were asked for in this run."""

    async def obtain(self, source: str | Path | Page, *, seconds: float, linked_by: str = "") -> Obtained:
        """The page of a source and its document, all pages of an article together. ``seconds`` is the
        deadline of them all. ``linked_by``: the URL that the person named, where a page named this one."""
        until = asyncio.get_running_loop().time() + seconds
        if linked_by and isinstance(source, str):
            page, requested = await self._from_web(source, seconds, linked_by=linked_by)
        else:
            page, requested = await self.page(source, seconds=seconds)
        if not page.outcome.readable:
            return Obtained(page, None, requested)
        document = await self.document(page)
        if not document.text.strip():
            return Obtained(await self._empty(page), None, requested)
        if self._is_of_one_page():
            return Obtained(page, replace(document, next_url=""), requested)
        document, more = await self._whole(document, linked_by or source, until)
        return Obtained(document.page or page, document, requested or more)

    def _is_of_one_page(self) -> bool:
        """Whether what was asked for is about the page that was named, not about the article it begins."""
        session = self._settings.session
        return bool(self._settings.elements.only or session.clicks or session.wait_for)

    async def _whole(
        self, document: Document, source: str | Path | Page, until: float
    ) -> tuple[Document, bool]:
        """The document with the further pages of its article, as far as they come in time, and whether
        the network was used. Stored pages count as fetched ones do. Where a page is missing, the
        document's page is ``truncated`` and says which."""
        from browseagent.read.continuation import MOST_PARTS, belongs, join

        loop = asyncio.get_running_loop()
        seen = {document.url, document.page.url if document.page else document.url}
        used = False
        # What a person handed over by itself is that one page; what was named by URL is the article.
        while isinstance(source, str) and document.next_url and document.next_url not in seen:
            url = document.next_url
            seen.add(url)
            if len(seen) > MOST_PARTS + 1:
                return _cut(document, f"only {MOST_PARTS} pages of an article are read", url), used
            page, requested = await self._from_web(url, max(0.1, until - loop.time()), linked_by=source)
            used = used or requested
            if page.outcome in (Outcome.NOT_FOUND, Outcome.GONE):
                break  # A link to a page that is not there: the article ends here.
            if not page.outcome.readable:
                return _cut(document, page.reason or page.outcome.value, url), used
            part = await self.document(page)
            if _site(page.final_url) != _site(document.url) or not belongs(document, part):
                break
            document = join(document, part)
            if page.outcome is Outcome.TRUNCATED:
                return _cut(document, page.reason or page.outcome.value, url), used
        if document.parts:
            note = f"the article stands on {len(document.parts)} pages, which were read as one"
            document = replace(document, notes=(*document.notes, note))
        return replace(document, next_url=""), used

    async def _empty(self, page: Page) -> Page:
        """A page of whose text nothing is left, and why."""
        hint = "the page may be pictures only" if page.dom else _EMPTY.get(media_of_page(page), "")
        reason = f"no readable text was found at {page.url}"
        elements = self._settings.elements
        if elements:
            from browseagent.read.elements import missing

            nothing = await asyncio.to_thread(missing, page, elements)
            chosen = " or ".join(nothing)
            reason = f"what was chosen of {page.url} holds no text"
            if nothing and nothing == elements.only:
                reason = f"nothing at {page.url} matches --select {chosen}"
            hint = "Check the selectors: `browseagent record` saves the page to look at."
        return replace(page, outcome=Outcome.EMPTY, reason=reason, hint=hint)

    async def page(self, source: str | Path | Page, *, seconds: float) -> tuple[Page, bool]:
        """The page, and whether the network was used."""
        if isinstance(source, Page):
            return source, False
        if isinstance(source, Path):
            from browseagent.web.file import page_from_file

            return await page_from_file(source), False
        return await self._from_web(web_url(source), seconds)

    async def listing(self, url: str, *, seconds: float, linked_by: str) -> Page:
        """A file that a site keeps for programs (robots.txt, a sitemap), by plain HTTP."""
        settings = replace(self._settings, via="http", session=self._settings.session.stranger)
        plain = Sources(settings, self._fetcher, self._store, self._profiles)
        return (await plain._from_web(url, seconds, linked_by=linked_by))[0]

    async def asked_again(self, url: str, *, seconds: float) -> Page:
        """The page of a URL that the person named, the server being asked whatever is stored."""
        fresh = replace(self._settings, fresh=True)
        return (await Sources(fresh, self._fetcher, self._store, self._profiles).page(url, seconds=seconds))[
            0
        ]

    async def document(self, page: Page) -> Document:
        """The readable text of a page, derived once for each content, choice of elements and extractor
        version. Raises UsageError for a selector that is none."""
        from browseagent.read import extractor_version, read_page
        from browseagent.read.serialize import dump_document, load_document

        shown = hashlib.sha256((page.visible_text or "").encode("utf-8", "surrogatepass")).hexdigest()
        elements = self._settings.elements
        chosen = json.dumps([elements.only, elements.without]) if elements else ""
        about = "\n".join(
            (page.sha256, page.final_url, page.content_type, shown, extractor_version(), chosen)
        )
        key = "document:" + hashlib.sha256(about.encode("utf-8", "surrogatepass")).hexdigest()
        kept = await asyncio.to_thread(self._store.derived, key)
        if kept is not None:
            return replace(load_document(kept), page=page)
        try:
            document = await asyncio.to_thread(read_page, page, elements)
        except ValueError as error:
            raise UsageError(str(error)) from error
        if page.via in (Via.HTTP, Via.CHROMIUM, Via.CACHE):
            value = dump_document(document)
            await asyncio.to_thread(self._store.put_derived, key, value, sha256=page.sha256)
        return document

    async def _from_web(self, url: str, seconds: float, *, linked_by: str = "") -> tuple[Page, bool]:
        session = self._settings.session
        variant = session.variant(await self._identity())
        stored = await asyncio.to_thread(self._store.latest, url, variant=variant, as_of=self._settings.as_of)
        step = plan(stored, self._settings, datetime.now(UTC))
        if step is Plan.MISSING:
            return _missing(url, self._settings), False
        known = validators(stored) if stored is not None and step is Plan.REVALIDATE else None
        request = Request(
            url,
            via=self._settings.via,
            timeout=seconds,
            etag=known.etag if known else None,
            last_modified=known.last_modified if known else None,
            session=session,
            screenshot="png" if self._settings.screenshot is not None and not linked_by else "",
            elements=self._settings.elements,
            trusted=self._settings.by_person,
        )
        if stored is not None and step is Plan.USE and self._serves(stored, linked=bool(linked_by)):
            page = await self._whole_stored(stored, request, linked_by)
            if page is stored:
                return stored, False
        else:
            page = await self._fetched(request, linked_by)
        page = page if linked_by else await self._with_screenshot(page)
        if page.status == 304 and stored is not None:
            confirmed = await asyncio.to_thread(self._store.confirm, url, page.fetched_at, variant=variant)
            return replace(confirmed or stored, via=page.via), True  # the server gave it, by a word
        if page.outcome.readable:
            await asyncio.to_thread(self._store.put, page, variant=variant)
        elif stored is not None:
            when = f"{stored.fetched_at:%Y-%m-%d %H:%M} UTC"
            hint = f"{page.hint or ''} A version of {when} is stored: --offline answers from it.".strip()
            page = replace(page, hint=hint)
        return page, True

    async def _whole_stored(self, stored: Page, request: Request, linked_by: str) -> Page:
        """A stored page, or the same through a browser where what was chosen of it needs that."""
        if self._settings.offline or self._settings.as_of is not None:
            return stored
        return await self._getter.whole(stored, _named_by(request, linked_by), self.document)

    async def _fetched(self, request: Request, linked_by: str) -> Page:
        """The page of a request. A link may lead where the page was found that the person named (a private
        address), and nowhere else of that sort: where that page came from the store it is asked for first."""
        until = asyncio.get_running_loop().time() + request.timeout
        if not linked_by:
            self._asked_for.add(request.url)
        asked = _named_by(request, linked_by)
        page = await self._getter.get(asked, self.document)
        if page.outcome is not Outcome.POLICY or not asked.followed or asked.named in self._asked_for:
            return page
        self._asked_for.add(asked.named)
        found = Request(asked.named, via="http", timeout=request.timeout, session=request.session)
        if (await self._fetcher.fetch(found)).status is None:
            return page
        left = max(0.1, until - asyncio.get_running_loop().time())
        return await self._getter.get(replace(asked, timeout=left), self.document)

    def _serves(self, stored: Page, *, linked: bool) -> bool:
        """Whether a stored page may stand in for one fetched as the person asked. A picture is taken of the
        page that they named, not of those that belong to it."""
        if self._settings.screenshot is not None and not linked:
            return False
        return self._settings.offline or self._settings.via != "chromium" or stored.dom is not None

    async def variant(self) -> str:
        """The name under which pages are stored as these settings ask for them."""
        return self._settings.session.variant(await self._identity())

    async def _identity(self) -> str:
        """That of the profile that is used; empty without one."""
        name = self._settings.session.profile
        return (await asyncio.to_thread(self._profiles.load, name)).identity if name else ""

    async def _with_screenshot(self, page: Page) -> Page:
        """The page, its picture written where one was asked for; a note where there is none to write."""
        target = self._settings.screenshot
        if target is None:
            return page
        if page.screenshot is None:
            return replace(page, how=(*page.how, f"{target} was not written: no screenshot was taken"))
        try:
            await asyncio.to_thread(write_atomically, target, page.screenshot.image)
        except OSError as error:
            raise UsageError(f"the screenshot cannot be written: {error}") from error
        return page


def _site(url: str) -> str:
    return urlsplit(url).netloc.lower()


def _named_by(request: Request, linked_by: str) -> Request:
    """The request as one for a page that a page named, where the person named ``linked_by``."""
    if not linked_by:
        return request
    named = web_url(linked_by)
    followed = request.trusted and _site(named) == _site(request.url)
    return replace(request, trusted=False, followed=followed, named=named)


def _cut(document: Document, reason: str, url: str) -> Document:
    """The document, its page marked as only a part of the article."""
    assert document.page is not None
    said = f"The article goes on at {url}, which was not read: {reason}"
    hint = "Give that address as a further source, or allow more time with --timeout."
    cut = replace(document.page, outcome=Outcome.TRUNCATED, reason=said, hint=hint)
    return replace(document, page=cut, next_url="")


def _missing(url: str, settings: Settings) -> Page:
    if settings.as_of is None:
        said = f"no version of {url} is stored, and the network was not to be used"
        hint = "run once without --offline, or see `browseagent cache list`"
    else:
        said = f"no version of {url} is stored as of {settings.as_of:%Y-%m-%d %H:%M} UTC"
        hint = f"`browseagent cache history {url}` lists those that are, if any"
    return Page(
        url=url,
        final_url=url,
        outcome=Outcome.UNREACHABLE,
        via=Via.CACHE,
        fetched_at=datetime.now(UTC),
        reason=said,
        hint=hint,
    )
