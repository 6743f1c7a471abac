"""A batch of due watches goes to the queue: two statements of PostgreSQL, whatever its size.

The first locks the batch and says of each watch what its queue depends on. What is put where is decided here.
The second takes the hosts, claims the rows and puts the jobs into their queues. What the queue has to say to
both is pieces of SQL (:class:`Queue`).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from browseagent.store.schema import micros

QUEUED = timedelta(seconds=300)
"""For which a watch is claimed while it is queued; the queue is kept so short that it waits seconds."""
TURN = timedelta(seconds=1)
"""Between the turns of watches of one host that wait for it."""
FULL = timedelta(seconds=15)
"""How long a watch is passed over whose queue is full and has nobody who takes from it."""
READY = "greatest(due_at, coalesce(lease_until, 0))"
"""When a row of ``watches`` can be taken: when it is due, or when the claim on it ends."""


class Queue(Protocol):
    """The queue, in the store's database."""

    most: int
    """Jobs of checks that a queue holds."""
    names: Sequence[str]
    """The queues that checks go to."""
    waiting: str
    """SQL, a query: the queues (a text) and how many jobs wait in each."""
    token: str
    """SQL, an expression: the token of the job that waits for the watch ``due.id``; null where none does."""
    put: str
    """SQL, a query that puts a job into a queue for each row of ``fresh`` (id, token, host, queue)."""

    def install(self, connection: Any) -> None:
        """Makes its tables, where they are missing, over a connection of psycopg's."""
        ...

    def queue_of(self, ask: object, about: object) -> str:
        """The queue for checks of a watch with these settings."""
        ...


@dataclass(frozen=True, slots=True)
class Due:
    """A watch that is due, and its queue."""

    id: int
    host: str
    queue: str
    queued: str | None = None
    """The token of the job that waits for it already."""


@dataclass(frozen=True, slots=True)
class Share:
    """What becomes of a batch; what is in neither stays due."""

    due: tuple[Due, ...]
    full: tuple[Due, ...]
    """What found its queue full."""


def shared_out(found: Sequence[Due], queue: Queue, waiting: Mapping[str, int], limit: int) -> Share | None:
    """What of a batch there is room for; None where no queue has any. A queue gets none until there is room
    for half of ``limit``."""
    free = {name: queue.most - waiting.get(name, 0) for name in queue.names}
    room = {name: jobs for name, jobs in free.items() if jobs >= limit / 2}
    if not room:
        return None
    due = []
    for each in found:
        if room.get(each.queue, 0) > 0:
            room[each.queue] -= 1
            due.append(each)
    return Share(tuple(due), tuple(each for each in found if each.queue not in room))


def due(connection: Any, queue: Queue, now: datetime, limit: int) -> tuple[list[Due], dict[str, int]]:
    """The longest due watches, locked, past those that others have locked; and how many jobs wait in each
    queue. None are locked where no queue has room."""
    values = {"now": micros(now), "queues": list(queue.names), "most": queue.most - limit / 2}
    # The limit stands in the text: only so PostgreSQL knows a plan that is good for any batch, and keeps it.
    query = (
        _DUE.replace("WAITING", queue.waiting).replace("TOKEN", queue.token).replace("LIMITED", f"{limit:d}")
    )
    rows = connection.execute(query, values).fetchall()
    found = [Due(row[1], row[2], queue.queue_of(row[3], row[4]), row[5]) for row in rows if row[1]]
    return found, rows[0][0] or {}


def put_off(connection: Any, full: Sequence[Due], now: datetime) -> None:
    """Passes watches over for a while."""
    if full:
        values = {"ids": [each.id for each in full], "until": micros(now + FULL)}
        connection.execute(_PUT_OFF, values)


def put(connection: Any, queue: Queue, batch: Sequence[Due], now: datetime) -> int:
    """Claims the watches whose host is free, one a host, and puts them into their queues; how many jobs that
    makes. The others get a turn each. One that waits in a queue already keeps that job."""
    first = {each.host: each for each in reversed(batch)}
    given = [(each, each.queued or secrets.token_hex(8)) for each in first.values()]
    values = {
        "ids": [each.id for each, _ in given],
        "tokens": [token for _, token in given],
        "hosts": [each.host for each, _ in given],
        "queues": [each.queue for each, _ in given],
        "fresh": [each.queued is None for each, _ in given],
        "now": micros(now),
        "until": micros(now + QUEUED),
    }
    taken = set(connection.execute(_PUT.replace("JOBS", queue.put), values).fetchone()[0])
    left = [each for each in batch if each.id not in taken]
    if left:
        values = {
            "ids": [each.id for each in left],
            "hosts": [each.host for each in left],
            "now": micros(now),
            "step": TURN // timedelta(microseconds=1),
        }
        connection.execute(_TURNS, values)
    return sum(1 for each in batch if each.id in taken and each.queued is None)


_DUE = f"""
WITH waiting(queue, jobs) AS (WAITING),
due AS MATERIALIZED (
  SELECT id, host, group_name, settings FROM watches
  WHERE enabled AND {READY} <= %(now)s::bigint
    AND (SELECT count(*) FROM waiting WHERE queue = ANY(%(queues)s::text[]) AND jobs > %(most)s::float)
        < cardinality(%(queues)s::text[])
  ORDER BY {READY}, id LIMIT LIMITED FOR UPDATE SKIP LOCKED
)
SELECT jobs_waiting, due.id, due.host,
       coalesce(due.settings->'ask', mine.settings->'ask', everyones.settings->'ask'),
       coalesce(due.settings->'about', mine.settings->'about', everyones.settings->'about'), TOKEN
FROM (SELECT json_object_agg(queue, jobs) FROM waiting) AS counted(jobs_waiting)
     LEFT JOIN due ON true
     LEFT JOIN watch_groups mine ON mine.name = due.group_name
     LEFT JOIN watch_groups everyones ON everyones.name = ''
"""

_PUT = """
WITH given(id, token, host, queue, fresh) AS MATERIALIZED (
  SELECT * FROM unnest(%(ids)s::bigint[], %(tokens)s::text[], %(hosts)s::text[], %(queues)s::text[],
                       %(fresh)s::boolean[])
),
got AS (
  INSERT INTO watch_hosts AS host_of (host, token, until)
  SELECT host, token, %(until)s::bigint FROM given ORDER BY host
  ON CONFLICT (host) DO UPDATE SET token = excluded.token, until = excluded.until
  WHERE host_of.until <= %(now)s::bigint OR split_part(host_of.token, ':', 1) = excluded.token
  RETURNING host
),
taken AS (SELECT given.* FROM given JOIN got USING (host)),
fresh AS (SELECT id, token, host, queue FROM taken WHERE fresh),
claimed AS (
  UPDATE watches SET lease_token = taken.token, lease_until = %(until)s::bigint
  FROM taken WHERE watches.id = taken.id
)
SELECT ARRAY(SELECT id FROM taken), (SELECT count(*) FROM (JOBS) AS jobs)
"""

_TURNS = """
WITH waits(id, host, place) AS (
  SELECT id, host, row_number() OVER (PARTITION BY host ORDER BY nth)
  FROM unnest(%(ids)s::bigint[], %(hosts)s::text[]) WITH ORDINALITY AS given(id, host, nth)
),
many(host, number) AS (SELECT host, count(*) FROM waits GROUP BY host),
turned AS (
  UPDATE watch_hosts SET turn = greatest(turn, %(now)s::bigint) + %(step)s::bigint * number
  FROM many WHERE watch_hosts.host = many.host
  RETURNING watch_hosts.host, turn, number
)
UPDATE watches SET lease_until = turned.turn - %(step)s::bigint * (turned.number - place)
FROM waits JOIN turned USING (host) WHERE watches.id = waits.id
"""

_PUT_OFF = "UPDATE watches SET lease_until = %(until)s::bigint WHERE id = ANY(%(ids)s::bigint[])"
