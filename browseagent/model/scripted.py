"""Models without weights, for tests: one that follows a script, and one that counts shared words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from browseagent.errors import ModelError
from browseagent.model.port import Likelihood, Reader
from browseagent.records import ModelInfo


@dataclass(frozen=True, slots=True)
class ScoreCall:
    """A call of ``score``: its pairs of context and continuation."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class GenerateCall:
    """A call of ``generate``."""

    prompt: str
    max_new_tokens: int


class ScriptedModel:
    """A :class:`~browseagent.model.port.LanguageModel` that does as it is told and remembers it.

    ``score`` gives the likelihood of one (context, continuation); ``replies`` are what ``generate``
    returns, in turn, each cut to ``max_new_tokens`` words. ``history`` holds every call in order.
    A call that the script does not cover is a :class:`ModelError`.
    """

    def __init__(
        self,
        score: Callable[[str, str], Likelihood] | None = None,
        replies: Iterable[str] = (),
        *,
        name: str = "scripted",
        max_tokens: int = 8192,
        reader: Reader | None = None,
    ) -> None:
        self._score = score
        self._replies = iter(replies)
        self._info = ModelInfo(name=name, digest=f"{name}-1")
        self._max_tokens = max_tokens
        self._reader = reader
        self.history: list[ScoreCall | GenerateCall] = []
        self.closed = False

    @property
    def info(self) -> ModelInfo:
        return self._info

    @property
    def max_tokens(self) -> int:
        return self._max_tokens

    @property
    def reader(self) -> Reader | None:
        return self._reader

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[Likelihood]:
        self._remember(ScoreCall(tuple(pairs)))
        if self._score is None:
            raise ModelError("the script has no scores")
        return [self._score(context, continuation) for context, continuation in pairs]

    def generate(self, prompt: str, *, max_new_tokens: int) -> str:
        self._remember(GenerateCall(prompt, max_new_tokens))
        reply = next(self._replies, None)
        if reply is None:
            raise ModelError("the script has no reply left")
        return " ".join(reply.split(" ")[:max_new_tokens])

    def close(self) -> None:
        self.closed = True

    def _remember(self, call: ScoreCall | GenerateCall) -> None:
        if self.closed:
            raise ModelError("the model was closed")
        self.history.append(call)


class LexicalModel(ScriptedModel):
    """A scorer that needs no weights: words that occur in the context are likely, others are not.

    Mean log-probability a word is between -8 (none occurs) and -1 (all do), about what the embedded
    model gives to an unrelated and to a repeated sentence. CJK text counts by character. Cannot
    generate unless given ``replies``.
    """

    def __init__(self, replies: Iterable[str] = ()) -> None:
        super().__init__(lexical_likelihood, replies, name="lexical")


_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")


def lexical_likelihood(context: str, continuation: str) -> Likelihood:
    """The likelihood that :class:`LexicalModel` gives."""
    known = set(_words(context))
    words = _words(continuation)
    return Likelihood(total=sum(-1.0 if word in known else -8.0 for word in words), tokens=len(words))


def _words(text: str) -> list[str]:
    return [match.casefold() for match in _WORD.findall(text)]
