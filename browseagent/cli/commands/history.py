"""``browseagent history``: what was asked before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import click

from browseagent.answer.answer_diff import AnswerDiff
from browseagent.cli.failure import described
from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.options import json_option
from browseagent.cli.options.reading import Duration
from browseagent.cli.show import results as render
from browseagent.cli.show.answer_diff import answer_diff
from browseagent.cli.show.streams import one_line
from browseagent.errors import UsageError
from browseagent.forms import commands as command_forms
from browseagent.forms import results as forms
from browseagent.forms.loaded import load_answer
from browseagent.records import Answer
from browseagent.wiring import open_asked

if TYPE_CHECKING:
    from rich.console import Console

_limit_option = click.option(
    "-n", "limit", type=click.IntRange(1, 1000), default=20, show_default=True, help="At most so many."
)


@click.group()
def history() -> None:
    """What was asked before, with its answer, quotes, model and the hashes of the pages.

    The newest 1,000 are kept; `ask --no-log` keeps none, nor does BROWSEAGENT_NO_LOG=1.
    """


@history.command("list")
@_limit_option
@json_option
@pass_invocation
def list_(invocation: Invocation, limit: int, json: bool) -> int:
    """List the newest questions and their answers."""
    return _listed(invocation, (), limit, json=json)


@history.command()
@click.argument("words", nargs=-1, required=True)
@_limit_option
@json_option
@pass_invocation
def search(invocation: Invocation, words: tuple[str, ...], limit: int, json: bool) -> int:
    """List the questions that hold all WORDS, in themselves or in their answers."""
    return _listed(invocation, tuple(word for each in words for word in each.split()), limit, json=json)


@history.command()
@click.argument("number", type=int)
@json_option
@pass_invocation
def show(invocation: Invocation, number: int, json: bool) -> int:
    """Show a question by its number, with its answer and quotes."""
    with open_asked() as kept:
        found = kept.get(number)
    if found is None:
        raise _no_question(number)
    if json:
        invocation.streams.write(forms.dumps(found.document))
        return 0
    answer = _as_of_now(load_answer(found.document))
    invocation.streams.write(one_line(found.question))
    if answer.error is None:
        invocation.streams.print(lambda console: render.answer(console, answer))
    else:
        invocation.streams.write(f"Failed: {described(answer.error)}")
    for page in answer.pages:
        seen = f"{page.fetched_at.astimezone():%Y-%m-%d %H:%M}"
        invocation.streams.write(one_line(f"{page.url}  as of {seen}  sha256 {page.sha256[:12]}"))
    invocation.streams.write(f"{found.at.astimezone():%Y-%m-%d %H:%M}, by {one_line(found.model)}")
    return 0


@history.command()
@click.argument("number", type=int)
@click.argument("earlier", type=int, required=False)
@json_option
@pass_invocation
def diff(invocation: Invocation, number: int, earlier: int | None, json: bool) -> int:
    """Show what the answer to question NUMBER was when it was asked before, and what it was then.

    EARLIER is the number of another asking; default: the last before it, of the same question and pages.
    """
    with open_asked() as kept:
        after = kept.get(number)
        if after is None:
            raise _no_question(number)
        before = kept.earlier(after) if earlier is None else kept.get(earlier)
    if before is None and earlier is not None:
        raise _no_question(earlier)
    if before is None:
        raise UsageError(
            f"question {number} was not asked of these pages before",
            hint="`browseagent ask … --since DATE` asks the version that was stored then.",
        )
    if before.about[0] != after.about[0]:
        raise UsageError(f"{before.id} and {number} are different questions", hint="Name two askings of one.")
    answers = [load_answer(each.document) for each in (before, after)]
    failed = next((answer.error for answer in answers if answer.error is not None), None)
    if failed is not None:
        raise UsageError(f"one of the two failed: {failed.message}", hint="`browseagent history show NUMBER`")
    found = AnswerDiff(after.question, answers[0], answers[1], before.at, after.at)
    if json:
        invocation.streams.write(forms.dumps(command_forms.answer_diff(found)))
    else:
        invocation.streams.print(lambda console: answer_diff(console, found))
    return 0


@history.command()
@click.option("--older-than", type=Duration(), help="Those asked longer ago than this.")
@click.option("--all", "everything", is_flag=True, help="All of them.")
@json_option
@pass_invocation
def clear(invocation: Invocation, older_than: float | None, everything: bool, json: bool) -> int:
    """Forget questions, by age or all."""
    if everything == (older_than is not None):
        raise UsageError("say what to clear: --older-than or --all")
    before = None if older_than is None else datetime.now(UTC) - timedelta(seconds=older_than)
    with open_asked() as kept:
        count = kept.clear(before)
    if json:
        invocation.streams.write(forms.dumps(command_forms.forgotten(count)))
    else:
        invocation.streams.write(f"Forgot {render.counted(count, 'question')}.")
    return 0


def _as_of_now(answer: Answer) -> Answer:
    """The answer, its pages as old as they are now: "read 10 s ago" was true when it was given."""
    now = datetime.now(UTC)
    pages = tuple(replace(page, age_s=(now - page.fetched_at).total_seconds()) for page in answer.pages)
    return replace(answer, pages=pages)


def _listed(invocation: Invocation, words: tuple[str, ...], limit: int, *, json: bool) -> int:
    with open_asked() as kept:
        found = kept.find(words, limit=limit)
    if json:
        invocation.streams.write(forms.dumps(command_forms.asked(found)))
        return 0
    if not found:
        invocation.streams.tell("Nothing was asked yet." if not words else "No question holds these words.")
        return 0
    digits = max(len(str(each.id)) for each in found)
    lines = []
    for each in found:
        said = one_line(each.answer) if each.answer else {"failed": "failed"}.get(each.status, "not found")
        when = f"{each.at.astimezone():%Y-%m-%d %H:%M}"
        lines.append(f"{each.id:>{digits}}  {when}  {one_line(each.question)}  → {said}")
    invocation.streams.print(lambda console: _lines(console, lines))
    return 0


def _lines(console: Console, lines: Sequence[str]) -> None:
    """A line each: cut to the width of a terminal, whole elsewhere."""
    from rich.text import Text

    for line in lines:
        if console.soft_wrap:
            console.print(Text(line))
        else:
            console.print(Text(line), overflow="ellipsis", no_wrap=True)


def _no_question(number: int) -> UsageError:
    return UsageError(f"there is no question {number}", hint="`browseagent history list` shows them.")
