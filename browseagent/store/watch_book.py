"""What is watched and what came of it, for a person: add, list, history, groups, remove, retention."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from browseagent.errors import UsageError
from browseagent.store import eviction, screenshots, watch_rows
from browseagent.store.claims import unknown, update
from browseagent.store.database import Database, writes
from browseagent.store.schema import version_holds, versions
from browseagent.store.watch_entries import Chosen as Chosen
from browseagent.store.watch_entries import Entry as Entry
from browseagent.store.watch_entries import Listed, Tally, chosen, listed, named, tally
from browseagent.store.watch_entries import Unreadable as Unreadable
from browseagent.store.watch_events import EventEntry as EventEntry
from browseagent.store.watch_events import Happened, event_of, happened, recent
from browseagent.store.watch_rows import DEFAULTS
from browseagent.store.watch_schema import events, outbox, snapshots, watch_groups, watches
from browseagent.watch.codec import load_memory
from browseagent.watch.records import Watch
from browseagent.watch.retention import Kept, expired
from browseagent.watch.settings import layer_of, watch_of, without_login


@dataclass(frozen=True, slots=True)
class SnapshotEntry:
    """A look that is kept."""

    id: int
    version: int
    at: datetime
    language: str
    chars: int
    bytes: int
    pinned: bool


class WatchBook:
    """Watches, groups and their history in a database. Every method may raise StoreError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # --- watches and groups

    def put(
        self, name: str, settings: dict[str, Any], now: datetime, *, new: bool = False, dry: bool = False
    ) -> Watch:
        """Adds a watch or changes its settings. ``new`` refuses a name that is taken; ``dry`` checks and
        changes nothing. A new watch is due at once. Raises UsageError."""
        with self._database.transaction(write=not dry) as connection:
            row = self._row(connection, name)
            if row is not None and new:
                hint = (
                    "Give another --name. To change that one: `watch export --to watches.toml`, edit the "
                    "file, `watch import watches.toml`."
                )
                raise UsageError(f"there is a watch named {name!r} already", hint=hint)
            group = settings.get("group")
            own = {key: value for key, value in without_login(settings).items() if key != "group"}
            groups = watch_rows.layers(connection)
            if group and group not in groups:
                known = ", ".join(sorted(filter(None, groups))) or "there is none"
                raise UsageError(f"{name}: there is no group {group!r}", hint=f"Groups: {known}")
            watch = watch_of(name, watch_rows.merged(own, group, groups))
            if own.get("url") not in (None, watch.url):  # what its address said of a password is a header's
                own |= {"url": watch.url, "headers": list(watch.headers)}
            if not dry:
                self._write(connection, row, watch, own, group, now, groups)
        return watch

    def put_group(self, name: str, settings: dict[str, Any], now: datetime) -> None:
        """Adds or changes a group (the defaults: the empty name). Every watch of it must still be one, and
        each that is another by it stands as if it had been changed itself. Raises UsageError."""
        checked = layer_of(name or "defaults", settings)
        with self._database.transaction(write=True) as connection:
            before = watch_rows.layers(connection)
            after = {**before, name: checked}
            members = sa.select(watches).order_by(watches.c.id).with_for_update()
            if name != DEFAULTS:
                members = members.where(watches.c.group_name == name)
            for row in connection.execute(members).all():
                try:
                    watch = watch_of(row.name, watch_rows.settings_of_row(row, after))
                except UsageError:
                    if watch_rows.is_readable(row, before):
                        raise
                    continue  # it was none before either
                values = watch_rows.changed_values(row, before, watch, now)
                if any(getattr(row, column) != value for column, value in values.items()):
                    update(connection, row.id, **values)
            connection.execute(watch_groups.delete().where(watch_groups.c.name == name))
            if checked or name != DEFAULTS:
                connection.execute(watch_groups.insert().values(name=name, settings=checked))

    def groups(self) -> dict[str, dict[str, Any]]:
        """The settings of every group by name; the defaults under the empty one."""
        with self._database.transaction() as connection:
            return watch_rows.layers(connection)

    def remove(self, name: str) -> None:
        """Forgets a watch with its history, its snapshots and its unsent alerts. Raises UsageError."""
        with self._database.transaction(write=True) as connection:
            row = self._known(connection, name)
            screenshots.forget(connection, screenshots.of_watch(connection, row.id))
            for table in (outbox, events, snapshots):
                connection.execute(table.delete().where(table.c.watch_id == row.id))
            owner = version_holds.c.owner == f"watch:{row.id}"
            connection.execute(version_holds.delete().where(owner))
            connection.execute(watches.delete().where(watches.c.id == row.id))

    def remove_group(self, name: str) -> None:
        """Forgets a group. Raises UsageError where watches belong to it."""
        with self._database.transaction(write=True) as connection:
            members = sa.select(watches.c.name).where(watches.c.group_name == name)
            names = list(connection.execute(members).scalars())
            if names:
                more = f" and {len(names) - 10} more" if len(names) > 10 else ""
                raise UsageError(
                    f"the group {name!r} has watches: {', '.join(sorted(names)[:10])}{more}",
                    hint="Remove them, or take `group` out of them: `watch export`, then `watch import`.",
                )
            connection.execute(watch_groups.delete().where(watch_groups.c.name == name))

    def entries(self, names: Sequence[str] = ()) -> list[Entry]:
        """Watches by name (default: all that can be read), in the order of their names. Raises UsageError for
        a name that is unknown, or one that cannot be read."""
        if not names:
            return self.chosen().entries
        with self._database.transaction() as connection:
            found = named(connection, names)
        missing = sorted(set(names) - {each.watch.name for each in found})
        if missing:
            raise unknown(missing[0])
        return found

    def chosen(
        self, words: Sequence[str] = (), state: str = "", tag: str = "", *, start: int = 0,
        most: int | None = None,
    ) -> Chosen:  # fmt: skip
        """Watches in the order of their names, ``most`` of them from the ``start``-th: those whose name or
        address holds all words, in that state, with that tag."""
        with self._database.transaction() as connection:
            return chosen(connection, words, state, tag, start, most)

    def own(self, names: Sequence[str] = ()) -> dict[str, dict[str, Any]]:
        """The own settings of watches (default: all) by name, in order, readable or not. Raises UsageError
        for a name that is unknown."""
        query = sa.select(watches).order_by(watches.c.name)
        with self._database.transaction() as connection:
            rows = connection.execute(query.where(watches.c.name.in_(names)) if names else query).all()
        found = {row.name: watch_rows.own_of_row(row) for row in rows}
        missing = sorted(set(names) - set(found))
        if missing:
            raise unknown(missing[0])
        return found

    def names(self) -> dict[str, str | None]:
        """The name of every watch, in order, and its group."""
        query = sa.select(watches.c.name, watches.c.group_name).order_by(watches.c.name)
        with self._database.transaction() as connection:
            return {row.name: row.group_name for row in connection.execute(query)}

    def listed(
        self, words: Sequence[str] = (), state: str = "", *, start: int = 0, most: int = 100
    ) -> Listed:
        """Some watches in the order of their names: those whose name or address holds all words, in that
        state (``trouble``: those that somebody was told of)."""
        with self._database.transaction() as connection:
            return listed(connection, words, state, start, most)

    def tally(self, now: datetime) -> Tally:
        """How many watches there are, by state, and how many are due."""
        with self._database.transaction() as connection:
            return tally(connection, now)

    # --- what happened

    def recent(self, name: str = "", *, limit: int = 50) -> list[Happened]:
        """What somebody was told of, newest first: of one watch, or of all."""
        with self._database.transaction() as connection:
            return recent(connection, name, limit)

    def history(self, name: str, *, limit: int = 100) -> list[EventEntry]:
        """What happened to a watch, newest first. Raises UsageError."""
        with self._database.transaction() as connection:
            row = self._known(connection, name)
            query = sa.select(events).where(events.c.watch_id == row.id)
            found = connection.execute(query.order_by(events.c.id.desc()).limit(limit)).all()
            sent = sa.select(outbox).where(outbox.c.event_id.in_([each.id for each in found]))
            letters: dict[int, list[tuple[str, str, str]]] = {}
            for each in connection.execute(sent.order_by(outbox.c.id)):
                letters.setdefault(each.event_id, []).append((each.target, each.status, each.error))
        return [event_of(each, tuple(letters.get(each.id, ()))) for each in found]

    def event(self, number: int) -> Happened | None:
        """Something that happened, and to which watch; None where there is no such event."""
        with self._database.transaction() as connection:
            return happened(connection, number)

    def snapshots(self, name: str) -> list[SnapshotEntry]:
        """The looks of a watch that are kept, newest first. Raises UsageError."""
        with self._database.transaction() as connection:
            row = self._known(connection, name)
            return _snapshots(connection, row.id)

    def pin(self, name: str, snapshot: int, *, pinned: bool = True) -> None:
        """Keeps a snapshot whatever retention says, or lets it go again. Raises UsageError."""
        with self._database.transaction(write=True) as connection:
            row = self._known(connection, name)
            this = (snapshots.c.id == snapshot) & (snapshots.c.watch_id == row.id)
            if connection.execute(snapshots.update().where(this).values(pinned=pinned)).rowcount != 1:
                hint = f"`browseagent watch show {name}` lists them."
                raise UsageError(f"{name} has no snapshot {snapshot}", hint=hint)

    def prune(self, name: str, now: datetime) -> int:
        """Drops the snapshots that a watch's settings let go; how many."""
        with self._database.transaction(write=True) as connection:
            row = self._row(connection, name)
            if row is None:
                return 0
            watch = watch_rows.watch_of_row(row, watch_rows.layers(connection))
            memory = load_memory(row.memory)
            needed = {each.snapshot for each in (memory.baseline, *memory.variants) if each is not None}
            waiting = (events.c.watch_id == row.id) & (events.c.status == "pending")
            for event in connection.execute(sa.select(events).where(waiting)):
                needed |= {event.before_id, event.after_id} - {None}
            kept = _snapshots(connection, row.id)
            gone = expired(watch, [Kept(s.id, s.at, s.bytes, s.pinned) for s in kept], needed, now)
            if gone:
                self._drop(connection, row.id, gone)
        return len(gone)

    # --- inside

    def _row(self, connection: sa.Connection, name: str) -> sa.Row[Any] | None:
        """The row of a watch; in a transaction that writes it is locked before all others, as checks do."""
        query = sa.select(watches).where(watches.c.name == name)
        if writes(connection):
            query = query.with_for_update()
        return connection.execute(query).one_or_none()

    def _known(self, connection: sa.Connection, name: str) -> sa.Row[Any]:
        """The same, of a watch that there is. Raises UsageError."""
        row = self._row(connection, name)
        if row is None:
            raise unknown(name)
        return row

    def _write(
        self,
        connection: sa.Connection,
        row: sa.Row[Any] | None,
        watch: Watch,
        own: dict[str, Any],
        group: str | None,
        now: datetime,
        groups: dict[str, dict[str, Any]],
    ) -> None:
        values: dict[str, Any] = {"group_name": group, "settings": own}
        if row is not None:
            values |= watch_rows.changed_values(row, groups, watch, now)
            update(connection, row.id, **values)
            return
        values |= {"uid": secrets.token_hex(16), "name": watch.name, "memory": {}, "seen_sha256": ""}
        values |= {"created_at": now, "good_at": now, "due_at": now, "reason": ""}
        values |= {"failures": 0, "trouble_told": False, "checks": 0, **watch_rows.settings_values(watch)}
        connection.execute(watches.insert().values(**values))

    def _drop(self, connection: sa.Connection, watch_id: int, ids: list[int]) -> None:
        """Drops snapshots, and the versions that nobody else holds."""
        these = snapshots.c.id.in_(ids)
        query = sa.select(snapshots.c.version_id).where(these)
        candidates = set(connection.execute(query).scalars())
        screenshots.forget(connection, ids)
        connection.execute(snapshots.delete().where(these))
        still = sa.select(snapshots.c.version_id).where(
            snapshots.c.watch_id == watch_id, snapshots.c.version_id.in_(candidates)
        )
        free = candidates - set(connection.execute(still).scalars())
        hold = (version_holds.c.owner == f"watch:{watch_id}") & version_holds.c.version_id.in_(free)
        connection.execute(version_holds.delete().where(hold))
        query = sa.select(versions.c.id).where(versions.c.id.in_(free), eviction.not_held())
        eviction.drop_versions(connection, list(connection.execute(query).scalars()))


def _snapshots(connection: sa.Connection, watch_id: int) -> list[SnapshotEntry]:
    query = (
        sa.select(snapshots, versions.c.stored_bytes)
        .join(versions, versions.c.id == snapshots.c.version_id)
        .where(snapshots.c.watch_id == watch_id)
        .order_by(snapshots.c.id.desc())
    )
    return [
        SnapshotEntry(s.id, s.version_id, s.at, s.language, s.chars, s.stored_bytes, s.pinned)
        for s in connection.execute(query)
    ]
