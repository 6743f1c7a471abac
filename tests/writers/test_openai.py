"""The writer behind OpenAI's API, against a server that does to it what servers do."""

from __future__ import annotations

import time
from collections.abc import Sequence

import pytest

from browseagent.config import Server
from browseagent.errors import (
    ModelBusy,
    ModelError,
    ModelRefusal,
    ModelReply,
    ModelTimeout,
    ModelUnreachable,
)
from browseagent.model.openai import OpenAIWriter
from browseagent.model.port import Message, Written
from tests.writers.server import Act, WriterServer, says

KEY = "sk-very-secret-4711"
SAID = [Message("system", "Be brief."), Message("user", "Hello?")]
SCHEMA = {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}
LONG = {"a": "word " * 100}


async def written(server: WriterServer, seconds: float = 60.0) -> Written:
    writer = OpenAIWriter("openai:m", Server(server.base_url, KEY, (1.0, 2.0)))
    try:
        return await writer.write(SAID, SCHEMA, seconds=seconds)
    finally:
        await writer.close()


async def test_a_reply_is_streamed_and_counted() -> None:
    """Model, messages and schema are sent; tokens and their price come back."""
    with WriterServer([says(LONG)]) as server:
        reply = await written(server)
    assert reply.text.startswith('{"a": "word ')
    assert (reply.usage.calls, reply.usage.prompt_tokens, reply.usage.completion_tokens) == (1, 1000, 100)
    assert reply.usage.cost == pytest.approx(0.0012)
    request = server.requests[0]
    assert request["model"] == "m" and request["stream"] is True and request["temperature"] == 0
    assert request["messages"][0] == {"role": "system", "content": "Be brief."}
    assert request["response_format"]["json_schema"]["schema"] == SCHEMA
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"


@pytest.mark.parametrize(
    ("acts", "kind", "requests"),
    [
        ([Act(hang=30)], ModelTimeout, 1),
        ([Act(drip=0.05)], ModelTimeout, 1),
        ([says(LONG, stop_after=3)], ModelReply, 1),
        ([says(LONG, finish=None)], ModelReply, 1),
        ([says(LONG, finish="length")], ModelReply, 1),
        ([says(LONG, finish="content_filter")], ModelRefusal, 1),
        ([says("", refusal="I will not")], ModelRefusal, 1),
        ([says(LONG, error_after=3)], ModelError, 1),
        ([says("x" * 61_000)], ModelReply, 1),
        ([Act(body=b"<html>hello</html>")], ModelReply, 1),
        ([Act(status=429, headers={"retry-after": "3600"})], ModelBusy, 1),
        ([Act(status=429, headers={"retry-after": "0"})], ModelBusy, 3),
        ([Act(status=500, headers={"retry-after": "0"})], ModelError, 3),
        ([Act(status=401)], ModelUnreachable, 1),
        ([Act(status=404)], ModelUnreachable, 1),
        ([Act(status=400)], ModelError, 2),
    ],
)
async def test_each_fault_ends_in_its_own_kind_of_error(
    acts: Sequence[Act], kind: type[ModelError], requests: int
) -> None:
    """At its deadline or at once (not after the hour that a busy server asks for, nor the half minute that a
    silent one takes), with a hint, exit status 6, and without the key."""
    began = time.monotonic()
    with WriterServer(acts) as server, pytest.raises(ModelError) as raised:
        await written(server, seconds=1.0 if kind is ModelTimeout else 60.0)
    assert type(raised.value) is kind
    assert time.monotonic() - began < 20
    assert raised.value.hint and raised.value.exit_status == 6
    assert KEY not in f"{raised.value} {raised.value.hint} {raised.value.__cause__!r}"
    assert len(server.requests) == requests


async def test_a_busy_server_is_waited_for_as_long_as_it_says() -> None:
    """429 with a short Retry-After is waited out within the deadline."""
    with WriterServer([Act(status=429, headers={"retry-after": "1"}), says(LONG)]) as server:
        began = time.monotonic()
        await written(server)
    assert time.monotonic() - began >= 1.0 and len(server.requests) == 2


async def test_a_server_that_knows_no_schema_is_asked_without() -> None:
    """What not every server takes is left out once it was refused; the JSON is read from the text."""
    with WriterServer([Act(status=400), says(LONG)]) as server:
        writer = OpenAIWriter("openai:m", Server(server.base_url))
        for _ in range(2):
            assert (await writer.write(SAID, SCHEMA, seconds=60.0)).text
        await writer.close()
    assert ["response_format" in request for request in server.requests] == [True, False, False]


async def test_nobody_there() -> None:
    """A closed port is told as such, with where it was looked for."""
    writer = OpenAIWriter("openai:m", Server("http://user:pass@127.0.0.1:9/v1", KEY))
    with pytest.raises(ModelUnreachable, match=r"http://127\.0\.0\.1:9") as raised:
        await writer.write(SAID, SCHEMA, seconds=60.0)
    assert "pass" not in raised.value.message and "--base-url" in raised.value.hint
    await writer.close()


async def test_an_echoed_key_is_not_told() -> None:
    """A server that puts the key into its message does not get it into ours."""
    body = f'{{"error": {{"message": "no credit for {KEY}"}}}}'.encode()
    with WriterServer([Act(status=402, body=body)]) as server, pytest.raises(ModelError) as raised:
        await written(server)
    assert KEY not in raised.value.message and "no credit" in raised.value.message


def test_the_key_does_not_show_in_settings() -> None:
    """Settings may be printed while looking for a fault."""
    assert KEY not in repr(Server("http://127.0.0.1/v1", KEY))
