"""The command in a process of its own, as a person runs it."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import jsonschema

SCRIPTED = [sys.executable, "-W", "error", str(Path(__file__).parent / "cli" / "scripted_command.py")]
REAL = [sys.executable, "-c", "from browseagent.cli import main; main()"]
FORKS = str(Path(__file__).with_name("fork_server.py"))
DEADLINE = 300
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


@dataclass(frozen=True)
class ForkServer:
    """Runs the command in processes forked off one that has it loaded: see ``fork_server.py``."""

    process: subprocess.Popen[bytes]
    line: socket.socket

    def run(
        self, arguments: Sequence[str], environment: Mapping[str, str], folder: Path, files: Sequence[Path]
    ) -> int:
        """The exit status of one run in a folder, with three files for its standard streams."""
        names = dict(zip(("in", "out", "err"), map(str, files), strict=True))
        request = {
            "arguments": arguments,
            "environment": dict(environment),
            "folder": str(folder),
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


@contextmanager
def fork_server(*options: str, kind: Sequence[str] = ()) -> Iterator[ForkServer]:
    """The process that has the command loaded; it ends when nobody holds its line any more."""
    ours, theirs = socket.socketpair()
    ours.settimeout(DEADLINE)
    command = [sys.executable, "-P", *options, FORKS, str(theirs.fileno()), *kind]
    locale = {"LANG": "C.UTF-8", "PYTHONPATH": os.pathsep.join(sys.path)}
    with subprocess.Popen(command, pass_fds=[theirs.fileno()], env={**os.environ, **locale}) as process:
        theirs.close()
        with ours:
            yield ForkServer(process, ours)


def forked(server: ForkServer, environment: Mapping[str, str], folder: Path | None = None) -> Command:
    """The command in a process of its own that was spared the start of an interpreter, in a folder or in the
    one that the tests are in."""

    def run(*arguments: str, stdin: bytes = b"", **variables: str) -> Ended:
        with TemporaryDirectory() as streams:
            files = [Path(streams, name) for name in ("in", "out", "err")]
            for file, content in zip(files, (stdin, b"", b""), strict=True):
                file.write_bytes(content)
            status = server.run(arguments, {**environment, **variables}, folder or Path.cwd(), files)
            return Ended(status, files[1].read_text("utf-8"), files[2].read_text("utf-8"))

    return run
