"""Runs the command in a process of its own, as a person does."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest

SCRIPTED = [sys.executable, "-W", "error", str(Path(__file__).with_name("scripted_command.py"))]
REAL = [sys.executable, "-c", "from browseagent.cli import main; main()"]
FORKS = str(Path(__file__).with_name("fork_server.py"))
DEADLINE = 120
"""Seconds for one run of the command."""


@dataclass(frozen=True)
class Ended:
    """A run that has ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Standard output as the one JSON document that it must be, as its published schema describes it."""
        document = json.loads(self.out)
        assert isinstance(document, dict)
        described(document)
        return document


def described(document: dict[str, Any]) -> None:
    """Fails where a document is not as the schema that its ``schema`` key names says."""
    jsonschema.validate(document, _schemas()[document["schema"]])


@cache
def _schemas() -> dict[str, Any]:
    found = json.loads(files("browseagent.forms").joinpath("schemas.json").read_text("utf-8"))
    assert isinstance(found, dict)
    return found


Command = Callable[..., Ended]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A plain environment with a home of its own for what the program keeps."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "PYTHONPATH") if name in os.environ}
    return {**kept, "BROWSEAGENT_HOME": str(tmp_path / "home"), "LANG": "C.UTF-8", "COLUMNS": "80"}


def _runner(command: list[str], environment: dict[str, str]) -> Command:
    def run(*arguments: str, stdin: bytes = b"", **variables: str) -> Ended:
        ended = subprocess.run(
            [*command, *arguments],
            input=stdin,
            capture_output=True,
            env={**environment, **variables},
            timeout=DEADLINE,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout.decode("utf-8"), ended.stderr.decode("utf-8"))

    return run


@pytest.fixture
def scripted(environment: dict[str, str]) -> Command:
    """The command with a scripted agent, warnings being errors."""
    return _runner(SCRIPTED, environment)


@pytest.fixture
def alone(environment: dict[str, str]) -> Command:
    """The command as it is installed, started as a person starts it."""
    return _runner(REAL, environment)


@dataclass(frozen=True)
class ForkServer:
    """Runs the command in processes forked off one that has it loaded: see ``fork_server.py``."""

    process: subprocess.Popen[bytes]
    line: socket.socket

    def run(self, arguments: Sequence[str], environment: Mapping[str, str], files: Sequence[Path]) -> int:
        """The exit status of one run, with three files for its standard streams."""
        names = dict(zip(("in", "out", "err"), map(str, files), strict=True))
        request = {
            "arguments": arguments,
            "environment": dict(environment),
            "folder": str(Path.cwd()),
            **names,
        }
        with self.line.makefile("rw", encoding="utf-8") as asked:
            print(json.dumps(request), file=asked, flush=True)
            child = int(asked.readline())
            try:
                return int(asked.readline())
            except TimeoutError:
                os.kill(child, signal.SIGKILL)
                raise


@pytest.fixture(scope="session")
def forks() -> Iterator[ForkServer]:
    """The process that has the command loaded; it ends when nobody holds its line any more."""
    ours, theirs = socket.socketpair()
    ours.settimeout(DEADLINE)
    command = [sys.executable, FORKS, str(theirs.fileno())]
    locale = {"LANG": "C.UTF-8", "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, pass_fds=[theirs.fileno()], env={**os.environ, **locale}) as process:
        theirs.close()
        with ours:
            yield ForkServer(process, ours)


@pytest.fixture
def real(forks: ForkServer, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> Command:
    """The command as it is installed, in a process of its own that was spared the start of an interpreter."""

    def run(*arguments: str, stdin: bytes = b"", **variables: str) -> Ended:
        folder = tmp_path_factory.mktemp("streams")
        files = [folder / name for name in ("in", "out", "err")]
        for file, content in zip(files, (stdin, b"", b""), strict=True):
            file.write_bytes(content)
        status = forks.run(arguments, {**environment, **variables}, files)
        return Ended(status, files[1].read_text("utf-8"), files[2].read_text("utf-8"))

    return run
