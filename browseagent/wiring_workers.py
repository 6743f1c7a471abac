"""Objects of workers on many machines, built from settings (:mod:`browseagent.wiring` builds the rest)."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import asdict
from typing import Any
from urllib.parse import urlsplit

from browseagent.agent.frontier import Bounds
from browseagent.config import Settings
from browseagent.errors import UsageError
from browseagent.records.clock import utc_now
from browseagent.store.cluster import Cluster
from browseagent.watch.check import Checked
from browseagent.watch.look import Asker
from browseagent.watch.notify.senders import Senders
from browseagent.watch.outbox import Courier, Sent
from browseagent.watch.run import Broken
from browseagent.web import Web
from browseagent.wiring import Kept, open_checker, open_crawl, open_kept, pruning
from browseagent.worker.duties import Duties
from browseagent.worker.queue import StoreQueue, queue_at
from browseagent.worker.work import Parts, Worker, WorkerOptions


@asynccontextmanager
async def open_worker(
    settings: Settings,
    open_asker: Callable[[], AbstractAsyncContextManager[Asker]],
    options: WorkerOptions,
    *,
    told: Callable[[Checked | Broken | Sent], None],
    write: Callable[[str], None],
) -> AsyncIterator[Worker]:
    """A worker of the cluster whose database the settings name. Raises UsageError where they name none."""
    with open_kept(settings) as kept:
        url = cluster_of(kept)
        cluster = Cluster(kept.pages.database)

        async def crawl(start: str, bounds: dict[str, Any]) -> None:
            said = {**bounds, "include": tuple(bounds["include"]), "exclude": tuple(bounds["exclude"])}
            async with open_crawl(start, Bounds(**said), settings, lambda *_: None, anew=False) as run:
                await run.to_the_end()

        async with open_checker(settings, kept, open_asker) as checker:
            senders = Senders(write, secret=settings.webhook_secret)
            web = checker.fetcher
            assert isinstance(web, Web)
            yield Worker(
                Parts(
                    cluster=cluster,
                    store=kept.store,
                    checker=checker,
                    courier=Courier(kept.outbox, senders, owner=options.name, now=utc_now),
                    open_queue=lambda: queue_at(url),
                    crawl=crawl,
                    after=pruning(kept),
                    duties=Duties(cluster, kept.book, utc_now),
                    now=utc_now,
                    browsers=web.browsers.states,
                ),
                options,
                told,
            )


def crawl_later(settings: Settings, start: str, bounds: Bounds) -> None:
    """Leaves the storing of a site to the workers. Raises UsageError where there can be none."""

    with open_kept(settings) as kept:
        cluster_of(kept)
        queue = StoreQueue(0)
        Cluster(kept.pages.database).prepare(queue)
        with kept.pages.database.transaction(write=True, rows=True) as connection:
            raw = connection.connection.driver_connection
            queue.put_crawl(raw, start, urlsplit(start).hostname or "", asdict(bounds))


def cluster_of(kept: Kept) -> str:
    """The address of the database that workers share. Raises UsageError where it is a file."""
    if kept.pages.database.url is None:
        raise UsageError(
            "workers share a PostgreSQL database, and this store is a file",
            hint="--database postgresql://…, or BROWSEAGENT_DATABASE; `browseagent store move` takes along "
            "what is stored. On one machine `browseagent watch run` does the same without a server.",
        )
    return kept.pages.database.url
