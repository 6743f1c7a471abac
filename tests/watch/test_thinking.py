"""A model that hangs holds up no other question, and is not asked for ever."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from browseagent.errors import ModelError
from browseagent.records import Answer, Document, Hunk, NotFound
from browseagent.watch.ruling import Ruling
from browseagent.watch.thinking import Thinker

DOCUMENT = Document("https://example.org/", "Text.")


class Agents:
    """Opens agents of which the first ``hang`` never answer, each in a thread that cannot be ended."""

    def __init__(self, hang: int) -> None:
        self.hang, self.opened, self.closed = hang, 0, 0
        self.let_go = threading.Event()

    @asynccontextmanager
    async def __call__(self) -> AsyncIterator[Agents]:
        self.opened += 1
        yield self
        self.closed += 1

    async def ask(self, question: str, document: Document, /) -> Answer:
        if self.opened <= self.hang:
            await asyncio.to_thread(self.let_go.wait)
        return NotFound(question=question)

    async def judge(self, about: str, changes: Sequence[Hunk], /) -> Ruling:
        raise ModelError("unreadable")


async def test_the_next_question_gets_another_agent() -> None:
    """The one that hangs fails at its deadline; those that wait behind it are answered."""
    agents = Agents(hang=1)
    async with Thinker(agents, seconds=0.2) as thinker:
        first, second = await asyncio.gather(
            thinker.ask("What?", DOCUMENT), thinker.ask("What else?", DOCUMENT)
        )
        assert first.error is not None and first.error.message == "the model did not answer within 0.2 s"
        assert second.status == "not_found"
        assert (agents.opened, thinker.hung) == (2, 1)
    agents.let_go.set()
    assert agents.closed == 1  # the other is left to its thread


async def test_after_three_times_it_is_not_asked_any_more() -> None:
    """Each hung model keeps its memory: at some point the program must be started again, and says so."""
    agents = Agents(hang=9)
    async with Thinker(agents, seconds=0.05) as thinker:
        for _ in range(3):
            await thinker.ask("What?", DOCUMENT)
        last = await thinker.ask("What?", DOCUMENT)
        assert last.error is not None and last.error.message == "the model hung 3 times"
        assert agents.opened == 3
    agents.let_go.set()


async def test_a_check_that_is_given_up_leaves_its_agent_behind() -> None:
    """What it began may go on in its thread; the next question must not wait for that."""
    agents = Agents(hang=1)
    async with Thinker(agents) as thinker:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.1):
                await thinker.ask("What?", DOCUMENT)
        assert (await thinker.ask("What?", DOCUMENT)).status == "not_found"
    agents.let_go.set()


async def test_an_error_of_the_model_is_an_error() -> None:
    """It says what happened, and the agent stays."""
    agents = Agents(hang=0)
    async with Thinker(agents) as thinker:
        with pytest.raises(ModelError, match="unreadable"):
            await thinker.judge("prices", ())
        assert (thinker.hung, agents.opened) == (0, 1)
