"""``browseagent summarize``."""

from __future__ import annotations

import click

from browseagent.cli.completing import files
from browseagent.cli.failure import exit_status, tell_error
from browseagent.cli.invocation import Invocation, Source, pass_invocation, run_async
from browseagent.cli.options.reading import Reading, hiding, reading_options
from browseagent.cli.options.sources import listed, sources_from_option, sources_of
from browseagent.cli.options.writing import writing_options
from browseagent.cli.show import results as render
from browseagent.cli.show.progress import Shown
from browseagent.forms import results as forms
from browseagent.records import Length, Summary


@hiding("max_pages", "no_log")
@click.command()
@click.argument("sources", nargs=-1, metavar="SOURCE...", shell_complete=files)
@sources_from_option
@click.option("--length", type=click.Choice(["short", "medium", "long"]), default="medium", show_default=True)
@reading_options
@writing_options
@pass_invocation
def summarize(
    invocation: Invocation,
    sources: tuple[str, ...],
    length: Length,
    reading: Reading,
    sources_from: str | None,
) -> int:
    """Summarise the sources; each point stands on the page, with a link to it.

    A SOURCE is a URL, a path to a saved page or PDF, or - for standard input.
    """
    opened = sources_of(listed(sources, sources_from))
    result = run_async(lambda: summarized(invocation, reading, length, opened))
    streams = invocation.streams
    if reading.json:
        streams.write(forms.dumps(forms.summary(result, reading.settings.model)))
    elif result.error is None:
        streams.print(lambda console: render.summary(console, result, reading.settings.manner.style))
    if result.error is not None:
        tell_error(streams, result.error, result.pages)
        return exit_status(result.error)
    if not reading.quiet:
        for warning in render.warnings(result.pages, result.model):
            streams.tell(warning)
    return 0


async def summarized(
    invocation: Invocation, reading: Reading, length: Length, sources: list[Source]
) -> Summary:
    """The summary of some sources, with progress told."""
    with Shown(invocation.streams, quiet=reading.quiet, verbose=reading.verbose) as shown:
        async with invocation.open_agent(reading.settings, shown) as agent:
            return await agent.summarize(*sources, length=length)
