"""How much many workers do: what a claim costs among a million watches, checks a second.

    python bench/workers.py claims --rows 100000 1000000 --batch 8 16 --where /var/tmp
    python bench/workers.py checks --rows 1000 100000 1000000 --workers 1 2 4

``claims``: batches that fall due are claimed and put into the queue (our transaction) and taken from it
(Procrastinate's fetch), as a worker does; and for comparison what none can do without: Procrastinate's own
function for as many jobs, and a commit that waits for the disk. The database is in memory, or ``--where``.

``checks``: of ROWS watches as many as ``--due`` are due; workers in processes of their own check them three
times: the first look, which stores the page, an unchanged page, and one that changed. Pages are made up where
they are asked for, so that what is measured is watching itself, without network and model.

Processor time is the kernel's (/proc/PID/schedstat) and holds on a busy machine too, if not quite; seconds on
the wall do not. One JSON object a line.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psycopg
import sqlalchemy as sa

from bench.crash import fork
from browseagent.read import extractor_version
from browseagent.records import Page
from browseagent.records.clock import utc_now
from browseagent.store.cluster import Cluster
from browseagent.store.outbox import SqlOutbox
from browseagent.store.pages import SqlPageStore
from browseagent.store.watch_book import WatchBook
from browseagent.store.watch_schema import watches
from browseagent.store.watches import SqlWatchStore
from browseagent.watch.check import Checker, World
from browseagent.watch.outbox import Courier
from browseagent.watch.reading import HereReader
from browseagent.web.port import Request
from browseagent.worker.duties import Duties
from browseagent.worker.queue import StoreQueue, queue_at
from browseagent.worker.work import Parts, Worker, WorkerOptions
from tests.watch.world import Clock, FakeWeb, Receiver, ScriptedAsker
from tools.postgres import Postgres, postgres

FILL = """
INSERT INTO watches (uid, name, settings, host, enabled, created_at, due_at, memory, seen_sha256, reason,
                     good_at, failures, trouble_told, checks)
SELECT 'u' || n, 'w' || n, json_build_object('url', 'https://h' || n || '.example/', 'every', '15m'),
       'h' || n || '.example', true, :now, CAST(:now AS bigint) + CAST(:wait AS bigint) + n * 1000, '{}', '',
       '', :now, 0, false, 0
FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n
"""


class RealClock(Clock):
    def __call__(self) -> datetime:
        return utc_now()


class MadeUpWeb(FakeWeb):
    """A page for every address; ``version`` is in its text."""

    version = 0

    async def fetch(self, request: Request) -> Page:
        lines = "\n".join(f"Line {n} of what {request.url} says about lanterns." for n in range(40))
        self.show(f"Version {self.version} of it.\n{lines}", request.url)
        found = await super().fetch(request)
        del self.pages[request.url]
        return found


@contextmanager
def filled(rows: int, where: Path | None = None) -> Iterator[tuple[Postgres, SqlPageStore]]:
    """A database with so many watches, none of them due today."""
    with (
        postgres("-c shared_buffers=512MB -c max_wal_size=4GB", where) as server,
        SqlPageStore(server.url, clock=utc_now) as pages,
    ):
        Cluster(pages.database).prepare(StoreQueue(1))
        with pages.database.transaction(write=True) as connection:
            values = {"now": micros(utc_now()), "wait": 86_400_000_000, "first": 1, "last": rows}
            connection.execute(sa.text(FILL), values)
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("VACUUM ANALYZE")
        yield server, pages


def end(process: int) -> None:
    os.kill(process, signal.SIGKILL)
    os.waitpid(process, 0)


def micros(moment: datetime) -> int:
    return (moment - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(microseconds=1)


def spent(process: int) -> float:
    """Processor time of a process, in ms."""
    with suppress(OSError):
        return int(Path(f"/proc/{process}/schedstat").read_text().split()[0]) / 1e6
    return 0.0


def told(values: list[float]) -> dict[str, float]:
    ordered = sorted(values)
    return {
        "median": round(ordered[len(ordered) // 2], 3),
        "p99": round(ordered[int(len(ordered) * 0.99)], 3),
    }


class Measured:
    """Times of one kind of transaction, in ms: on the wall, and the database's processor time."""

    def __init__(self, backend: int) -> None:
        self._backend = backend
        self._wall: list[float] = []
        self._cpu: list[float] = []

    @contextmanager
    def one(self) -> Iterator[None]:
        cpu, began = spent(self._backend), time.perf_counter()
        yield
        self._wall.append((time.perf_counter() - began) * 1000)
        self._cpu.append(spent(self._backend) - cpu)

    def told(self) -> dict[str, dict[str, float]]:
        return {"ms": told(self._wall), "database_cpu_ms": told(self._cpu)}


def claims(rows: int, batches: int, sizes: list[int], where: Path | None) -> Iterator[dict[str, Any]]:
    """Claims batches that fall due, one after the other, and takes them from the queue."""
    with filled(rows, where) as (server, pages):
        with psycopg.connect(server.url) as raw:
            yield {"rows": rows, "commit": floor(raw, "SELECT pg_current_xact_id()", batches)}
        for size in sizes:
            with psycopg.connect(server.url) as raw:
                raw.execute("SET synchronous_commit TO off")
                values = {"from": rows, "size": size}
                yield {"batch": size, "jobs alone": floor(raw, JOBS, batches, values)}
            yield {"rows": rows, "batch": size, "batches": batches, **batched(pages, size, batches)}


JOBS = """
SELECT procrastinate_defer_jobs_v1(array_agg(ROW('checks', 'check', 0, 'watch:' || id, 'watch:' || id,
  jsonb_build_object('watch', id, 'token', '0123456789abcdef', 'host', 'h' || id || '.example'), NULL)
  ::procrastinate_job_to_defer_v1))
FROM generate_series(%(from)s::int + 1, %(from)s::int + %(size)s::int) id
"""


def floor(raw: Any, query: str, times: int, values: dict[str, Any] | None = None) -> dict[str, Any]:
    """A transaction of one statement."""
    measured = Measured(raw.info.backend_pid)
    for _ in range(times):
        with measured.one():
            raw.execute(query, values)
            raw.commit()
        raw.execute("DELETE FROM procrastinate_jobs")
        raw.commit()
    return measured.told()


def batched(pages: SqlPageStore, size: int, batches: int) -> dict[str, Any]:
    """Our transaction and Procrastinate's fetch."""
    cluster, queue = Cluster(pages.database), StoreQueue(4 * size)
    with pages.database.transaction() as connection:
        backend = connection.execute(sa.text("SELECT pg_backend_pid()")).scalar_one()
        unclaimed = watches.c.lease_token.is_(None)
        first = connection.execute(sa.select(sa.func.min(watches.c.due_at)).where(unclaimed)).scalar_one()
    claim, fetch = Measured(backend), Measured(backend)
    for number in range(batches):
        at = first + timedelta(milliseconds=size * (number + 1) - 1.5)
        with claim.one():
            count = cluster.feed(at, queue, limit=size)
        assert count == size or not number, count
        for _ in range(count or 0):
            with pages.database.transaction(write=True, rows=True, durable=False) as connection:
                with fetch.one():
                    job = connection.execute(
                        sa.text("SELECT id FROM procrastinate_fetch_job_v2(ARRAY['checks']::varchar[], NULL)")
                    ).scalar_one()
                done = "SELECT procrastinate_finish_job_v1(:job, 'succeeded', true)"
                connection.execute(sa.text(done), {"job": job})
    return {"claim": claim.told(), "fetch": fetch.told()}


async def work(url: str, name: str, version: int) -> None:
    """A worker until it is ended."""
    logging.disable(logging.CRITICAL)
    clock = RealClock()
    with SqlPageStore(url, clock=clock) as pages:
        web = MadeUpWeb(clock)
        web.version = version
        store, cluster = SqlWatchStore(pages), Cluster(pages.database)
        world = World(
            web, store, ScriptedAsker(lambda *_: None), HereReader(), extractor_version(), clock, clock.sleep
        )

        async def nothing(*_: object) -> None:
            pass

        parts = Parts(
            cluster=cluster,
            store=store,
            checker=Checker(world),
            courier=Courier(SqlOutbox(pages.database), Receiver(), owner=name, now=utc_now),
            open_queue=lambda: queue_at(url),
            crawl=nothing,
            after=nothing,
            duties=Duties(cluster, WatchBook(pages.database), utc_now),
            now=utc_now,
        )
        await Worker(parts, WorkerOptions(name, concurrency=8)).run()


def checks(rows: int, workers: int, due: int) -> Iterator[dict[str, Any]]:
    """So many workers over the watches that are due: three passes."""
    with filled(rows) as (server, pages):
        for version, kind in ((0, "first look"), (0, "unchanged"), (1, "changed")):
            these = watches.c.id <= due
            with pages.database.transaction(write=True) as connection:
                connection.execute(watches.update().where(these).values(due_at=utc_now(), checks=0))
            left = sa.select(sa.func.count()).where(these, watches.c.checks == 0)
            started = [
                fork(lambda n=number, v=version: asyncio.run(work(server.url, f"w{n}", v)))  # type: ignore[misc]
                for number in range(workers)
            ]
            try:  # from the tenth part on: what a worker needs to start is no part of a check
                begin = measure(server, started, pages, left, due - due // 10)
                finish = measure(server, started, pages, left, 0)
            finally:
                for process in started:
                    end(process)
            with pages.database.transaction(write=True) as connection:
                connection.execute(sa.text("DELETE FROM procrastinate_jobs"))
                connection.execute(sa.text("DELETE FROM watch_hosts"))
                connection.execute(watches.update().where(these).values(lease_token=None, lease_until=None))
            made = begin["left"] - finish["left"]
            yield {
                "rows": rows, "workers": workers, "pass": kind, "checks": made,
                "checks_a_second": round(made / (finish["at"] - begin["at"]), 1),
                "worker_cpu_ms": round((finish["worker"] - begin["worker"]) / made, 2),
                "database_cpu_ms": round((finish["database"] - begin["database"]) / made, 2),
            }  # fmt: skip


def measure(
    server: Postgres, started: list[int], pages: SqlPageStore, left: sa.Select[Any], until: int
) -> dict[str, float]:
    """Where everything stands once no more than so many checks are left."""
    stop = time.monotonic() + 300
    while True:
        with pages.database.transaction() as connection:
            waiting = connection.execute(left).scalar_one()
        if waiting <= until:
            break
        assert time.monotonic() < stop, f"{waiting} checks are left"
        time.sleep(0.05)
    return {
        "left": waiting, "at": time.perf_counter(),
        "worker": sum(map(threads, started)), "database": sum(map(spent, backends(server))),
    }  # fmt: skip


def threads(process: int) -> float:
    """Processor time of a process and its threads, in ms."""
    tasks = Path(f"/proc/{process}/task")
    return sum(spent_of(each / "schedstat") for each in tasks.iterdir())


def spent_of(file: Path) -> float:
    with suppress(OSError):
        return int(file.read_text().split()[0]) / 1e6
    return 0.0


def backends(server: Postgres) -> list[int]:
    """The processes of a server. A backend that ended takes its time with it: none ends while we measure."""
    postmaster = (server.folder / "data" / "postmaster.pid").read_text().splitlines()[0]
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and parent(entry) == postmaster
    ]


def parent(entry: Path) -> str:
    with suppress(OSError):
        return (entry / "stat").read_text().rpartition(")")[2].split()[1]
    return ""


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("what", choices=("claims", "checks"))
    parser.add_argument("--rows", type=int, nargs="+", default=[100_000])
    parser.add_argument("--batches", type=int, default=400)
    parser.add_argument("--batch", type=int, nargs="+", default=[8])
    parser.add_argument("--where", type=Path, help="a folder on a disk")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2, 4])
    parser.add_argument("--due", type=int, default=600)
    options = parser.parse_args()
    for rows in options.rows:
        if options.what == "claims":
            for line in claims(rows, options.batches, options.batch, options.where):
                print(json.dumps(line), flush=True)
            continue
        for workers in options.workers:
            for line in checks(rows, workers, min(options.due, rows)):
                print(json.dumps(line), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
