"""How watches stand and what happened, as it is listed: rows to records, a page of a list, counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from browseagent.store import watch_rows
from browseagent.store.watch_schema import events, outbox, snapshots, watches
from browseagent.watch.codec import load_memory, load_verdict
from browseagent.watch.judge import Memory
from browseagent.watch.records import Verdict, Watch


@dataclass(frozen=True, slots=True)
class Entry:
    """A watch and how it stands."""

    id: int
    watch: Watch
    own: dict[str, Any]
    """Its own settings, without what its group and the defaults say."""
    state: str | None
    reason: str
    checked_at: datetime | None
    good_at: datetime
    changed_at: datetime | None
    due_at: datetime
    failures: int
    in_trouble: bool
    checks: int
    pending: int
    """Changes seen and not yet judged."""
    waiting: int
    dead: int
    """Letters that wait to be sent, and those that were given up."""
    snapshots: int
    memory: Memory

    @property
    def enabled(self) -> bool:
        """Whether it is checked."""
        return self.watch.enabled


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
class Standing:
    """A watch as a list shows it: what its row says, without its settings and what it remembers."""

    name: str
    url: str
    enabled: bool
    state: str | None
    checked_at: datetime | None
    changed_at: datetime | None
    due_at: datetime
    failures: int
    in_trouble: bool
    pending: int
    waiting: int
    dead: int


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list, and how long the list is."""

    entries: list[Standing]
    total: int


@dataclass(frozen=True, slots=True)
class Tally:
    """All watches, counted."""

    states: Mapping[str, int]
    due: int
    oldest_due: datetime | None
    waiting: int
    dead: int
    """Letters that wait to be sent, and those that were given up."""

    @property
    def watches(self) -> int:
        """How many there are."""
        return sum(self.states.values())


@dataclass(frozen=True, slots=True)
class Happened:
    """An event and the watch that it happened to."""

    watch: Watch
    event: EventEntry


_SLICE = 500
"""Watches whose rows are read at once."""
_COUNTED: dict[str, tuple[sa.Table, sa.ColumnElement[bool]]] = {
    "pending": (events, events.c.status == "pending"),
    "waiting": (outbox, outbox.c.status == "waiting"),
    "dead": (outbox, outbox.c.status == "dead"),
    "snapshots": (snapshots, sa.true()),
}


def listed(connection: sa.Connection, words: Sequence[str], state: str, start: int, most: int) -> Listed:
    """See :meth:`browseagent.store.watch_book.WatchBook.listed`. Two queries, however many there are: of all
    watches only the count is read, of those that are listed only what is shown."""
    url = sa.func.coalesce(watches.c.settings["url"].as_string(), "")
    wanted: list[sa.ColumnElement[bool]] = [
        sa.or_(watches.c.name.icontains(word, autoescape=True), url.icontains(word, autoescape=True))
        for word in words
    ]
    if state == "trouble":
        wanted.append(watches.c.trouble_told)
    elif state:
        wanted.append(watches.c.state.is_(None) if state == "none" else watches.c.state == state)
    total = connection.execute(sa.select(sa.func.count()).select_from(watches).where(*wanted)).scalar_one()
    these = sa.select(watches.c.id).where(*wanted).order_by(watches.c.name).offset(start).limit(most)
    query = sa.select(
        watches.c.name,
        url.label("url"),
        watches.c.enabled,
        watches.c.state,
        watches.c.checked_at,
        watches.c.changed_at,
        watches.c.due_at,
        watches.c.failures,
        watches.c.trouble_told.label("in_trouble"),
        *(
            sa.select(sa.func.count())
            .select_from(table)
            .where(table.c.watch_id == watches.c.id, condition)
            .scalar_subquery()
            .label(kind)
            for kind, (table, condition) in _COUNTED.items()
            if kind != "snapshots"
        ),
    )
    rows = connection.execute(query.where(watches.c.id.in_(these)).order_by(watches.c.name))
    return Listed([Standing(**row._mapping) for row in rows], total)


def chosen(
    connection: sa.Connection, words: Sequence[str], state: str, tag: str, start: int, most: int | None
) -> list[Entry]:
    """See :meth:`browseagent.store.watch_book.WatchBook.chosen`. What is not asked for is not read but where
    words or a tag are looked for: of all watches then the settings alone."""
    groups = watch_rows.layers(connection)
    query = sa.select(watches.c.id).order_by(watches.c.name)
    if state:
        query = query.where(watches.c.state == state)
    if words or tag:
        rows = connection.execute(query.add_columns(watches.c.name, watches.c.settings, watches.c.group_name))
        found = [row.id for row in rows if _fits(row, groups, words, tag)][start:]
        ids = found if most is None else found[:most]
    else:
        part = query.offset(start) if most is None else query.offset(start).limit(most)
        ids = list(connection.execute(part).scalars())
    entries: list[Entry] = []
    for first in range(0, len(ids), _SLICE):
        entries += entries_of(connection, watches.c.id.in_(ids[first : first + _SLICE]), groups)
    return entries


def entries_of(
    connection: sa.Connection, these: sa.ColumnElement[bool], groups: dict[str, dict[str, Any]]
) -> list[Entry]:
    """The entries of these watches, in the order of their names."""
    rows = connection.execute(sa.select(watches).where(these).order_by(watches.c.name)).all()
    counts = _counts_of(connection, [row.id for row in rows])
    return [_entry_of(row, watch_rows.watch_of_row(row, groups), counts) for row in rows]


def _fits(row: sa.Row[Any], groups: dict[str, dict[str, Any]], words: Sequence[str], tag: str) -> bool:
    """Whether the name or the address of a watch holds all words, and it has the tag (any: an empty one)."""
    settings = watch_rows.settings_of_row(row, groups)
    tags = settings.get("tags") or ()
    text = f"{row.name} {settings.get('url')}".casefold()
    return all(word.casefold() in text for word in words) and (
        not tag or tag in ([tags] if isinstance(tags, str) else tags)
    )


def tally(connection: sa.Connection, now: datetime) -> Tally:
    """See :meth:`browseagent.store.watch_book.WatchBook.tally`."""
    states = sa.select(watches.c.state, sa.func.count()).group_by(watches.c.state)
    due = sa.select(sa.func.count(), sa.func.min(watches.c.due_at)).where(
        watches.c.enabled, watches.c.due_at <= now
    )
    letters = sa.select(outbox.c.status, sa.func.count()).group_by(outbox.c.status)
    found = {state or "none": count for state, count in connection.execute(states)}
    many, oldest = connection.execute(due).one()
    sent: dict[str, int] = {str(status): int(count) for status, count in connection.execute(letters)}
    return Tally(found, many, oldest, sent.get("waiting", 0), sent.get("dead", 0))


def recent(connection: sa.Connection, name: str, limit: int) -> list[Happened]:
    """See :meth:`browseagent.store.watch_book.WatchBook.recent`."""
    query = sa.select(events).where(events.c.alert).order_by(events.c.id.desc()).limit(limit)
    if name:
        query = query.join(watches, watches.c.id == events.c.watch_id).where(watches.c.name == name)
    found = connection.execute(query).all()
    groups = watch_rows.layers(connection)
    of = sa.select(watches).where(watches.c.id.in_({each.watch_id for each in found}))
    known = {row.id: watch_rows.watch_of_row(row, groups) for row in connection.execute(of)}
    return [Happened(known[each.watch_id], event_of(each)) for each in found]


def happened(connection: sa.Connection, number: int) -> Happened | None:
    """See :meth:`browseagent.store.watch_book.WatchBook.event`."""
    row = connection.execute(sa.select(events).where(events.c.id == number)).one_or_none()
    if row is None:
        return None
    of = connection.execute(sa.select(watches).where(watches.c.id == row.watch_id)).one()
    return Happened(watch_rows.watch_of_row(of, watch_rows.layers(connection)), event_of(row))


def _counts_of(connection: sa.Connection, ids: list[int]) -> dict[str, dict[int, int]]:
    """How many pending events, waiting and dead letters, and snapshots each of these watches has."""
    out: dict[str, dict[int, int]] = {}
    for kind, (table, condition) in _COUNTED.items():
        query = sa.select(table.c.watch_id, sa.func.count()).where(condition, table.c.watch_id.in_(ids))
        found = connection.execute(query.group_by(table.c.watch_id))
        out[kind] = {each.watch_id: each[1] for each in found}
    return out


def _entry_of(row: sa.Row[Any], watch: Watch, counts: dict[str, dict[int, int]]) -> Entry:
    """The entry of a row; ``counts`` as :func:`_counts_of` gives them."""
    return Entry(
        id=row.id,
        watch=watch,
        own={**row.settings, **({"group": row.group_name} if row.group_name else {})},
        state=row.state,
        reason=row.reason,
        checked_at=row.checked_at,
        good_at=row.good_at,
        changed_at=row.changed_at,
        due_at=row.due_at,
        failures=row.failures,
        in_trouble=row.trouble_told,
        checks=row.checks,
        memory=load_memory(row.memory),
        **{kind: found.get(row.id, 0) for kind, found in counts.items()},
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
