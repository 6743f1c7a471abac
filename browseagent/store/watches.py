"""Watches in the database: the two transactions of a check.

:class:`SqlWatchStore` implements :class:`~browseagent.watch.port.WatchStore`. Whatever a check writes, it
writes where the token of its claim (:mod:`browseagent.store.claims`) still stands, in one transaction. So
of two processes that took the same watch, because the first was slow, only the second one's findings
count, and each change is one event.

Transactions that touch the rows of one watch alone are made by many workers at once. One that stores a page
takes its turn: what pages share (bytes, versions of one URL) has no single row to lock.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from browseagent.records import Page
from browseagent.store import screenshots, watch_rows
from browseagent.store.claims import SqlClaims, ours, update
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


class SqlWatchStore(SqlClaims):
    """Claims and checks of watches. Shares the database of a page store. Safe to use from threads."""

    def __init__(self, pages: SqlPageStore) -> None:
        super().__init__(pages.database)
        self._pages = pages

    # --- the two transactions of a check

    def observe(self, claim: Claim, observation: Observation) -> Claim:
        keep, variant = observation.keep, observation.variant
        prepared = None if keep is None else self._pages.prepare(keep, variant=variant)
        shot, most = None if keep is None else keep.screenshot, claim.watch.screenshots
        picture = None if shot is None or most is None else screenshots.prepare(shot)
        with self._database.transaction(write=True, rows=prepared is None) as connection:
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
                if picture is not None and most is not None:
                    screenshots.put_in(connection, claim.id, snapshot, picture, most * 1_000_000)
                memory = numbered(memory, snapshot)
                if observation.event:
                    pending = (*pending, self._event(connection, claim, uid, observation, snapshot))
            values: dict[str, Any] = {
                "state": observation.state.value,
                "reason": plain(observation.reason),
                "checked_at": observation.at,
                "checks": watches.c.checks + 1,
                **watch_rows.health_values(observation.health),
            }
            if observation.memory is not None:
                values["memory"] = dump_memory(memory)
            # What is not said stays as the row has it: a commit whose answer was lost may have changed it.
            if observation.seen is not None:
                values |= watch_rows.seen_values(observation.seen)
            if observation.state is State.CHANGED and observation.noise is None:
                values["changed_at"] = observation.at
            if observation.due is not None:
                values |= {"due_at": observation.due, "lease_token": None, "lease_until": None}
            update(connection, claim.id, **values)
        return replace(claim, memory=memory, seen=seen, health=observation.health, pending=pending)

    def begin_judging(self, claim: Claim, event: PendingEvent) -> None:
        with self._database.transaction(write=True, rows=True) as connection:
            self._still_ours(connection, claim)
            change = events.update().where(events.c.id == event.id)
            connection.execute(change.values(tries=events.c.tries + 1))

    def conclude(self, claim: Claim, conclusion: Conclusion) -> Claim:
        event = conclusion.event
        with self._database.transaction(write=True, rows=True) as connection:
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
            update(connection, claim.id, **row)
        left = tuple(each for each in claim.pending if each.id != event.id)
        return replace(claim, memory=conclusion.memory, pending=left)

    def snapshot_page(self, snapshot: int) -> Page | None:
        query = sa.select(snapshots.c.version_id).where(snapshots.c.id == snapshot)
        with self._database.transaction() as connection:
            version = connection.execute(query).scalar_one_or_none()
        return None if version is None else self._pages.version_page(version)

    # --- inside

    def _still_ours(self, connection: sa.Connection, claim: Claim) -> str:
        """The watch's uid. Raises LostClaimError."""
        query = sa.select(watches.c.uid).where(ours(claim)).with_for_update()
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


def verdict_values(verdict: Verdict) -> dict[str, Any]:
    """The columns of an event that a verdict fills."""
    return {"verdict": dump_verdict(verdict), "alert": verdict.alert}


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
