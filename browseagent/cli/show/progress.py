"""Progress on standard error: a status line on a terminal, every step with ``-v``, else nothing."""

from __future__ import annotations

import threading
import time
from types import TracebackType
from typing import Self

from browseagent.cli.invocation import STARTING, Progress
from browseagent.cli.show.streams import Streams, one_line

TICK = 0.25
"""Seconds after which the line is written again: that its time goes on says that the program does."""
_SECONDS = 1.0
"""Of one step, from which on its time is shown."""
WRITING = "writing"
"""The step that tells of a model's words as they come."""


class Shown:
    """Shows the agent's events while it works. Use it as a context manager around the run."""

    def __init__(self, streams: Streams, *, quiet: bool, verbose: bool) -> None:
        self._streams = streams
        self._verbose = verbose
        self._line = streams.shows_progress and not quiet and not verbose
        self._words, self._step, self._since = STARTING, "", time.monotonic()
        self._ended = threading.Event()
        self._ticking = threading.Thread(target=self._tick, name="progress", daemon=True)

    def __enter__(self) -> Self:
        if self._line:
            self._draw()
            self._ended.clear()
            self._ticking = threading.Thread(target=self._tick, name="progress", daemon=True)
            self._ticking.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._line:
            self._ended.set()
            self._ticking.join()
            self._streams.show("")

    def __call__(self, event: Progress) -> None:
        if self._line:
            if event.step != self._step:
                self._since = time.monotonic()
            self._words, self._step = one_line(event.message), event.step
            self._draw()
        elif self._verbose and event.step != WRITING:
            self._streams.tell(f"{event.seconds:8.2f} s  {one_line(event.step)}: {one_line(event.message)}")

    def _tick(self) -> None:
        while not self._ended.wait(TICK):
            self._draw()

    def _draw(self) -> None:
        took = time.monotonic() - self._since
        after = f" … {took:.0f} s" if took >= _SECONDS else " …"
        self._streams.show(self._words, after, newest=self._step == WRITING)
