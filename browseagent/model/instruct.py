"""A local instruct model as a writer: its chat template, greedy decoding held to a schema, one thread.

The thread cannot be stopped in the middle of a token, so the deadline is given to the decoding itself. The
schema has a bound on every string and list: a small model fills them until it is stopped. Servers are sent it
without: some know no ``maxLength``, and some take minutes to build a grammar with one.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

from browseagent.errors import ModelReply, ModelTimeout
from browseagent.model.port import Message, Written, unheard
from browseagent.records import ModelInfo, Usage

NEW_TOKENS = 1024
"""Of a reply; an answer with its quotes has a few hundred. What its form alone needs comes on top."""
LONGEST = 600
"""Characters of a string: an answer is a few sentences, a quote one."""
MOST = 20
"""Members of a list: of changes to be judged there are as many."""
_SENTENCE_END = re.compile(r"[.!?]['\")\]”’»]*(?=\s|$)|[。！？]")
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
        heard: Callable[[str], None] = unheard,
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
        self,
        messages: Sequence[Message],
        schema: Mapping[str, Any],
        *,
        seconds: float,
        heard: Callable[[str], None] = unheard,
    ) -> Written:
        turns = [{"role": message.role, "content": message.text} for message in messages]
        began = time.monotonic()
        held = bounded(schema) if self._model.keeps_to_schemas else None
        call = partial(
            self._model.chat, turns, max_new_tokens=NEW_TOKENS, seconds=seconds, schema=held, heard=heard
        )
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


def bounded(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON Schema with a bound on every string and list that has none."""
    out = dict(schema)
    if out.get("type") == "string" and not {"enum", "const", "pattern", "format", "minLength"} & set(out):
        out.setdefault("maxLength", LONGEST)
    if out.get("type") == "array" and "minItems" not in out:
        out.setdefault("maxItems", MOST)
    for name in ("properties", "$defs"):
        if isinstance(out.get(name), dict):
            out[name] = {key: _inner(each) for key, each in out[name].items()}
    if "items" in out:
        out["items"] = _inner(out["items"])
    if isinstance(out.get("anyOf"), list):
        out["anyOf"] = [_inner(each) for each in out["anyOf"]]
    return out


def _inner(schema: Any) -> Any:
    return bounded(schema) if isinstance(schema, dict) else schema


def uncut(reply: str) -> str:
    """A JSON document without the sentences that the bound broke off: a string that is as long as it may be
    ends with its last whole sentence, or is empty. What is no JSON stays as it is."""
    try:
        return json.dumps(_whole(json.loads(reply)), ensure_ascii=False)
    except (ValueError, RecursionError):
        return reply


def _whole(value: Any) -> Any:
    if isinstance(value, str) and len(value) >= LONGEST:
        ends = [found.end() for found in _SENTENCE_END.finditer(value)]
        return value[: ends[-1]] if ends else ""
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, dict):
        return {name: _whole(each) for name, each in value.items()}
    return value
