"""What the rest of the program asks of a language model.

:class:`LanguageModel` is implemented by :class:`browseagent.model.transformers.TransformersModel`
and, for tests, by :class:`browseagent.model.scripted.ScriptedModel`; :class:`Writer` by
:class:`browseagent.model.openai.OpenAIWriter`, :class:`browseagent.model.instruct.InstructWriter` and, for
tests, by :class:`browseagent.model.scripted.ScriptedWriter`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from browseagent.records import ModelInfo, Usage


@dataclass(frozen=True, slots=True)
class Likelihood:
    """How likely a continuation was after its context."""

    total: float
    """Sum of the natural log-probabilities of the continuation's tokens; at most 0."""
    tokens: int
    """How many tokens the continuation has."""

    @property
    def mean(self) -> float:
        """Mean log-probability a token; 0 for an empty continuation."""
        return self.total / self.tokens if self.tokens else 0.0


@dataclass(frozen=True, slots=True)
class ReadPassage:
    """What a reader is shown."""

    heading: str
    text: str
    stretches: tuple[tuple[int, int], ...] = ()
    """Start and end, in the text, of the stretches within one of which an answer stands; empty: anywhere."""


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a passage as an answer."""

    start: int
    """Characters into the passage's text."""
    end: int
    likelihood: float
    """Natural logarithm of the probability of this answer, given passage and question."""
    judged: float = 0.0
    """Log-odds of its being right, when it is read after both."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a passage says to a question."""

    none: float
    """Natural logarithm of the probability that the passage does not answer."""
    spans: tuple[Span, ...]
    """The likeliest answers, best first; they need not add up to one with ``none``."""
    yes: float = 0.0
    """Log-odds of yes against no, where the question asks which."""


class Reader(Protocol):
    """A model that was trained to point at answers."""

    def read(self, question: str, passages: Sequence[ReadPassage]) -> list[Reading]:
        """What each passage says to the question, in order. Blocks. Raises
        :class:`~browseagent.errors.ModelError`."""
        ...


class LanguageModel(Protocol):
    """A causal language model whose logits are at hand. Calls block; one at a time."""

    @property
    def info(self) -> ModelInfo:
        """Its name and the hash of its weights."""
        ...

    @property
    def reader(self) -> Reader | None:
        """Its trained reader; None where it was not trained to read."""
        ...

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[Likelihood]:
        """Likelihood of each (context, continuation)'s continuation, in order.

        A context that does not fit is cut at its front, never the continuation.
        Raises :class:`~browseagent.errors.ModelError`.
        """
        ...

    def close(self) -> None:
        """Frees what it holds."""
        ...


@dataclass(frozen=True, slots=True)
class Message:
    """One turn of what a writer is told."""

    role: Literal["system", "user", "assistant"]
    text: str


@dataclass(frozen=True, slots=True)
class Written:
    """What a writer wrote."""

    text: str
    usage: Usage


def unheard(_: str) -> None:
    """For who does not listen while a model writes."""


class Writer(Protocol):
    """A model that writes: nothing that it says is believed (:mod:`browseagent.answer.support`)."""

    @property
    def info(self) -> ModelInfo:
        """Its name, and the hash of its weights where they are ours to hash."""
        ...

    async def write(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, Any],
        *,
        seconds: float,
        heard: Callable[[str], None] = unheard,
    ) -> Written:
        """The next turn, a JSON document of ``schema`` as far as the model keeps to it. ``heard`` gets all of
        it that has come so far, whenever more has, from any thread. Raises
        :class:`~browseagent.errors.ModelError` (or a kind of it), at the latest after ``seconds``."""
        ...

    async def close(self) -> None:
        """Frees what it holds."""
        ...
