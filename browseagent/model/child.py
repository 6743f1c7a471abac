"""Child processes (pip, the converter): each has a deadline and never outlives us.

``python -m browseagent.model.child PID PROGRAM ARGUMENTS…`` becomes a program that the system kills when its
parent, the process PID, dies, even of SIGKILL (Linux: the parent-death signal; elsewhere it may outlive it).
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress

from browseagent.errors import ModelError

_PR_SET_PDEATHSIG = 1
"""From <sys/prctl.h>: the signal that this process gets when its parent dies. Kept across execve."""
_GRACE = 5.0
"""Seconds between SIGTERM and SIGKILL: pip removes its temporary folder in well under one."""


def run_child(
    argv: Sequence[str], *, what: str, timeout: float, environment: Mapping[str, str] | None = None
) -> str:
    """Runs a program to its end and gives its standard output.

    ``what`` names it in errors ("the download of …"). Whatever ends this call (the deadline after
    ``timeout`` seconds, Ctrl-C, an error), the child and its own children are ended first; if this
    process is killed, so is the child. Raises
    :class:`ModelError` on a non-zero exit status (with the end of its standard error), at the
    deadline, and where the program cannot be started.
    """
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", "browseagent.model.child", str(os.getpid()), *argv],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise ModelError(f"{what} could not be started: {error}") from error
    with process:
        try:
            output, errors = process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired as error:
            raise ModelError(
                f"{what} took longer than {timeout:.0f} seconds", hint="try again, or give --timeout"
            ) from error
        finally:
            _end(process)
    if process.returncode != 0:
        raise ModelError(f"{what} failed: {_last_words(errors) or f'exit status {process.returncode}'}")
    return output


def _end(process: subprocess.Popen[str]) -> None:
    """Ends a child that is still running, and the process group that it leads."""
    if process.poll() is not None:
        return
    for sent in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, sent)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_GRACE)
            return


def _last_words(errors: str) -> str:
    """The last lines that a program wrote on standard error, where it says what went wrong."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    telling = [line for line in lines if line.upper().startswith("ERROR")]
    return " ".join(telling[-2:] or lines[-2:])[:500]


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
