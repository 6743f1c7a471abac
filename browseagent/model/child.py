"""Child processes (pip, the converter): each has a deadline and never outlives us."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress

from browseagent.errors import ModelError
from browseagent.processes import OWN_GROUP, bound, end_group

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
            bound(argv),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**os.environ, **(environment or {})},
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            creationflags=OWN_GROUP,
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
    for kill in (False, True):
        end_group(process.pid, kill=kill)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=_GRACE)
            return


def _last_words(errors: str) -> str:
    """The last lines that a program wrote on standard error, where it says what went wrong."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    telling = [line for line in lines if line.upper().startswith("ERROR")]
    return " ".join(telling[-2:] or lines[-2:])[:500]
