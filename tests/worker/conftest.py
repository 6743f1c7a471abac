"""Workers over a PostgreSQL of the test's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from browseagent.records.clock import utc_now
from browseagent.store.pages import SqlPageStore
from tests.watch.conftest import postgres, postgres_database  # noqa: F401  fixtures
from tests.worker.world import Team


@pytest.fixture
def team(postgres_database: str) -> Iterator[Team]:  # noqa: F811  the fixture of that name
    """Watches over scripted pages, and workers for them, by the real clock."""
    with SqlPageStore(postgres_database, clock=utc_now) as pages:
        yield Team(pages, postgres_database)
