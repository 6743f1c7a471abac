"""The command line: the only room that prints, reads arguments and sets exit statuses.

``main`` is the entry point of the ``browseagent`` command. Each command's module is imported when
that command is run, and what it needs (the browser, the model, the store) when it needs it.
"""

from __future__ import annotations

import os
import signal
import sys

_GRACE = 5.0
"""Seconds; a thread with nothing to do ends in a thousandth of one."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import NoReturn

    from browseagent.cli.invocation import OpenAgent


def main(agent: OpenAgent | None = None) -> NoReturn:
    """Runs the command of this process's arguments, and ends the process with its exit status.

    ``agent`` opens the agent that the commands talk to (default: the real one).
    """
    held = _Held()
    import threading

    from browseagent.cli.invocation import open_agent
    from browseagent.cli.program import INTERRUPTED, interrupted, run

    if held.let_go():
        sys.exit(interrupted(sys.argv[1:]))
    status = run(sys.argv[1:], agent=agent or open_agent)
    if (status == INTERRUPTED and threading.active_count() > 1) or _still_computing():
        # Everything is closed, but a thread still computes (a model cannot be stopped in the middle
        # of a token, nor one that hangs); Python would wait for it before it let the process end.
        os._exit(status)
    sys.exit(status)


class _Held:
    """Signals that end the program are kept back while it is being imported, where they would come out as a
    traceback. A signal that is to be ignored (``nohup``) stays so."""

    def __init__(self) -> None:
        self._came = False
        names = ("SIGINT", "SIGTERM", "SIGHUP")
        signals = [getattr(signal, name) for name in names if hasattr(signal, name)]
        self._kept = [number for number in signals if signal.getsignal(number) is not signal.SIG_IGN]
        for number in self._kept:
            signal.signal(number, self._note)

    def let_go(self) -> bool:
        """From here on they end the program as Ctrl-C does; whether one came meanwhile."""
        for number in self._kept:
            # asyncio looks whether Ctrl-C is Python's own.
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else _interrupt)
        return self._came

    def _note(self, number: int, frame: object) -> None:
        self._came = True


def _still_computing() -> bool:
    """Whether a model's thread does not end, though nobody waits for it any more."""
    import threading

    for thread in threading.enumerate():
        if thread.name.startswith("model"):
            thread.join(_GRACE)
            if thread.is_alive():
                return True
    return False


def _interrupt(number: int, frame: object) -> NoReturn:
    """Ends as Ctrl-C does, until the event loop takes over and closes what is open."""
    raise KeyboardInterrupt
