"""The model as checks ask it: one call at a time, each with a deadline, and one that hangs holds up none.

A computation cannot be ended from outside. So at the deadline its agent is left alone, with its thread and
its model, and what is asked next gets another agent. After a few of these nothing more is asked: the
memory of each is lost until the program ends.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from types import TracebackType
from typing import Self, TypeVar

from browseagent.errors import ModelError
from browseagent.records import Answer, Document, Failed, Hunk
from browseagent.records.counted import counted
from browseagent.watch.look import Asker
from browseagent.watch.ruling import Ruling

SECONDS = 120.0
"""For one question or one change. A question of a long page takes 20 s on two slow cores."""
MOST_HUNG = 3
T = TypeVar("T")


class Thinker:
    """An :class:`~browseagent.watch.check.Asker` over agents that it opens when they are needed. Use it as
    an asynchronous context manager."""

    def __init__(
        self,
        open_agent: Callable[[], AbstractAsyncContextManager[Asker]],
        seconds: float = SECONDS,
        most_hung: int = MOST_HUNG,
        at_once: int = 1,
    ) -> None:
        """``at_once``: how many answers may be asked for at a time; more than one of a model that runs
        elsewhere, whose answers are waited for and hang nothing here."""
        self._elsewhere = at_once > 1
        self._open, self._seconds, self._most_hung = open_agent, seconds, most_hung
        self._turn = asyncio.Semaphore(at_once)
        self._opening = asyncio.Lock()
        self._stack = AsyncExitStack()
        self._agent: Asker | None = None
        self.hung = 0
        """Computations that never ended, as far as we know. Their threads keep the interpreter from
        ending by itself."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def ask(self, question: str, document: Document, /) -> Answer:
        try:
            return await self._in_time(lambda agent: agent.ask(question, document))
        except ModelError as error:
            return Failed(question=question, failure=error.info())

    async def judge(self, about: str, changes: Sequence[Hunk], /) -> Ruling:
        return await self._in_time(lambda agent: agent.judge(about, changes))

    async def _in_time(self, call: Callable[[Asker], Awaitable[T]]) -> T:
        async with self._turn:
            if self.hung >= self._most_hung:
                said = f"the model hung {counted(self.hung, 'time')}"
                raise ModelError(said, hint="start the program again")
            async with self._opening:
                if self._agent is None:
                    self._agent = await self._stack.enter_async_context(self._open())
            try:
                async with asyncio.timeout(self._seconds):
                    return await call(self._agent)
            except TimeoutError:
                self._abandon()
                raise ModelError(f"the model did not answer within {self._seconds:g} s") from None
            except asyncio.CancelledError:  # the check's own deadline: what it began goes on
                self._abandon()
                raise

    def _abandon(self) -> None:
        if self._elsewhere:
            return
        self.hung += 1
        self._stack.pop_all()  # closing it would take the model from under its thread
        self._agent = None
