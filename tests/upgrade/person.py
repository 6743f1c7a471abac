"""Who uses the program in a data folder: by the command line, with what it prints."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
DEADLINE_S = 600
_MANY = """if True:
    import io, json, runpy, sys
    said = []
    for command in json.load(sys.stdin):
        sys.argv = ["browseagent", *command]
        own, sys.stdout = sys.stdout, io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        try:
            runpy.run_module("browseagent", run_name="__main__")
        except SystemExit as ended:
            assert not ended.code, (command, ended.code)
        sys.stdout.flush()
        said.append(sys.stdout.buffer.getvalue().decode("utf-8"))
        sys.stdout = own
    json.dump(said, sys.stdout)
"""
Json = dict[str, Any]


@dataclass(frozen=True)
class Ended:
    """A run that has ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Json:
        """The one JSON document on standard output."""
        document = json.loads(self.out)
        assert isinstance(document, dict)
        return document


@dataclass(frozen=True)
class Person:
    """Somebody in ``folder``, whose ``home`` the program keeps its things in, or in a ``database`` too."""

    folder: Path
    database: str = ""

    @property
    def home(self) -> Path:
        """What the program keeps."""
        return self.folder / "home"

    def runs(self, *arguments: str, typed: str = "", **variables: str) -> Ended:
        """A command in a process of its own, with more variables in its environment."""
        return self._run(["-m", "browseagent", *arguments], typed, variables)

    def done(self, *arguments: str, status: int = 0, typed: str = "", **variables: str) -> Ended:
        """A command that must end with ``status``."""
        ended = self.runs(*arguments, typed=typed, **variables)
        assert ended.status == status, (arguments, ended)
        return ended

    def told(self, commands: Sequence[str]) -> list[Json]:
        """The JSON documents of commands, all run in one process: most of a short command is its start."""
        written = json.dumps([[*command.split(" "), "--json"] for command in commands])
        ended = self._run(["-c", _MANY], written, {})
        assert ended.status == 0, ended.err
        return [json.loads(said) for said in json.loads(ended.out)]

    def _run(self, arguments: list[str], typed: str, variables: Mapping[str, str]) -> Ended:
        environment = {
            **os.environ,
            "BROWSEAGENT_HOME": str(self.home),
            "BROWSEAGENT_DATABASE": self.database,
            "PYTHONPATH": str(ROOT),
            "TZ": "Europe/Vienna",
            **variables,
        }
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env=environment,
            input=typed,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)
