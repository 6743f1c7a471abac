"""What leaves the store, and in which order: least recently used first, never what is held."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from browseagent.store import blobs, page_index
from browseagent.store.schema import blobs as blobs_table
from browseagent.store.schema import derived, url_holds, version_holds, versions

_BATCH = 200  # victims a round; a put needs a handful, a lowered limit a few rounds


class _Victim(NamedTuple):
    last_used: datetime
    bytes: int
    version: int | None
    key: str | None


def not_held() -> sa.ColumnElement[bool]:
    """The condition that nobody holds a version, neither itself nor its URL."""
    by_version = sa.exists().where(version_holds.c.version_id == versions.c.id)
    by_url = sa.exists().where(url_holds.c.url == versions.c.url)
    return ~(by_version | by_url)


def total_bytes(connection: sa.Connection) -> int:
    """Bytes that the store keeps, compressed, without the database's own overhead."""
    total = 0
    for table in (blobs_table, derived):
        query = sa.select(sa.func.coalesce(sa.func.sum(table.c.stored_bytes), 0))
        total += int(connection.execute(query).scalar_one())
    return total


def evict(connection: sa.Connection, *, limit: int, keep: int | None = None) -> bool:
    """Drops what was used longest ago until the store is within ``limit`` bytes; whether it had to.

    The version ``keep`` stays, even where it alone is above the limit: it is about to be read.
    """
    dropped = False
    while (excess := total_bytes(connection) - limit) > 0:
        victims = _next_victims(connection, excess, keep)
        if not victims:
            break
        dropped = True
        drop_versions(connection, [v.version for v in victims if v.version is not None])
        keys = [v.key for v in victims if v.key is not None]
        connection.execute(derived.delete().where(derived.c.key.in_(keys)))
    return dropped


def _next_victims(connection: sa.Connection, excess: int, keep: int | None) -> Sequence[_Victim]:
    """The fewest victims in order of use whose sizes add up to the excess. Blobs that they share
    with others stay, so that a further round may be needed."""
    old_versions = (
        sa.select(versions.c.last_used, versions.c.stored_bytes, versions.c.id)
        .where(not_held(), versions.c.id != (-1 if keep is None else keep))
        .order_by(versions.c.last_used, versions.c.id)
        .limit(_BATCH)
    )
    old_derived = (
        sa.select(derived.c.last_used, derived.c.stored_bytes, derived.c.key)
        .order_by(derived.c.last_used, derived.c.key)
        .limit(_BATCH)
    )
    candidates = [_Victim(used, size, id_, None) for used, size, id_ in connection.execute(old_versions)]
    candidates += [_Victim(used, size, None, key) for used, size, key in connection.execute(old_derived)]
    chosen: list[_Victim] = []
    for victim in sorted(candidates, key=lambda victim: victim.last_used):
        if excess <= 0 or len(chosen) == _BATCH:
            break
        chosen.append(victim)
        excess -= victim.bytes
    return chosen


def drop_versions(connection: sa.Connection, ids: Iterable[int]) -> None:
    """Deletes versions, with the blobs and derived data that nothing else needs."""
    ordered = list(ids)
    for start in range(0, len(ordered), _BATCH):
        batch = ordered[start : start + _BATCH]
        columns = (versions.c.sha256, versions.c.body_blob, versions.c.dom_blob, versions.c.visible_blob)
        rows = connection.execute(sa.select(*columns).where(versions.c.id.in_(batch))).all()
        page_index.forget(connection, batch)
        connection.execute(versions.delete().where(versions.c.id.in_(batch)))
        names = {name for row in rows for name in row[1:] if name is not None}
        blobs.drop_unused(connection, names)
        still_stored = sa.exists().where(versions.c.sha256 == derived.c.sha256)
        contents = {row.sha256 for row in rows}
        connection.execute(derived.delete().where(derived.c.sha256.in_(contents), ~still_stored))
