"""``browseagent brief``: one short report of several pages, every sentence with the number of its source."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from browseagent.cli.completing import files
from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.options.reading import Reading, hiding, reading_options
from browseagent.cli.options.sources import sources_of
from browseagent.cli.options.writing import writing_options
from browseagent.cli.show import results as render
from browseagent.cli.show.streams import one_line
from browseagent.cli.working import told, worked
from browseagent.forms import results as forms
from browseagent.records import Length, PageReport, Summary

if TYPE_CHECKING:
    from rich.console import Console


@hiding("max_pages", "no_log")
@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...", shell_complete=files)
@click.option("--length", type=click.Choice(["short", "medium", "long"]), default="medium", show_default=True)
@reading_options
@writing_options
@pass_invocation
def brief(invocation: Invocation, sources: tuple[str, ...], length: Length, reading: Reading) -> int:
    """Make one report of the sources, like a short news item, with a citation after each sentence.

    A SOURCE is a URL, a path to a saved page or PDF, or - for standard input.
    """
    opened = sources_of(sources)
    result = worked(invocation, reading, lambda agent: agent.summarize(*opened, length=length))
    document = forms.summary(result, reading.settings.model)
    return told(invocation, reading, result, document, lambda console: report(console, result))


def report(console: Console, result: Summary) -> None:
    """The report: its sentences, each with the numbers of its sources; then the sources with a link to the
    first words that were cited of each. What nothing carries says so."""
    read = [page for page in result.pages if page.outcome.readable]
    if not result.points:
        render.prose(console, "Nothing to report was found.")
        return
    lines = []
    for point in result.points:
        cited = dict.fromkeys(_number(read, quote.url) for quote in point.quotes)
        mark = "".join(f"[{number}]" for number in cited if number) or "[unsupported]"
        lines.append(f"{one_line(point.text)} {mark}")
    head, *rest = lines
    render.prose(console, head, style="bold")
    if rest:
        console.print()
        render.prose(console, " ".join(rest))
    console.print()
    for number, page in enumerate(read, start=1):
        quotes = (quote for point in result.points for quote in point.quotes)
        link = next((quote.link for quote in quotes if _number(read, quote.url) == number), page.final_url)
        render.prose(console, f"[{number}] {one_line(page.title) or page.final_url}", style="dim")
        render.link(console, link)


def _number(read: list[PageReport], url: str) -> int:
    """The number of a page in the list of sources, from 1; 0 for one that is not among them."""
    place = (n for n, page in enumerate(read, start=1) if url in (page.final_url, page.url))
    return next(place, 0)
