"""Starts a program that the system kills when we die, even of SIGKILL (Linux; elsewhere it may outlive us).

``python -m browseagent.model.leash PID PROGRAM ARGUMENTS…``: PID is the process that holds the
leash. This process becomes the program, which keeps the leash.
"""

from __future__ import annotations

import ctypes
import os
import signal
import sys

_PR_SET_PDEATHSIG = 1
"""From <sys/prctl.h>: the signal that this process gets when its parent dies. Kept across execve."""


def main(holder: int, argv: list[str]) -> None:
    """Becomes ``argv``, or ends at once if the holder has died meanwhile."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != holder:
            raise SystemExit("the process that started this one has died")
    try:
        os.execvp(argv[0], argv)
    except OSError as error:
        raise SystemExit(f"{argv[0]}: {error}") from error


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
