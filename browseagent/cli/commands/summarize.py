"""``browseagent summarize``."""

from __future__ import annotations

import click

from browseagent.cli.completing import files
from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.options.reading import Reading, hiding, reading_options
from browseagent.cli.options.sources import listed, sources_from_option, sources_of
from browseagent.cli.options.writing import writing_options
from browseagent.cli.show import results as render
from browseagent.cli.working import told, worked
from browseagent.forms import results as forms
from browseagent.records import Length


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
    result = worked(invocation, reading, lambda agent: agent.summarize(*opened, length=length))
    document = forms.summary(result, reading.settings.model)
    style = reading.settings.manner.style
    return told(invocation, reading, result, document, lambda each: render.summary(each, result, style))
