"""The queue: Procrastinate's jobs in the store's database (https://procrastinate.readthedocs.io).

A job of ``checks`` or ``answers`` is one check of a watch; those whose watch puts questions to a model are in
``answers``, so that machines with a model can take these alone. A job of ``pages`` stores a site. A job holds
names and no state: the watch and the crawl are in tables of ours, and say what is still to be done.
``duties`` are what somebody in the cluster does from time to time.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from procrastinate import App, PsycopgConnector, RetryDecision, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job
from procrastinate.retry import BaseRetryStrategy
from procrastinate.schema import SchemaManager

from browseagent.errors import UsageError
from browseagent.store.cluster import Due
from browseagent.watch.records import Watch

CHECKS, PAGES, ANSWERS, DUTIES = "checks", "pages", "answers", "duties"
QUEUES = (CHECKS, PAGES, ANSWERS)
CHECK, CRAWL = "check", "crawl"
"""Names of tasks. A worker of another version knows them by these, and passes over arguments that are new."""
HEARTBEAT = 10.0
"""Seconds between two signs of life of a worker."""
SILENT = 30.0
"""Seconds without one after which its jobs are taken up again."""
ATTEMPTS = 5
"""Of one job: one that ends its worker each time must not end them all, again and again."""
_LONGEST = 600.0


class Patience(BaseRetryStrategy):
    """Tries a job that raised again after a pause that doubles. A check that was stopped with its worker is
    not tried: its watch is due at once."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision | None:
        if not isinstance(exception, Exception):
            # The site that was being stored waits for another worker, which goes on where it was.
            return RetryDecision(retry_at=datetime.now(UTC)) if job.task_name == CRAWL else None
        if job.attempts + 1 >= ATTEMPTS:
            return None
        return RetryDecision(retry_at=after(job.attempts))


def after(attempts: int) -> datetime:
    """When a job is tried again that failed so many times before."""
    return datetime.now(UTC) + timedelta(seconds=min(4.0 * 2.0**attempts, _LONGEST))


def queue_at(url: str) -> App:
    """The queue of a database; a worker registers its tasks and opens it."""
    for name in ("procrastinate", "psycopg.pool"):  # what fails is told by the worker, in one line
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return App(connector=PsycopgConnector(conninfo=url, min_size=1, max_size=4, timeout=20.0))


class StoreQueue:
    """The queue within transactions of the store: a :class:`browseagent.store.cluster.Queue`. It puts no more
    than ``most`` checks into a queue: whoever takes one walks over those that cannot be taken yet."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._jobs = App(connector=SyncPsycopgConnector()).job_manager

    def install(self, connection: Any) -> None:
        if connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()[0] is None:
            connection.execute(SchemaManager.get_schema())

    def room(self, connection: Any) -> dict[str, int]:
        query = (
            "SELECT queue_name, count(*) FROM procrastinate_jobs WHERE status = 'todo' GROUP BY queue_name"
        )
        waiting = dict(connection.execute(query).fetchall())
        return {name: self._most - waiting.get(name, 0) for name in (CHECKS, ANSWERS)}

    def queue_of(self, watch: Watch) -> str:
        return ANSWERS if watch.questions or watch.about else CHECKS

    def put(self, connection: Any, due: Sequence[Due]) -> Collection[int]:
        names = {f"watch:{each.id}": each for each in due}
        query = (
            "SELECT queueing_lock FROM procrastinate_jobs WHERE status = 'todo' AND queueing_lock = ANY(%s)"
        )
        known = {names[row[0]].id for row in connection.execute(query, [list(names)])}
        jobs = [
            Job(
                queue=each.queue,
                task_name=CHECK,
                lock=name,
                queueing_lock=name,
                task_kwargs={"watch": each.id, "token": each.token, "host": each.host},
            )
            for name, each in names.items()
            if each.id not in known
        ]
        if jobs:
            self._jobs.batch_defer_jobs(jobs, connection=connection)
        return known

    def put_crawl(self, connection: Any, start: str, site: str, bounds: dict[str, Any]) -> None:
        """Puts the storing of a site into its queue. Sites of one host are stored one after the other."""
        job = Job(
            queue=PAGES,
            task_name=CRAWL,
            lock=f"crawl:{site}",
            queueing_lock=f"crawl:{start}",
            task_kwargs={"start": start, "bounds": bounds},
        )
        try:
            self._jobs.defer_job(job, connection=connection)
        except AlreadyEnqueued as error:
            raise UsageError(f"{start} waits to be stored already", hint="A worker will take it.") from error


async def take_up(app: App, silent: float) -> int:
    """Queues the jobs of workers that died (were silent so many seconds) again, each after a pause that
    grows; how many."""
    count = 0
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silent):
        assert job.id is not None
        at = after(job.attempts - 1) if job.attempts else datetime.now(UTC)
        try:
            await app.job_manager.retry_job_by_id_async(job.id, retry_at=at)
            count += 1
        except ConnectorException:
            # It was queued anew meanwhile, or somebody else took it up: this one is not needed any more.
            await _drop(app, job.id)
    await app.job_manager.prune_stalled_workers(silent * 4)
    return count


async def _drop(app: App, job: int) -> None:
    query = "DELETE FROM procrastinate_jobs WHERE id = %(job)s AND status = 'doing'"
    await app.connector.execute_query_async(query, job=job)
