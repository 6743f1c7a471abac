"""What workers on many machines share, in a PostgreSQL database: due watches, hosts, and who is at work.

What is due is told by ``watches`` alone. :meth:`Cluster.feed` hands a batch of it to a queue in the
transaction that claims it, so that a watch is either due or queued, whatever dies when. A host is a row too:
one check of it is queued or under way at a time, in all of the cluster; further watches of the host wait for
a turn, a second apart, and nobody walks over them meanwhile.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from browseagent.store import watch_rows
from browseagent.store.claims import SqlClaims, take, to_check
from browseagent.store.database import Database
from browseagent.store.schema import UtcTime
from browseagent.store.watch_schema import snapshots, watches
from browseagent.watch.port import Claim
from browseagent.watch.records import Watch

QUEUED = 300.0
"""Seconds for which a watch is claimed while it is queued; the queue is kept so short that it waits
seconds."""
TURN = timedelta(seconds=1)
"""Between the turns of watches of one host that wait for it."""
_FULL = timedelta(seconds=15)
"""How long a watch is passed over whose queue is full and has nobody who takes from it."""
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

ready = sa.func.greatest(watches.c.due_at, sa.func.coalesce(watches.c.lease_until, sa.literal_column("0")))
"""When a watch can be taken: when it is due, or when the claim on it ends."""
_READY = (
    "CREATE INDEX IF NOT EXISTS watches_by_ready ON watches "
    "(greatest(due_at, coalesce(lease_until, 0)), id) WHERE enabled"
)


@dataclass(frozen=True, slots=True)
class Due:
    """A watch that is handed to the queue."""

    id: int
    token: str
    watch: Watch
    host: str
    queue: str


@dataclass(frozen=True, slots=True)
class Begun:
    """A queued check that is under way."""

    claim: Claim
    token: str
    host: str


class Queue(Protocol):
    """The queue, in the transaction of a connection of psycopg's."""

    def install(self, connection: Any) -> None:
        """Makes its tables, where they are missing."""
        ...

    def room(self, connection: Any) -> dict[str, int]:
        """How many more jobs each queue takes."""
        ...

    def queue_of(self, watch: Watch) -> str:
        """The queue for checks of a watch."""
        ...

    def put(self, connection: Any, due: Sequence[Due]) -> Collection[int]:
        """Puts checks into their queues; those (ids of watches) that stood there already."""
        ...


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

    def feed(self, now: datetime, queue: Queue, *, limit: int) -> int:
        """Puts due watches into their queues, the longest due first, as far as there is room; how many. A
        queue gets none until there is room for half of ``limit``. Watches of a full one stay where they are
        while a worker takes from it; where none does, they are passed over for some seconds."""
        query = (
            sa.select(watches)
            .where(watches.c.enabled, ready <= _micros(now))
            .order_by(ready, watches.c.id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        with self._database.transaction(write=True, rows=True) as connection:
            raw = connection.connection.driver_connection
            room = {name: free for name, free in queue.room(raw).items() if free >= limit / 2}
            if not room:
                return 0
            rows = connection.execute(query).all()
            if not rows:
                return 0
            groups = watch_rows.layers(connection)
            found = [(row, to_check(connection, row, groups, now)) for row in rows]
            due, full, waiting = [], [], []
            for row, watch in found:
                if watch is None:
                    continue
                each = Due(row.id, secrets.token_hex(8), watch, row.host, queue.queue_of(watch))
                if room.get(each.queue, 0) > 0:
                    room[each.queue] -= 1
                    due.append(each)
                elif each.queue not in room:
                    full.append(each)
            if full:
                served = _served(connection, now)
                waiting += [(each, now + _FULL) for each in full if each.queue not in served]
            taken, turns = self._hosts(connection, due, now)
            waiting += turns
            until = now + timedelta(seconds=QUEUED)
            known = set(queue.put(raw, taken)) if taken else set()
            values = [
                {"row": each.id, "token": each.token, "until": until}
                for each in taken
                if each.id not in known
            ]
            values += [{"row": each.id, "token": None, "until": turn} for each, turn in waiting]
            _claim_rows(connection, values)
            if known:  # queued since an hour when nobody was at work: it keeps its token
                _claim_rows(connection, [{"row": each, "until": until} for each in known])
        return len(taken) - len(known)

    def start(self, watch: int, token: str, now: datetime, *, seconds: float) -> Begun | None:
        """The claim of a queued check that begins; None where it is not to be made any more, or not now. A
        token that began before begins anew: its worker died, and what it still writes is refused."""
        begun = f"{token}:{secrets.token_hex(4)}"
        with self._database.transaction(write=True, rows=True) as connection:
            row = connection.execute(
                sa.select(watches).where(watches.c.id == watch).with_for_update()
            ).one_or_none()
            if row is None or (row.lease_token or "").partition(":")[0] != token:
                return None
            found = None
            if row.enabled:
                found = to_check(connection, row, watch_rows.layers(connection), now)
            if found is None:
                _claim_rows(connection, [{"row": watch, "token": None, "until": None}])
                return None
            free = (hosts.c.host == row.host) & ((hosts.c.token == token) | (hosts.c.until <= now))
            until = now + timedelta(seconds=seconds)
            if not connection.execute(hosts.update().where(free).values(token=token, until=until)).rowcount:
                _claim_rows(connection, [{"row": watch, "token": None, "until": now + TURN}])
                return None
            return Begun(take(connection, row, found, begun, now, seconds), token, row.host)

    def keep(self, begun: Collection[Begun], until: datetime) -> None:
        """Lengthens the leases of checks that run, and of their hosts. Rows are locked in their order, as by
        all who lock several."""
        ids = watches.c.id.in_([each.claim.id for each in begun])
        mine = ids & watches.c.lease_token.in_([each.claim.token for each in begun])
        names = hosts.c.host.in_([each.host for each in begun])
        held = names & hosts.c.token.in_([each.token for each in begun])
        lock = sa.select(watches.c.id).where(mine).order_by(watches.c.id).with_for_update()
        lock_hosts = sa.select(hosts.c.host).where(held).order_by(hosts.c.host).with_for_update()
        with self._database.transaction(write=True, rows=True) as connection:
            locked = connection.execute(lock).scalars().all()
            connection.execute(watches.update().where(watches.c.id.in_(locked)).values(lease_until=until))
        with self._database.transaction(write=True, rows=True) as connection:
            found = connection.execute(lock_hosts).scalars().all()
            connection.execute(hosts.update().where(hosts.c.host.in_(found)).values(until=until))

    def let_go(self, host: str, token: str, now: datetime) -> None:
        """Frees the host of a check that ended."""
        held = (hosts.c.host == host) & (hosts.c.token == token)
        with self._database.transaction(write=True, rows=True) as connection:
            connection.execute(hosts.update().where(held).values(until=now))

    def tell(self, name: str, figures: dict[str, Any], now: datetime) -> None:
        """Notes that a worker is at work, and what it did."""
        new = postgresql.insert(workers).values(name=name, seen_at=now, figures=figures)
        new = new.on_conflict_do_update(
            index_elements=["name"], set_={"seen_at": new.excluded.seen_at, "figures": new.excluded.figures}
        )
        with self._database.transaction(write=True, rows=True) as connection:
            connection.execute(new)

    def leave(self, name: str) -> None:
        """Forgets a worker that ended."""
        with self._database.transaction(write=True, rows=True) as connection:
            connection.execute(workers.delete().where(workers.c.name == name))

    def tidy(self, now: datetime) -> None:
        """Forgets workers that died, and hosts that nobody asks any more."""
        with self._database.transaction(write=True, rows=True) as connection:
            connection.execute(workers.delete().where(workers.c.seen_at < now - _DEAD))
            connection.execute(hosts.delete().where(hosts.c.until < now - timedelta(days=1)))

    def crowded(self, last: int, *, limit: int) -> list[tuple[int, str]]:
        """Watches (id and name) beyond ``last`` with snapshots that retention may drop."""
        kept = sa.select(sa.func.count()).where(snapshots.c.watch_id == watches.c.id).scalar_subquery()
        query = sa.select(watches.c.id, watches.c.name).where(watches.c.id > last, kept > 2)
        with self._database.transaction() as connection:
            return [(row[0], row[1]) for row in connection.execute(query.order_by(watches.c.id).limit(limit))]

    def _hosts(
        self, connection: sa.Connection, due: Sequence[Due], now: datetime
    ) -> tuple[list[Due], list[tuple[Due, datetime]]]:
        """Takes the hosts of watches: those whose host is free, and of the others each with its turn."""
        first: dict[str, Due] = {}
        for each in due:
            first.setdefault(each.host, each)
        got: set[str] = set()
        if first:
            until = now + timedelta(seconds=QUEUED)
            new = postgresql.insert(hosts).values(
                [{"host": host, "token": first[host].token, "until": until} for host in sorted(first)]
            )
            new = new.on_conflict_do_update(
                index_elements=["host"],
                set_={"token": new.excluded.token, "until": new.excluded.until},
                where=hosts.c.until <= now,
            )
            got = set(connection.execute(new.returning(hosts.c.host)).scalars())
        taken = [first[host] for host in first if host in got]
        left = [each for each in due if each.host not in got or first[each.host] is not each]
        waiting: list[tuple[Due, datetime]] = []
        for host in sorted({each.host for each in left}):
            ours = [each for each in left if each.host == host]
            step = _micros(TURN)
            last = sa.func.greatest(hosts.c.turn, _micros(now)) + step * len(ours)
            change = hosts.update().where(hosts.c.host == host).values(turn=last).returning(hosts.c.turn)
            end = connection.execute(change).scalar_one()
            for place, each in enumerate(ours):
                turn = now + timedelta(microseconds=end - step * (len(ours) - 1 - place) - _micros(now))
                waiting.append((each, turn))
        return taken, waiting


def _served(connection: sa.Connection, now: datetime) -> set[str]:
    """The queues from which workers take that are alive."""
    found = connection.execute(sa.select(workers.c.figures).where(workers.c.seen_at >= now - _DEAD)).scalars()
    return {name for figures in found for name in figures["queues"]}


def _claim_rows(connection: sa.Connection, values: list[dict[str, Any]]) -> None:
    """Writes the claims of rows that are locked."""
    if not values:
        return
    columns: dict[str, Any] = {"lease_until": sa.bindparam("until")}
    if "token" in values[0]:
        columns["lease_token"] = sa.bindparam("token")
    connection.execute(watches.update().where(watches.c.id == sa.bindparam("row")).values(**columns), values)


def _micros(value: datetime | timedelta) -> int:
    """A time or a span as the columns hold it."""
    span = value - datetime(1970, 1, 1, tzinfo=UTC) if isinstance(value, datetime) else value
    return span // timedelta(microseconds=1)
