"""Kills workers of a cluster at and between their commits, restarts its database and cuts it off; counts
losses.

    python bench/crash_workers.py --kills 1000 --seconds 540 --log parts.jsonl     # again, for a further part

Four workers share one PostgreSQL, which they reach through a proxy. Half of them kill themselves with SIGKILL
at a point drawn by lot (a transaction of the store or of the queue, its commit, a page, a question, a
webhook), the other half are killed from outside. Now and then the database is stopped as by a power cut and
started again; the proxy stands still for seconds, or is replaced, which ends every connection. Clocks run
sixty times as fast. Pages change once every change of before is in the database. At the end one worker is
left alone until nothing waits.

It must hold what bench/crash.py says: each change is one event, in order and without a gap; each reached the
receiver at least once, with one key; nothing is left over. A part ends by itself after ``--seconds``; the
last line is one JSON object with the sums of all parts in the log.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from multiprocessing import Value
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import httpx
import sqlalchemy as sa
from procrastinate import PsycopgConnector

from bench.crash import FatalAsker, FatalSender, FatalWeb, Fate, fork, start_receiver, text_of, url_of, verify
from browseagent.errors import StoreError
from browseagent.read import extractor_version
from browseagent.records import Page
from browseagent.store.cluster import Cluster
from browseagent.store.outbox import SqlOutbox
from browseagent.store.pages import SqlPageStore
from browseagent.store.watch_book import WatchBook
from browseagent.store.watches import SqlWatchStore
from browseagent.watch.check import Checked, Checker, World
from browseagent.watch.outbox import Courier
from browseagent.watch.reading import HereReader
from browseagent.web.port import Request
from browseagent.worker.duties import Duties
from browseagent.worker.queue import StoreQueue, pool_of, queue_over
from browseagent.worker.work import Parts, Worker, WorkerOptions
from tests.watch.world import Clock
from tools.postgres import Postgres, postgres

NAMES = tuple(f"{kind}{number}" for number in range(4) for kind in ("plain", "asked"))
WORKERS = 4
SPEED = 60.0
BEGAN = time.time()
START = datetime(2026, 3, 1, tzinfo=UTC)
version = Value("i", 0)
"""Of every page."""


class FastClock(Clock):
    """The same in every process."""

    def __call__(self) -> datetime:
        return START + timedelta(seconds=(time.time() - BEGAN) * SPEED)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds / SPEED)


class LiveWeb(FatalWeb):
    """Pages of the version that is now."""

    async def fetch(self, request: Request) -> Page:
        self.show(text_of(version.value), request.url)
        return await super().fetch(request)


class FatalConnector(PsycopgConnector):
    """Procrastinate's own; a point before and after each of its statements, each a transaction."""

    def __init__(self, url: str, fate: Fate) -> None:
        super().__init__(**pool_of(url))
        self._fate = fate

    async def execute_query_async(self, query: Any, **arguments: Any) -> None:
        self._fate.point()
        await super().execute_query_async(query, **arguments)
        self._fate.point()

    async def execute_query_one_async(self, query: Any, **arguments: Any) -> dict[str, Any]:
        self._fate.point()
        found: dict[str, Any] = await super().execute_query_one_async(query, **arguments)
        self._fate.point()
        return found


async def work(url: str, name: str, fate: Fate) -> None:
    """A worker until it is ended."""
    clock = FastClock()
    with SqlPageStore(url, clock=clock) as pages:
        store, book, cluster = SqlWatchStore(pages), WatchBook(pages.database), Cluster(pages.database)
        world = World(
            fetcher=LiveWeb(clock, fate, version.value),
            store=store,
            asker=FatalAsker(fate),
            reader=HereReader(),
            reader_version=extractor_version(),
            now=clock,
            sleep=clock.sleep,
        )

        async def nothing(*_: object) -> None:
            pass

        async def after(checked: Checked) -> None:
            if checked.event is not None:
                await asyncio.to_thread(book.prune, checked.watch.name, clock())

        parts = Parts(
            cluster=cluster,
            store=store,
            checker=Checker(world),
            courier=Courier(SqlOutbox(pages.database), FatalSender(fate), owner=name, now=clock),
            open_queue=lambda: queue_over(FatalConnector(url, fate)),
            crawl=nothing,
            after=after,
            duties=Duties(cluster, book, clock, 2.0, "* * * * * *"),
            now=clock,
        )
        options = WorkerOptions(name, lease=300.0, heartbeat=0.5, look_every=0.1, send_every=0.2)
        await Worker(parts, options).run()


def start_worker(url: str, number: int, fate: Fate) -> int:
    def run() -> None:
        import logging

        logging.disable(logging.CRITICAL)
        fate.watch_commits()
        while True:
            with suppress(StoreError):  # the database is not there yet
                asyncio.run(work(url, f"w{number}", fate))
            time.sleep(0.2)

    return fork(run)


def start_proxy(socket: str, port: int) -> tuple[int, int]:
    """What stands between workers and database, in a process of its own; its id and port."""

    async def pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
        writer.close()

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            far, near = await asyncio.open_unix_connection(socket)
        except OSError:
            writer.close()
            return
        await asyncio.gather(pipe(reader, near), pipe(far, writer))

    async def serve(write: int) -> None:
        server = await asyncio.start_server(meet, "127.0.0.1", port)
        os.write(write, str(server.sockets[0].getsockname()[1]).encode())
        os.close(write)
        await server.serve_forever()

    read, write = os.pipe()
    child = fork(lambda: asyncio.run(serve(write)))
    os.close(write)
    found = int(os.read(read, 16))
    os.close(read)
    return child, found


def end(process: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    with suppress(ChildProcessError):
        os.waitpid(process, 0)


class Part:
    """One part of the experiment."""

    def __init__(self, server: Postgres, folder: Path, seed: int) -> None:
        self.server, self.seed = server, seed
        self.chance = random.Random(seed)
        self.log = folder / "received.jsonl"
        self.log.touch()
        self.counts: Counter[str] = Counter()
        self.engine = sa.create_engine(
            sa.make_url(server.url).set(drivername="postgresql+psycopg"), pool_pre_ping=True
        )
        self.receiver, port = start_receiver(self.log, seed)
        with SqlPageStore(server.url, clock=FastClock()) as pages:
            Cluster(pages.database).prepare(StoreQueue(1))
            book = WatchBook(pages.database)
            shared = {"every": "1m", "notify": [f"webhook:http://127.0.0.1:{port}/"], "keep": 100_000}
            ask = [{"question": "What does it cost?", "type": "money"}]
            for name in NAMES:
                more = {"ask": ask} if name.startswith("asked") else {}
                book.put(name, {"url": url_of(name), **shared, **more}, FastClock()())
        self.proxy, self.port = start_proxy(server.socket, 0)
        self.url = f"postgresql://postgres@127.0.0.1:{self.port}/postgres"
        self.living: dict[int, float | None] = {}
        self.started = 0

    def count(self, query: str) -> int:
        with self.engine.connect() as connection:
            return int(connection.execute(sa.text(query)).scalar_one())

    def seen(self) -> int:
        """The version that every watch has seen."""
        return self.count(
            "SELECT coalesce(min(c), 0) FROM (SELECT count(e.id) c FROM watches w LEFT JOIN events e "
            "ON e.watch_id = w.id AND e.kind = 'changed' GROUP BY w.id) x"
        )

    def start(self) -> None:
        self.started += 1
        by_itself = self.chance.random() < 0.5
        fate = Fate(self.chance.randint(20, 700) if by_itself else None)
        until = None if by_itself else time.monotonic() + self.chance.uniform(0.2, 5.0)
        self.living[start_worker(self.url, self.started, fate)] = until

    def run(self, kills: int, seconds: float) -> None:
        stop = time.monotonic() + seconds
        trouble = 30
        first_look = "SELECT count(*) FROM watches WHERE checks = 0"
        while self.counts["kills"] < kills and time.monotonic() < stop:
            while len(self.living) < WORKERS:
                self.start()
            time.sleep(0.02)
            now = time.monotonic()
            for process, until in list(self.living.items()):
                if until is not None and now > until:
                    os.kill(process, signal.SIGKILL)
                done, _ = os.waitpid(process, os.WNOHANG)
                if done:
                    del self.living[process]
                    self.counts["kills"] += 1
            if self.counts["kills"] >= trouble:
                trouble += 25
                self.trouble()
            with suppress(sa.exc.DBAPIError):
                if (version.value or not self.count(first_look)) and self.seen() >= version.value:
                    version.value += 1

    def trouble(self) -> None:
        """The database ends, or cannot be reached."""
        kind = self.chance.choice(("immediate", "fast", "stands still", "cut off"))
        self.counts[kind] += 1
        if kind in ("immediate", "fast"):
            self.server.restart(kind)
        elif kind == "stands still":
            os.kill(self.proxy, signal.SIGSTOP)
            time.sleep(self.chance.uniform(1, 6))
            os.kill(self.proxy, signal.SIGCONT)
        else:
            end(self.proxy)
            time.sleep(self.chance.uniform(0, 3))
            self.proxy, _ = start_proxy(self.server.socket, self.port)

    def settle(self) -> None:
        """One worker alone, until nothing is left."""
        for process in self.living:
            end(process)
        last = start_worker(self.url, 0, Fate(None))
        stop = time.monotonic() + 180
        left = (
            "SELECT (SELECT count(*) FROM outbox WHERE status = 'waiting') + "
            "(SELECT count(*) FROM events WHERE status = 'pending')"
        )
        while time.monotonic() < stop and (self.seen() < version.value or self.count(left)):
            time.sleep(0.2)
        end(last)

    def report(self) -> dict[str, Any]:
        found = verify(self.server.url, FastClock(), self.log, NAMES)
        return {"seed": self.seed, **self.counts, "versions": version.value, **found}

    def close(self) -> None:
        for process in (*self.living, self.proxy, self.receiver):
            end(process)
        self.engine.dispose()


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=1000, help="of all parts together")
    parser.add_argument("--seconds", type=float, default=540, help="of this part")
    parser.add_argument("--log", type=Path, default=Path("crash-workers.jsonl"))
    options = parser.parse_args()
    lines = options.log.read_text().splitlines() if options.log.exists() else []
    parts = [json.loads(line) for line in lines]
    before = sum(part["kills"] for part in parts)
    httpx.Client().close()  # what httpx loads when it is first used is loaded before the forks
    with postgres() as server, tempfile.TemporaryDirectory() as folder:
        part = Part(server, Path(folder), seed=len(parts) + 1)
        try:
            part.run(options.kills - before, options.seconds)
            part.settle()
            parts.append(part.report())
        finally:
            part.close()
    options.log.write_text("".join(json.dumps(each) + "\n" for each in parts))
    total = {key: sum(each.get(key, 0) for each in parts) for key in ("kills", "events", "received")}
    wrong = [each["wrong"] for each in parts if each["wrong"]]
    print(json.dumps({**total, "parts": len(parts), "wrong": wrong}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
