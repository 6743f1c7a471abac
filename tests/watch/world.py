"""A world for watches in tests: pages that a test sets, a clock that it turns, a model by script."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from browseagent.answer.quotes import locate, make_quote
from browseagent.errors import ModelError
from browseagent.read import extractor_version
from browseagent.records import (
    Answer,
    Answered,
    Document,
    ErrorInfo,
    Failed,
    Hunk,
    NotFound,
    Outcome,
    Page,
    Via,
)
from browseagent.store.outbox import SqlOutbox
from browseagent.store.pages import SqlPageStore
from browseagent.store.watch_book import EventEntry, WatchBook
from browseagent.store.watches import SqlWatchStore
from browseagent.watch.check import Checked, Checker, World
from browseagent.watch.notify.message import Message
from browseagent.watch.notify.target import Target
from browseagent.watch.outbox import Courier, DeliveryError
from browseagent.watch.reading import HereReader
from browseagent.watch.records import Watch
from browseagent.watch.ruling import Claim, Ruling
from browseagent.web.port import Request

URL = "https://shop.example.org/lantern"
START = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Clock:
    """A clock that a test turns; sleeping turns it too."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)

    async def sleep(self, seconds: float) -> None:
        self.now += timedelta(seconds=seconds)
        await asyncio.sleep(0)


class FakeWeb:
    """A fetcher over pages that a test sets; ``then`` are what the next fetches give, in turn."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.pages: dict[str, Page] = {}
        self.then: list[Page | Exception] = []
        self.requests: list[Request] = []
        self.hang = False

    def show(self, text: str, url: str = URL, *, language: str = "en", etag: str | None = None) -> None:
        """The page from now on: a heading and a paragraph a line."""
        self.pages[url] = self.page(text, url, language=language, etag=etag)

    def page(
        self,
        text: str,
        url: str = URL,
        *,
        language: str = "en",
        etag: str | None = None,
        outcome: Outcome = Outcome.OK,
    ) -> Page:
        body = f'<html lang="{language}"><title>Lantern</title><body><main><h1>Lantern</h1>'
        body += "".join(f"<p>{line}</p>" for line in text.splitlines()) + "</main></body></html>"
        headers = [("content-type", "text/html; charset=utf-8")]
        headers += [("etag", etag)] if etag else []
        return Page(
            url,
            url,
            outcome,
            Via.HTTP,
            self._clock(),
            status=200,
            headers=tuple(headers),
            body=body.encode(),
            reason=None if outcome.readable else f"it was {outcome}",
        )

    async def fetch(self, request: Request) -> Page:
        self.requests.append(request)
        if self.hang:
            await asyncio.sleep(3600)
        if self.then:
            given = self.then.pop(0)
            if isinstance(given, Exception):
                raise given
            return replace(given, url=request.url, final_url=request.url, fetched_at=self._clock())
        page = self.pages[request.url]
        if request.etag and request.etag == page.header("etag"):
            return replace(page, status=304, body=b"", outcome=Outcome.HTTP_ERROR, fetched_at=self._clock())
        if request.last_modified and request.last_modified == page.header("last-modified"):
            return replace(page, status=304, body=b"", outcome=Outcome.HTTP_ERROR, fetched_at=self._clock())
        return replace(page, fetched_at=self._clock())


class ScriptedAsker:
    """Answers with the words that ``find`` cuts from the document; None: not on the page."""

    def __init__(self, find: Callable[[str, Document], str | None]) -> None:
        self._find = find
        self.confidence = 0.05
        self.broken: str = ""
        self.claims: tuple[Claim, ...] = ()
        self.asked: list[str] = []

    async def judge(self, about: str, changes: Sequence[Hunk], /) -> Ruling:
        self.asked.append(about)
        if self.broken:
            raise ModelError(self.broken)
        return Ruling(
            tuple(about in f"{each.where} {each.before} {each.after}" for each in changes), self.claims
        )

    async def ask(self, question: str, document: Document, /) -> Answer:
        self.asked.append(question)
        if self.broken:
            return Failed(question=question, failure=ErrorInfo("model", self.broken))
        words = self._find(question, document)
        if words is None:
            return NotFound(question=question, confidence=self.confidence)
        block = next(b for b in document.blocks if words in document.block_text(b))
        assert locate(document, words) is not None
        quote = make_quote(document, block.start, block.end)
        return Answered(question=question, answer=words, support=(quote,), confidence=0.9)


class Receiver:
    """A sender that keeps what it is given; ``refuse`` messages are refused first."""

    def __init__(self) -> None:
        self.messages: list[tuple[Target, Message]] = []
        self.refuse = 0
        self.permanent = False

    async def send(self, target: Target, message: Message) -> None:
        if self.refuse:
            self.refuse -= 1
            raise DeliveryError("not now", permanent=self.permanent)
        self.messages.append((target, message))

    @property
    def subjects(self) -> list[str]:
        return [message.subject for _, message in self.messages]


def price_line(question: str, document: Document) -> str | None:
    """Finds the amount of the page's line "It costs …", as a model would."""
    for block in document.blocks:
        text = document.block_text(block)
        if "costs" in text:
            return text.removeprefix("It costs ").removesuffix(" today.")
    return None


class Bench:
    """Everything a watch needs, over one database."""

    def __init__(self, pages: SqlPageStore, clock: Clock) -> None:
        self.clock = clock
        self.web = FakeWeb(clock)
        self.pages = pages
        self.store = SqlWatchStore(pages)
        self.outbox = SqlOutbox(pages.database)
        self.book = WatchBook(pages.database)
        self.asker = ScriptedAsker(price_line)
        self.receiver = Receiver()
        self.checker = Checker(self.world())
        self.courier = Courier(self.outbox, self.receiver, owner="test", now=clock, spread=lambda: 0.5)

    def world(self) -> World:
        return World(
            fetcher=self.web,
            store=self.store,
            asker=self.asker,
            reader=HereReader(),
            reader_version=extractor_version(),
            now=self.clock,
            sleep=self.clock.sleep,
        )

    def add(self, name: str = "lantern", **settings: object) -> Watch:
        more = {"url": URL, "every": "15m", "notify": ["stdout"], **settings}
        return self.book.put(name, more, self.clock(), new=True)

    async def check(self, name: str = "lantern", *, minutes: float = 15) -> Checked:
        """A check by the schedule's own way, and the time until the next one."""
        claim = self.store.claim_named(name, "test", self.clock(), seconds=60)
        assert claim is not None
        checked = await self.checker.check(claim)
        await self.courier.deliver()
        self.clock.pass_(minutes=minutes)
        return checked

    def history(self, name: str = "lantern") -> list[EventEntry]:
        return self.book.history(name)
