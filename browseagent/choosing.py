"""Who puts the links of a run in order: a writing model that was measured, where there is one, after us.

An order is never worth a failure: where the model fails, or takes too long, our ranking stands and the model
is not asked again in this run.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace

from browseagent.browse.choose import PROMPT, choose, may_choose
from browseagent.browse.rank import Ranked
from browseagent.errors import ModelError
from browseagent.model.port import Writer
from browseagent.model.prompts import load_prompt
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
        self, question: str, frontier: Sequence[Ranked], tokens: int, seconds: float
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
