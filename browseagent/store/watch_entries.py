"""How watches stand, as it is listed: rows to records, a page of a list, counts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from browseagent.records import ErrorInfo
from browseagent.store import watch_rows
from browseagent.store.watch_schema import events, outbox, snapshots, watches
from browseagent.watch.codec import load_memory
from browseagent.watch.judge import Memory
from browseagent.watch.records import Watch


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
class Unreadable:
    """A watch whose stored settings cannot be read, and how they are mended."""

    name: str
    url: str
    wrong: ErrorInfo


@dataclass(frozen=True, slots=True)
class Chosen:
    """Some watches in the order of their names: those that can be read, and the others."""

    entries: list[Entry]
    unreadable: list[Unreadable]


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
) -> Chosen:
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
    read = Chosen([], [])
    for first in range(0, len(ids), _SLICE):
        some = _read(connection, watches.c.id.in_(ids[first : first + _SLICE]), groups)
        read.entries.extend(some.entries)
        read.unreadable.extend(some.unreadable)
    return read


def named(connection: sa.Connection, names: Sequence[str]) -> list[Entry]:
    """The entries of those of these watches that there are. Raises UnreadableWatch."""
    found = _read(connection, watches.c.name.in_(names), watch_rows.layers(connection))
    for each in found.unreadable:
        raise watch_rows.UnreadableWatch(each.wrong.message, hint=each.wrong.hint)
    return found.entries


def _read(
    connection: sa.Connection, these: sa.ColumnElement[bool], groups: dict[str, dict[str, Any]]
) -> Chosen:
    """These watches."""
    rows = connection.execute(sa.select(watches).where(these).order_by(watches.c.name)).all()
    counts = _counts_of(connection, [row.id for row in rows])
    chosen = Chosen([], [])
    for row in rows:
        try:
            chosen.entries.append(_entry_of(row, watch_rows.watch_of_row(row, groups), counts))
        except watch_rows.UnreadableWatch as error:
            url = watch_rows.url_of_row(row, groups)
            chosen.unreadable.append(Unreadable(row.name, url, error.info()))
    return chosen


def _fits(row: sa.Row[Any], groups: dict[str, dict[str, Any]], words: Sequence[str], tag: str) -> bool:
    """Whether the name or the address of a watch holds all words, and it has the tag (any: an empty one)."""
    text = f"{row.name} {watch_rows.url_of_row(row, groups)}".casefold()
    return all(word.casefold() in text for word in words) and (
        not tag or tag in watch_rows.tags_of_row(row, groups)
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
        own=watch_rows.own_of_row(row),
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
