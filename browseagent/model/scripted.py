"""Models without weights, for tests: ones that follow a script, and one that counts shared words."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from browseagent.errors import ModelError
from browseagent.model.port import Likelihood, Message, Reader, Written, unheard
from browseagent.records import ModelInfo, Usage

Reply = str | Mapping[str, Any] | ModelError
"""Text as it is, or an object that is sent as JSON, or an error that is raised."""


@dataclass(frozen=True, slots=True)
class ScoreCall:
    """A call of ``score``: its pairs of context and continuation."""

    pairs: tuple[tuple[str, str], ...]


class ScriptedModel:
    """A :class:`~browseagent.model.port.LanguageModel` that does as it is told and remembers it.

    ``score`` gives the likelihood of one (context, continuation). ``history`` holds every call in order.
    A call that the script does not cover is a :class:`ModelError`.
    """

    def __init__(
        self,
        score: Callable[[str, str], Likelihood] | None = None,
        *,
        name: str = "scripted",
        reader: Reader | None = None,
    ) -> None:
        self._score = score
        self.info = ModelInfo(name=name, digest=f"{name}-1")
        self.reader = reader
        self.history: list[ScoreCall] = []
        self.closed = False

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[Likelihood]:
        self._remember(ScoreCall(tuple(pairs)))
        if self._score is None:
            raise ModelError("the script has no scores")
        return [self._score(context, continuation) for context, continuation in pairs]

    def close(self) -> None:
        self.closed = True

    def _remember(self, call: ScoreCall) -> None:
        if self.closed:
            raise ModelError("the model was closed")
        self.history.append(call)


class LexicalModel(ScriptedModel):
    """A scorer that needs no weights: words that occur in the context are likely, others are not.

    Mean log-probability a word is between -8 (none occurs) and -1 (all do), about what the embedded
    model gives to an unrelated and to a repeated sentence. CJK text counts by character.
    """

    def __init__(self) -> None:
        super().__init__(lexical_likelihood, name="lexical")


_WORD = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_\u3040-\u30ff\u3400-\u9fff]+")


def lexical_likelihood(context: str, continuation: str) -> Likelihood:
    """The likelihood that :class:`LexicalModel` gives."""
    known = set(_words(context))
    words = _words(continuation)
    return Likelihood(total=sum(-1.0 if word in known else -8.0 for word in words), tokens=len(words))


def _words(text: str) -> list[str]:
    return [match.casefold() for match in _WORD.findall(text)]


PIECE = 20
"""Characters of a scripted reply that are heard at once."""


class ScriptedWriter:
    """A :class:`~browseagent.model.port.Writer` that gives ``replies`` in turn, or what a function makes
    of the messages. ``history`` holds the messages of every call. Past its script it fails."""

    def __init__(
        self, replies: Iterable[Reply] | Callable[[Sequence[Message]], Reply], *, name: str = "scripted"
    ) -> None:
        self._answer = replies if callable(replies) else None
        self._replies = iter(()) if callable(replies) else iter(replies)
        self.info = ModelInfo(name)
        self.history: list[tuple[Message, ...]] = []
        self.closed = False

    async def write(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, Any],
        *,
        seconds: float,
        heard: Callable[[str], None] = unheard,
    ) -> Written:
        self.history.append(tuple(messages))
        reply = self._answer(messages) if self._answer else next(self._replies, None)
        if reply is None:
            raise ModelError("the script has no reply left")
        if isinstance(reply, ModelError):
            raise reply
        text = reply if isinstance(reply, str) else json.dumps(reply, ensure_ascii=False)
        for end in range(0, len(text), PIECE):
            heard(text[: end + PIECE])
        return Written(text, Usage(1, sum(len(message.text) // 4 for message in messages), len(text) // 4))

    async def close(self) -> None:
        self.closed = True
