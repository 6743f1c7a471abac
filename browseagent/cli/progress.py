"""Progress on standard error: a status line on a terminal, every step with ``-v``, else nothing."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Self

from browseagent.cli.clean import one_line
from browseagent.cli.invocation import Progress
from browseagent.cli.streams import Streams

if TYPE_CHECKING:
    from rich.status import Status


class Shown:
    """Shows the agent's events while it works. Use it as a context manager around the run."""

    def __init__(self, streams: Streams, *, quiet: bool, verbose: bool) -> None:
        self._streams = streams
        self._verbose = verbose
        self._status: Status | None = None
        self._line = streams.shows_progress and not quiet and not verbose

    def __enter__(self) -> Self:
        if self._line:
            self._status = self._streams.status_console().status("starting …")
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

            line = Text(f"{one_line(event.message)} …", overflow="ellipsis", no_wrap=True)
            self._status.update(line)
        elif self._verbose:
            self._streams.tell(f"{event.seconds:8.2f} s  {one_line(event.step)}: {one_line(event.message)}")
