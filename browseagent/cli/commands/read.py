"""``browseagent read``."""

from __future__ import annotations

from typing import Literal

import click

from browseagent.cli.completing import files
from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.options.reading import Reading, hiding, reading_options
from browseagent.cli.options.sources import sources_of
from browseagent.cli.show.results import incomplete, warnings
from browseagent.cli.show.streams import clean
from browseagent.cli.working import worked
from browseagent.forms import results as forms
from browseagent.records import Document
from browseagent.records.counted import counted

Format = Literal["md", "text", "json", "html"]


@hiding("model", "max_pages", "no_log")
@click.command()
@click.argument("source", shell_complete=files)
@click.option(
    "--format",
    "form",
    type=click.Choice(["md", "text", "json", "html"]),
    help="Markdown, plain text, JSON or plain HTML.  [default: md]",
)
@click.option("--all", "whole", is_flag=True, help="Also what stands beside the main text.")
@reading_options
@pass_invocation
def read(invocation: Invocation, source: str, form: Format | None, whole: bool, reading: Reading) -> int:
    """Print the readable text of SOURCE: a URL, a path to a saved page or PDF, or -."""
    if reading.json and form not in (None, "json"):
        raise click.UsageError(f"--json and --format {form} exclude each other")
    opened = sources_of([source])[0]
    document = worked(invocation, reading, lambda agent: agent.read(opened))
    invocation.streams.write(rendered(document, "json" if reading.json else form or "md", whole=whole))
    if not reading.quiet:
        _warn(invocation, document, whole=whole)
    return 0


def rendered(document: Document, form: Format, *, whole: bool = False) -> str:
    """A document in one of the formats, control characters taken out (JSON: escaped); ``whole``: and below it
    what stands beside its main text."""
    if form == "json":
        from browseagent.agent.reports import report

        page = None if document.page is None else report(document.page, document)
        return forms.dumps(forms.document(document, page, whole=whole))
    rest = document.rest if whole else None
    if form == "html":
        from browseagent.cli.show.document_html import to_html

        return to_html(document, rest)
    parts = [document] if rest is None else [document, rest]
    return clean("\n\n---\n\n".join(each.markdown if form == "md" else each.text for each in parts))


def _warn(invocation: Invocation, document: Document, *, whole: bool) -> None:
    page = document.page
    if page is not None:
        from browseagent.agent.reports import report

        reported = report(page, document)
        if incomplete(reported):
            invocation.streams.tell(f"warning: {clean(incomplete(reported))}")
        for note in warnings([reported]):
            invocation.streams.tell(note)
    if document.omitted and not whole:
        count, words = len(document.omitted), sum(len(text.split()) for text in document.omitted)
        told = f"{_pieces(count, words)} taken for menus, adverts and the like"
        invocation.streams.tell(f"note: {told}, and left out (see --all)")
    if document.hidden:
        count = len(document.hidden)
        invocation.streams.tell(f"note: {_pieces(count)} left out, which the page hides")


def _pieces(count: int, words: int | None = None) -> str:
    size = "" if words is None else f" ({counted(words, 'word')})"
    return counted(count, f"piece of text{size} was", f"pieces of text{size} were")
