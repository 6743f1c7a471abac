"""A cluster of workers in one process: scripted pages, a model by script, one real database."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import sqlalchemy as sa

from browseagent.records import Page
from browseagent.records.clock import utc_now
from browseagent.store.cluster import Cluster
from browseagent.store.pages import SqlPageStore
from browseagent.store.watch_schema import watches
from browseagent.watch.check import Checked, Checker
from browseagent.watch.outbox import Courier
from browseagent.web.port import Request
from browseagent.worker.duties import Duties
from browseagent.worker.queue import QUEUES, StoreQueue, queue_at
from browseagent.worker.work import Parts, Worker, WorkerOptions
from tests.watch.world import Bench, Clock, FakeWeb, Receiver


class RealClock(Clock):
    """The real time, where a world wants a clock."""

    def __call__(self) -> Any:
        return utc_now()


class SlowWeb(FakeWeb):
    """Pages that take a while; notes how many are asked for at once, of each host and in all."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.seconds = 0.0
        self.stuck: set[str] = set()
        """Hosts that do not answer, while they are in it."""
        self.open: Counter[str] = Counter()
        self.most: Counter[str] = Counter()

    async def fetch(self, request: Request) -> Page:
        host = request.url.split("/")[2]
        self.open[host] += 1
        self.most[host] = max(self.most[host], self.open[host])
        try:
            await asyncio.sleep(self.seconds)
            while host in self.stuck:  # noqa: ASYNC110  several may wait, and each sees what is so
                await asyncio.sleep(0.02)
            return await super().fetch(request)
        finally:
            self.open[host] -= 1


class Team:
    """The watches of a database and workers for them."""

    def __init__(self, pages: SqlPageStore, url: str) -> None:
        self.bench = Bench(pages, RealClock())
        self.web = SlowWeb(self.bench.clock)
        self.bench.web = self.web
        self.url = url
        self.cluster = Cluster(pages.database)
        self.receiver = Receiver()
        self.crawled: list[tuple[str, dict[str, Any]]] = []
        self.told: list[Any] = []
        self.cluster.prepare(StoreQueue(1))

    def add(self, name: str, host: str = "", **settings: object) -> None:
        """A watch, due at once and not again in a year, on a page of its own."""
        url = f"https://{host or name + '.example'}/{name}"
        self.web.show(f"The page of {name}.\nIt costs £10.00 today.", url)
        self.bench.add(name, url=url, every="365d", **settings)

    def worker(self, name: str = "w", *, silent: float = 1.0, **options: Any) -> Worker:
        """A worker that is to be run."""
        bench = self.bench

        async def crawl(start: str, bounds: dict[str, Any]) -> None:
            self.crawled.append((start, bounds))

        async def after(checked: Checked) -> None:
            pass

        parts = Parts(
            cluster=self.cluster,
            store=bench.store,
            checker=Checker(bench.world()),
            courier=Courier(bench.outbox, self.receiver, owner=name, now=utc_now),
            open_queue=lambda: queue_at(self.url),
            crawl=crawl,
            after=after,
            duties=Duties(self.cluster, bench.book, utc_now, silent, "* * * * * *"),
            now=utc_now,
        )
        chosen = {"queues": QUEUES, "heartbeat": 0.2, "look_every": 0.05, "send_every": 0.1, **options}
        return Worker(parts, WorkerOptions(name, **chosen), self.told.append)

    def checks(self) -> dict[str, int]:
        """How often each watch was checked."""
        return {entry.watch.name: entry.checks for entry in self.bench.book.entries()}

    def make_due(self) -> None:
        """Every watch is due now."""
        with self.bench.pages.database.transaction(write=True) as connection:
            connection.execute(watches.update().values(due_at=utc_now()))

    def query(self, text: str) -> list[Any]:
        """Rows of the database."""
        with self.bench.pages.database.transaction() as connection:
            return [tuple(row) for row in connection.execute(sa.text(text))]


async def until(true: Callable[[], bool], seconds: float = 30.0) -> None:
    """Waits until something is so."""
    end = time.monotonic() + seconds
    while not await asyncio.to_thread(true):
        assert time.monotonic() < end, "it did not come to that in time"
        await asyncio.sleep(0.05)


async def stopped(*tasks: asyncio.Task[None]) -> None:
    """Ends workers as SIGTERM does."""
    for task in tasks:
        task.cancel()
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task
