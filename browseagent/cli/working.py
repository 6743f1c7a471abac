"""How a command has its work done and its result told."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from browseagent.cli.failure import NOT_FOUND, exit_status, tell_error
from browseagent.cli.invocation import CommandAgent, Invocation, run_async
from browseagent.cli.keeping import keep
from browseagent.cli.options.reading import Reading
from browseagent.cli.show import results as render
from browseagent.cli.show.progress import Shown
from browseagent.forms import results as forms
from browseagent.records import Answer, NotFound, Summary

if TYPE_CHECKING:
    from rich.console import Console

T = TypeVar("T")


@asynccontextmanager
async def opened(invocation: Invocation, reading: Reading) -> AsyncIterator[CommandAgent]:
    """An agent whose progress is told."""
    with Shown(invocation.streams, quiet=reading.quiet, verbose=reading.verbose) as shown:
        async with invocation.open_agent(reading.settings, shown) as agent:
            yield agent


def worked(
    invocation: Invocation, reading: Reading, work: Callable[[CommandAgent], Coroutine[Any, Any, T]]
) -> T:
    """What an agent's work gives."""

    async def working() -> T:
        async with opened(invocation, reading) as agent:
            return await work(agent)

    return run_async(working)


def told(
    invocation: Invocation,
    reading: Reading,
    result: Answer | Summary,
    document: Mapping[str, Any],
    draw: Callable[[Console], None],
    notes: Sequence[str] = (),
    text: str | None = None,
) -> int:
    """Writes a result, as the JSON ``document`` where that is asked for, else as ``text`` or as ``draw``
    prints it unless it failed, keeps an answer, tells what failed or what there is to know, and gives the
    exit status."""
    streams = invocation.streams
    if reading.json:
        streams.write(forms.dumps(document))
    elif result.error is None and text is not None:
        streams.write(text)
    elif result.error is None:
        streams.print(draw)
    if not isinstance(result, Summary):
        keep(streams, reading, document)
    if result.error is not None:
        tell_error(streams, result.error, result.pages)
        return exit_status(result.error)
    if not reading.quiet:
        for each in (*render.warnings(result.pages, result.model), *notes):
            streams.tell(each)
    return NOT_FOUND if isinstance(result, NotFound) else 0
