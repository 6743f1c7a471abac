"""Copies all that a store holds into an empty database, bit by bit, and compares the two.

Rows go in the order of their keys, some at a time; how far it came is noted in the target in the transaction
that writes them, so that a copy that was ended goes on where it was. At the end rows are counted and hashed
on both sides: a source that was written to meanwhile shows there. The full-text index is no part of it, it is
made anew.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from browseagent.errors import StoreError, UsageError
from browseagent.store.database import Database
from browseagent.store.schema import alembic_version, meta, metadata
from browseagent.store.site_schema import indexed

_BATCH = 500
_MOST_BYTES = 16_000_000
"""Of pages and what was derived from them in one transaction, roughly."""
_LEFT = (meta, alembic_version, indexed)
"""What every database has of its own."""

moving = sa.Table(
    "moving",
    sa.MetaData(),
    sa.Column("name", sa.String(64), primary_key=True),
    sa.Column("last", sa.JSON, nullable=False),
)
"""In the target while it is being filled: the last key of each table, and under an empty name the source."""


@dataclass(frozen=True, slots=True)
class Sum:
    """What a table holds. ``digest`` does not depend on the order of its rows."""

    rows: int
    digest: str


@dataclass(frozen=True, slots=True)
class Moved:
    """What was copied; ``resumed``: a copy that was ended before went on."""

    tables: dict[str, Sum]
    resumed: bool


def move(source: Database, target: Database, told: Callable[[str, int], None] = lambda *_: None) -> Moved:
    """Copies everything. ``told`` hears of each batch: the table, and how many rows of it are there. Raises
    UsageError where the target holds something else, StoreError where the two are not the same in the end."""
    resumed = _begin(source, target)
    for table in tables():
        _copy(source, target, table, told)
    sums = {table.name: summed(source, table) for table in tables()}
    wrong = [table.name for table in tables() if summed(target, table) != sums[table.name]]
    if wrong:
        raise StoreError(
            f"what was copied is not what {source.shown} holds now: {', '.join(wrong)}",
            hint="Was it written to meanwhile? End what uses it, and move into an empty database again.",
        )
    with target.transaction(write=True) as connection:
        for table in tables():
            _count_on(connection, table)
        moving.drop(connection)
    return Moved(sums, resumed)


def tables() -> list[sa.Table]:
    """What is copied, in an order in which each row finds those that it refers to."""
    return [table for table in metadata.sorted_tables if table not in _LEFT]


def summed(database: Database, table: sa.Table) -> Sum:
    """Counts and hashes the rows of a table."""
    rows, total = 0, 0
    with database.transaction() as connection:
        found = connection.execution_options(yield_per=_BATCH).execute(sa.select(table))
        for row in found:
            rows += 1
            total += int.from_bytes(hashlib.sha256(_plain(tuple(row))).digest())
    return Sum(rows, f"{total % 2**256:064x}")


def _begin(source: Database, target: Database) -> bool:
    """Notes in the target that it is being filled; whether it was already."""
    with target.transaction(write=True) as connection:
        if sa.inspect(connection).has_table(moving.name):
            last = connection.execute(sa.select(moving.c.last).where(moving.c.name == "")).scalar_one()
            if last != [source.shown]:
                raise UsageError(f"{target.shown} is being filled from {last[0]}", hint="Use an empty one.")
            return True
        for table in tables():
            if connection.execute(sa.select(sa.literal(1)).select_from(table).limit(1)).first():
                raise UsageError(
                    f"something is stored in {target.shown} already", hint="Move into an empty database."
                )
        moving.create(connection)
        connection.execute(moving.insert().values(name="", last=[source.shown]))
        return False


def _copy(source: Database, target: Database, table: sa.Table, told: Callable[[str, int], None]) -> None:
    with target.transaction() as connection:
        noted = sa.select(moving.c.last).where(moving.c.name == table.name)
        last = connection.execute(noted).scalar_one_or_none()
    count = 0
    for batch in _batches(source, table, last):
        reached = [batch[-1][column.name] for column in table.primary_key]
        with target.transaction(write=True) as connection:
            now = connection.execute(noted.with_for_update()).scalar_one_or_none()
            if now != last:
                raise UsageError(f"another process fills {target.shown}", hint="Wait for it to end.")
            connection.execute(table.insert(), batch)
            connection.execute(moving.delete().where(moving.c.name == table.name))
            connection.execute(moving.insert().values(name=table.name, last=reached))
        last = reached
        count += len(batch)
        told(table.name, count)


def _batches(source: Database, table: sa.Table, last: list[Any] | None) -> Iterator[list[dict[str, Any]]]:
    """The rows of a table beyond a key, in the order of keys."""
    key = list(table.primary_key)
    while True:
        query = sa.select(table).order_by(*key).limit(_BATCH)
        if last is not None:
            query = query.where(sa.tuple_(*key) > sa.tuple_(*map(sa.literal, last)))
        batch: list[dict[str, Any]] = []
        size = 0
        with source.transaction() as connection:
            found = connection.execution_options(yield_per=20).execute(query)
            for row in found.mappings():
                batch.append(dict(row))
                size += sum(len(value) for value in row.values() if isinstance(value, bytes))
                if size > _MOST_BYTES:
                    break
            found.close()
        if not batch:
            return
        last = [batch[-1][column.name] for column in key]
        yield batch


def _count_on(connection: sa.Connection, table: sa.Table) -> None:
    """Has PostgreSQL number new rows beyond those that were copied."""
    number = table.autoincrement_column
    if number is None or connection.dialect.name != "postgresql":
        return
    highest = connection.execute(sa.select(sa.func.max(number))).scalar_one()
    if highest is not None:
        sequence = sa.func.pg_get_serial_sequence(table.name, number.name)
        connection.execute(sa.select(sa.func.setval(sequence, highest)))


def _plain(row: tuple[Any, ...]) -> bytes:
    """A row as bytes, the same from every database."""

    def value(each: object) -> object:
        if isinstance(each, bytes):
            return hashlib.sha256(each).hexdigest()
        return each.isoformat() if isinstance(each, datetime) else str(each)

    return json.dumps(row, default=value, sort_keys=True).encode("utf-8", "surrogatepass")
