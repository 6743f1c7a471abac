"""What the watch commands open: the database, and for a check the web and the agent that answers."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from browseagent.cli.invocation import Invocation, Progress
from browseagent.config import Settings, default_settings, local_timezone
from browseagent.session import Session
from browseagent.watch.records import Watch

if TYPE_CHECKING:
    from browseagent.store.outbox import SqlOutbox
    from browseagent.store.pages import SqlPageStore
    from browseagent.store.watch_book import WatchBook
    from browseagent.store.watches import SqlWatchStore
    from browseagent.watch.check import Checker


@dataclass(frozen=True, slots=True)
class Kept:
    """The database and its parts."""

    pages: SqlPageStore
    store: SqlWatchStore
    book: WatchBook
    outbox: SqlOutbox


@contextmanager
def open_kept(settings: Settings | None = None) -> Iterator[Kept]:
    """The database, closed at the end. Raises StoreError."""
    from browseagent.store.outbox import SqlOutbox
    from browseagent.store.pages import SqlPageStore
    from browseagent.store.watch_book import WatchBook
    from browseagent.store.watches import SqlWatchStore

    settings = settings or default_settings()
    with SqlPageStore(settings.store_place, max_bytes=settings.cache_bytes) as pages:
        database = pages.database
        yield Kept(pages, SqlWatchStore(pages), WatchBook(database), SqlOutbox(database))


@asynccontextmanager
async def open_checker(
    invocation: Invocation, settings: Settings, kept: Kept, on_event: Callable[[Progress], None]
) -> AsyncIterator[Checker]:
    """What checks watches: the web, and the agent that answers standing questions. The browser and the
    model are started by the first watch that needs them."""
    from browseagent.read import extractor_version
    from browseagent.store.profiles import Profiles
    from browseagent.watch.check import Checker, World
    from browseagent.watch.reading_pool import ReadingPool
    from browseagent.watch.settings import session_of
    from browseagent.watch.thinking import Thinker
    from browseagent.web import Web

    profiles = Profiles(settings.profiles_path)

    def session(watch: Watch) -> Session:
        return session_of(watch, settings.session)

    def variant(watch: Watch) -> str:
        identity = profiles.load(watch.profile).identity if watch.profile else ""
        return session(watch).variant(identity)

    async with (
        Web(chromium=settings.chromium, profiles=profiles) as web,
        ReadingPool() as reader,
        Thinker(lambda: invocation.open_agent(settings, on_event)) as thinker,
    ):
        yield Checker(
            World(
                fetcher=web,
                store=kept.store,
                asker=thinker,
                reader=reader,
                reader_version=extractor_version(),
                now=now,
                session=session,
                variant=variant,
            )
        )


def now() -> datetime:
    """The time now."""
    return datetime.now(UTC)


def with_zone(settings: dict[str, object], kept: Kept) -> dict[str, object]:
    """Settings of a new watch; its wall clock is this machine's where nothing else is said."""
    group = settings.get("group")
    groups = kept.book.groups()
    layers = (settings, groups.get(str(group or ""), {}), groups.get("", {}))
    by_clock = any(settings.get(key) for key in ("cron", "between", "digest"))
    if not by_clock or any(layer.get("timezone") for layer in layers):
        return settings
    return {**settings, "timezone": local_timezone()}
