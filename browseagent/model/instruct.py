"""A local instruct model as a writer: its chat template, greedy decoding held to a schema, one thread.

The thread cannot be stopped in the middle of a token, so the deadline is given to the decoding itself.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from browseagent.errors import ModelReply, ModelTimeout
from browseagent.model.bounds import bounded, uncut
from browseagent.model.port import Message, Written
from browseagent.records import ModelInfo, Usage

NEW_TOKENS = 1024
"""Of a reply; an answer with its quotes has a few hundred. What its form alone needs comes on top."""
FREE_FORM = "nothing holds its replies to their form: pip install 'browseagent[constrained]'"


class Chat(Protocol):
    """What is asked of the model: :class:`browseagent.model.transformers.TransformersModel` and
    :class:`browseagent.model.llama_cpp.LlamaCppModel` have it."""

    @property
    def info(self) -> ModelInfo: ...
    @property
    def keeps_to_schemas(self) -> bool: ...
    def chat(
        self,
        turns: Sequence[Mapping[str, str]],
        *,
        max_new_tokens: int,
        seconds: float,
        schema: Mapping[str, Any] | None = None,
    ) -> tuple[str, int, int, bool]: ...
    def close(self) -> None: ...


class InstructWriter:
    """A :class:`~browseagent.model.port.Writer` on a local model."""

    def __init__(self, model: Chat, *, note: str = "") -> None:
        """``note`` is what a person should know of how it runs, beside the model's own."""
        self._model = model
        self._note = note

    @property
    def info(self) -> ModelInfo:
        info = self._model.info
        form = "" if self._model.keeps_to_schemas else FREE_FORM
        return replace(info, note="; ".join(filter(None, (info.note or form, self._note))))

    async def write(
        self, messages: Sequence[Message], schema: Mapping[str, Any], *, seconds: float
    ) -> Written:
        turns = [{"role": message.role, "content": message.text} for message in messages]
        began = time.monotonic()
        held = bounded(schema) if self._model.keeps_to_schemas else None
        call = partial(self._model.chat, turns, max_new_tokens=NEW_TOKENS, seconds=seconds, schema=held)
        text, into, out, ended = await asyncio.to_thread(call)
        if not ended and time.monotonic() - began >= seconds:
            raise ModelTimeout(
                f"{self.info.name} had not finished after {seconds:.0f} s",
                hint="Give it longer with --model-timeout, or use a smaller model.",
            )
        if not ended:
            raise ModelReply(f"{self.info.name} did not come to an end", hint="Try another model.")
        return Written(text if held is None else uncut(text), Usage(1, into, out))

    async def close(self) -> None:
        self._model.close()
