"""Child processes end when they are told to, when their time is up, and when their parent dies."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from browseagent.errors import ModelError
from browseagent.model.child import run_child


def python(program: str) -> list[str]:
    """Arguments that run a Python program."""
    return [sys.executable, "-c", program]


def test_the_output_of_a_program_is_given() -> None:
    """Standard output comes back, what was added to the environment is there."""
    program = "import os; print(os.environ['COLOUR'])"
    assert run_child(python(program), what="it", timeout=30, environment={"COLOUR": "blue"}) == "blue\n"


def test_a_program_that_fails_is_quoted() -> None:
    """The error names what failed and holds the program's last words."""
    program = "import sys; sys.exit('ERROR: no such thing')"
    with pytest.raises(ModelError, match="the download failed: ERROR: no such thing"):
        run_child(python(program), what="the download", timeout=30)


def test_a_program_that_does_not_exist_is_an_error() -> None:
    """It is reported as a failure of the step, not as a stack trace."""
    with pytest.raises(ModelError, match=r"the step failed: /nowhere/program: .*No such file"):
        run_child(["/nowhere/program"], what="the step", timeout=30)


def test_a_program_that_ignores_sigterm_is_killed_at_the_deadline(tmp_path: Path) -> None:
    """It is gone when the call returns, some seconds after the deadline."""
    note = tmp_path / "pid"
    program = (
        "import os, pathlib, signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        f"pathlib.Path({str(note)!r}).write_text(str(os.getpid())); time.sleep(60)"
    )
    started = time.monotonic()
    with pytest.raises(ModelError, match="longer than 2 seconds"):
        run_child(python(program), what="it", timeout=2)
    assert time.monotonic() - started < 20
    assert not Path(f"/proc/{note.read_text()}").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child that its parent died")
def test_a_program_dies_with_a_parent_that_was_killed(tmp_path: Path) -> None:
    """SIGKILL of the process that runs it leaves no orphan."""
    note = tmp_path / "pid"
    child = (
        f"import os, pathlib, time; pathlib.Path({str(note)!r}).write_text(str(os.getpid())); time.sleep(60)"
    )
    parent = (
        "import sys; from browseagent.model.child import run_child\n"
        f"run_child([sys.executable, '-c', {child!r}], what='it', timeout=60)"
    )
    with subprocess.Popen(python(parent)) as process:
        deadline = time.monotonic() + 30
        while not (note.exists() and note.read_text()):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        process.kill()
    assert process.returncode == -signal.SIGKILL
    while Path(f"/proc/{note.read_text()}").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
