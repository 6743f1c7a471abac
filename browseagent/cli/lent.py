"""An agent that has a running server of this user do its work, where there is one that would do the same;
else, and for what such a server does not do, an agent of its own."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from types import TracebackType
from typing import TYPE_CHECKING, Any

from browseagent.agent.events import Event, Telling
from browseagent.config import Settings
from browseagent.forms.loaded import load_answer, load_summary
from browseagent.records import Answer, Document, Hunk, Length, Page, Summary
from browseagent.serve.local import ASKED, MARK, mark, place

if TYPE_CHECKING:
    from pathlib import Path

    from browseagent.agent.agent import Agent
    from browseagent.answer.typed.records import Extracted
    from browseagent.watch.ruling import Ruling

    Source = str | Path | Page


class Alone(Exception):
    """No server does this work."""


class LentAgent:
    """A :class:`~browseagent.cli.invocation.CommandAgent`; use it as an async context manager."""

    def __init__(self, settings: Settings, on_event: Callable[[Event], None]) -> None:
        self._settings, self._on_event = settings, on_event
        self._stack = AsyncExitStack()
        self._own: Agent | None = None

    async def __aenter__(self) -> LentAgent:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def ask(self, question: str, /, *sources: Source | Document) -> Answer:
        """As the agent's."""
        try:
            return load_answer(await self._lent("ask", sources, question=question))
        except Alone:
            return await (await self._agent()).ask(question, *sources)

    async def summarize(self, *sources: Source, length: Length = "medium") -> Summary:
        """As the agent's."""
        try:
            return load_summary(await self._lent("summarize", sources, length=length))
        except Alone:
            return await (await self._agent()).summarize(*sources, length=length)

    async def read(self, source: Source, /) -> Document:
        """As the agent's; a page needs no warm model."""
        return await (await self._agent()).read(source)

    async def judge(self, about: str, changes: Sequence[Hunk], /) -> Ruling:
        """As the agent's."""
        return await (await self._agent()).judge(about, changes)

    async def extract(
        self, schema: str | Mapping[str, Any], /, *sources: Source, question: str = ""
    ) -> Extracted:
        """As the agent's."""
        return await (await self._agent()).extract(schema, *sources, question=question)

    async def fetch(self, source: str | Path, /) -> Page:
        """As the agent's."""
        return await (await self._agent()).fetch(source)

    async def _agent(self) -> Agent:
        from browseagent.agent.agent import Agent

        if self._own is None:
            own = Agent(settings=self._settings, on_event=self._on_event)
            self._own = await self._stack.enter_async_context(own)
        return self._own

    async def _lent(self, job: str, sources: Sequence[object], **more: str) -> dict[str, Any]:
        """The form that the server's work gives. Raises Alone, before anything was done."""
        path = place(self._settings)
        web = all(isinstance(each, str) and each.startswith(("http://", "https://")) for each in sources)
        if (
            path is None
            or not path.is_socket()
            or not web
            or not (sources or self._settings.asks_stored_site)
        ):
            raise Alone
        options = {name: getattr(self._settings, name) for name in ASKED}
        options["as_of"] = options["as_of"] and options["as_of"].isoformat()
        body = json.dumps({"job": job, "sources": sources, "options": options, **more}).encode()
        reading, writing = await _connected(path)
        try:
            head = f"POST /socket HTTP/1.0\r\nHost: localhost\r\n{MARK}: {mark(self._settings)}\r\n"
            head += f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
            writing.write(head.encode() + body)
            try:
                status = (await reading.readuntil(b"\r\n\r\n")).split(None, 2)[1]
            except (OSError, EOFError) as error:
                raise Alone from error
            if status != b"200":
                raise Alone
            return await self._heard(path, reading)
        finally:
            writing.close()

    async def _heard(self, path: Path, reading: asyncio.StreamReader) -> dict[str, Any]:
        """The result, steps being told as they come. Raises Alone where the server ended before."""
        tell = Telling(self._on_event)
        if self._settings.trace is not None:
            tell.open_trace(self._settings.trace)
        try:
            tell("server", f"asking the server that runs, through {path}")
            async for name, document in _events(reading):
                if name == "progress":
                    tell(document["step"], document["message"], document["data"])
                elif name == "result":
                    return document
                else:
                    break
        finally:
            tell.close()
        raise Alone


async def _connected(path: Path) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """Raises Alone where nobody listens."""
    if sys.platform != "win32":
        with suppress(OSError):
            return await asyncio.open_unix_connection(str(path), limit=64_000_000)
    raise Alone


async def _events(reading: asyncio.StreamReader) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    name = ""
    while line := (await reading.readline()).decode():
        if line.startswith("event: "):
            name = line[7:].strip()
        elif line.startswith("data: "):
            yield name, json.loads(line[6:])
