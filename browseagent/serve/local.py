"""A running server of the same user and data folder, found through a Unix socket in the runtime folder.

The folder is this user's alone, so whoever comes through the socket is the person at this machine: what they
name is read as if they had typed it here. Both sides must be of one version and have the same settings, but
for those that a request may say itself.
"""

from __future__ import annotations

import hashlib
import os
import socket
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, replace
from pathlib import Path

from browseagent import __version__
from browseagent.config import Settings, runtime_folder

MARK = "x-browseagent-settings"
"""The header that says for which settings a request is."""
ASKED = ("via", "max_age", "fresh", "offline", "as_of", "timeout", "max_pages", "site")
"""What a request says itself."""


def mark(settings: Settings) -> str:
    """What is equal for two processes that give the same answers from the same store."""
    plain = Settings(home=settings.home.resolve())
    same = {name: getattr(plain, name) for name in (*ASKED, "trace", "log", "home")}
    # All fields, also those that a repr hides: a header or a key that differs is another setting.
    said = f"{__version__}\n{asdict(replace(settings, **same))}"
    return hashlib.sha256(said.encode()).hexdigest()


def place(settings: Settings, *, make: bool = False) -> Path | None:
    """Where the socket of a data folder is; None where there is no folder that is this user's alone."""
    folder = runtime_folder()
    if folder is None:
        return None
    if make:
        with suppress(OSError):
            folder.mkdir(mode=0o700)
    name = hashlib.sha256(str(settings.home.resolve()).encode()).hexdigest()[:16]
    return folder / f"{name}.sock" if _is_ours(folder.parent) and _is_ours(folder) else None


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket | None]:
    """The socket, listening, until the block ends; None where there is no place for it, or where another
    server has it."""
    path = place(settings, make=True)
    if path is None or _answers(path):
        yield None
        return
    with _unix_socket() as bound:
        try:
            path.unlink(missing_ok=True)
            bound.bind(str(path))
            path.chmod(0o600)
            bound.listen()
        except OSError:  # a path that is too long, a full disk: the server works without
            yield None
            return
        try:
            yield bound
        finally:
            path.unlink(missing_ok=True)


def _unix_socket() -> socket.socket:
    """For a path that :func:`place` gave, so never on Windows."""
    if sys.platform == "win32":
        raise OSError("Python has no Unix sockets here")
    else:
        return socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)


def _answers(path: Path) -> bool:
    with _unix_socket() as asking:
        try:
            asking.connect(str(path))
        except OSError:
            return False
    return True


def _is_ours(folder: Path) -> bool:
    """Whether a folder is this user's, and nobody else may write into it or look."""
    if sys.platform != "win32":  # its folders tell of no owner
        with suppress(OSError):
            found = folder.lstat()
            return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid() and not found.st_mode & 0o077
    return False
