"""One server for the tests that only ask it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from browseagent.serve.options import ServeOptions
from tests.serve.serving import Serving, serving


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """Reads this machine's own network, as the fixture sites are on it, and may change watches."""
    folder: Path = tmp_path_factory.mktemp("serve")
    with serving(folder, ServeOptions(port=0, allow_private=True, allow_writes=True)) as running:
        yield running


@pytest.fixture(scope="session")
def strict(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    """As one is started without options."""
    with serving(tmp_path_factory.mktemp("strict"), ServeOptions(port=0)) as running:
        yield running
