"""Profiles on disk: :class:`Profiles` keeps cookies and storage between runs.

``<folder>/<name>/state.json``, folders 0700, file 0600, written whole or not at all. Several processes may
use one profile: what a page changed is merged into what the file holds by then, under a lock.
"""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path

from browseagent.durable import Locked, locked, write_atomically
from browseagent.errors import StoreError
from browseagent.session import Cookie, Kept, Profile, merged
from browseagent.session_values import profile_name

SCHEMA = "browseagent.profile/1"
LOCK_SECONDS = 30.0
"""Reading and writing a profile takes milliseconds; on a machine with nothing left for us, seconds."""


class Profiles:
    """The profiles below one folder. Every method may raise StoreError."""

    def __init__(self, folder: Path, *, clock: Callable[[], float] = time.time) -> None:
        self.folder = folder
        self._clock = clock

    def names(self) -> list[str]:
        """The profiles that there are."""
        return sorted(path.parent.name for path in self.folder.glob("*/state.json"))

    def load(self, name: str) -> Profile:
        """The profile of that name; a new one where there is none."""
        path = self._path(name)
        try:
            if path.exists():
                return _read(path)
            with self._alone(name):
                return _read(path) if path.exists() else _write(path, Profile(secrets.token_hex(16)))
        except OSError as error:
            raise _unusable(path, error) from error

    def merge(self, name: str, kept: Kept, *, login: bool = False) -> Profile:
        """Notes what a page changed, and gives the profile as it is now. A ``login`` makes it another one,
        so that nothing stored before is taken for a page of whoever is logged in now."""
        path = self._path(name)
        try:
            with self._alone(name):
                there = _read(path) if path.exists() else Profile(secrets.token_hex(16))
                fresh = replace(there, identity=secrets.token_hex(16)) if login else there
                return _write(path, merged(fresh, kept, self._clock()))
        except OSError as error:
            raise _unusable(path, error) from error

    def _path(self, name: str) -> Path:
        return self.folder / profile_name(name) / "state.json"

    @contextmanager
    def _alone(self, name: str) -> Iterator[None]:
        """Makes the profile's folder where there is none, and holds its lock for the block."""
        own = self.folder / name
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        for folder in (self.folder, own):
            folder.mkdir(mode=0o700, exist_ok=True)
            if folder.stat().st_mode & 0o077:
                folder.chmod(0o700)
        try:
            with locked(own / "lock", LOCK_SECONDS):
                yield
        except Locked as error:
            raise OSError(str(error)) from error


def _read(path: Path) -> Profile:
    if path.stat().st_mode & 0o077 and os.name == "posix":
        path.chmod(0o600)
    try:
        value = json.loads(path.read_bytes())
        if value["schema"] != SCHEMA:
            raise ValueError(f"its schema is {value['schema']!r}")
        cookies = tuple(Cookie(**cookie) for cookie in value["cookies"])
        return Profile(str(value["identity"]), cookies, tuple(value["storage"]))
    except (ValueError, KeyError, TypeError) as error:
        raise StoreError(
            f"{path} is no profile that this version of browseagent can read",
            hint=f"Move {path.parent} away and log in again.",
        ) from error


def _write(path: Path, profile: Profile) -> Profile:
    value = {
        "schema": SCHEMA,
        "identity": profile.identity,
        "cookies": [asdict(cookie) for cookie in profile.cookies],
        "storage": list(profile.storage),
    }
    write_atomically(path, json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass"))
    return profile


def _unusable(path: Path, error: OSError) -> StoreError:
    return StoreError(
        f"the profile {path} cannot be used: {error.strerror or error}",
        hint="Name a folder that you may write to with BROWSEAGENT_HOME.",
    )
