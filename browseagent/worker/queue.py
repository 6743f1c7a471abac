"""The queue: Procrastinate's jobs in the store's database (https://procrastinate.readthedocs.io).

A job of ``checks`` or ``answers`` is one check of a watch; those whose watch puts questions to a model are in
``answers``, so that machines with a model can take these alone. A job of ``pages`` stores a site. A job holds
names and no state: the watch and the crawl are in tables of ours, and say what is still to be done.
``duties`` are what somebody in the cluster does from time to time.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from procrastinate import App, PsycopgConnector, RetryDecision, SyncPsycopgConnector
from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
from procrastinate.jobs import Job, Status
from procrastinate.manager import JobManager
from procrastinate.retry import BaseRetryStrategy
from procrastinate.schema import SchemaManager
from psycopg.errors import RaiseException

from browseagent.errors import UsageError

CHECKS, PAGES, ANSWERS, DUTIES = "checks", "pages", "answers", "duties"
QUEUES = (CHECKS, PAGES, ANSWERS)
CHECK, CRAWL = "check", "crawl"
"""Names of tasks. A worker of another version knows them by these, and passes over arguments that are new."""
HEARTBEAT = 10.0
"""Seconds between two signs of life of a worker."""
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


class Jobs(JobManager):
    """Jobs whose end cannot always be written. One that was taken over meanwhile has no end of its own. One
    whose end the database did not take would hold its watch as long as its worker lives: so that the worker
    ends its time in the queue at its next sign of life, and what it had is taken up."""

    _unsaid = False

    async def finish_job_by_id_async(self, job_id: int, status: Status, delete_job: bool) -> None:
        with self._noted():
            await super().finish_job_by_id_async(job_id, status, delete_job)

    async def retry_job(self, job: Job, *arguments: Any, **more: Any) -> None:
        with self._noted():
            await super().retry_job(job, *arguments, **more)

    async def update_heartbeat(self, worker_id: int) -> None:
        if self._unsaid:
            raise ConnectorException("the end of a job could not be written")
        await super().update_heartbeat(worker_id)

    @contextmanager
    def _noted(self) -> Iterator[None]:
        try:
            yield
        except ConnectorException as error:
            self._unsaid |= not isinstance(error.__cause__, RaiseException)


def queue_at(url: str) -> App:
    """The queue of a database; a worker registers its tasks and opens it."""
    for name in ("procrastinate", "psycopg.pool"):  # what fails is told by the worker, in one line
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return queue_over(PsycopgConnector(**pool_of(url)))


def queue_over(connector: PsycopgConnector) -> App:
    """The queue over a connector."""
    app = App(connector=connector)
    app.job_manager = Jobs(connector)
    return app


def pool_of(url: str) -> dict[str, Any]:
    """How the queue connects. Its commits do not wait for the disk: a job that a power cut gives back is
    taken anew, and its check is made only where its token still stands."""

    async def configure(connection: Any) -> None:
        await connection.set_autocommit(True)
        await connection.execute("SET synchronous_commit TO off")
        await connection.set_autocommit(False)

    return {"conninfo": url, "min_size": 1, "max_size": 4, "timeout": 20.0, "configure": configure}


class StoreQueue:
    """The queue within transactions of the store: a :class:`browseagent.store.feeding.Queue`. It puts no more
    than ``most`` checks into a queue: whoever takes one walks over those that cannot be taken yet."""

    names: Sequence[str] = (CHECKS, ANSWERS)
    waiting = (
        "SELECT queue_name::text, count(*) FROM procrastinate_jobs WHERE status = 'todo' GROUP BY queue_name"
    )
    token = (
        "(SELECT args->>'token' FROM procrastinate_jobs "
        "WHERE status = 'todo' AND queueing_lock = 'watch:' || due.id)"
    )
    put = (
        f"SELECT procrastinate_defer_jobs_v1(array_agg(ROW(queue, '{CHECK}', 0, 'watch:' || id, "
        "'watch:' || id, jsonb_build_object('watch', id, 'token', token, 'host', host), NULL)"
        "::procrastinate_job_to_defer_v1)) FROM fresh HAVING count(*) > 0"
    )

    def __init__(self, most: int) -> None:
        self.most = most
        self._jobs = App(connector=SyncPsycopgConnector()).job_manager

    def install(self, connection: Any) -> None:
        if connection.execute("SELECT to_regclass('procrastinate_jobs')").fetchone()[0] is None:
            connection.execute(SchemaManager.get_schema())

    def queue_of(self, ask: object, about: object) -> str:
        return ANSWERS if ask or about else CHECKS

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
