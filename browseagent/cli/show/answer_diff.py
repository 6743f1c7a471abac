"""What an answer was and is, for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from browseagent.answer.answer_diff import AnswerDiff
from browseagent.answer.languages import is_unread
from browseagent.cli.show import results as render
from browseagent.cli.show.streams import one_line
from browseagent.records import Answer

if TYPE_CHECKING:
    from rich.console import Console


def answer_diff(console: Console, found: AnswerDiff) -> None:
    """Both answers on a line, then the words that each rests on, the earlier before a minus."""
    was, now = _told(found.before), _told(found.after)
    render.prose(console, f"{was} → {now}" if found.changed else f"{now} (as before)", style="bold")
    for sign, each, at, style in (
        ("-", found.before, found.before_at, "red"),
        ("+", found.after, found.after_at, "green"),
    ):
        console.print()
        render.prose(console, f"{sign} {at.astimezone():%Y-%m-%d %H:%M}: {_told(each)}", style=style)
        render.quotes(console, each)
    console.print()
    render.prose(
        console,
        f"Confidence: {render.confidence(found.before)} → {render.confidence(found.after)}",
        style="dim",
    )


def _told(answer: Answer) -> str:
    if answer.status == "answered":
        return one_line(answer.text or "")
    return "not read" if is_unread(answer) else "not on the page"
