"""Progress on standard error: a status line on a terminal, every step with ``-v``, else nothing."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

from browseagent.cli.invocation import Progress
from browseagent.cli.show.streams import Streams, one_line

if TYPE_CHECKING:
    from rich.status import Status


_SPINNER = 3  # columns that the moving sign before the line takes


class Shown:
    """Shows the agent's events while it works. Use it as a context manager around the run."""

    def __init__(self, streams: Streams, *, quiet: bool, verbose: bool) -> None:
        self._streams = streams
        self._verbose = verbose
        self._status: Status | None = None
        self._columns = 80
        self._line = streams.shows_progress and not quiet and not verbose

    def __enter__(self) -> Self:
        if self._line:
            console = self._streams.status_console()
            self._columns = console.width
            self._status = console.status("starting …")
            self._status.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._status is not None:
            self._status.stop()

    def __call__(self, event: Progress) -> None:
        if self._status is not None:
            from rich.text import Text

            line = Text(one_line(event.message))
            line.truncate(max(self._columns - _SPINNER, 1), overflow="ellipsis")
            self._status.update(line)
        elif self._verbose:
            self._streams.tell(f"{event.seconds:8.2f} s  {one_line(event.step)}: {one_line(event.message)}")
