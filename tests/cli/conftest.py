"""Runs the command in a process of its own, as a person does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

SCRIPTED = [sys.executable, "-W", "error", str(Path(__file__).with_name("scripted_command.py"))]
REAL = [sys.executable, "-c", "from browseagent.cli import main; main()"]


@dataclass(frozen=True)
class Ended:
    """A run that has ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """Standard output as the one JSON document that it must be."""
        document = json.loads(self.out)
        assert isinstance(document, dict)
        return document


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
            timeout=120,
            check=False,
        )
        return Ended(ended.returncode, ended.stdout.decode("utf-8"), ended.stderr.decode("utf-8"))

    return run


@pytest.fixture
def scripted(environment: dict[str, str]) -> Command:
    """The command with a scripted agent, warnings being errors."""
    return _runner(SCRIPTED, environment)


@pytest.fixture
def real(environment: dict[str, str]) -> Command:
    """The command as it is installed."""
    return _runner(REAL, environment)
