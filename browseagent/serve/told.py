"""The JSON forms in words, as Markdown: for models that want text. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from browseagent.answer.languages import was_not_read
from browseagent.forms import shapes
from browseagent.records import ErrorInfo

_LINKS = 4
"""Of one point; a list of things rests on a quote of each."""


def answer(form: shapes.Answer) -> str:
    """The answer and its quotes, or that it is not on the pages and what comes nearest."""
    if form["error"] is not None:
        return error(ErrorInfo(**form["error"]))
    if form["answer"] is not None:
        return f"{form['answer']}\n\n{quoted(form['quotes'])}".strip()
    said = "The answer is not on the page."
    if was_not_read(form["model"]["note"]):
        said = f"Whether the answer is on the page is not known: {form['model']['note']}."
    return f"{said}\n\nNearest passages:\n\n{quoted(form['closest'])}".strip()


def summary(form: shapes.Summary) -> str:
    """The points, each with its links."""
    if form["error"] is not None:
        return error(ErrorInfo(**form["error"]))
    return "\n".join(
        " ".join([f"- {each['text']}", *(f"<{quote['link']}>" for quote in each["quotes"][:_LINKS])])
        for each in form["points"]
    )


def quoted(quotes: Sequence[shapes.Quote]) -> str:
    """The words, each with the link that opens the page at them."""
    return "\n\n".join(f"> {' '.join(each['text'].split())}\n<{each['link']}>" for each in quotes)


def changes(found: Sequence[shapes.Hunk]) -> str:
    """What went and what came."""
    lines = []
    for each in found:
        lines += [f"- {line}" for line in each["before"].splitlines()]
        lines += [f"+ {line}" for line in each["after"].splitlines()]
    return "\n".join(lines) or "Nothing changed."


def error(info: ErrorInfo) -> str:
    """What happened, and what to do next."""
    return f"{info.message.rstrip('.')}. {info.hint}".strip()
