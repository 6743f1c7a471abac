"""A PostgreSQL of Debian's package for a run of tests or a bench: in memory where there is room, on a socket
in a folder of its own, gone at its end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
_LIMIT = 120
"""Seconds for one step; pg_ctl itself waits for 60."""


@dataclass(frozen=True, slots=True)
class Postgres:
    """A server that runs, on a socket in its folder."""

    folder: Path
    control: tuple[str, ...]
    options: str

    @property
    def url(self) -> str:
        """Its database, empty at first."""
        return f"postgresql://postgres@/postgres?host={self.folder}"

    @property
    def socket(self) -> str:
        """Where it listens."""
        return str(self.folder / ".s.PGSQL.5432")

    def start(self) -> None:
        """Returns when it takes connections."""
        _run([*self.control, "-o", self.options, "-l", str(self.folder / "log"), "start"], self.folder)

    def stop(self, mode: str = "immediate") -> None:
        """Returns when it has ended (immediate: as in a power cut)."""
        _run([*self.control, "-m", mode, "stop"], self.folder)

    def restart(self, mode: str = "immediate") -> None:
        """Stops it and starts it again."""
        self.stop(mode)
        self.start()


def binaries() -> Path | None:
    """The folder of PostgreSQL's programs; None where it is not installed."""
    found = shutil.which("initdb") or (str(_BINARIES[-1] / "initdb") if _BINARIES else None)
    return None if found is None else Path(found).resolve().parent


@contextmanager
def postgres(settings: str = "", where: Path | None = None) -> Iterator[Postgres]:
    """Starts a server in a folder of its own (``where``, else in memory) and ends it, also where this process
    is told to end (SIGTERM). Raises RuntimeError where it is not installed, or does not start."""
    programs = binaries()
    if programs is None:
        raise RuntimeError("PostgreSQL is not installed (apt-get install postgresql)")
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=where or (memory if memory.is_dir() else None)) as name:
        folder = Path(name)
        user: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL does not run as root
            shutil.chown(folder, "postgres", "postgres")
            user = ["runuser", "-u", "postgres", "--"]
        make = ["-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        _run([*user, str(programs / "initdb"), *make, "--no-sync"], folder)
        control = (*user, str(programs / "pg_ctl"), "-D", str(folder / "data"), "-w", "-t", "60")
        server = Postgres(folder, control, f"-k {folder} -h '' -c max_connections=200 {settings}")
        before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        try:
            server.start()
            try:
                yield server
            finally:
                server.stop()
        finally:
            signal.signal(signal.SIGTERM, before)


def _run(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(
        command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=_LIMIT, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.decode('utf-8', 'replace').strip()}")
