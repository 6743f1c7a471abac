"""``browseagent ask``."""

from __future__ import annotations

import click

from browseagent.cli import json_output, render
from browseagent.cli.execute import run_async
from browseagent.cli.failure import exit_status, tell_error
from browseagent.cli.invocation import Invocation, Source, pass_invocation
from browseagent.cli.options import Reading, reading_options
from browseagent.cli.progress import Shown
from browseagent.cli.sources import sources_of
from browseagent.cli.writing import writing_options
from browseagent.errors import BrowseAgentError
from browseagent.records import Answer, Failed

NOT_FOUND = 3
"""Exit status where the pages were read and the answer is not on them."""


@click.command()
@click.argument("question")
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@reading_options
@writing_options
@pass_invocation
def ask(invocation: Invocation, question: str, sources: tuple[str, ...], reading: Reading) -> int:
    """Answer QUESTION from the sources, with the words on the page that the answer rests on.

    A SOURCE is a URL, a path to a saved page or PDF, or - for standard input.
    Exit status 3 says that the pages were read and the answer is not on them.
    """
    result: Answer
    try:
        opened = sources_of(sources)
        result = run_async(lambda: _ask(invocation, reading, question, opened))
    except BrowseAgentError as error:
        result = Failed(question=question, failure=error.info())
    streams = invocation.streams
    if reading.json:
        streams.write(json_output.dumps(json_output.answer(result, reading.settings.model)))
    elif result.error is None:
        streams.print(lambda console: render.answer(console, result))
    if result.error is not None:
        tell_error(streams, result.error)
        return exit_status(result.error)
    if not reading.quiet:
        for warning in render.warnings(result.pages, result.model):
            streams.tell(warning)
    return 0 if result.status == "answered" else NOT_FOUND


async def _ask(invocation: Invocation, reading: Reading, question: str, sources: list[Source]) -> Answer:
    with Shown(invocation.streams, quiet=reading.quiet, verbose=reading.verbose) as shown:
        async with invocation.open_agent(reading.settings, shown) as agent:
            return await agent.ask(question, *sources)
