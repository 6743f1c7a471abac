"""Watches in the database: claims, and the two transactions of a check.

:class:`SqlWatchStore` implements :class:`~browseagent.watch.port.WatchStore`. A claim is a token in the
watch's row; whatever a check writes, it writes where its token still stands, in one transaction. So
of two processes that took the same watch, because the first was slow, only the second one's findings
count, and each change is one event.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from browseagent.durable import is_gone
from browseagent.errors import UsageError
from browseagent.records import Page
from browseagent.store import watch_rows
from browseagent.store.pages import SqlPageStore
from browseagent.store.rows import plain
from browseagent.store.schema import version_holds
from browseagent.store.watch_schema import events, outbox, snapshots, watches
from browseagent.watch.codec import dump_memory, dump_verdict
from browseagent.watch.health import Notice
from browseagent.watch.judge import numbered
from browseagent.watch.port import (
    Claim,
    Conclusion,
    Letter,
    LostClaimError,
    Observation,
    PendingEvent,
)
from browseagent.watch.records import State, Verdict
from browseagent.watch.schedule import caught_up, is_open, mended, next_due, schedule_of

_READ_AHEAD = 20
"""Rows looked at for one that is claimed: of several that are due on one host only some are taken."""


class SqlWatchStore:
    """Claims and checks of watches. Shares the database of a page store. Safe to use from threads."""

    def __init__(self, pages: SqlPageStore) -> None:
        self._pages = pages
        self._database = pages.database

    # --- claims

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
        with self._database.transaction(write=True) as connection:
            groups = watch_rows.layers(connection)
            for row in connection.execute(query).all():
                if len(claims) == limit:
                    break
                if taken.get(row.host, 0) >= per_host:
                    continue
                try:
                    watch = watch_rows.watch_of_row(row, groups)
                    schedule = schedule_of(watch)
                except UsageError as error:
                    later = now + timedelta(hours=1)
                    self._update(connection, row.id, due_at=later, state="failed", reason=error.message)
                    continue
                if not is_open(schedule, now):
                    self._update(connection, row.id, due_at=next_due(schedule, now))
                    continue
                taken[row.host] = taken.get(row.host, 0) + 1
                claims.append(self._take(connection, row, watch, owner, now, seconds))
        return claims

    def claim_named(self, name: str, owner: str, now: datetime, *, seconds: float) -> Claim | None:
        with self._database.transaction(write=True) as connection:
            row = connection.execute(sa.select(watches).where(watches.c.name == name)).one_or_none()
            if row is None:
                raise unknown(name)
            if row.lease_until is not None and row.lease_until > now and not is_gone(row.lease_token):
                return None
            watch = watch_rows.watch_of_row(row, watch_rows.layers(connection))
            return self._take(connection, row, watch, owner, now, seconds)

    def release(self, claim: Claim, due: datetime) -> None:
        values = {"lease_token": None, "lease_until": None, "due_at": due}
        with self._database.transaction(write=True) as connection:
            connection.execute(watches.update().where(_ours(claim)).values(**values))

    def renew(self, tokens: Collection[str], until: datetime) -> None:
        """Lengthens the leases of these claims, as far as they still stand."""
        ours = watches.c.lease_token.in_(tokens)
        with self._database.transaction(write=True) as connection:
            connection.execute(watches.update().where(ours).values(lease_until=until))

    def mend(self, now: datetime, *, catch_up: bool = False) -> int:
        """Looks through all due times: those of a clock that was set back since, and with ``catch_up``
        those that were missed. How many changed."""
        changed = 0
        with self._database.transaction(write=True) as connection:
            groups = watch_rows.layers(connection)
            for row in connection.execute(sa.select(watches).where(watches.c.enabled)).all():
                try:
                    schedule = schedule_of(watch_rows.watch_of_row(row, groups))
                except UsageError:
                    continue  # said when it is claimed
                due = mended(schedule, row.due_at, now)
                due = caught_up(schedule, due, now) if catch_up else due
                if due != row.due_at:
                    changed += 1
                    self._update(connection, row.id, due_at=due)
            watch_rows.free_leases(connection, watches, now)
            horizon = now + timedelta(days=1)
            stale = watches.c.lease_until > horizon  # no lease is that long: the clock was set back
            connection.execute(watches.update().where(stale).values(lease_until=now))
        return changed

    def next_due(self) -> datetime | None:
        """When the next watch is due; None where there is none."""
        query = sa.select(sa.func.min(watches.c.due_at)).where(watches.c.enabled)
        with self._database.transaction() as connection:
            found = connection.execute(query).scalar_one()
        return found if found is None or isinstance(found, datetime) else None

    # --- the two transactions of a check

    def observe(self, claim: Claim, observation: Observation) -> Claim:
        keep, variant = observation.keep, observation.variant
        prepared = None if keep is None else self._pages.prepare(keep, variant=variant)
        with self._database.transaction(write=True) as connection:
            uid = self._still_ours(connection, claim)
            memory, pending = observation.memory or claim.memory, claim.pending
            seen = observation.seen or claim.seen
            if observation.notice is not None:
                self._notice(connection, claim, uid, observation, observation.notice)
            if observation.noise is not None:
                self._noise(connection, claim, uid, observation, observation.noise)
            if prepared is not None:
                version = self._pages.put_in(connection, prepared)
                snapshot = self._snapshot(connection, claim, version, observation)
                memory = numbered(memory, snapshot)
                if observation.event:
                    pending = (*pending, self._event(connection, claim, uid, observation, snapshot))
            values: dict[str, Any] = {
                "memory": dump_memory(memory),
                "state": observation.state.value,
                "reason": plain(observation.reason),
                "checked_at": observation.at,
                "checks": watches.c.checks + 1,
                **watch_rows.seen_values(seen),
                **watch_rows.health_values(observation.health),
            }
            if observation.state is State.CHANGED and observation.noise is None:
                values["changed_at"] = observation.at
            if observation.due is not None:
                values |= {"due_at": observation.due, "lease_token": None, "lease_until": None}
            self._update(connection, claim.id, **values)
        return replace(claim, memory=memory, seen=seen, health=observation.health, pending=pending)

    def begin_judging(self, claim: Claim, event: PendingEvent) -> None:
        with self._database.transaction(write=True) as connection:
            self._still_ours(connection, claim)
            change = events.update().where(events.c.id == event.id)
            connection.execute(change.values(tries=events.c.tries + 1))

    def conclude(self, claim: Claim, conclusion: Conclusion) -> Claim:
        event = conclusion.event
        with self._database.transaction(write=True) as connection:
            self._still_ours(connection, claim)
            values = {"status": "judged", **verdict_values(conclusion.verdict)}
            still = (events.c.id == event.id) & (events.c.status == "pending")
            done = connection.execute(events.update().where(still).values(**values))
            if done.rowcount != 1:
                raise LostClaimError(claim.watch.name)
            _post(connection, claim.id, event.id, event.key, conclusion.letters, conclusion.at)
            row: dict[str, Any] = {"memory": dump_memory(conclusion.memory)}
            if conclusion.due is not None:
                row |= {"due_at": conclusion.due, "lease_token": None, "lease_until": None}
            self._update(connection, claim.id, **row)
        left = tuple(each for each in claim.pending if each.id != event.id)
        return replace(claim, memory=conclusion.memory, pending=left)

    def snapshot_page(self, snapshot: int) -> Page | None:
        query = sa.select(snapshots.c.version_id).where(snapshots.c.id == snapshot)
        with self._database.transaction() as connection:
            version = connection.execute(query).scalar_one_or_none()
        return None if version is None else self._pages.version_page(version)

    # --- inside

    def _take(
        self,
        connection: sa.Connection,
        row: sa.Row[Any],
        watch: Any,
        owner: str,
        now: datetime,
        seconds: float,
    ) -> Claim:
        token = f"{owner[:46]}:{secrets.token_hex(8)}"
        until = now + timedelta(seconds=seconds)
        self._update(connection, row.id, lease_token=token, lease_until=until)
        waiting = (events.c.status == "pending") & (events.c.watch_id == row.id)
        found = connection.execute(sa.select(events).where(waiting).order_by(events.c.id)).all()
        return watch_rows.claim_of(row, watch, tuple(map(watch_rows.event_of, found)), token)

    def _still_ours(self, connection: sa.Connection, claim: Claim) -> str:
        """The watch's uid. Raises LostClaimError."""
        query = sa.select(watches.c.uid).where(_ours(claim)).with_for_update()
        uid = connection.execute(query).scalar_one_or_none()
        if uid is None:
            raise LostClaimError(claim.watch.name)
        return str(uid)

    def _snapshot(
        self, connection: sa.Connection, claim: Claim, version: int, observation: Observation
    ) -> int:
        values = {
            "watch_id": claim.id,
            "version_id": version,
            "at": observation.at,
            "language": plain(observation.language)[:35],
            "chars": observation.chars,
            "pinned": False,
        }
        made = snapshots.insert().values(**values).returning(snapshots.c.id)
        snapshot = int(connection.execute(made).scalar_one())
        hold = {"owner": f"watch:{claim.id}", "version_id": version}
        condition = sa.and_(*(version_holds.c[name] == value for name, value in hold.items()))
        if connection.execute(sa.select(version_holds).where(condition)).one_or_none() is None:
            connection.execute(version_holds.insert().values(**hold))
        return snapshot

    def _event(
        self, connection: sa.Connection, claim: Claim, uid: str, observation: Observation, snapshot: int
    ) -> PendingEvent:
        values = {
            "watch_id": claim.id,
            "key": watch_rows.event_key(uid, "look", snapshot),
            "kind": observation.event,
            "status": "pending",
            "at": observation.at,
            "before_id": observation.before,
            "after_id": snapshot,
            "note": plain(observation.reason),
            "tries": 0,
            "alert": False,
        }
        made = connection.execute(events.insert().values(**values).returning(events)).one()
        return watch_rows.event_of(made)

    def _noise(
        self, connection: sa.Connection, claim: Claim, uid: str, observation: Observation, noise: Verdict
    ) -> None:
        """Noise in the history: looks in a row that found nothing else are one event."""
        at = observation.at
        values = {"at": at, "note": plain(observation.reason), **verdict_values(noise)}
        last = sa.select(events).where(events.c.watch_id == claim.id).order_by(events.c.id.desc()).limit(1)
        row = connection.execute(last).one_or_none()
        if row is not None and row.kind == "noise":
            change = events.update().where(events.c.id == row.id)
            connection.execute(change.values(tries=events.c.tries + 1, **values))
            return
        key = watch_rows.event_key(uid, "noise", at.isoformat())
        shared = {"watch_id": claim.id, "key": key, "kind": "noise", "status": "judged", "tries": 1}
        connection.execute(events.insert().values(before_id=observation.before, **shared, **values))

    def _notice(
        self, connection: sa.Connection, claim: Claim, uid: str, observation: Observation, notice: Notice
    ) -> None:
        """A trouble or its end: an event that needs no judging, and its letters."""
        verdict = Verdict(observation.state, summary=notice.summary, alert=True, reason=notice.reason)
        at = observation.at
        values = {
            "watch_id": claim.id,
            "key": watch_rows.event_key(uid, notice.kind, at.isoformat()),
            "kind": notice.kind,
            "status": "judged",
            "at": at,
            "note": plain(notice.reason),
            "tries": 0,
            **verdict_values(verdict),
        }
        made = connection.execute(events.insert().values(**values).returning(events.c.id, events.c.key)).one()
        _post(connection, claim.id, made.id, made.key, observation.letters, at)

    def _update(self, connection: sa.Connection, watch_id: int, **values: Any) -> None:
        connection.execute(watches.update().where(watches.c.id == watch_id).values(**values))


def unknown(name: str) -> UsageError:
    """The error for a watch that does not exist."""
    return UsageError(f"there is no watch named {name!r}", hint="`browseagent watch list` lists them.")


def verdict_values(verdict: Verdict) -> dict[str, Any]:
    """The columns of an event that a verdict fills."""
    return {"verdict": dump_verdict(verdict), "alert": verdict.alert}


def _free(now: datetime) -> sa.ColumnElement[bool]:
    return watches.c.lease_until.is_(None) | (watches.c.lease_until <= now)


def _ours(claim: Claim) -> sa.ColumnElement[bool]:
    return (watches.c.id == claim.id) & (watches.c.lease_token == claim.token)


def _post(
    connection: sa.Connection,
    watch_id: int,
    event_id: int,
    event_key: str,
    letters: tuple[Letter, ...],
    now: datetime,
) -> None:
    for letter in letters:
        values = {
            "event_id": event_id,
            "watch_id": watch_id,
            "target": letter.target,
            "key": watch_rows.letter_key(event_key, letter.target),
            "batch": letter.batch,
            "payload": {**letter.payload, "event": event_key},
            "status": "waiting",
            "created_at": now,
            "next_at": letter.not_before,
            "attempts": 0,
            "error": "",
        }
        connection.execute(outbox.insert().values(**values))
