"""A writer without a model, for tests: it says what a script says and remembers what it was told."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from browseagent.errors import ModelError
from browseagent.model.port import Message, Written
from browseagent.records import ModelInfo, Usage

Reply = str | Mapping[str, Any] | ModelError
"""Text as it is, or an object that is sent as JSON, or an error that is raised."""


class ScriptedWriter:
    """A :class:`~browseagent.model.port.Writer` that gives ``replies`` in turn, or what a function makes
    of the messages. ``history`` holds the messages of every call. Past its script it fails."""

    def __init__(
        self, replies: Iterable[Reply] | Callable[[Sequence[Message]], Reply], *, name: str = "scripted"
    ) -> None:
        self._answer = replies if callable(replies) else None
        self._replies = iter(()) if callable(replies) else iter(replies)
        self._info = ModelInfo(name)
        self.history: list[tuple[Message, ...]] = []
        self.closed = False

    @property
    def info(self) -> ModelInfo:
        return self._info

    async def write(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, seconds: float
    ) -> Written:
        self.history.append(tuple(messages))
        reply = self._answer(messages) if self._answer else next(self._replies, None)
        if reply is None:
            raise ModelError("the script has no reply left")
        if isinstance(reply, ModelError):
            raise reply
        text = reply if isinstance(reply, str) else json.dumps(reply, ensure_ascii=False)
        return Written(text, Usage(1, sum(len(message.text) // 4 for message in messages), len(text) // 4))

    async def close(self) -> None:
        self.closed = True
