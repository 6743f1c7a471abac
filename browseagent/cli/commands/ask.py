"""``browseagent ask``."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import click

from browseagent.cli.commands.ask_lines import ask_lines, jsonl_option
from browseagent.cli.commands.ask_since import ask_since, since_option
from browseagent.cli.commands.ask_typed import TypedOptions, ask_typed, typed_options
from browseagent.cli.completing import files
from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.options.reading import Reading, reading_options
from browseagent.cli.options.sources import listed, names_source, sources_from_option, sources_of
from browseagent.cli.options.writing import following_options, need_writer, writing_options
from browseagent.cli.show import results as render
from browseagent.cli.show.streams import one_line
from browseagent.cli.working import told, worked
from browseagent.errors import BrowseAgentError, UsageError
from browseagent.forms import results as forms
from browseagent.records import Answer, Failed


@click.command()
@click.argument("question", default="", metavar="QUESTION")
@click.argument("sources", nargs=-1, metavar="SOURCE...", shell_complete=files)
@sources_from_option
@jsonl_option
@since_option
@typed_options
@reading_options
@click.option("--reply", is_flag=True, help="QUESTION is a message: write a reply to it, ready to be sent.")
@click.option("--stored", is_flag=True, help="Ask all stored pages: no source, no network.")
@following_options
@writing_options
@pass_invocation
def ask(
    invocation: Invocation,
    question: str,
    sources: tuple[str, ...],
    reading: Reading,
    typed: TypedOptions | None,
    sources_from: str | None,
    jsonl: str | None,
    since: datetime | None,
    stored: bool,
    reply: bool,
) -> int:
    """Answer QUESTION from the sources, with the words on the page that the answer rests on.

    A SOURCE is a URL, a path to a saved page or PDF, or - for standard input. With --site, or with
    --max-pages, links are followed where the sources do not answer. --rows and --schema need no QUESTION.
    Exit status 3 says that the pages were read and the answer is not on them.
    """
    if jsonl is not None:
        named = (("--type", typed), ("--since", since))
        others = [
            *filter(None, (question, *sources, sources_from)),
            *(option for option, given in named if given),
        ]
        return ask_lines(invocation, reading, jsonl, others)
    if reading.settings.manner.style:
        need_writer("--style", reading.settings)
    if reply:
        need_writer("--reply", reading.settings)
        manner = replace(reading.settings.manner, style="reply")
        reading = replace(reading, settings=replace(reading.settings, manner=manner))
    if not stored:
        question, sources = _question_first(question, sources, sources_from, typed)
        sources = listed(sources, sources_from)
    else:
        if sources or sources_from is not None or typed is not None:
            raise UsageError("--stored asks all stored pages in words", hint="Leave out sources and --type.")
        reading = replace(reading, settings=replace(reading.settings, offline=True, site=True))
    if since is not None:
        if stored or typed is not None:
            raise UsageError("--since compares answers in words from named pages", hint="Leave out the rest.")
        return ask_since(invocation, question, sources, reading, since)
    if typed is not None:
        return ask_typed(invocation, question, sources, reading, typed)
    result: Answer
    try:
        opened = [] if stored else sources_of(sources)
        result = worked(invocation, reading, lambda agent: agent.ask(question, *opened))
    except BrowseAgentError as error:
        result = Failed(question=question, failure=error.info())
    document = forms.answer(result, reading.settings.model)
    return told(invocation, reading, result, document, lambda console: render.answer(console, result))


def _question_first(
    question: str, sources: tuple[str, ...], sources_from: str | None, typed: TypedOptions | None
) -> tuple[str, tuple[str, ...]]:
    """The question and the sources. Where the first argument names a page no question was given: rows and a
    schema need none. Raises UsageError where one is needed."""
    if typed is not None and typed.way != "type" and names_source(question):
        return "", (question, *sources)
    if not question and not sources:
        raise UsageError("there is no question", hint='browseagent ask "When does it open?" SOURCE')
    if not sources and sources_from is None and names_source(question):
        raise UsageError(
            f"there is no question: {one_line(question)} is a source",
            hint='The question comes first: browseagent ask "When does it open?" SOURCE',
        )
    return question, sources
