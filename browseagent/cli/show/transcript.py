"""A conversation as Markdown. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from browseagent.agent.conversation import Conversation, quotes_shown
from browseagent.answer.languages import UNREAD, is_unread
from browseagent.cli.show.results import confidence
from browseagent.cli.show.streams import one_line
from browseagent.records import Answer, Document, NotFound

_MARKUP = re.compile(r"([\\`*_\[\]<>#|])")


def transcript(conversation: Conversation) -> str:
    """A conversation as Markdown: the sources, then each question, its answer, and its quotes with links."""
    parts = ["# Questions and answers", "## Sources", _listed(conversation.documents)]
    for each in conversation.exchanges:
        parts.append(f"## {_plain(each.answer.question)}")
        if each.completed:
            parts.append(f"(asked as: {_plain(each.typed)})")
        parts += _answered(each.answer)
    return "\n\n".join(parts) + "\n"


def _answered(answer: Answer) -> list[str]:
    quotes = [f"> {_plain(quote.text)}\n>\n> <{one_line(quote.link)}>" for quote in quotes_shown(answer)]
    if answer.error is not None:
        return [f"**Failed:** {_plain(answer.error.message)}"]
    if answer.status == "answered":
        return [f"**{_plain(answer.text)}**", *quotes, f"Confidence: {confidence(answer)}"]
    perhaps = answer.perhaps if isinstance(answer, NotFound) else None
    guess = [f"Perhaps: {_plain(perhaps.text)}", quotes.pop(0)] if perhaps else []
    said = UNREAD if is_unread(answer) else "Not on these pages."
    return [f"**{said}**", *guess, *(["What comes closest:"] if quotes else []), *quotes]


def _listed(documents: Sequence[Document]) -> str:
    return "\n".join(f"- {_plain(document.title or document.url)} <{document.url}>" for document in documents)


def _plain(text: str) -> str:
    """Text of a page or a person on one line, so that nothing in it acts as Markdown."""
    return _MARKUP.sub(r"\\\1", one_line(text))
