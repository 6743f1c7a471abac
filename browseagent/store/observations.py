"""What is seen of a page becomes a version of it, or confirms one (:mod:`browseagent.store.timeline`)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from browseagent.records import Page
from browseagent.store import blobs, rows
from browseagent.store.schema import versions
from browseagent.store.timeline import Insert, place


def newest_first(url: str, variant: str | None) -> sa.Select[Any]:
    """The versions of a page; ``variant``: of that one alone."""
    query = sa.select(versions).where(versions.c.url == rows.key_of(url))
    if variant is not None:
        query = query.where(versions.c.variant == rows.plain(variant))
    return query.order_by(versions.c.first_seen.desc(), versions.c.id.desc())


def observe(connection: sa.Connection, page: Page, parts: rows.Parts, variant: str, now: datetime) -> int:
    """Puts an observation in its place among the versions of its URL and variant; the version's id.
    ``now`` stamps it as used."""
    of_url = (versions.c.url == rows.key_of(page.url)) & (versions.c.variant == variant)
    earlier = newest_first(page.url, variant).where(versions.c.first_seen <= page.fetched_at)
    later = sa.select(versions).where(of_url, versions.c.first_seen > page.fetched_at)
    before = connection.execute(earlier.limit(1)).one_or_none()
    oldest_first = later.order_by(versions.c.first_seen, versions.c.id)
    after = connection.execute(oldest_first.limit(1)).one_or_none()
    step = place(before, after, parts.sha256, page.fetched_at)
    values = rows.values_of(page, parts, blobs.stored_bytes(connection, parts.raw))
    if isinstance(step, Insert):
        times = {"first_seen": step.at, "last_seen": step.at, "last_used": now}
        if step.split is not None:
            _split(connection, step.split, now)
        new = {
            "url": rows.key_of(page.url),
            "variant": variant,
            "sha256": parts.sha256,
            **times,
            **values,
        }
        return int(connection.execute(versions.insert().values(**new).returning(versions.c.id)).scalar_one())
    times = {"first_seen": step.first_seen, "last_seen": step.last_seen}
    if step.newest and before is not None:
        # The same content, perhaps with another body behind it: the newest body goes with the
        # newest validators, and the one that it replaces is not kept.
        update(connection, step.id, now, **times, **values)
        blobs.drop_unused(connection, {before.body_blob, before.visible_blob} - {None})
    else:
        update(connection, step.id, now, **times)
        blobs.drop_unused(connection, parts.raw)
    return step.id


def _split(connection: sa.Connection, version_id: int, now: datetime) -> None:
    """Ends a version where it began, and begins it again where it ended."""
    row = connection.execute(sa.select(versions).where(versions.c.id == version_id)).one()
    again = {**row._mapping, "first_seen": row.last_seen}
    del again["id"]
    connection.execute(versions.insert().values(**again))
    update(connection, version_id, now, last_seen=row.first_seen)


def update(connection: sa.Connection, version_id: int, now: datetime, **values: Any) -> None:
    """Changes what is said of a version, which is used ``now``."""
    change = versions.update().where(versions.c.id == version_id)
    connection.execute(change.values(last_used=now, **values))
