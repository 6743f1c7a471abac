"""What workers on many machines share, in a PostgreSQL database: due watches, hosts, and who is at work.

What is due is told by ``watches`` alone. :meth:`Cluster.feed` hands a batch of it to a queue in the
transaction that claims it (:mod:`browseagent.store.feeding`), so that a watch is either due or queued,
whatever dies when. A host is a row too: one check of it is queued or under way at a time, in all of the
cluster; further watches of the host wait for a turn, a second apart, and nobody walks over them meanwhile.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from browseagent.store import feeding, watch_rows
from browseagent.store.claims import SqlClaims, take, to_check, update
from browseagent.store.database import Database
from browseagent.store.feeding import TURN, Queue
from browseagent.store.schema import UtcTime
from browseagent.store.watch_schema import snapshots, watches
from browseagent.watch.port import Claim

_CLAIMS: dict[str, bool] = {"write": True, "rows": True, "durable": False}
"""Transactions that say who does what. None is a promise: a power cut that undoes one undoes what was queued
or begun by it too, and the watch is due as before. What a check found is committed durably, and with it all
that came before."""
SILENT = timedelta(seconds=30)
"""Without a sign of life for so long a worker is not at work any more: its jobs are taken up again."""
_DEAD = timedelta(minutes=2)
"""Without a sign of life a worker is forgotten."""

metadata = sa.MetaData()
"""Of what only workers need: made when the first one starts."""

hosts = sa.Table(
    "watch_hosts",
    metadata,
    sa.Column("host", sa.String(255), primary_key=True),
    sa.Column("token", sa.String(64), nullable=False),
    sa.Column("until", UtcTime, nullable=False),
    sa.Column("turn", sa.BigInteger, nullable=False, server_default="0"),
)
"""``turn`` is the last one that was given to a watch that waits, in microseconds like every time."""

workers = sa.Table(
    "watch_workers",
    metadata,
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("seen_at", UtcTime, nullable=False),
    sa.Column("figures", sa.JSON, nullable=False),
)
"""Those that are at work, and what each did."""

_READY = f"CREATE INDEX IF NOT EXISTS watches_by_ready ON watches ({feeding.READY}, id) WHERE enabled"


@dataclass(frozen=True, slots=True)
class Begun:
    """A queued check that is under way; it holds its watch and its host by one token."""

    claim: Claim
    host: str


class Cluster(SqlClaims):
    """The database as workers use it. Safe to use from threads. Every method may raise StoreError."""

    def __init__(self, database: Database) -> None:
        super().__init__(database)

    def prepare(self, queue: Queue) -> None:
        """Makes what is missing in the database."""
        with self._database.transaction(write=True) as connection:
            metadata.create_all(connection)
            connection.exec_driver_sql(_READY)
            queue.install(connection.connection.driver_connection)

    def feed(self, now: datetime, queue: Queue, *, limit: int) -> int | None:
        """Puts due watches into their queues, the longest due first, as far as there is room; how many, and
        None where what is due finds no room. A queue gets none until there is room for half of ``limit``.
        Watches of a full one stay where they are while a worker takes from it; where none does, they are
        passed over for some seconds."""
        with self._database.transaction(**_CLAIMS) as connection:
            raw = connection.connection.driver_connection
            found, waiting = feeding.due(raw, queue, now, limit)
            share = feeding.shared_out(found, queue, waiting, limit)
            if share is None:
                return None
            if share.full:
                served = _served(connection, now)
                feeding.put_off(raw, [each for each in share.full if each.queue not in served], now)
            if not share.due:
                return None if share.full else 0
            return feeding.put(raw, queue, share.due, now)

    def start(self, watch: int, token: str, now: datetime, *, seconds: float) -> Begun | None:
        """The claim of a queued check that begins; None where it is not to be made any more, or not now. A
        token that began before begins anew: its worker died, and what it still writes is refused."""
        begun = f"{token}:{secrets.token_hex(4)}"
        with self._database.transaction(**_CLAIMS) as connection:
            row = connection.execute(
                sa.select(watches).where(watches.c.id == watch).with_for_update()
            ).one_or_none()
            if row is None or (row.lease_token or "").partition(":")[0] != token:
                return None
            found = None
            if row.enabled:
                found = to_check(connection, row, watch_rows.layers(connection), now)
            if found is None:
                update(connection, watch, lease_token=None, lease_until=None)
                return None
            mine = sa.func.split_part(hosts.c.token, ":", 1) == token
            free = (hosts.c.host == row.host) & (mine | (hosts.c.until <= now))
            until = now + timedelta(seconds=seconds)
            if not connection.execute(hosts.update().where(free).values(token=begun, until=until)).rowcount:
                update(connection, watch, lease_token=None, lease_until=now + TURN)
                return None
            return Begun(take(connection, row, found, begun, now, seconds), row.host)

    def keep(self, begun: Collection[Begun], until: datetime) -> None:
        """Lengthens the leases of checks that run, and of their hosts. Rows are locked in their order, as by
        all who lock several."""
        ids = watches.c.id.in_([each.claim.id for each in begun])
        mine = ids & watches.c.lease_token.in_([each.claim.token for each in begun])
        names = hosts.c.host.in_([each.host for each in begun])
        held = names & hosts.c.token.in_([each.claim.token for each in begun])
        lock = sa.select(watches.c.id).where(mine).order_by(watches.c.id).with_for_update()
        lock_hosts = sa.select(hosts.c.host).where(held).order_by(hosts.c.host).with_for_update()
        with self._database.transaction(**_CLAIMS) as connection:
            locked = connection.execute(lock).scalars().all()
            connection.execute(watches.update().where(watches.c.id.in_(locked)).values(lease_until=until))
        with self._database.transaction(**_CLAIMS) as connection:
            found = connection.execute(lock_hosts).scalars().all()
            connection.execute(hosts.update().where(hosts.c.host.in_(found)).values(until=until))

    def let_go(self, host: str, token: str, now: datetime) -> None:
        """Frees the host of a check that ended."""
        held = (hosts.c.host == host) & (hosts.c.token == token)
        with self._database.transaction(**_CLAIMS) as connection:
            connection.execute(hosts.update().where(held).values(until=now))

    def tell(self, name: str, figures: dict[str, Any], now: datetime) -> None:
        """Notes that a worker is at work, and what it did."""
        new = postgresql.insert(workers).values(name=name, seen_at=now, figures=figures)
        new = new.on_conflict_do_update(
            index_elements=["name"], set_={"seen_at": new.excluded.seen_at, "figures": new.excluded.figures}
        )
        with self._database.transaction(**_CLAIMS) as connection:
            connection.execute(new)

    def leave(self, name: str) -> None:
        """Forgets a worker that ended."""
        with self._database.transaction(**_CLAIMS) as connection:
            connection.execute(workers.delete().where(workers.c.name == name))

    def tidy(self, now: datetime) -> None:
        """Forgets workers that died, and hosts that nobody asks any more."""
        with self._database.transaction(**_CLAIMS) as connection:
            connection.execute(workers.delete().where(workers.c.seen_at < now - _DEAD))
            connection.execute(hosts.delete().where(hosts.c.until < now - timedelta(days=1)))

    def crowded(self, last: int, *, limit: int) -> list[tuple[int, str]]:
        """Watches (id and name) beyond ``last`` with snapshots that retention may drop."""
        kept = sa.select(sa.func.count()).where(snapshots.c.watch_id == watches.c.id).scalar_subquery()
        query = sa.select(watches.c.id, watches.c.name).where(watches.c.id > last, kept > 2)
        with self._database.transaction() as connection:
            return [(row[0], row[1]) for row in connection.execute(query.order_by(watches.c.id).limit(limit))]


def _served(connection: sa.Connection, now: datetime) -> set[str]:
    """The queues from which workers take that are alive."""
    found = connection.execute(sa.select(workers.c.figures).where(workers.c.seen_at >= now - _DEAD)).scalars()
    return {name for figures in found for name in figures["queues"]}
