"""Watches over a database: SQLite in every test, PostgreSQL in those that say so."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from browseagent.store.pages import SqlPageStore
from tests.watch.world import Bench, Clock
from tools.postgres import binaries
from tools.postgres import postgres as started


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL that was started for this run."""
    if binaries() is None:
        pytest.skip("PostgreSQL is not installed (apt-get install postgresql)")
    pytest.importorskip("psycopg", reason="psycopg, which speaks to PostgreSQL, is not installed")
    with started() as server:
        yield server.url


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
