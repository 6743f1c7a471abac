"""How the watches and the workers of a database stand, in numbers, without reading every watch."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from browseagent.store.cluster import workers
from browseagent.store.database import Database
from browseagent.store.watch_schema import watches


@dataclass(frozen=True, slots=True)
class Figures:
    """The numbers of one moment."""

    states: dict[str, int]
    """Watches by what their last check found; ``new`` where there was none."""
    due: int
    oldest: float
    """Seconds since the longest due watch fell due; 0 where none is due."""
    queues: dict[tuple[str, str], int]
    """Jobs by queue and state (waiting, running). Empty without workers."""
    workers: dict[str, dict[str, Any]]
    """What each worker says of itself: queues, concurrency, running, checks_a_minute, outcomes, browsers."""

    @property
    def checks_a_minute(self) -> int:
        """Of all workers, in the last minute."""
        return sum(int(each["checks_a_minute"]) for each in self.workers.values())


def figures(database: Database, now: datetime) -> Figures:
    """The numbers of a database. Raises StoreError."""
    state = sa.func.coalesce(watches.c.state, "new")
    by_state = sa.select(state, sa.func.count()).group_by(state)
    due = watches.c.enabled & (watches.c.due_at <= now)
    late = sa.select(sa.func.count(), sa.func.min(watches.c.due_at)).where(due)
    queues: dict[tuple[str, str], int] = {}
    at_work: dict[str, dict[str, Any]] = {}
    with database.transaction() as connection:
        states: dict[str, int] = {row[0]: row[1] for row in connection.execute(by_state)}
        count, oldest = connection.execute(late).one()
        if database.url is not None:
            tables = set(sa.inspect(connection).get_table_names())
            if {"procrastinate_jobs", workers.name} <= tables:
                queues = _queues(connection)
                at_work = {row.name: row.figures for row in connection.execute(sa.select(workers))}
    seconds = 0.0 if oldest is None else (now - oldest).total_seconds()
    return Figures(states, count, seconds, queues, at_work)


def _queues(connection: sa.Connection) -> dict[tuple[str, str], int]:
    query = (
        "SELECT queue_name, CASE status WHEN 'todo' THEN 'waiting' ELSE 'running' END, count(*) "
        "FROM procrastinate_jobs WHERE status IN ('todo', 'doing') GROUP BY 1, 2"
    )
    return {(row[0], row[1]): row[2] for row in connection.execute(sa.text(query))}
