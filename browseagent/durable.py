"""Files that survive a crash: written whole, flushed to the disk, and put in place in one step; and a lock
for those that several processes write."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout


class Locked(Exception):
    """Another process held a lock for longer than there was time."""


@contextmanager
def locked(path: Path, seconds: float) -> Iterator[None]:
    """Holds the lock file for the block, across processes. Raises :class:`Locked` where another holds it."""
    try:
        with FileLock(path, timeout=seconds, mode=0o600):
            yield
    except Timeout as error:
        raise Locked(f"{path} was locked by another process for {seconds:.0f} s") from error


def write_atomically(path: Path, content: bytes) -> None:
    """Puts ``content`` at ``path``: after a crash there is the old file or the new, never a part. A new
    file can be read by its owner only."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(name).unlink()
        raise
    flush(path.parent)


def flush(path: Path) -> None:
    """Has the system write a file, or a folder's entries, to the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
