"""A backup of everything that is kept, in one file, and back again.

The database is copied by SQLite's own online backup, which gives one moment of it while others write; it goes
back the same way, into the file that is there, so that a process which has it open sees the old or the new.
Secrets (headers, passwords of proxies, targets of alerts, profiles) are left out unless they are asked for,
and what was left out is named.
"""

from __future__ import annotations

import io
import json
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from browseagent.config import Settings
from browseagent.durable import flush
from browseagent.errors import StoreError, UsageError
from browseagent.store.database import Database
from browseagent.store.schema import SCHEMA_VERSION
from browseagent.watch.notify.target import parse_target

FORMAT = "browseagent.backup/1"
_GZIP = b"\x1f\x8b"
_DATABASE = "pages.sqlite"
_MANIFEST = "manifest.json"
_COUNTED = ("watches", "asked")
_PUBLIC = ("stdout", "feed")
"""Kinds of targets whose address is no secret."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds."""

    made_at: datetime
    schema: int
    secrets: bool
    left_out: tuple[tuple[str, str], ...]
    """(watch or place, what of it is not in the backup)."""
    bytes: int
    held: Held


@dataclass(frozen=True, slots=True)
class Held:
    """How many of each are in it."""

    pages: int
    versions: int
    watches: int
    questions: int


def back_up(settings: Settings, file: Path, *, secrets: bool) -> Backup:
    """Writes the backup, whole or not at all. Raises UsageError, StoreError."""
    if settings.database is not None:
        raise UsageError(
            "this store is in PostgreSQL, which has backups of its own", hint="pg_dump, and pg_restore."
        )
    if not settings.store_path.exists():
        raise UsageError(f"nothing is stored in {settings.home}", hint="There is nothing to back up.")
    _check_place(file)
    Database(settings.store_path).close()  # an older one is brought to the present schema
    with _folder(file.parent) as folder:
        copy = folder / _DATABASE
        left_out = []
        try:
            with (
                closing(sqlite3.connect(settings.store_path)) as source,
                closing(sqlite3.connect(copy)) as to,
            ):
                source.backup(to, pages=1000)
                if not secrets:
                    left_out = _without_secrets(to)
        except sqlite3.Error as error:
            raise StoreError(f"{settings.store_path} cannot be copied: {error}") from error
        if not secrets and settings.profiles_path.is_dir() and any(settings.profiles_path.iterdir()):
            left_out.append(("profiles", "all of them, with their cookies"))
        made = datetime.now(UTC).replace(microsecond=0)
        manifest = {
            "format": FORMAT,
            "made_at": made.isoformat(),
            "schema": SCHEMA_VERSION,
            "secrets": secrets,
            "left_out": left_out,
        }
        part = folder / "backup"
        with tarfile.open(part, "w:gz", compresslevel=1) as archive:
            _put(archive, _MANIFEST, json.dumps(manifest, indent=1).encode())
            held = _held(copy)
            archive.add(copy, _DATABASE)
            if secrets and settings.profiles_path.is_dir():
                archive.add(settings.profiles_path, "profiles")
        part.chmod(0o600)
        flush(part)
        size = part.stat().st_size
        part.replace(file)
        flush(file.parent)
    return Backup(made, SCHEMA_VERSION, secrets, tuple(left_out), size, held)


def restore(settings: Settings, file: Path, *, over: bool) -> Backup:
    """Puts a backup in place. ``over``: also where something is stored already, which is lost then. Raises
    UsageError, StoreError; then everything is as it was."""
    if settings.database is not None:
        raise UsageError("this store is in PostgreSQL", hint="Unset BROWSEAGENT_DATABASE, or use pg_restore.")
    if settings.store_path.exists() and not over and not _is_empty(settings.store_path):
        raise UsageError(
            f"something is stored in {settings.home} already",
            hint="Name another folder with BROWSEAGENT_HOME, or give --over to lose what is there.",
        )
    with _folder(settings.home) as folder:
        found = _unpacked(file, folder)
        Database(settings.store_path).close()
        try:
            with (
                closing(sqlite3.connect(folder / _DATABASE)) as source,
                closing(sqlite3.connect(settings.store_path, timeout=15)) as to,
            ):
                source.backup(to)
        except sqlite3.Error as error:
            hint = "End what uses it (watch run, serve) and try again."
            raise StoreError(f"{settings.store_path} cannot be written: {error}", hint=hint) from error
        if (folder / "profiles").is_dir():
            shutil.copytree(folder / "profiles", settings.profiles_path, dirs_exist_ok=True)
    return found


def _unpacked(file: Path, folder: Path) -> Backup:
    """What a backup says of itself, its files in the folder. Raises UsageError for what is none."""
    try:
        with tarfile.open(file, "r:gz") as archive:
            archive.extractall(folder, filter="data")
        manifest = json.loads((folder / _MANIFEST).read_text("utf-8"))
        if manifest["format"] != FORMAT or not (folder / _DATABASE).is_file():
            raise ValueError("it is of another format")
        left_out = tuple((str(name), str(what)) for name, what in manifest["left_out"])
        made = datetime.fromisoformat(manifest["made_at"])
        schema = int(manifest["schema"])
    except (OSError, EOFError, tarfile.TarError, ValueError, KeyError, TypeError) as error:
        raise UsageError(f"{file} is no backup of browseagent, or is damaged: {error}") from error
    if schema > SCHEMA_VERSION:
        raise UsageError(
            f"{file} was made by a newer version of browseagent (schema {schema}; this one knows "
            f"{SCHEMA_VERSION})",
            hint="Upgrade browseagent.",
        )
    Database(folder / _DATABASE).close()  # an older one is brought to the present schema, or refused
    held = _held(folder / _DATABASE)
    return Backup(made, schema, bool(manifest["secrets"]), left_out, file.stat().st_size, held)


def _held(database: Path) -> Held:
    count = "SELECT count(DISTINCT url), count(*) FROM versions"
    with closing(sqlite3.connect(database)) as connection:
        pages, versions = connection.execute(count).fetchone()
        others = [connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in _COUNTED]
    return Held(pages, versions, *others)


def _without_secrets(database: sqlite3.Connection) -> list[tuple[str, str]]:
    """Takes secrets out of a copy; what, by watch or group."""
    left_out: list[tuple[str, str]] = []
    with database:
        for table in ("watches", "watch_groups"):
            for name, text in database.execute(f"SELECT name, settings FROM {table}").fetchall():
                kept, gone = _public(json.loads(text))
                if gone:
                    left_out += [(name or "defaults", what) for what in gone]
                    change = f"UPDATE {table} SET settings = ? WHERE name = ?"
                    database.execute(change, (json.dumps(kept), name))
        for number, target, status in database.execute("SELECT id, target, status FROM outbox").fetchall():
            parsed = parse_target(target)
            if parsed.kind in _PUBLIC:
                continue
            if status == "waiting":
                database.execute("DELETE FROM outbox WHERE id = ?", (number,))
                left_out.append(("alerts", f"one not yet sent, to {parsed.shown}"))
            else:
                database.execute("UPDATE outbox SET target = ? WHERE id = ?", (parsed.shown, number))
    database.execute("VACUUM")  # what was deleted is not in the file any more
    return left_out


def _public(settings: dict[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """Settings without secrets, and what was taken out."""
    kept, gone = dict(settings), list[str]()
    gone += [name for name in ("headers", "basic") if kept.pop(name, None)]
    if "@" in urlsplit(str(kept.get("proxy") or "")).netloc:
        del kept["proxy"]
        gone.append("proxy")
    targets = [str(each) for each in kept.get("notify") or ()]
    public = [each for each in targets if parse_target(each).kind in _PUBLIC]
    if len(public) < len(targets):
        kept["notify"] = public
        gone += [f"notify {parse_target(each).shown}" for each in targets if each not in public]
    return kept, gone


def _is_empty(path: Path) -> bool:
    with closing(sqlite3.connect(path)) as database:
        try:
            tables = ("versions", "watches", "asked")
            return not any(database.execute(f"SELECT 1 FROM {name} LIMIT 1").fetchone() for name in tables)
        except sqlite3.Error:
            return False


def _check_place(file: Path) -> None:
    """Raises UsageError where no backup is to be put: a mistyped folder, or a file that is something else."""
    if not file.parent.is_dir():
        raise UsageError(f"there is no folder {file.parent}", hint="Make it first, or check the path.")
    try:
        with file.open("rb") as there:
            if there.read(len(_GZIP)) not in (b"", _GZIP):
                raise UsageError(f"{file} is there already, and is no backup", hint="Give another name.")
    except FileNotFoundError:
        pass
    except OSError as error:
        raise UsageError(
            f"{file} cannot be read: {error.strerror or error}", hint="Check the path."
        ) from error


def _put(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o600
    archive.addfile(entry, io.BytesIO(content))


@contextmanager
def _folder(beside: Path) -> Iterator[Path]:
    """A private folder on the same disk, gone afterwards. Raises UsageError where there can be none."""
    try:
        beside.mkdir(parents=True, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix=".browseagent-", dir=beside))
    except OSError as error:
        raise UsageError(f"{beside} cannot be written to: {error.strerror or error}") from error
    try:
        yield folder
    except OSError as error:
        raise UsageError(f"the backup cannot be written or read: {error.strerror or error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)
