"""Rows of watches to records and back, and the numbers that the store gives out."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from browseagent.durable import is_gone
from browseagent.store.rows import plain
from browseagent.store.watch_schema import watch_groups
from browseagent.watch.codec import load_memory
from browseagent.watch.health import Health
from browseagent.watch.port import Claim, PendingEvent, Seen
from browseagent.watch.records import Watch
from browseagent.watch.settings import layered, watch_of

DEFAULTS = ""
"""The group whose settings every watch has, where it and its group say nothing else."""


def layers(connection: sa.Connection) -> dict[str, dict[str, Any]]:
    """The settings of every group, by name; the defaults under the empty one."""
    return {row.name: row.settings for row in connection.execute(sa.select(watch_groups))}


def watch_of_row(row: sa.Row[Any], groups: dict[str, dict[str, Any]]) -> Watch:
    """The watch of a row, with what its group and the defaults say. Raises UsageError."""
    return merged(row.name, row.settings, row.group_name, groups)


def merged(name: str, own: dict[str, Any], group: str | None, groups: dict[str, dict[str, Any]]) -> Watch:
    """The watch of its own settings, its group's and the defaults. Raises UsageError."""
    belongs = {"group": group} if group else {}
    return watch_of(name, layered(groups.get(DEFAULTS, {}), groups.get(group or "", {}), own, belongs))


def claim_of(row: sa.Row[Any], watch: Watch, pending: tuple[PendingEvent, ...], token: str) -> Claim:
    """The claim of a row."""
    return Claim(
        id=row.id,
        token=token,
        watch=watch,
        due=row.due_at,
        memory=load_memory(row.memory),
        seen=Seen(row.seen_sha256, row.etag, row.last_modified),
        health=Health(row.failures, row.trouble_told, row.good_at),
        pending=pending,
    )


def event_of(row: sa.Row[Any]) -> PendingEvent:
    """The pending event of a row."""
    return PendingEvent(row.id, row.key, row.kind, row.at, row.before_id, row.after_id, row.note, row.tries)


def event_key(uid: str, *parts: object) -> str:
    """The name of an event, the same whoever computes it."""
    return hashlib.sha256("\n".join([uid, *map(str, parts)]).encode()).hexdigest()[:32]


def letter_key(event: str, target: str) -> str:
    """The idempotency key of an event's letter to a target."""
    return hashlib.sha256(f"{event}\n{target}".encode("utf-8", "surrogatepass")).hexdigest()[:32]


def seen_values(seen: Seen) -> dict[str, str | None]:
    """The columns of what is known of the last response."""
    return {
        "seen_sha256": seen.sha256,
        "etag": None if seen.etag is None else plain(seen.etag),
        "last_modified": None if seen.last_modified is None else plain(seen.last_modified),
    }


def health_values(health: Health) -> dict[str, Any]:
    """The columns of a watch's health."""
    return {"failures": health.failures, "trouble_told": health.told, "good_at": health.good_at}


def free_leases(connection: sa.Connection, table: sa.Table, now: datetime) -> None:
    """Ends the leases of processes that ended without giving them back."""
    held = sa.select(table.c.lease_token).where(table.c.lease_until > now).distinct()
    gone = [token for token in connection.execute(held).scalars() if token and is_gone(token)]
    if gone:
        change = table.update().where(table.c.lease_token.in_(gone))
        connection.execute(change.values(lease_token=None, lease_until=None))
