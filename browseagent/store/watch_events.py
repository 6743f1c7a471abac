"""What happened to watches, as it is listed: rows to records."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from browseagent.store import watch_rows
from browseagent.store.watch_schema import events, watches
from browseagent.watch.codec import load_verdict
from browseagent.watch.records import Verdict


@dataclass(frozen=True, slots=True)
class EventEntry:
    """Something that happened, as the history shows it."""

    id: int
    key: str
    kind: str
    pending: bool
    at: datetime
    before: int | None
    after: int | None
    note: str
    verdict: Verdict | None
    letters: tuple[tuple[str, str, str], ...]
    """Target, status and error of each alert about it."""


@dataclass(frozen=True, slots=True)
class Happened:
    """An event and the watch that it happened to, whose settings need not be readable."""

    name: str
    url: str
    tags: tuple[str, ...]
    event: EventEntry


def recent(connection: sa.Connection, name: str, limit: int) -> list[Happened]:
    """See :meth:`browseagent.store.watch_book.WatchBook.recent`."""
    query = sa.select(events).where(events.c.alert).order_by(events.c.id.desc()).limit(limit)
    if name:
        query = query.join(watches, watches.c.id == events.c.watch_id).where(watches.c.name == name)
    found = connection.execute(query).all()
    groups = watch_rows.layers(connection)
    of = sa.select(watches).where(watches.c.id.in_({each.watch_id for each in found}))
    known = {row.id: row for row in connection.execute(of)}
    return [_happened(known[each.watch_id], each, groups) for each in found]


def happened(connection: sa.Connection, number: int) -> Happened | None:
    """See :meth:`browseagent.store.watch_book.WatchBook.event`."""
    row = connection.execute(sa.select(events).where(events.c.id == number)).one_or_none()
    if row is None:
        return None
    of = connection.execute(sa.select(watches).where(watches.c.id == row.watch_id)).one()
    return _happened(of, row, watch_rows.layers(connection))


def _happened(of: sa.Row[Any], event: sa.Row[Any], groups: dict[str, dict[str, Any]]) -> Happened:
    return Happened(
        of.name, watch_rows.url_of_row(of, groups), watch_rows.tags_of_row(of, groups), event_of(event)
    )


def event_of(row: sa.Row[Any], letters: tuple[tuple[str, str, str], ...] = ()) -> EventEntry:
    """The entry of an event's row."""
    return EventEntry(
        id=row.id,
        key=row.key,
        kind=row.kind,
        pending=row.status == "pending",
        at=row.at,
        before=row.before_id,
        after=row.after_id,
        note=row.note,
        verdict=None if row.verdict is None else load_verdict(row.verdict),
        letters=letters,
    )
