"""``browseagent record``."""

from __future__ import annotations

import shlex
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.options.reading import Reading, hiding, reading_options
from browseagent.cli.options.sources import sources_of
from browseagent.cli.show.recording import EXPECTED, RECORDED, recording
from browseagent.cli.show.streams import clean, one_line
from browseagent.cli.working import worked
from browseagent.errors import UsageError, error_for
from browseagent.forms import commands as command_forms
from browseagent.forms import results as forms
from browseagent.records import Page, PageReport


@hiding("model", "max_age", "fresh", "max_pages", "no_log")
@click.command()
@click.argument("url")
@click.option(
    "--to",
    "folder",
    required=True,
    type=click.Path(path_type=Path, file_okay=False),
    help="The folder of the recording; made where it is missing.",
)
@click.option("--any-outcome", is_flag=True, help="Record also a page that could not be read.")
@reading_options
@pass_invocation
def record(invocation: Invocation, url: str, folder: Path, any_outcome: bool, reading: Reading) -> int:
    """Save the page at URL as a fixture that tests can replay: body, rendered DOM, expected text.

    The folder is a source too: `ask QUESTION FOLDER` reads the page as it was, without network.
    Recording into the same folder again replaces what is there.
    """
    source = sources_of([url])[0]
    page = source if isinstance(source, Page) else _fetched(invocation, reading, source)
    if not page.outcome.readable and not any_outcome:
        raise error_for(page)
    saved = _save(page, folder)
    if reading.json:
        invocation.streams.write(forms.dumps(command_forms.recorded(str(folder), saved.files, saved.page)))
    else:
        invocation.streams.print(lambda console: recording(console, folder, saved.files, saved.page))
    if not reading.quiet:
        if not page.outcome.readable:
            invocation.streams.tell(f"note: recorded as {page.outcome}: {clean(page.reason or '')}")
        else:
            here = shlex.quote(one_line(str(folder)))
            invocation.streams.tell(f"It is a source, without network: browseagent ask QUESTION {here}")
    return 0


@dataclass(frozen=True, slots=True)
class _Saved:
    page: PageReport
    files: Mapping[str, int]
    """The names of the files of the recording, and how many bytes each has."""


def _save(page: Page, folder: Path) -> _Saved:
    from browseagent.agent.reports import report
    from browseagent.durable import write_atomically
    from browseagent.read import read_page
    from browseagent.web.replay import save

    document = read_page(page) if page.outcome.readable else None
    try:
        save(page, folder)
        expected = folder / EXPECTED
        if document is not None:
            write_atomically(expected, document.markdown.encode("utf-8", "backslashreplace"))
        else:
            expected.unlink(missing_ok=True)
        files = {name: (folder / name).stat().st_size for name in RECORDED if (folder / name).exists()}
    except OSError as error:
        raise UsageError(f"the recording cannot be written: {error}") from error
    return _Saved(report(page, document), files)


def _fetched(invocation: Invocation, reading: Reading, source: str | Path) -> Page:
    """The page as the server gives it now: neither from the page store nor into it, unless a stored
    version was asked for."""
    if reading.settings.offline or reading.settings.as_of is not None:
        return worked(invocation, reading, lambda agent: agent.fetch(source))
    with TemporaryDirectory(prefix="browseagent-") as empty:
        own = reading.settings.profiles_path
        apart = replace(reading, settings=replace(reading.settings, home=Path(empty), profiles=own))
        return worked(invocation, apart, lambda agent: agent.fetch(source))
