"""Child processes: bound to us where the system can, and ended with all that they started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from browseagent.processes import OWN_GROUP, bound, end_group, kill, tree_killer

_STARTS_ANOTHER = (
    "import pathlib, subprocess, sys, time\n"
    "other = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
    "pathlib.Path(sys.argv[1]).write_text(str(other.pid))\n"
    "time.sleep(60)\n"
)


def _gone(process: int) -> bool:
    """Whether a process has ended within some seconds, be it waited for or not."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
        except (FileNotFoundError, ProcessLookupError):
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


@pytest.mark.parametrize("kills", [True, False])
def test_what_a_child_started_ends_with_it(tmp_path: Path, kills: bool) -> None:
    """Asked to end or ended, the child of the child goes too; once more is no error, and we go on."""
    note = tmp_path / "other"
    argv = [sys.executable, "-c", _STARTS_ANOTHER, str(note)]
    with subprocess.Popen(argv, start_new_session=True, creationflags=OWN_GROUP) as child:
        while not (note.exists() and note.read_text()):
            time.sleep(0.02)
        end_group(child.pid, kill=kills)
        assert child.wait(10) == -(signal.SIGKILL if kills else signal.SIGTERM)
    assert _gone(int(note.read_text()))
    end_group(child.pid)


def test_one_process_is_killed() -> None:
    """Also one that asks not to be; of one that is gone the caller hears."""
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as child:
        kill(child.pid)
        assert child.wait(10) == -signal.SIGKILL
    with pytest.raises(ProcessLookupError):
        kill(child.pid)


def test_a_program_is_bound_to_us_where_the_system_can() -> None:
    """Linux starts it through a process that asks to die with us. Elsewhere it is started itself: on Windows
    what replaces itself by another program has ended for the one who waits."""
    assert bound(["pip", "download"], "win32") == bound(["pip", "download"], "darwin") == ["pip", "download"]
    module, process, *program = bound(["pip", "download"], "linux")[2:]
    assert (module, process, program) == ("browseagent.processes", str(os.getpid()), ["pip", "download"])


def test_windows_is_told_to_end_the_tree_by_force() -> None:
    """With the children of its children (/T), and without asking (/F): a program without a window has no
    way to be asked."""
    assert tree_killer(4711) == ["taskkill", "/T", "/F", "/PID", "4711"]
