"""The manual says what the program prints."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.model
def test_the_transcripts_are_what_the_program_prints() -> None:
    """Every command shown in README.md and docs/ tells the same when it is run again on the fixture sites."""
    run = subprocess.run(
        [sys.executable, "tools/transcripts.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert run.returncode == 0, run.stdout


def test_the_manual_of_the_commands_is_made_from_their_help() -> None:
    """docs/commands.md and the man page are what `python tools/manual.py` makes of the program's help."""
    run = subprocess.run(
        [sys.executable, "tools/manual.py", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
