"""Objects built from settings: the store, what checks watches, what stores a site. For every way in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from browseagent.config import Settings, default_settings, local_timezone
from browseagent.durable import this_process
from browseagent.errors import UsageError
from browseagent.records.clock import utc_now
from browseagent.session import Session
from browseagent.watch.records import Watch

if TYPE_CHECKING:
    from browseagent.agent.crawl import Crawl
    from browseagent.agent.frontier import Bounds
    from browseagent.agent.run import Tell
    from browseagent.store.asked import AskedBefore
    from browseagent.store.outbox import SqlOutbox
    from browseagent.store.pages import SqlPageStore
    from browseagent.store.watch_book import WatchBook
    from browseagent.store.watches import SqlWatchStore
    from browseagent.watch.check import Checked, Checker
    from browseagent.watch.look import Asker
    from browseagent.watch.outbox import Sent
    from browseagent.watch.run import Broken, Options


_PATIENCE = 60
"""Seconds to wait for another process that is at the same watch."""


_ANSWERS = 64
"""Asked of a server at a time; workers check no more watches at once."""


@dataclass(frozen=True, slots=True)
class Kept:
    """The database and its parts."""

    pages: SqlPageStore
    store: SqlWatchStore
    book: WatchBook
    outbox: SqlOutbox


def open_pages(settings: Settings | None = None) -> SqlPageStore:
    """The stored pages; the caller closes them. Raises StoreError."""
    from browseagent.store.pages import SqlPageStore

    settings = settings or default_settings()
    return SqlPageStore(settings.store_place, max_bytes=settings.cache_bytes)


@contextmanager
def open_asked(settings: Settings | None = None) -> Iterator[AskedBefore]:
    """What was asked before, closed at the end. Raises StoreError."""
    from browseagent.store.asked import AskedBefore
    from browseagent.store.database import Database

    settings = settings or default_settings()
    database = Database(settings.store_place)
    try:
        yield AskedBefore(database)
    finally:
        database.close()


def keep_asked(settings: Settings, document: Mapping[str, Any]) -> None:
    """Keeps an answer (``browseagent.answer/1``) for `history`, where the settings say so. Raises
    StoreError."""
    if settings.log and document["question"]:
        with open_asked(settings) as before:
            before.put(document, utc_now())


@contextmanager
def open_kept(settings: Settings | None = None) -> Iterator[Kept]:
    """The database, closed at the end. Raises StoreError."""
    from browseagent.store.outbox import SqlOutbox
    from browseagent.store.watch_book import WatchBook
    from browseagent.store.watches import SqlWatchStore

    with open_pages(settings) as pages:
        database = pages.database
        yield Kept(pages, SqlWatchStore(pages), WatchBook(database), SqlOutbox(database))


@asynccontextmanager
async def open_checker(
    settings: Settings, kept: Kept, open_asker: Callable[[], AbstractAsyncContextManager[Asker]]
) -> AsyncIterator[Checker]:
    """What checks watches: the web, and the agent that answers standing questions. The browser and the
    model are started by the first watch that needs them; ``open_asker`` opens the agent."""
    from browseagent.read import extractor_version
    from browseagent.store.profiles import Profiles
    from browseagent.watch.check import Checker, World
    from browseagent.watch.reading_pool import ReadingPool
    from browseagent.watch.settings import session_of
    from browseagent.watch.thinking import Thinker
    from browseagent.web import Web

    profiles = Profiles(settings.profiles_path)

    # A server answers many at a time (and is not held up by one); a model in this process one.
    at_once = _ANSWERS if settings.model.startswith("openai:") and not settings.fallback else 1

    def session(watch: Watch) -> Session:
        return session_of(watch, settings.session)

    def variant(watch: Watch) -> str:
        identity = profiles.load(watch.profile).identity if watch.profile else ""
        return session(watch).variant(identity)

    async with (
        Web(chromium=settings.chromium, profiles=profiles, browsers=settings.browsers) as web,
        ReadingPool() as reader,
        Thinker(open_asker, at_once=at_once) as thinker,
    ):
        yield Checker(
            World(
                fetcher=web,
                store=kept.store,
                asker=thinker,
                reader=reader,
                reader_version=extractor_version(),
                now=utc_now,
                session=session,
                variant=variant,
            )
        )


@asynccontextmanager
async def open_crawl(
    start: str, bounds: Bounds, settings: Settings, tell: Tell, *, anew: bool
) -> AsyncIterator[Crawl]:
    """What stores a site, page by page. A crawl is no person's visit: robots.txt binds for its first page
    too."""
    from browseagent.agent.crawl import Crawl
    from browseagent.agent.site import index_of
    from browseagent.agent.sources import Sources
    from browseagent.store.crawls import Crawls
    from browseagent.store.profiles import Profiles
    from browseagent.web import Web

    profiles = Profiles(settings.profiles_path)
    async with Web(
        chromium=settings.chromium, profiles=profiles, obey_robots=True, browsers=settings.browsers
    ) as web:
        with open_pages(settings) as store:
            crawls = Crawls(store.database, index_of(store.database))
            sources = Sources(settings, web, store, profiles)
            yield Crawl(start, bounds, sources, crawls, tell, settings.timeout, anew)


def pruning(kept: Kept) -> Callable[[Checked], Awaitable[None]]:
    """Drops, after a check that found something, the snapshots that its watch lets go."""

    async def after(checked: Checked) -> None:
        if checked.event is not None:
            await asyncio.to_thread(kept.book.prune, checked.watch.name, utc_now())

    return after


async def running(
    settings: Settings,
    kept: Kept,
    checker: Checker,
    options: Options | None = None,
    *,
    told: Callable[[Checked | Broken | Sent], None] = lambda _: None,
    write: Callable[[str], None] = lambda _: None,
    once: bool = False,
) -> None:
    """Checks what is due and sends what is to be sent, until it is cancelled; or ``once``. ``told`` hears of
    each, ``write`` gets what goes to standard output."""
    from browseagent.watch.notify.senders import Senders
    from browseagent.watch.outbox import Courier
    from browseagent.watch.run import Options, Runner

    options = options or Options(this_process())
    courier = Courier(
        kept.outbox, Senders(write, secret=settings.webhook_secret), owner=options.owner, now=utc_now
    )
    runner = Runner(kept.store, checker, courier, options, now=utc_now, told=told, after=pruning(kept))
    await (runner.once() if once else runner.run())


async def checked_now(kept: Kept, checker: Checker, name: str) -> Checked:
    """A watch checked at once, whatever its schedule says, when another process is done with it. Raises
    UsageError where it is not for long."""
    from browseagent.watch.run import deadline_of

    for _ in range(_PATIENCE):
        (entry,) = await asyncio.to_thread(kept.book.entries, [name])
        seconds = deadline_of(entry.watch)
        claim = await asyncio.to_thread(
            kept.store.claim_named, name, this_process(), utc_now(), seconds=seconds
        )
        if claim is not None:
            break
        await asyncio.sleep(1)
    else:
        raise UsageError(f"{name} is being checked by another process", hint="Try again in a minute.")
    try:
        done = await checker.check(claim, keep_due=True)
    finally:
        kept.store.release(claim, claim.due)  # has no effect where the check ended
    await asyncio.to_thread(kept.book.prune, name, utc_now())
    return done


def with_zone(settings: dict[str, object], kept: Kept) -> dict[str, object]:
    """Settings of a new watch; its wall clock is this machine's where nothing else is said."""
    group = settings.get("group")
    groups = kept.book.groups()
    layers = (settings, groups.get(str(group or ""), {}), groups.get("", {}))
    by_clock = any(settings.get(key) for key in ("cron", "between", "digest"))
    if not by_clock or any(layer.get("timezone") for layer in layers):
        return settings
    return {**settings, "timezone": local_timezone()}
