"""A writing model's own choice of what to read next, among numbered links.

It is shown what our ranking (:mod:`browseagent.browse.rank`) puts first, between two lines with a mark that
no page can know, and replies with numbers. Nothing but numbers is taken from it: whatever a page talks it
into, it can only put other links of the same list first.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from secrets import token_hex

from browseagent.answer.replies import LINKS_SCHEMA, links_reply
from browseagent.browse.candidate import Candidate
from browseagent.browse.rank import Ranked
from browseagent.model.port import Message, Writer
from browseagent.model.prompts import fence, load_prompt
from browseagent.records import Usage

PROMPT = "writer-links"
SHOWN = 20
"""Links that a model chooses among."""
CHOSEN = 3
"""Links that it may put first at one asking: the page that is read next tells more than a fourth would."""
LONGEST = 160
"""Characters of a link's description; with the number about 45 tokens."""
TOKENS_EACH = 45
PROMISE = 1.0
"""Of a link that was chosen: clear, so that it is followed before the site's own lists are asked for."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The candidates with those that a model chose in front, and what asking it took."""

    frontier: tuple[Ranked, ...]
    chosen: int
    """How many of the first were chosen; 0: our ranking stands."""
    usage: Usage


def may_choose(frontier: Sequence[Ranked], tokens: int) -> int:
    """Among how many of the candidates a model may choose for so many tokens; 0 where that is no choice."""
    shown = min(len(frontier), SHOWN, tokens // TOKENS_EACH)
    return shown if shown > 1 else 0


async def choose(
    question: str,
    frontier: Sequence[Ranked],
    writer: Writer,
    *,
    shown: int,
    seconds: float,
    mark: Callable[[], str] = lambda: token_hex(8),
) -> Choice:
    """The writer's choice among the first ``shown`` candidates. Raises
    :class:`~browseagent.errors.ModelError`, also for a reply that cannot be read."""
    sign = mark()
    listed = [described(each.candidate).replace(sign, "") for each in frontier[:shown]]
    links = fence("\n".join(f"[{n}] {words}" for n, words in enumerate(listed, start=1)), sign)
    told = [
        Message("system", load_prompt(PROMPT).render(mark=sign, most=str(CHOSEN))),
        Message("user", f"Question: {question}\n\n{links}\n\nQuestion: {question}"),
    ]
    written = await writer.write(told, LINKS_SCHEMA, seconds=seconds)
    numbers = [number for number in links_reply(written.text) if number <= shown][:CHOSEN]
    first = [
        replace(each, promise=max(each.promise, PROMISE), chosen_by=writer.info.name)
        for each in (frontier[number - 1] for number in numbers)
    ]
    rest = [each for place, each in enumerate(frontier, start=1) if place not in numbers]
    return Choice((*first, *rest), len(first), written.usage)


def described(candidate: Candidate) -> str:
    """A candidate on one line: its words and address, then what it stands under and beside."""
    words = [candidate.anchor, f"({candidate.address})", candidate.heading, candidate.around]
    return " · ".join(" ".join(part.split()) for part in words if part)[:LONGEST]
