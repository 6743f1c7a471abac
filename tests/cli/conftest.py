"""The command, with a home of its own for what it keeps."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from browseagent.agent.agent import Agent
from browseagent.agent.events import Event
from browseagent.cli import program
from browseagent.config import Settings
from browseagent.model.port import LanguageModel
from tests.command import DEADLINE, REAL, Command, Ended, ForkServer, fork_server, forked


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A plain environment with a home of its own for what the program keeps."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "PYTHONPATH") if name in os.environ}
    return {**kept, "BROWSEAGENT_HOME": str(tmp_path / "home"), "LANG": "C.UTF-8", "COLUMNS": "80"}


@pytest.fixture
def alone(environment: dict[str, str]) -> Command:
    """The command as it is installed, from the start of its interpreter."""

    def run(*arguments: str, stdin: bytes = b"", **variables: str) -> Ended:
        ended = subprocess.run(
            [*REAL, *arguments],
            input=stdin,
            capture_output=True,
            env={**environment, **variables},
            timeout=DEADLINE,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout.decode("utf-8"), ended.stderr.decode("utf-8"))

    return run


@pytest.fixture(scope="session")
def scripted_forks() -> Iterator[ForkServer]:
    """Of the command with a scripted agent, warnings being errors."""
    with fork_server("-W", "error", kind=["scripted"]) as server:
        yield server


@pytest.fixture
def real(forks: ForkServer, environment: dict[str, str]) -> Command:
    """The command as it is installed."""
    return forked(forks, environment)


@pytest.fixture
def scripted(scripted_forks: ForkServer, environment: dict[str, str]) -> Command:
    """The command with a scripted agent, warnings being errors."""
    return forked(scripted_forks, environment)


@pytest.fixture
def answering(
    embedded: LanguageModel, environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> Command:
    """The program within this process, with the embedded model of all tests: a process of its own would spend
    most of its time on loading it."""

    def agent(settings: Settings, on_event: Callable[[Event], None]) -> Agent:
        return Agent(settings=settings, on_event=on_event, language_model=embedded)

    def run(*arguments: str, stdin: bytes = b"", **variables: str) -> Ended:
        given, out, err = (io.BytesIO(content) for content in (stdin, b"", b""))
        with monkeypatch.context() as within:
            for name in [name for name in os.environ if name.startswith("BROWSEAGENT_")]:
                within.delenv(name)
            for name, value in {**environment, **variables}.items():
                within.setenv(name, value)
            for name, stream in {"stdin": given, "stdout": out, "stderr": err}.items():
                within.setattr(sys, name, io.TextIOWrapper(stream, encoding="utf-8"))
            status = program.run(arguments, agent=agent)
            sys.stdout.flush()
            sys.stderr.flush()
            return Ended(status, out.getvalue().decode("utf-8"), err.getvalue().decode("utf-8"))

    return run
