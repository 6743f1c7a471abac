"""The kept data folders, unpacked for each test, and the site that they are of."""

from __future__ import annotations

import json
import shutil
import subprocess
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from browseagent.config import default_home
from fixtures.server import FixtureServer
from tests.command import ForkServer
from tests.upgrade.person import Json, Person
from tests.upgrade.site import Step, opened, serve
from tests.watch.conftest import postgres, postgres_database

__all__ = ["postgres", "postgres_database"]

FOLDERS = Path(__file__).parent


@pytest.fixture
def person(request: pytest.FixtureRequest, forks: ForkServer, tmp_path: Path) -> Person:
    """Who made the folder, back with another program: one with a file, unless ``postgresql`` is asked for."""
    kind = getattr(request, "param", "sqlite")
    with tarfile.open(FOLDERS / f"{kind}.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    if kind == "sqlite":
        return Person(tmp_path, forks=forks)
    database = str(request.getfixturevalue("postgres_database"))
    load = ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-f", str(tmp_path / "database.sql"), database]
    subprocess.run(load, check=True, stdout=subprocess.DEVNULL, timeout=120)
    return Person(tmp_path, database, forks)


@pytest.fixture
def with_model(person: Person) -> Person:
    """The same, with the embedded model of this machine in the place of the tiny one."""
    shutil.rmtree(person.home / "models")
    (person.home / "models").symlink_to(default_home() / "models")
    return person


@pytest.fixture
def told(person: Person) -> Json:
    """What the program that made the folder said of it."""
    said: Json = json.loads((person.folder / "told.json").read_text("utf-8"))
    return said


@pytest.fixture(scope="session")
def _server() -> Iterator[FixtureServer]:
    with opened() as server:
        yield server


@pytest.fixture
def club(_server: FixtureServer) -> FixtureServer:
    """The site as the next program finds it: as it was, but for what is noise."""
    _server.reset()
    serve(_server, Step.SAME)
    return _server
