"""A writer behind an HTTP API that speaks as OpenAI's does: Ollama, llama.cpp's server, vLLM, LM Studio,
hosted ones.

One deadline holds for everything: connecting, waiting, each piece of the stream. The key goes into the
request's header and nowhere else; what a server says of a failure is told without it.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import random
import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import openai

from browseagent.config import Server
from browseagent.errors import (
    ModelBusy,
    ModelError,
    ModelRefusal,
    ModelReply,
    ModelTimeout,
    ModelUnreachable,
)
from browseagent.model.budget import budget_of
from browseagent.model.port import Message, Written, unheard
from browseagent.records import ModelInfo, Usage

NO_KEY = "none"
"""Sent where there is no key: servers on one's own machine want none, and the library wants something."""
TRIES = 3
"""Requests for one reply, where the server is busy (429) or fails (5xx) before it has begun."""
PAUSE = 0.5
"""Seconds before a request is made again where the server does not say how long to wait."""
NEW_TOKENS = 2048
"""Tokens of a reply that are asked for at most; an answer with its quotes has a few hundred."""
LONGEST = 60_000
"""Characters of a reply; the longest that we ask for has a few thousand."""
SERVICE = "browseagent"
"""Under this name the keyring is asked, for the server's host."""


class OpenAIWriter:
    """A :class:`~browseagent.model.port.Writer` behind an HTTP API. ``name`` is as the person gave it."""

    def __init__(self, name: str, server: Server) -> None:
        self._model = name.partition(":")[2]
        self._server = server
        self.info = ModelInfo(name)
        self._key = server.key or _from_keyring(server.base_url)
        self._client = openai.AsyncOpenAI(
            api_key=self._key or NO_KEY,
            base_url=server.base_url or "https://api.openai.com/v1",
            max_retries=0,
        )
        self._budget = budget_of(server)
        self._whole = True  # whether the server has taken all that we like to say

    async def write(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, Any],
        *,
        seconds: float,
        heard: Callable[[str], None] = unheard,
    ) -> Written:
        deadline = time.monotonic() + seconds
        try:
            async with asyncio.timeout(seconds):
                return await self._tried(messages, schema, deadline, heard)
        except TimeoutError as error:
            raise self._timed_out(seconds) from error
        except openai.APIError as error:
            raise self._told(error, seconds) from error

    async def close(self) -> None:
        await self._client.close()

    async def _tried(
        self,
        messages: Sequence[Message],
        schema: Mapping[str, Any],
        deadline: float,
        heard: Callable[[str], None],
    ) -> Written:
        """The reply; asked for again where the server is busy, fails, or does not know what we asked for."""
        tries = 0
        room = _room(messages)
        while True:
            taken = await self._budget.take(room + NEW_TOKENS // 4)
            try:
                written = await self._streamed(messages, schema, heard)
                self._budget.settle(taken, written.usage.prompt_tokens + written.usage.completion_tokens)
                return written
            except (openai.BadRequestError, openai.UnprocessableEntityError):
                if not self._whole:
                    raise
                self._whole = False  # neither schema nor limits: every server takes the rest
            except (openai.RateLimitError, openai.InternalServerError) as error:
                tries += 1
                pause = _retry_after(error.response.headers, tries)
                if tries >= TRIES or time.monotonic() + pause >= deadline:
                    raise
                await asyncio.sleep(pause)

    async def _streamed(
        self, messages: Sequence[Message], schema: Mapping[str, Any], heard: Callable[[str], None]
    ) -> Written:
        said: dict[str, Any] = {
            "model": self._model,
            "messages": [{"role": message.role, "content": message.text} for message in messages],
            "stream": True,
        }
        if self._whole:
            # OpenAI's own new models refuse the old name, other servers do not know the new one.
            said["max_tokens" if self._server.base_url else "max_completion_tokens"] = NEW_TOKENS
            shape = {"name": "reply", "schema": dict(schema), "strict": True}
            said |= {
                "temperature": 0,
                "response_format": {"type": "json_schema", "json_schema": shape},
                "stream_options": {"include_usage": True},
            }
        pieces: list[str] = []
        refusal, ending, length = "", None, 0
        usage = Usage(calls=1)
        async with await self._client.chat.completions.create(**said) as stream:
            try:
                async for chunk in stream:
                    if chunk.usage is not None:
                        usage = self._counted(chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
                    for choice in chunk.choices[:1]:
                        pieces.append(choice.delta.content or "")
                        refusal += choice.delta.refusal or ""
                        ending = choice.finish_reason or ending
                        length += len(pieces[-1])
                        heard("".join(pieces))
                    if length > LONGEST:
                        raise ModelReply(
                            f"{self.info.name} went on beyond {LONGEST:,} characters",
                            hint="Try another model.",
                        )
            # The library checks no piece: what is no JSON, or has not the shape, shows only here.
            except (openai.APIConnectionError, ValueError, AttributeError, TypeError) as error:
                raise self._cut_off() from error
        return self._finished("".join(pieces), refusal, ending, usage)

    def _finished(self, text: str, refusal: str, ending: str | None, usage: Usage) -> Written:
        """The reply, if it is whole."""
        name = self.info.name
        if refusal or ending == "content_filter":
            raise ModelRefusal(
                f"{name} declined to answer{': ' + refusal[:200] if refusal else ''}",
                hint="Ask otherwise, or use another model.",
            )
        if ending == "length":
            raise ModelReply(
                f"{name} ran out of room in the middle of its reply",
                hint="Give the server a larger context, for example llama-server -c 16384.",
            )
        if ending is None:
            raise self._cut_off()
        return Written(text, usage)

    def _counted(self, into: int, out: int) -> Usage:
        price = self._server.price
        cost = None if price is None else (into * price[0] + out * price[1]) / 1e6
        return Usage(1, into, out, cost)

    def _cut_off(self) -> ModelReply:
        return ModelReply(
            f"the reply of {self.info.name} ends in the middle", hint="Look at the server's log."
        )

    def _timed_out(self, seconds: float) -> ModelTimeout:
        return ModelTimeout(
            f"{self.info.name} had not finished after {seconds:.0f} s",
            hint="Give it longer with --model-timeout, or use a smaller model.",
        )

    def _told(self, error: openai.APIError, seconds: float) -> ModelError:
        """The error as ours: what happened, without the key."""
        name, place = self.info.name, _host(self._server.base_url)
        match error:
            case openai.APITimeoutError():
                return self._timed_out(seconds)
            case openai.APIConnectionError():
                return ModelUnreachable(
                    f"no model answers at {place}", hint="Is the server running? --base-url says where it is."
                )
            case openai.AuthenticationError() | openai.PermissionDeniedError():
                return ModelUnreachable(
                    f"{place} does not accept the key" if self._key else f"{place} wants a key",
                    hint=f"Set OPENAI_API_KEY, or: keyring set {SERVICE} {urlsplit(place).netloc or place}",
                )
            case openai.NotFoundError():
                return ModelUnreachable(
                    f"{place} has no model {self._model}: {self._without_key(error.message)}",
                    hint="Check the name, and that --base-url ends in /v1 if the server wants that.",
                )
            case openai.RateLimitError():
                wait = _retry_after(error.response.headers)
                return ModelBusy(
                    f"{place} takes no more requests", hint=f"Try again in {wait:.0f} s or later."
                )
            case openai.APIStatusError():
                status = error.status_code
                said = self._without_key(error.message)
                return ModelError(f"{name} failed with status {status}: {said}", hint="Look at its log.")
        return ModelError(f"{name} failed: {self._without_key(error.message)}", hint="Look at its log.")

    def _without_key(self, words: str) -> str:
        return " ".join((words.replace(self._key, "…") if self._key else words).split())[:300]


def _room(messages: Sequence[Message]) -> int:
    """About how many tokens a prompt has."""
    return sum(len(message.text) for message in messages) // 4


def _retry_after(headers: Mapping[str, str], tries: int = 1) -> float:
    """Seconds to wait: what the server asks for, else twice as long each time, and not all of those who were
    sent away at the same moment. A date, which is rarely sent, counts as a minute."""
    told = headers.get("retry-after")
    if told is None:
        return float(PAUSE * 2 ** (tries - 1) * random.uniform(1.0, 1.5))
    try:
        return max(0.0, float(told))
    except ValueError:
        return 60.0


def _host(base_url: str) -> str:
    """Where a server is, without what may stand in its address of a user's name and password."""
    parts = urlsplit(base_url or "https://api.openai.com/v1")
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"


def _from_keyring(base_url: str) -> str:
    """The key that the system's keyring has for a server, if the package ``keyring`` is installed."""
    if importlib.util.find_spec("keyring") is None:
        return ""
    try:
        found = importlib.import_module("keyring").get_password(SERVICE, urlsplit(_host(base_url)).netloc)
    except Exception:  # noqa: BLE001  keyrings fail in many ways of their own; then there is no key
        return ""
    return str(found or "")
