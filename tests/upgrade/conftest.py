"""The kept data folders, unpacked for each test, and the site that they are of."""

from __future__ import annotations

import json
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from browseagent.config import default_home
from fixtures.server import FixtureServer
from tests.upgrade.person import Json, Person
from tests.upgrade.site import Step, opened, serve

FOLDERS = Path(__file__).parent


@pytest.fixture
def person(tmp_path: Path) -> Person:
    """Who made the folder, back with another program."""
    with tarfile.open(FOLDERS / "sqlite.tar.xz") as archive:
        archive.extractall(tmp_path, filter="data")
    return Person(tmp_path)


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
