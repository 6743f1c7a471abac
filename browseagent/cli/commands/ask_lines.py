"""``browseagent ask --jsonl``: many questions, one JSON object a line in and out, the model loaded once."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

import click

from browseagent.cli.completing import files
from browseagent.cli.failure import NOT_FOUND, exit_status, tell_error, worst
from browseagent.cli.invocation import CommandAgent, Invocation, run_async
from browseagent.cli.keeping import keep
from browseagent.cli.options.reading import Reading
from browseagent.cli.options.sources import lines_of, source_of
from browseagent.cli.working import opened
from browseagent.errors import BrowseAgentError, UsageError
from browseagent.forms import results as forms
from browseagent.records import Answer, Failed

jsonl_option = click.option(
    "--jsonl",
    metavar="FILE|-",
    shell_complete=files,
    help='Answer each line {"question": …, "source": …} with one JSON object a line.',
)
"""The option of ``ask`` for which :func:`ask_lines` is there."""
EXAMPLE = '{"question": "When does it open?", "source": "https://example.org/visit"}'


@dataclass(frozen=True, slots=True)
class Item:
    """What one line asks."""

    question: str
    sources: tuple[str, ...]


def item_of(line: bytes) -> Item:
    """What a line asks. Raises UsageError for one that is not as it should be."""
    try:
        given = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UsageError(f"it is no JSON: {error}", hint=f"Write {EXAMPLE}") from error
    if not isinstance(given, dict) or not isinstance(given.get("question"), str):
        raise UsageError("it has no question", hint=f"Write {EXAMPLE}")
    sources = [given[name] for name in ("source", "sources") if given.get(name) is not None]
    if len(sources) == 1 and isinstance(sources[0], str):
        sources = [[sources[0]]]
    if len(sources) != 1 or not isinstance(sources[0], list) or not sources[0]:
        raise UsageError("it needs source, or a list of sources", hint=f"Write {EXAMPLE}")
    if not all(isinstance(source, str) for source in sources[0]):
        raise UsageError("a source in it is no text", hint=f"Write {EXAMPLE}")
    return Item(given["question"], tuple(sources[0]))


def ask_lines(invocation: Invocation, reading: Reading, place: str, others: Sequence[str]) -> int:
    """Answers every line of a file (``-``: of standard input), each as soon as it is done; the exit status
    of the worst. ``others`` are the command's arguments, which there must be none of."""
    if others:
        raise UsageError("--jsonl takes questions and sources from its lines alone", hint=f"Write {EXAMPLE}")
    if reading.json:
        raise UsageError("--json is one document, and --jsonl gives one a line", hint="Leave out --json.")
    return run_async(lambda: _ask_lines(invocation, reading, place))


async def _ask_lines(invocation: Invocation, reading: Reading, place: str) -> int:
    streams, status, number = invocation.streams, 0, 0
    async with opened(invocation, reading) as agent:
        async for line in lines_of(place):
            number += 1
            if not line.strip():
                continue
            answer = await _ask_line(agent, line, number)
            if answer.error is not None:
                tell_error(streams, answer.error)
            status = worst([status, _status(answer)])
            document = forms.answer(answer, reading.settings.model)
            document["line"] = number
            keep(streams, reading, document)
            streams.write(forms.dumps(document, indent=None))
            if streams.reader_gone:
                break
    return status


async def _ask_line(agent: CommandAgent, line: bytes, number: int) -> Answer:
    """The answer to one line; a failure where the line, or anything on the way, is wrong."""
    question = ""
    try:
        item = item_of(line)
        question = item.question
        return await agent.ask(question, *map(source_of, item.sources))
    except UsageError as error:
        wrong = UsageError(f"line {number}: {error.message}", hint=error.hint, url=error.url)
        return Failed(question=question, failure=wrong.info())
    except BrowseAgentError as error:
        return Failed(question=question, failure=error.info())
    except Exception as error:  # noqa: BLE001  a bug met on one line must not cost the others their answers
        bug = BrowseAgentError(f"line {number}: {type(error).__name__}: {error}")
        return Failed(question=question, failure=bug.info())


def _status(answer: Answer) -> int:
    if answer.error is not None:
        return exit_status(answer.error)
    return 0 if answer.status == "answered" else NOT_FOUND
