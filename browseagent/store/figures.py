"""How the watches and the workers of a database stand, in numbers, without reading every watch."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from browseagent.store.cluster import SILENT, workers
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
    """What each worker at work says of itself: queues, concurrency, running, checks_a_minute, outcomes,
    browsers; and ``seen_at``, when it said so."""
    silent: dict[str, dict[str, Any]]
    """The same of workers that were killed or cut off, until they are forgotten."""
    checked: int
    """Watches that were checked in the last minute, by whomever."""
    reasons: list[tuple[str, str, int]]
    """Why the last check of watches failed, the most frequent first: state, reason, how many."""

    @property
    def checks_a_minute(self) -> int:
        """In the last minute: as the workers counted them; without workers, the watches that were checked."""
        if not self.workers:
            return self.checked
        return sum(int(each["checks_a_minute"]) for each in self.workers.values())

    @property
    def outcomes(self) -> dict[str, int]:
        """Checks of the workers at work, by what they came to."""
        return dict(sum((Counter(each["outcomes"]) for each in self.workers.values()), Counter[str]()))

    @property
    def browsers(self) -> dict[str, int]:
        """Browsers elsewhere that workers use, by state."""
        found = Counter[str]()
        for each in self.workers.values():
            found.update(each.get("browsers") or {})
        return dict(found)


REASONS = 10
"""Reasons of failures that are told."""
TROUBLE = ("failed", "blocked", "unverified")
"""States of a check that did not see its page."""


def figures(database: Database, now: datetime) -> Figures:
    """The numbers of a database. Raises StoreError."""
    state = sa.func.coalesce(watches.c.state, "new")
    by_state = sa.select(state, sa.func.count()).group_by(state)
    due = watches.c.enabled & (watches.c.due_at <= now)
    overdue = sa.select(sa.func.count(), sa.func.min(watches.c.due_at)).where(due)
    minute = sa.select(sa.func.count()).select_from(watches)
    minute = minute.where(watches.c.checked_at > now - timedelta(minutes=1))
    many = sa.func.count().label("many")
    why = sa.select(watches.c.state, watches.c.reason, many).where(watches.c.state.in_(TROUBLE))
    why = why.group_by(watches.c.state, watches.c.reason).order_by(many.desc(), watches.c.reason)
    queues: dict[tuple[str, str], int] = {}
    at_work: dict[str, dict[str, Any]] = {}
    silent: dict[str, dict[str, Any]] = {}
    with database.transaction() as connection:
        states: dict[str, int] = {row[0]: row[1] for row in connection.execute(by_state)}
        count, oldest = connection.execute(overdue).one()
        checked = connection.execute(minute).scalar_one()
        reasons = [(row[0], row[1], row[2]) for row in connection.execute(why.limit(REASONS))]
        if database.url is not None:
            tables = set(sa.inspect(connection).get_table_names())
            if {"procrastinate_jobs", workers.name} <= tables:
                queues = _queues(connection)
                for row in connection.execute(sa.select(workers).order_by(workers.c.name)):
                    told = silent if row.seen_at < now - SILENT else at_work
                    told[row.name] = {**row.figures, "seen_at": row.seen_at}
    seconds = 0.0 if oldest is None else (now - oldest).total_seconds()
    return Figures(states, count, seconds, queues, at_work, silent, checked, reasons)


def _queues(connection: sa.Connection) -> dict[tuple[str, str], int]:
    query = (
        "SELECT queue_name, CASE status WHEN 'todo' THEN 'waiting' ELSE 'running' END, count(*) "
        "FROM procrastinate_jobs WHERE status IN ('todo', 'doing') GROUP BY 1, 2"
    )
    return {(row[0], row[1]): row[2] for row in connection.execute(sa.text(query))}
