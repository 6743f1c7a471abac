"""Who puts the links of a run in order: a writing model that was measured, where there is one, after us.

It is shown what our ranking (:mod:`browseagent.agent.rank`) puts first, between two lines with a mark that
no page can know, and replies with numbers. Nothing but numbers is taken from it, whatever a page talks it
into. An order is never worth a failure: where the model fails, or takes too long, our ranking stands and the
model is not asked again in this run.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from secrets import token_hex

from browseagent.agent.leads import Candidate
from browseagent.agent.rank import Ranked
from browseagent.answer.question import Question
from browseagent.answer.replies import LINKS_SCHEMA, links_reply
from browseagent.errors import ModelError
from browseagent.model.port import Message, Writer
from browseagent.model.prompts import fence, load_prompt
from browseagent.records import Answer, Usage

MOST_SECONDS = 30.0
"""For one choice, whatever the person allows an answer."""


@dataclass(slots=True)
class Choosing:
    """The choices of one run. ``writer`` gives the model that may choose, or None; ``tell`` hears of each."""

    writer: Callable[[], Awaitable[Writer | None]]
    tell: Callable[[str, str, dict[str, object]], None]
    seconds: float = MOST_SECONDS
    """For one choice at most."""
    usage: Usage = field(default_factory=Usage)
    """What the choices took together."""
    _failed: bool = False

    async def first(
        self, question: Question, frontier: Sequence[Ranked], tokens: int, seconds: float
    ) -> tuple[Ranked, ...]:
        """The candidates, those that the model chose in front: it is shown links of ``tokens`` at most, and
        has ``seconds``."""
        shown = may_choose(frontier, tokens)
        if self._failed or not shown or seconds <= 0:
            return tuple(frontier)
        writer = await self.writer()
        if writer is None:
            return tuple(frontier)
        name = writer.info.name
        try:
            choice = await choose(question, frontier, writer, shown=shown, seconds=min(seconds, self.seconds))
        except ModelError as error:
            self._failed = True
            told = f"{name} chose no link ({error.message}); our own order stands"
            self.tell("choose", told, {"by": name, "failed": error.message})
            return tuple(frontier)
        self.usage += choice.usage
        chosen = [each.candidate.url for each in choice.frontier[: choice.chosen]]
        told = f"{name} chose {', '.join(chosen) or 'none; our own order stands'}"
        self.tell("choose", told, {"by": name, "shown": shown, "chosen": chosen})
        return choice.frontier

    def counted_in(self, answer: Answer, answers: Sequence[Answer]) -> Answer:
        """The answer with what all ``answers`` of its run, and the choices, took of a model that writes."""
        models = [each.model for each in answers if each.model is not None]
        usage = sum((model.usage for model in models if model.usage is not None), start=self.usage)
        if answer.model is None or not usage.calls:
            return answer
        asked = {PROMPT: load_prompt(PROMPT).sha256} if self.usage.calls else {}
        prompts = {**answer.model.prompts, **asked}
        return replace(answer, model=replace(answer.model, usage=usage, prompts=prompts))


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
    question: Question,
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
        Message("user", f"Question: {question.words}\n\n{links}\n\nQuestion: {question.words}"),
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
