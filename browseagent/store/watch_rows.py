"""Rows of watches to records and back, and the numbers that the store gives out."""

from __future__ import annotations

import hashlib
import shlex
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa

from browseagent.durable import is_gone
from browseagent.errors import UsageError
from browseagent.store.rows import plain
from browseagent.store.watch_schema import watch_groups
from browseagent.watch.codec import dump_memory, load_memory
from browseagent.watch.health import Health
from browseagent.watch.judge import Memory
from browseagent.watch.port import Claim, PendingEvent, Seen
from browseagent.watch.records import Watch
from browseagent.watch.schedule import next_due, schedule_of
from browseagent.watch.settings import layered, session_of, watch_of, without_login

DEFAULTS = ""
"""The group whose settings every watch has, where it and its group say nothing else."""


def layers(connection: sa.Connection) -> dict[str, dict[str, Any]]:
    """The settings of every group, by name; the defaults under the empty one."""
    return {row.name: row.settings for row in connection.execute(sa.select(watch_groups))}


class UnreadableWatch(UsageError):
    """A watch whose stored settings cannot be read, by themselves or with its group's."""


def watch_of_row(row: sa.Row[Any], groups: dict[str, dict[str, Any]]) -> Watch:
    """The watch of a row, with what its group and the defaults say. Raises UnreadableWatch."""
    try:
        return watch_of(row.name, settings_of_row(row, groups))
    except UsageError as error:
        said = error.message if error.message.startswith(f"{row.name}:") else f"{row.name}: {error.message}"
        mend = (
            "Mend it: `browseagent watch export --to watches.toml`, correct it there, "
            f"`browseagent watch import watches.toml`; or `browseagent watch remove {shlex.quote(row.name)}`."
        )
        raise UnreadableWatch(said, hint=f"{error.hint} {mend}" if error.hint else mend) from error


def is_readable(row: sa.Row[Any], groups: dict[str, dict[str, Any]]) -> bool:
    """Whether a row is a watch."""
    try:
        return bool(watch_of_row(row, groups))
    except UnreadableWatch:
        return False


def own_of_row(row: sa.Row[Any]) -> dict[str, Any]:
    """The settings of a watch itself, its group's name among them."""
    return {**row.settings, **({"group": row.group_name} if row.group_name else {})}


def url_of_row(row: sa.Row[Any], groups: dict[str, dict[str, Any]]) -> str:
    """The address that a row gives, be it one or not; nothing where it gives none."""
    url = without_login(settings_of_row(row, groups)).get("url")
    return url if isinstance(url, str) else ""


def tags_of_row(row: sa.Row[Any], groups: dict[str, dict[str, Any]]) -> tuple[str, ...]:
    """The tags that a row gives."""
    tags = settings_of_row(row, groups).get("tags")
    listed = [tags] if isinstance(tags, str) else tags if isinstance(tags, (list, tuple)) else ()
    return tuple(each for each in listed if isinstance(each, str))


def settings_of_row(row: sa.Row[Any], groups: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The settings of a row, its group's and the defaults, as one."""
    return merged(row.settings, row.group_name, groups)


def merged(own: dict[str, Any], group: str | None, groups: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """A watch's own settings, its group's and the defaults, as one."""
    belongs = {"group": group} if group else {}
    return layered(groups.get(DEFAULTS, {}), groups.get(group or "", {}), own, belongs)


def settings_values(watch: Watch) -> dict[str, Any]:
    """The columns that say again what stands in the settings, so that a query finds it."""
    return {"host": (urlsplit(watch.url).hostname or "")[:255], "enabled": watch.enabled}


def changed_values(
    row: sa.Row[Any], groups: dict[str, dict[str, Any]], watch: Watch, now: datetime
) -> dict[str, Any]:
    """The columns of a row whose watch was what it says with ``groups``, and is ``watch`` from now on."""
    values = settings_values(watch)
    try:
        before = watch_of_row(row, groups)
    except UsageError:  # settings that cannot be read: what was seen before them is as good as it was
        return {**values, "due_at": min(row.due_at, next_due(schedule_of(watch), now))}
    if (before.url, session_of(before)) != (watch.url, session_of(watch)):
        # Another page, or the same as somebody else sees it: nothing that is remembered is of it,
        # and a check that is under way is of the old one.
        values |= {"memory": dump_memory(Memory()), "seen_sha256": "", "state": None, "reason": ""}
        values |= {"due_at": now, "failures": 0, "trouble_told": False, "good_at": now}
        values |= {"lease_token": None, "lease_until": None}
    elif (before.every, before.cron, before.timezone, before.between) != (
        watch.every, watch.cron, watch.timezone, watch.between,
    ):  # fmt: skip
        values["due_at"] = min(row.due_at, next_due(schedule_of(watch), now))
    return values


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
