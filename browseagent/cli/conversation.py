"""What is said in a chat: its turns, the quotes by number, and all of it as Markdown. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from browseagent.answer.followup.pronouns import Turn
from browseagent.cli import words
from browseagent.cli.clean import one_line
from browseagent.records import Answer, Answered, Document, NotFound, Quote

_MARKUP = re.compile(r"([\\`*_\[\]<>#|])")
_CONTEXT = 300
"""Characters on each side of a quote, at most, that are shown with it."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """One question as it was typed, and its answer; ``answer.question`` is what it was understood as."""

    typed: str
    answer: Answer

    @property
    def completed(self) -> bool:
        """Whether the question was completed from what was said before."""
        return one_line(self.typed) != one_line(self.answer.question)


@dataclass(frozen=True, slots=True)
class Conversation:
    """Documents and what was asked of them, oldest first."""

    documents: tuple[Document, ...]
    exchanges: tuple[Exchange, ...] = ()

    @property
    def turns(self) -> tuple[Turn, ...]:
        """What a follow-up may lean on."""
        return tuple(Turn(each.answer.question, each.answer.text) for each in self.exchanges)

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """Every quote shown so far, in order: the first is number 1."""
        return tuple(quote for each in self.exchanges for quote in quotes_shown(each.answer))

    def around(self, quote: Quote) -> tuple[str, str]:
        """What stands before and after a quote on its page, within its paragraph and those beside it."""
        for document in self.documents:
            text = document.text
            if text[quote.start : quote.end] == quote.text:
                near = [
                    block
                    for block in document.blocks
                    if block.end > quote.start - _CONTEXT and block.start < quote.end + _CONTEXT
                ]
                start = max([quote.start - _CONTEXT, *(block.start for block in near[:1])])
                end = min([quote.end + _CONTEXT, *(block.end for block in near[-1:])])
                return text[max(0, start) : quote.start], text[quote.end : end]
        return "", ""


def quotes_shown(result: Answer) -> list[Quote]:
    """The quotes that are shown with an answer, in the order of :func:`browseagent.cli.render.answer`."""
    if result.status != "answered":
        perhaps = result.perhaps if isinstance(result, NotFound) else None
        return [*([perhaps.quote] if perhaps else []), *result.closest[:3]]
    others = result.alternatives if isinstance(result, Answered) else ()
    return [*result.quotes, *(other.quote for other in others)]


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
        return [f"**{_plain(answer.text)}**", *quotes, f"Confidence: {words.confidence(answer.confidence)}"]
    perhaps = answer.perhaps if isinstance(answer, NotFound) else None
    guess = [f"Perhaps: {_plain(perhaps.text)}", quotes.pop(0)] if perhaps else []
    return ["**Not on these pages.**", *guess, *(["What comes closest:"] if quotes else []), *quotes]


def _listed(documents: Sequence[Document]) -> str:
    return "\n".join(f"- {_plain(document.title or document.url)} <{document.url}>" for document in documents)


def _plain(text: str) -> str:
    """Text of a page or a person on one line, so that nothing in it acts as Markdown."""
    return _MARKUP.sub(r"\\\1", one_line(text))
