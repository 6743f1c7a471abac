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

from tests.command import Ended, ForkServer, forked

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
class Person:
    """Somebody in ``folder``, whose ``home`` the program keeps its things in, or in a ``database`` too."""

    folder: Path
    database: str = ""
    forks: ForkServer | None = None
    """What spares each command the start of an interpreter, where there is one."""

    @property
    def home(self) -> Path:
        """What the program keeps."""
        return self.folder / "home"

    def runs(self, *arguments: str, typed: str = "", **variables: str) -> Ended:
        """A command in a process of its own, with more variables in its environment."""
        if self.forks is None:
            return self._started(["-m", "browseagent", *arguments], typed, variables)
        run = forked(self.forks, self._environment, self.folder)
        return run(*arguments, stdin=typed.encode(), **variables)

    def done(self, *arguments: str, status: int = 0, typed: str = "", **variables: str) -> Ended:
        """A command that must end with ``status``."""
        ended = self.runs(*arguments, typed=typed, **variables)
        assert ended.status == status, (arguments, ended)
        return ended

    def told(self, commands: Sequence[str]) -> list[Json]:
        """The JSON documents of commands, all run in one process: most of a short command is its start."""
        written = json.dumps([[*command.split(" "), "--json"] for command in commands])
        ended = self._started(["-c", _MANY], written, {})
        assert ended.status == 0, ended.err
        return [json.loads(said) for said in json.loads(ended.out)]

    @property
    def _environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "BROWSEAGENT_HOME": str(self.home),
            "BROWSEAGENT_DATABASE": self.database,
            "PYTHONPATH": str(ROOT),
            "TZ": "Europe/Vienna",
        }

    def _started(self, arguments: list[str], typed: str, variables: Mapping[str, str]) -> Ended:
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=self.folder,
            env={**self._environment, **variables},
            input=typed,
            capture_output=True,
            text=True,
            timeout=DEADLINE_S,
            check=False,
        )
        return Ended(done.returncode, done.stdout, done.stderr)
