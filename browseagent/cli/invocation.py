"""One run of the program: its arguments, its streams, and the agent that it talks to."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import click

from browseagent.cli.show.streams import Streams
from browseagent.config import Settings
from browseagent.records import Answer, Document, Hunk, Length, Page, Summary

if TYPE_CHECKING:
    from browseagent.answer.typed.records import Extracted
    from browseagent.watch.ruling import Ruling

Source = str | Path | Page
STARTING = "starting"
"""What is being done until the first step is told."""


class Progress(Protocol):
    """What the agent tells while it works, see :class:`browseagent.agent.events.Event`."""

    @property
    def step(self) -> str: ...
    @property
    def message(self) -> str: ...
    @property
    def seconds(self) -> float: ...
    @property
    def data(self) -> Mapping[str, object]: ...


class CommandAgent(Protocol):
    """What the commands ask of an agent. :class:`browseagent.agent.agent.Agent` is one."""

    async def ask(self, question: str, /, *sources: Source | Document) -> Answer: ...
    async def judge(self, about: str, changes: Sequence[Hunk], /) -> Ruling: ...

    async def extract(
        self, schema: str | Mapping[str, Any], /, *sources: Source, question: str = ""
    ) -> Extracted: ...
    async def summarize(self, *sources: Source, length: Length = "medium") -> Summary: ...
    async def read(self, source: Source, /) -> Document: ...
    async def fetch(self, source: str | Path, /) -> Page: ...


OpenAgent = Callable[[Settings, Callable[[Progress], None]], AbstractAsyncContextManager[CommandAgent]]


def open_agent(
    settings: Settings, on_event: Callable[[Progress], None]
) -> AbstractAsyncContextManager[CommandAgent]:
    """The real agent, or a running server's, imported when a command needs it."""
    from browseagent.cli.lent import LentAgent

    return LentAgent(settings, on_event)


@dataclass(frozen=True, slots=True)
class Invocation:
    """Given to every command by ``click.pass_obj``."""

    argv: tuple[str, ...]
    streams: Streams
    open_agent: OpenAgent

    @property
    def command(self) -> str:
        """The command's name as far as the arguments tell, or an empty string."""
        return next((word for word in self.argv if not word.startswith("-")), "")

    @property
    def wants_json(self) -> bool:
        """Whether the arguments ask for JSON. Holds before, and without, their being parsed, so
        that wrong usage is answered in JSON too."""
        pairs = pairwise(self._words)
        return "--json" in self._words or "--format=json" in self._words or ("--format", "json") in pairs

    @property
    def _words(self) -> tuple[str, ...]:
        """The arguments that may be options."""
        return self.argv[: self.argv.index("--")] if "--" in self.argv else self.argv

    def begin(self) -> None:
        """Says on a terminal that a command has begun, before its packages are loaded; its own line of
        progress takes the place of this one. Where the arguments ask for no such line, nothing is said."""
        short = (word[1:] for word in self._words if word.startswith("-") and not word.startswith("--"))
        refused = {"--quiet", "--verbose", "--help"}.intersection(self._words)
        refused |= set("qvh").intersection("".join(short))
        if self.streams.shows_progress and not refused:
            self.streams.show(STARTING, " …")


pass_invocation = click.make_pass_decorator(Invocation)


T = TypeVar("T")

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


def run_async(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What ``work`` gives. On a signal its task is cancelled and KeyboardInterrupt raised; a second signal
    does not wait for that and has its usual effect."""
    import asyncio  # 50 ms, which a command's first line does not wait for

    try:
        return asyncio.run(_until_signalled(work))
    except asyncio.CancelledError:
        raise KeyboardInterrupt from None


async def _until_signalled(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    import asyncio

    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None
    in_place: list[int] = []

    def restore() -> None:
        while in_place:
            loop.remove_signal_handler(in_place.pop())

    def stop() -> None:
        restore()
        task.cancel()

    if threading.current_thread() is threading.main_thread():  # only it may handle signals
        for number in _SIGNALS:
            if number != signal.SIGINT and signal.getsignal(number) is signal.SIG_IGN:
                continue  # nohup: the run is to outlive its terminal
            try:
                loop.add_signal_handler(number, stop)
            except NotImplementedError:  # Windows: asyncio.run turns Ctrl-C into a cancellation itself
                break
            in_place.append(number)
    try:
        return await work()
    finally:
        restore()
