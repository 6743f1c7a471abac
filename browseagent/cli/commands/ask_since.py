"""``browseagent ask --since``: what the answer was at a time, from the stored versions, and what it is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import click

from browseagent.answer.answer_diff import AnswerDiff
from browseagent.cli.failure import NOT_FOUND, exit_status, tell_error
from browseagent.cli.invocation import Invocation, run_async
from browseagent.cli.keeping import keep
from browseagent.cli.options.reading import Moment, Reading
from browseagent.cli.options.sources import url_of
from browseagent.cli.show import results as render
from browseagent.cli.show.answer_diff import answer_diff
from browseagent.cli.working import opened
from browseagent.errors import UsageError
from browseagent.forms import commands as command_forms
from browseagent.forms import results as forms

since_option = click.option(
    "--since",
    type=Moment(),
    help="What the answer was then, from the stored version, and what it is. A date, or how long ago: 7d.",
)
"""The option of ``ask`` for which :func:`ask_since` is there."""


def ask_since(
    invocation: Invocation, question: str, sources: tuple[str, ...], reading: Reading, since: datetime
) -> int:
    """Answers twice, prints what became of the answer, and gives the exit status of the later one."""
    until = reading.settings.as_of or datetime.now(UTC)
    if since >= until:
        raise UsageError("--since must be earlier than now, and than --as-of", hint="Give an earlier time.")
    found = run_async(lambda: _both(invocation, question, [url_of(each) for each in sources], reading, since))
    streams = invocation.streams
    if reading.json:
        streams.write(forms.dumps(command_forms.answer_diff(found, reading.settings.model)))
    error = found.before.error or found.after.error
    if error is not None:
        tell_error(streams, error)
        return exit_status(error)
    if not reading.json:
        streams.print(lambda console: answer_diff(console, found))
    keep(streams, reading, forms.answer(found.after, reading.settings.model))
    if not reading.quiet:
        for warning in render.warnings(found.after.pages, found.after.model):
            streams.tell(warning)
    return 0 if found.after.status == "answered" else NOT_FOUND


async def _both(
    invocation: Invocation, question: str, sources: list[str], reading: Reading, since: datetime
) -> AnswerDiff:
    """Both answers; where no version of that time is stored the page is not asked for either."""
    answers = []
    settings = reading.settings
    for each in (replace(settings, as_of=since, fresh=False), settings):
        async with opened(invocation, replace(reading, settings=each)) as agent:
            answers.append(await agent.ask(question, *sources))
        if answers[0].error is not None:
            break
    return AnswerDiff(question, answers[0], answers[-1], since, settings.as_of or datetime.now(UTC))
