"""Claims on watches in the database: who checks what, one at a time.

A claim is a token in the watch's row and a time until which it stands. Rows are locked as they are claimed
and others pass over them, so that several processes (and on PostgreSQL many at one moment) share what is due.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from browseagent.durable import is_gone
from browseagent.errors import UsageError
from browseagent.store import watch_rows
from browseagent.store.database import Database
from browseagent.store.watch_schema import events, watches
from browseagent.watch.port import Claim
from browseagent.watch.records import Watch
from browseagent.watch.schedule import caught_up, is_open, mended, next_due, schedule_of

_READ_AHEAD = 20
"""Rows looked at for one that is claimed: of several that are due on one host only some are taken."""
_SLICE = 500
"""Rows that are mended in one transaction."""
Layers = dict[str, dict[str, Any]]


class SqlClaims:
    """Claims and due times of the watches of a database. Safe to use from threads."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def claim(
        self,
        owner: str,
        now: datetime,
        *,
        seconds: float,
        limit: int,
        busy: Collection[str] = (),
        per_host: int = 1,
        due_by: datetime | None = None,
    ) -> list[Claim]:
        """See :class:`~browseagent.watch.port.WatchStore`. A watch that is due outside its window is
        put off to the window's opening; one whose settings are broken says so and waits an hour."""
        claims: list[Claim] = []
        taken = dict.fromkeys(busy, per_host)
        query = sa.select(watches).where(_free(now), watches.c.enabled, watches.c.due_at <= (due_by or now))
        if busy:
            query = query.where(watches.c.host.not_in(busy))
        query = query.order_by(watches.c.due_at, watches.c.id).limit(limit * _READ_AHEAD)
        with self._database.transaction(write=True, rows=True) as connection:
            groups = watch_rows.layers(connection)
            for row in connection.execute(query.with_for_update(skip_locked=True)).all():
                if len(claims) == limit:
                    break
                if taken.get(row.host, 0) >= per_host:
                    continue
                watch = to_check(connection, row, groups, now)
                if watch is not None:
                    taken[row.host] = taken.get(row.host, 0) + 1
                    claims.append(take(connection, row, watch, token_of(owner), now, seconds))
        return claims

    def claim_named(self, name: str, owner: str, now: datetime, *, seconds: float) -> Claim | None:
        query = sa.select(watches).where(watches.c.name == name).with_for_update()
        with self._database.transaction(write=True, rows=True) as connection:
            row = connection.execute(query).one_or_none()
            if row is None:
                raise unknown(name)
            if row.lease_token is not None and row.lease_until > now and not is_gone(row.lease_token):
                return None
            watch = watch_rows.watch_of_row(row, watch_rows.layers(connection))
            return take(connection, row, watch, token_of(owner), now, seconds)

    def release(self, claim: Claim, due: datetime) -> None:
        values = {"lease_token": None, "lease_until": None, "due_at": due}
        with self._database.transaction(write=True, rows=True) as connection:
            connection.execute(watches.update().where(ours(claim)).values(**values))

    def renew(self, tokens: Collection[str], until: datetime) -> None:
        """Lengthens the leases of these claims, as far as they still stand."""
        these = watches.c.lease_token.in_(tokens)
        with self._database.transaction(write=True, rows=True) as connection:
            connection.execute(watches.update().where(these).values(lease_until=until))

    def mend(self, now: datetime, *, catch_up: bool = False) -> int:
        """Looks through all due times, some at a time: those of a clock that was set back since, and with
        ``catch_up`` those that were missed. How many changed."""
        changed, last = 0, 0
        horizon = now + timedelta(days=1)  # no lease is that long: the clock was set back
        while True:
            following = watches.c.enabled & (watches.c.id > last)
            query = sa.select(watches).where(following).order_by(watches.c.id).limit(_SLICE)
            with self._database.transaction(write=True, rows=True) as connection:
                groups = watch_rows.layers(connection)
                rows = connection.execute(query.with_for_update()).all()
                watch_rows.free_leases(connection, watches, now)
                for row in rows:
                    changed += _mend(connection, row, groups, now, catch_up=catch_up)
                    if row.lease_until is not None and row.lease_until > horizon:
                        update(connection, row.id, lease_until=now)
            if len(rows) < _SLICE:
                return changed
            last = rows[-1].id

    def next_due(self) -> datetime | None:
        """When the next watch is due; None where there is none."""
        query = sa.select(sa.func.min(watches.c.due_at)).where(watches.c.enabled)
        with self._database.transaction() as connection:
            found = connection.execute(query).scalar_one()
        return found if found is None or isinstance(found, datetime) else None


def to_check(connection: sa.Connection, row: sa.Row[Any], groups: Layers, now: datetime) -> Watch | None:
    """The watch of a row that is due, where it is to be checked now; else its row says when."""
    try:
        watch = watch_rows.watch_of_row(row, groups)
        schedule = schedule_of(watch)
    except UsageError as error:
        later = now + timedelta(hours=1)
        update(connection, row.id, due_at=later, state="failed", reason=error.message)
        return None
    if is_open(schedule, now):
        return watch
    update(connection, row.id, due_at=next_due(schedule, now))
    return None


def take(
    connection: sa.Connection, row: sa.Row[Any], watch: Watch, token: str, now: datetime, seconds: float
) -> Claim:
    """Claims a row that is locked."""
    update(connection, row.id, lease_token=token, lease_until=now + timedelta(seconds=seconds))
    waiting = (events.c.status == "pending") & (events.c.watch_id == row.id)
    found = connection.execute(sa.select(events).where(waiting).order_by(events.c.id)).all()
    return watch_rows.claim_of(row, watch, tuple(map(watch_rows.event_of, found)), token)


def token_of(owner: str) -> str:
    """A new token; whoever looks at the database sees whose it is."""
    return f"{owner[:46]}:{secrets.token_hex(8)}"


def ours(claim: Claim) -> sa.ColumnElement[bool]:
    """The condition that the claim still stands."""
    return (watches.c.id == claim.id) & (watches.c.lease_token == claim.token)


def update(connection: sa.Connection, watch_id: int, **values: Any) -> None:
    """Writes columns of a watch."""
    connection.execute(watches.update().where(watches.c.id == watch_id).values(**values))


def unknown(name: str) -> UsageError:
    """The error for a watch that does not exist."""
    return UsageError(f"there is no watch named {name!r}", hint="`browseagent watch list` lists them.")


def _mend(
    connection: sa.Connection, row: sa.Row[Any], groups: Layers, now: datetime, *, catch_up: bool
) -> bool:
    """Corrects one due time; whether it was wrong."""
    try:
        schedule = schedule_of(watch_rows.watch_of_row(row, groups))
    except UsageError:
        return False  # said when it is claimed
    due = mended(schedule, row.due_at, now)
    due = caught_up(schedule, due, now) if catch_up else due
    if due == row.due_at:
        return False
    update(connection, row.id, due_at=due)
    return True


def _free(now: datetime) -> sa.ColumnElement[bool]:
    return watches.c.lease_until.is_(None) | (watches.c.lease_until <= now)
