"""Watches over a database: SQLite in every test, PostgreSQL in those that say so."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from browseagent.store.pages import SqlPageStore
from tests.watch.world import Bench, Clock

_BINARIES = sorted(Path("/usr/lib/postgresql").glob("*/bin"))


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL of Debian's package, started for this run on a socket in a folder of its own."""
    found = shutil.which("initdb") or (str(_BINARIES[-1] / "initdb") if _BINARIES else None)
    if found is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    pytest.importorskip("psycopg", reason="psycopg, which speaks to PostgreSQL, is not installed")
    binaries = Path(found).resolve().parent
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as folder:
        place = Path(folder)
        user: list[str] = []
        if os.geteuid() == 0:  # PostgreSQL does not run as root
            shutil.chown(place, "postgres", "postgres")
            user = ["runuser", "-u", "postgres", "--"]
        data = place / "data"
        initdb = [
            *user,
            str(binaries / "initdb"),
            "-D",
            str(data),
            "-U",
            "postgres",
            "-A",
            "trust",
            "-E",
            "UTF8",
        ]
        _run([*initdb, "--no-sync", "--locale=C.UTF-8"], place)
        options = f"-k {place} -h '' -c max_connections=50"
        control = [*user, str(binaries / "pg_ctl"), "-D", str(data), "-w", "-t", "60"]
        _run([*control, "-o", options, "-l", str(place / "log"), "start"], place)
        try:
            yield f"postgresql://postgres@/postgres?host={place}"
        finally:
            _run([*control, "-m", "immediate", "stop"], place)


def _run(command: list[str], place: Path) -> None:
    done = subprocess.run(
        command, cwd=place, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr.decode()


@pytest.fixture
def postgres_database(postgres: str) -> Iterator[str]:
    """An empty database of that PostgreSQL."""
    name = f"test_{secrets.token_hex(6)}"
    engine = sa.create_engine(
        sa.make_url(postgres).set(drivername="postgresql+psycopg"), isolation_level="AUTOCOMMIT"
    )
    with engine.connect() as connection:
        connection.execute(sa.text(f"CREATE DATABASE {name}"))
    yield postgres.replace("/postgres?", f"/{name}?")
    with engine.connect() as connection:
        connection.execute(sa.text(f"DROP DATABASE {name} WITH (FORCE)"))
    engine.dispose()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bench(tmp_path: Path, clock: Clock) -> Iterator[Bench]:
    """A watch's world over SQLite."""
    with SqlPageStore(tmp_path / "pages.sqlite", clock=clock) as pages:
        yield Bench(pages, clock)


@pytest.fixture(params=["sqlite", "postgresql"])
def any_bench(request: pytest.FixtureRequest, tmp_path: Path, clock: Clock) -> Iterator[Bench]:
    """The same over each database."""
    where: Path | str = tmp_path / "pages.sqlite"
    if request.param == "postgresql":
        where = request.getfixturevalue("postgres_database")
    with SqlPageStore(where, clock=clock) as pages:
        yield Bench(pages, clock)
