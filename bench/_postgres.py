"""A PostgreSQL of a bench's own, in memory where there is room, gone at its end."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


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

    def restart(self, mode: str = "immediate") -> None:
        """Stops it (immediate: as a power cut would) and starts it again."""
        self.do("-m", mode, "stop")
        self.do("-o", self.options, "-l", str(self.folder / "log"), "start")

    def do(self, *words: str) -> None:
        """Runs pg_ctl."""
        subprocess.run([*self.control, *words], cwd=self.folder, stdout=subprocess.DEVNULL, check=True)


@contextmanager
def postgres(settings: str = "") -> Iterator[Postgres]:
    """Starts a server and ends it, also where this process is told to end (SIGTERM)."""
    binaries = Path(shutil.which("initdb") or _BINARIES[-1] / "initdb").resolve().parent
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as name:
        folder = Path(name)
        user: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL does not run as root
            shutil.chown(folder, "postgres", "postgres")
            user = ["runuser", "-u", "postgres", "--"]
        make = ["-D", str(folder / "data"), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8"]
        subprocess.run(
            [*user, str(binaries / "initdb"), *make, "--no-sync"],
            cwd=folder, stdout=subprocess.DEVNULL, check=True,
        )  # fmt: skip
        control = (*user, str(binaries / "pg_ctl"), "-D", str(folder / "data"), "-w", "-t", "60")
        server = Postgres(folder, control, f"-k {folder} -h '' -c max_connections=200 {settings}")
        before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
        try:
            server.do("-o", server.options, "-l", str(folder / "log"), "start")
            yield server
        finally:
            server.do("-m", "immediate", "stop")
            signal.signal(signal.SIGTERM, before)
