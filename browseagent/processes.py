"""Child processes on each system: in a group of their own, ended with all that they started, and no longer
alive than we are.

``python -m browseagent.processes PID PROGRAM ARGUMENTS…`` becomes a program that Linux kills when its parent,
the process PID, dies, even of SIGKILL. Elsewhere a child whose parent was killed may outlive it.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress

OWN_GROUP: int = getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0)
"""``creationflags`` for Windows of a child that Ctrl-C is not to reach, and 0 elsewhere, where
``start_new_session`` does that. Give both to start one that :func:`end_group` is to end."""
_PR_SET_PDEATHSIG = 1
"""From <sys/prctl.h>: the signal that this process gets when its parent dies. Kept across execve."""


def bound(program: Sequence[str], platform: str = sys.platform) -> list[str]:
    """The arguments that start a program which dies with this process, where a system knows of that."""
    if platform != "linux":
        return list(program)
    return [sys.executable, "-m", "browseagent.processes", str(os.getpid()), *program]


def end_group(leader: int, *, kill: bool = True) -> None:
    """Ends a process that leads a group of its own, and all that it started; nothing where they have ended.
    Without ``kill`` they are asked to end (SIGTERM), where the system can ask: Windows ends them."""
    if sys.platform == "win32":
        with suppress(OSError):
            subprocess.run(tree_killer(leader), capture_output=True, check=False)
    else:
        with suppress(ProcessLookupError):
            os.killpg(leader, signal.SIGKILL if kill else signal.SIGTERM)


def tree_killer(leader: int) -> list[str]:
    """The command that ends a process and its descendants on Windows, which has no signal for a group."""
    return ["taskkill", "/T", "/F", "/PID", str(leader)]


def kill(process: int) -> None:
    """Ends a process that may not be waited for. Raises OSError where it is gone or is not ours."""
    os.kill(process, getattr(signal, "SIGKILL", signal.SIGTERM))  # on Windows, SIGTERM ends it as surely


def become(parent: int, argv: list[str]) -> None:
    """Becomes ``argv``, which dies with the process ``parent``; ends at once if that has died."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            raise SystemExit("the process that started this one has died")
    try:
        os.execvp(argv[0], argv)
    except OSError as error:
        raise SystemExit(f"{argv[0]}: {error}") from error


if __name__ == "__main__":
    become(int(sys.argv[1]), sys.argv[2:])
