"""Letters in the database until they are sent: :class:`SqlOutbox` implements the port of that name."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from browseagent.store.database import Database
from browseagent.store.rows import plain
from browseagent.store.watch_rows import free_leases
from browseagent.store.watch_schema import outbox, watches
from browseagent.watch.port import Delivery


@dataclass(frozen=True, slots=True)
class Left:
    """Letters that wait to be sent, and when the first of them may go (None where none waits)."""

    count: int
    first: datetime | None


class SqlOutbox:
    """The outbox of a database. Safe to use from threads and by several processes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, owner: str, now: datetime, *, seconds: float, limit: int) -> Sequence[Delivery]:
        token = f"{owner[:46]}:{secrets.token_hex(8)}"
        free = outbox.c.lease_until.is_(None) | (outbox.c.lease_until <= now)
        due = (outbox.c.status == "waiting") & (outbox.c.next_at <= now) & free
        query = sa.select(outbox).where(due).order_by(outbox.c.next_at, outbox.c.id).limit(limit)
        waiting = sa.select(outbox.c.id).where(outbox.c.status == "waiting", outbox.c.next_at <= now)
        with self._database.transaction() as connection:
            if connection.execute(waiting.limit(1)).first() is None:
                return []  # as nearly always: no lock is needed to see it
        # Whoever takes letters does so alone, so that a digest is whole; who settles some locks their rows.
        query = query.with_for_update(skip_locked=True)
        with self._database.transaction(write=True) as connection:
            free_leases(connection, outbox, now)
            rows = connection.execute(query).all()
            batches = {(row.target, row.batch, row.next_at) for row in rows if row.batch}
            whole = [row for row in rows if not row.batch]
            deliveries = [_delivery([row], token) for row in whole]
            for target, batch, next_at in sorted(batches):
                # A digest is all letters of its batch that are due together, however many.
                one = due & (outbox.c.target == target) & (outbox.c.batch == batch)
                one &= outbox.c.next_at == next_at
                of_batch = sa.select(outbox).where(one).order_by(outbox.c.id).with_for_update()
                members = connection.execute(of_batch).all()
                deliveries.append(_delivery(members, token))
            ids = [each for delivery in deliveries for each in delivery.ids]
            values = {"lease_token": token, "lease_until": now + timedelta(seconds=seconds)}
            connection.execute(outbox.update().where(outbox.c.id.in_(ids)).values(**values))
        return deliveries

    def sent(self, delivery: Delivery, now: datetime) -> None:
        self._settle(delivery, status="sent", sent_at=now, error="")

    def failed(self, delivery: Delivery, error: str, again: datetime | None) -> None:
        # Counted here and not when it is taken: a process that dies while sending says nothing of the target.
        values: dict[str, Any] = {"error": plain(error)[:1000], "attempts": outbox.c.attempts + 1}
        if again is None:
            values["status"] = "dead"
        else:
            values["next_at"] = again
        self._settle(delivery, **values)

    def left(self, names: Sequence[str] = ()) -> Left:
        """What waits of these watches (default: all)."""
        query = sa.select(sa.func.count(), sa.func.min(outbox.c.next_at)).where(outbox.c.status == "waiting")
        if names:
            query = query.where(
                outbox.c.watch_id.in_(sa.select(watches.c.id).where(watches.c.name.in_(names)))
            )
        with self._database.transaction() as connection:
            count, first = connection.execute(query).one()
        return Left(count, first)

    def revive(self, watch_id: int | None, now: datetime) -> int:
        """Gives dead letters (of one watch, or of all) another life; how many."""
        dead = outbox.c.status == "dead"
        if watch_id is not None:
            dead &= outbox.c.watch_id == watch_id
        change = outbox.update().where(dead).values(status="waiting", attempts=0, next_at=now)
        with self._database.transaction(write=True) as connection:
            return connection.execute(change).rowcount

    def _settle(self, delivery: Delivery, **values: Any) -> None:
        ours = outbox.c.id.in_(delivery.ids) & (outbox.c.lease_token == delivery.token)
        change = outbox.update().where(ours & (outbox.c.status == "waiting"))
        with self._database.transaction(write=True, rows=True) as connection:
            connection.execute(change.values(lease_token=None, lease_until=None, **values))


def _delivery(rows: Sequence[sa.Row[Any]], token: str) -> Delivery:
    first = rows[0]
    key = first.key
    if first.batch:
        named = "\n".join([first.batch, first.target, *(row.key for row in rows)])
        key = hashlib.sha256(named.encode("utf-8", "surrogatepass")).hexdigest()[:32]
    return Delivery(
        ids=tuple(row.id for row in rows),
        token=token,
        target=first.target,
        key=key,
        payloads=tuple(row.payload for row in rows),
        attempts=first.attempts,
        digest=bool(first.batch),
    )
