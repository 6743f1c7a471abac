"""Brings a store that an earlier version wrote to this version's schema, step by step."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import sqlalchemy as sa

from browseagent.store.schema import meta

_STEPS: Mapping[int, Sequence[str]] = {
    1: (
        "ALTER TABLE versions ADD COLUMN variant TEXT NOT NULL DEFAULT ''",
        "DROP INDEX versions_by_url",
        "CREATE INDEX versions_by_url ON versions (url, variant, first_seen, id)",
    ),
}
"""The statements that lead from each version to the next."""


def migrated(connection: sa.Connection, version: int) -> int:
    """The schema's version after every step that there is, within the caller's transaction."""
    start = version
    while version in _STEPS:
        for statement in _STEPS[version]:
            connection.exec_driver_sql(statement)
        version += 1
    if version != start:
        change = meta.update().where(meta.c.key == "schema_version")
        connection.execute(change.values(value=str(version)))
    return version
