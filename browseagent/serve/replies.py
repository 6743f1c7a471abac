"""Results as HTTP replies: the JSON forms, the status of each failure, and streams of events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from dataclasses import asdict
from typing import Any

from fastapi import Request
from fastapi.responses import Response, StreamingResponse

from browseagent.agent.events import Event
from browseagent.errors import BrowseAgentError, ModelError, StoreError, UsageError
from browseagent.forms import results as forms
from browseagent.records import ErrorInfo, Outcome
from browseagent.serve.work import Busy, Stopping

HEARTBEAT = 15.0
"""Seconds after which a silent stream says that it lives."""
STREAM = "text/event-stream"
_GONE = 0.5
"""Seconds between two looks whether the client is still there."""
_PAGE_KINDS = {outcome.value for outcome in Outcome} | {"fetch", "refused"}


class JsonReply(Response):
    """A JSON form."""

    media_type = "application/json"

    def render(self, content: Mapping[str, Any]) -> bytes:
        return forms.dumps(content, indent=None).encode()


def failure(info: ErrorInfo, status: int, headers: Mapping[str, str] | None = None) -> Response:
    """A failure that is no form's own."""
    return JsonReply(forms.failure("", info), status, dict(headers or {}))


def failed(error: BrowseAgentError) -> Response:
    """The reply to a request that raised an error of ours."""
    headers = {"Retry-After": str(error.after)} if isinstance(error, Busy) else {}
    return failure(error.info(), status_of(error), headers)


def status_of(error: BrowseAgentError) -> int:
    """The HTTP status of an error of ours."""
    if isinstance(error, Busy):
        return 429
    if isinstance(error, (ModelError, StoreError, Stopping)):
        return 503
    return 400 if isinstance(error, UsageError) else 502


def status_of_info(info: ErrorInfo | None) -> int:
    """The HTTP status of a form with that error in it."""
    if info is None:
        return 200
    if info.kind in _PAGE_KINDS:
        return 502
    return 400 if info.kind == "usage" else 503


async def while_there(request: Request, work: Coroutine[Any, Any, Response]) -> Response:
    """What the work gives; where the client leaves before that, the work is ended."""
    task = asyncio.ensure_future(work)
    try:
        while True:
            done, _ = await asyncio.wait([task], timeout=_GONE)
            if done:
                return task.result()
            if await request.is_disconnected():
                return failure(ErrorInfo("gone", "the client left"), 499)
    finally:
        task.cancel()
        await asyncio.wait([task])


def streamed(
    name: str, work: Callable[[Callable[[Event], None]], Coroutine[Any, Any, Mapping[str, Any]]]
) -> Response:
    """Server-sent events: ``progress`` for each step of the work, then its result under ``name``, or
    ``error``. When the client leaves the work is ended."""
    return StreamingResponse(_events(name, work), media_type=STREAM, headers={"Cache-Control": "no-store"})


async def _events(
    name: str, work: Callable[[Callable[[Event], None]], Coroutine[Any, Any, Mapping[str, Any]]]
) -> AsyncIterator[bytes]:
    told: asyncio.Queue[Event | None] = asyncio.Queue()
    loop = asyncio.get_running_loop()

    def tell(event: Event) -> None:  # from the model's thread too
        loop.call_soon_threadsafe(told.put_nowait, event)

    task = asyncio.ensure_future(work(tell))
    task.add_done_callback(lambda _: told.put_nowait(None))
    try:
        yield b": begun\n\n"
        while True:
            try:
                event = await asyncio.wait_for(told.get(), HEARTBEAT)
            except TimeoutError:
                yield b": still here\n\n"
                continue
            if event is None:
                break
            yield _event("progress", {**asdict(event), "data": dict(event.data)})
        try:
            yield _event(name, task.result())
        except BrowseAgentError as error:
            yield _event("error", forms.failure("", error.info()))
    finally:
        task.cancel()
        await asyncio.wait([task])


def _event(name: str, document: Mapping[str, Any]) -> bytes:
    return f"event: {name}\ndata: {forms.dumps(document, indent=None)}\n\n".encode()
