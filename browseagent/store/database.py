"""Opens the store's database and runs its transactions; turns the database's errors into ours.

SQLite: a write-ahead log lets one process write while others read, ``synchronous=FULL`` makes a commit
survive a power cut, and a write transaction takes its lock when it begins, so that two writers
queue instead of one of them failing half-way. A damaged file is reported and never deleted.

PostgreSQL behaves the same by one advisory lock that a write transaction takes first, unless it says that
the rows it locks are all that it needs (``rows``): so do those that many workers make at once. Reading
transactions see one moment (REPEATABLE READ).
"""

from __future__ import annotations

import os
import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from browseagent.errors import StoreError
from browseagent.store import (  # noqa: F401  their tables belong to it
    asked_schema,
    migrate,
    site_schema,
    watch_schema,
)
from browseagent.store.schema import SCHEMA_VERSION, alembic_version, meta, metadata

BUSY_TIMEOUT = 15.0
"""Seconds to wait for another process's write. Each of our transactions writes one page or drops a
batch, so a wait this long means that something holds the lock that should not."""

_WRITE = "browseagent_write"
_ALONE = "browseagent_alone"
_DURABLE = "browseagent_durable"
_ADVISORY = int.from_bytes(b"browsea", "big")
"""The number of our lock in a PostgreSQL database: one writer at a time."""
_MAKING = threading.Lock()
"""Held while a new file is made, so that no thread has it open when another closes it."""


class Database:
    """A database that holds our schema. Safe to use from several threads and processes.

    ``where`` is a file (SQLite) or a URL ``postgresql://…``.
    """

    def __init__(self, where: Path | str) -> None:
        """Opens the database, making its tables where there are none. Raises StoreError."""
        self.path = where
        if isinstance(where, Path):
            _make_private(where)
            self._engine = _sqlite(where)
        else:
            self._engine = postgres_engine(where)
        try:
            with self.transaction(write=True) as connection:
                _check_schema(connection, self.shown)
        except BaseException:
            self._engine.dispose()
            raise

    @property
    def shown(self) -> str:
        """The database as it may be named to a person: without a password."""
        if isinstance(self.path, Path):
            return str(self.path)
        return self._engine.url.set(drivername="postgresql").render_as_string(hide_password=True)

    @property
    def url(self) -> str | None:
        """The address of a PostgreSQL database, as libpq takes it; None for a file."""
        if isinstance(self.path, Path):
            return None
        return self._engine.url.set(drivername="postgresql").render_as_string(hide_password=False)

    @contextmanager
    def transaction(
        self, *, write: bool = False, rows: bool = False, durable: bool = True
    ) -> Iterator[sa.Connection]:
        """One transaction, committed at the end and rolled back on an error. Raises StoreError.

        ``rows``: it writes beside others, and locks the rows that it decides by. SQLite lets none write
        beside another, so that it has no effect there. Not ``durable``: a power cut may undo it together with
        all that was committed after it; PostgreSQL then does not wait for its disk."""
        try:
            with self._engine.connect() as connection:
                options: dict[str, object] = {_WRITE: write, _ALONE: write and not rows, _DURABLE: durable}
                if self._engine.dialect.name != "sqlite":
                    options["isolation_level"] = "READ COMMITTED" if write else "REPEATABLE READ"
                connection = connection.execution_options(**options)
                with connection.begin():
                    yield connection
        except sa.exc.DBAPIError as error:
            raise _explain(error.orig or error, self.shown) from error
        except sa.exc.SQLAlchemyError as error:
            raise _explain(error, self.shown) from error

    def give_back_space(self) -> None:
        """Returns the pages that deletions freed to the file system; PostgreSQL does so by itself."""
        if not isinstance(self.path, Path):
            return
        try:
            raw = self._engine.raw_connection()
            try:
                cursor = raw.cursor()
                # executescript runs a statement to its end; execute would free a single page.
                cursor.executescript("PRAGMA incremental_vacuum; PRAGMA wal_checkpoint(TRUNCATE);")
                cursor.close()
            finally:
                raw.close()
        except (sqlite3.Error, sa.exc.SQLAlchemyError) as error:
            raise _explain(getattr(error, "orig", None) or error, self.shown) from error

    def file_bytes(self) -> int:
        """Size of the database on disk, its write-ahead log included."""
        if not isinstance(self.path, Path):
            with self.transaction() as connection:
                return int(connection.scalar(sa.text("SELECT pg_database_size(current_database())")) or 0)
        names = (self.path, Path(f"{self.path}-wal"))
        return sum(name.stat().st_size for name in names if name.exists())

    def close(self) -> None:
        """Closes every connection."""
        self._engine.dispose()


def writes(connection: sa.Connection) -> bool:
    """Whether a transaction was begun to write."""
    return bool(connection.get_execution_options().get(_WRITE, False))


def _make_private(path: Path) -> None:
    """Makes folder (0700) and file (0600) before SQLite would make them readable to others.

    SQLite gives its log files the mode of the database. A file that is there is not opened: to close any
    descriptor of it gives up the locks that this process's connections hold on it, upon which another
    process takes itself for the last one and deletes the write-ahead log that is still written to
    (https://www.sqlite.org/howtocorrupt.html, 2.2).
    """
    try:
        path.parent.parent.mkdir(parents=True, exist_ok=True)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        with _MAKING:
            if not path.exists():
                os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise StoreError(
            f"the page store {path} cannot be opened: {error.strerror or error}",
            hint="Name a folder that you may write to with BROWSEAGENT_HOME.",
        ) from error


def _sqlite(path: Path) -> sa.Engine:
    url = sa.URL.create("sqlite", database=str(path))
    engine = sa.create_engine(url, connect_args={"timeout": BUSY_TIMEOUT})

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        try:
            cursor.execute("PRAGMA foreign_keys=ON")
            cursor.execute("PRAGMA auto_vacuum=INCREMENTAL")  # has effect on an empty file only
            _use_write_ahead_log(cursor)
            cursor.execute("PRAGMA synchronous=FULL")
            cursor.execute("PRAGMA journal_size_limit=16777216")
        finally:
            cursor.close()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        write = connection.get_execution_options().get(_WRITE, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")

    return engine


def postgres_engine(url: str) -> sa.Engine:
    """An engine for a PostgreSQL database. Raises StoreError where the driver is missing."""
    try:
        parsed = sa.make_url(url).set(drivername="postgresql+psycopg")
        engine = sa.create_engine(parsed, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    except sa.exc.ArgumentError as error:
        raise StoreError(
            "the address of the database is no URL", hint="postgresql://user@host/name"
        ) from error
    except ModuleNotFoundError as error:
        hint = "pip install 'browseagent[postgres]'"
        raise StoreError("psycopg, which speaks to PostgreSQL, is not installed", hint=hint) from error

    @sa.event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.execute(f"SET lock_timeout = '{BUSY_TIMEOUT:.0f}s'")
        connection.commit()

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        if connection.get_execution_options().get(_ALONE, False):
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ADVISORY})")
        if not connection.get_execution_options().get(_DURABLE, True):
            connection.exec_driver_sql("SET LOCAL synchronous_commit TO off")

    return engine


def _use_write_ahead_log(cursor: sqlite3.Cursor) -> None:
    """Switching a new file over needs it alone, and SQLite does not wait for that by itself."""
    deadline = time.monotonic() + BUSY_TIMEOUT
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
            return
        except sqlite3.OperationalError as error:
            if _code(error) != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(0.02)


def _check_schema(connection: sa.Connection, shown: str) -> None:
    tables = set(sa.inspect(connection).get_table_names())
    if not tables:
        metadata.create_all(connection)
        connection.execute(meta.insert().values(key="schema_version", value=str(SCHEMA_VERSION)))
        connection.execute(alembic_version.insert().values(version_num=migrate.HEAD))
        return
    found = None
    if "meta" in tables:
        query = sa.select(meta.c.value).where(meta.c.key == "schema_version")
        found = connection.execute(query).scalar_one_or_none()
    if found is None or not found.isdecimal():
        raise StoreError(
            f"{shown} is a database, but not a page store of browseagent",
            hint="Move it away, or name another folder with BROWSEAGENT_HOME.",
        )
    if 0 < int(found) < SCHEMA_VERSION:
        migrate.upgrade(connection, int(found))
    elif int(found) != SCHEMA_VERSION:
        raise StoreError(
            f"the page store {shown} was written by another version of browseagent "
            f"(schema {found}; this one knows schema {SCHEMA_VERSION})",
            hint="Upgrade browseagent, or name another folder with BROWSEAGENT_HOME.",
        )


def _code(error: BaseException) -> int:
    """SQLite's primary result code, or 0."""
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF if isinstance(code, int) else 0


def damaged(path: Path | str, what: str) -> StoreError:
    """The error for a store whose bytes are not what was written."""
    return StoreError(
        f"the page store {path} is damaged: {what}",
        hint=f"It was left as it is. Move it away (mv '{path}' '{path}.damaged'); a new one is made.",
    )


def _explain(error: BaseException, path: str) -> StoreError:
    code = _code(error)
    if code in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT):
        return damaged(path, str(error))
    hints = {
        sqlite3.SQLITE_BUSY: "Another browseagent is writing to it; try again in a moment.",
        sqlite3.SQLITE_LOCKED: "Another browseagent is writing to it; try again in a moment.",
        sqlite3.SQLITE_FULL: "The disk is full; `browseagent cache clear --older-than 30d` makes room.",
        sqlite3.SQLITE_READONLY: "Name a folder that you may write to with BROWSEAGENT_HOME.",
        sqlite3.SQLITE_CANTOPEN: "Name a folder that you may write to with BROWSEAGENT_HOME.",
    }
    said = " ".join(str(error).split())
    return StoreError(f"the page store {path} cannot be used: {said}", hint=hints.get(code, ""))
