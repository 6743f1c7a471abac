"""Fixtures shared by all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, settings

from browseagent.config import default_settings
from browseagent.model.port import LanguageModel
from browseagent.model.registry import load_model
from fixtures.server import FixtureServer
from tests.command import ForkServer, fork_server

# How long one example of a property takes says how busy the machine is.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that use the model come first, as they take longest: at the end of a run in two processes, which
    take a file at a time, one has little to wait for the other."""
    long = {item.path for item in items if item.get_closest_marker("model")}
    items.sort(key=lambda item: item.path not in long)


@pytest.fixture(scope="session")
def site() -> Iterator[FixtureServer]:
    """The fixture sites, served on 127.0.0.1 for the whole run."""
    with FixtureServer() as server:
        yield server


@pytest.fixture
def fresh_site(site: FixtureServer) -> Iterator[FixtureServer]:
    """The same server with an empty log and no state, for tests that count requests or set state."""
    site.reset()
    yield site
    site.reset()


@pytest.fixture(scope="session")
def embedded() -> Iterator[LanguageModel]:
    """The embedded model that this machine has, loaded once for all tests that only ask it."""
    model = load_model("embedded", default_settings())
    yield model
    model.close()


@pytest.fixture(scope="session")
def forks() -> Iterator[ForkServer]:
    """A process that has the command loaded, as it is installed, and forks for each run."""
    with fork_server() as server:
        yield server
