"""Files that survive a crash: written whole, flushed to the disk, and put in place in one step; a lock for
those that several processes write; and whether a process that held something is still there."""

from __future__ import annotations

import hashlib
import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
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
    if os.name == "nt" and path.is_dir():
        return  # Windows opens no folder; it writes the entry with the file
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def this_process() -> str:
    """The name of this process, which no other has, on no machine: ``machine.number.start``."""
    return f"{_machine()}.{os.getpid()}.{_start(os.getpid())}"


def is_gone(name: str) -> bool:
    """Whether a process of :func:`this_process`'s naming (what follows a colon is no part of it) is known to
    have ended. Of another machine's nothing is known."""
    machine, _, rest = name.partition(":")[0].partition(".")
    number, _, start = rest.partition(".")
    if machine != _machine() or not number.isdigit() or not start:
        return False
    return _start(int(number)) not in (start, _UNKNOWN)


@cache
def _machine() -> str:
    """The machine since it was started, and the set of processes that sees itself as this one does."""
    parts = [socket.gethostname()]
    for path in ("/proc/sys/kernel/random/boot_id", "/proc/self/ns/pid"):
        with suppress(OSError):
            place = Path(path)
            parts.append(str(place.readlink()) if place.is_symlink() else place.read_text())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]


_UNKNOWN = "unknown"


def _start(number: int) -> str:
    """When the process with a number was started, by the kernel's clock; empty where there is none, and
    unknown where the system does not tell."""
    try:
        stat = Path(f"/proc/{number}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        if sys.platform != "win32":  # there os.kill presses Ctrl-C (0) or ends the process (any other signal)
            try:
                os.kill(number, 0)
            except ProcessLookupError:
                return ""
            except OSError:
                pass  # somebody else's
        return _UNKNOWN
    state, *rest = stat.rpartition(")")[2].split()
    return "" if state in "ZX" else rest[18]
