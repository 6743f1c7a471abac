"""What is said in a chat: its turns, and the quotes by number. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from browseagent.answer.earlier import Turn
from browseagent.records import Answer, Answered, Document, NotFound, Quote

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
        return self.typed.split() != self.answer.question.split()


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
    """The quotes that are shown with an answer, in that order."""
    if result.status != "answered":
        perhaps = result.perhaps if isinstance(result, NotFound) else None
        return [*([perhaps.quote] if perhaps else []), *result.closest[:3]]
    others = result.alternatives if isinstance(result, Answered) else ()
    return [*result.quotes, *(other.quote for other in others)]
