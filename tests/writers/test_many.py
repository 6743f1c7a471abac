"""Many answers from one server: what prompts have in common comes first, and a budget of tokens is kept."""

from __future__ import annotations

import asyncio
from itertools import takewhile
from typing import Any

import pytest

import browseagent
from browseagent.answer.question import Question
from browseagent.answer.writing import Terms, write_answer
from browseagent.config import Server
from browseagent.model.budget import Budget
from browseagent.model.openai import OpenAIWriter
from browseagent.records import Document
from tests.writers.server import Act, WriterServer, says


def page_of(what: str) -> Document:
    """A page of a few thousand characters."""
    lines = "".join(
        f"<p>{what} {number} of the harbour was built in {1900 + number} of stone from quarry {number}.</p>"
        for number in range(40)
    )
    text = f"<html lang=en><title>Harbour</title><body><main><h1>Harbour</h1>{lines}</main></body></html>"
    return browseagent.extract(text.encode(), url="https://example.org/", content_type="text/html")


NOTHING = {"found": False, "answer": "", "quotes": []}


class PrefixServer(WriterServer):
    """Counts how much of each prompt is the beginning of one before, as vLLM's prefix cache would find it."""

    def __init__(self) -> None:
        super().__init__(self._answer)
        self.prompts: list[str] = []
        self.shared: list[float] = []

    def _answer(self, request: dict[str, Any]) -> Act:
        prompt = "\n".join(message["content"] for message in request["messages"])
        longest = max((common(prompt, each) for each in self.prompts), default=0)
        self.shared.append(longest / len(prompt))
        self.prompts.append(prompt)
        return says(NOTHING)


def common(one: str, other: str) -> int:
    """How many characters both begin with."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False)))


async def test_the_second_question_on_a_page_shares_the_first_ones_prompt() -> None:
    """All but the question itself is a prefix that the server has read; another page shares the rules
    alone."""
    page, other = page_of("Pier"), page_of("Quay")
    with PrefixServer() as server:
        writer = OpenAIWriter("openai:m", Server(server.base_url))
        for question in ("When was pier 7 built?", "Which quarry gave the stone of pier 30?", "Who paid?"):
            await write_answer(Question.of(question), [page], writer, Terms(60.0))
        await write_answer(Question.of("When was quay 7 built?"), [other], writer, Terms(60.0))
        await writer.close()
    assert server.shared[0] == 0
    assert min(server.shared[1:3]) > 0.97
    assert server.shared[3] < 0.5


async def test_many_answers_are_in_flight_at_once() -> None:
    """Eight questions take hardly longer than one."""
    page = page_of("Pier")
    with WriterServer([says(NOTHING, hang=0.5)]) as server:
        writer = OpenAIWriter("openai:m", Server(server.base_url))
        asked = [
            write_answer(Question.of(f"What of pier {n}?"), [page], writer, Terms(60.0)) for n in range(8)
        ]
        async with asyncio.timeout(20):
            await asyncio.gather(*asked)
        await writer.close()
    assert len(server.requests) == 8


async def test_a_budget_makes_those_wait_who_are_beyond_it() -> None:
    """A minute's tokens go at once, what is beyond waits for its share; what was not used comes back."""
    clock, naps = [0.0], []

    async def sleep(seconds: float) -> None:
        naps.append(seconds)

    budget = Budget(6000, now=lambda: clock[0], sleep=sleep)
    assert await budget.take(4000) == 4000 and await budget.take(2000) == 2000
    assert naps == []
    assert await budget.take(1000) == 1000
    assert await budget.take(9000) == 6000  # never more than there can be
    assert naps == pytest.approx([10.0, 70.0])
    budget.settle(6000, 1000)
    clock[0] = 60.0
    await budget.take(1000)
    assert len(naps) == 2
    assert await Budget(None).take(10**9) == 0
