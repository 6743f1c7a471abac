"""From documents to answers and summaries: in the words of the model where it writes, else by pointing at
theirs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from browseagent.agent.events import Telling
from browseagent.agent.opened import Opened
from browseagent.agent.watched import Watched
from browseagent.agent.writers import answer_by_writer, summary_by_writer, values_by_writer
from browseagent.answer.about import relevant
from browseagent.answer.ask import answer_from
from browseagent.answer.question import Question
from browseagent.answer.summarize import summarize as summarize_documents
from browseagent.answer.typed.records import Wanted
from browseagent.answer.typed.written import parts_asked
from browseagent.answer.writing_summary import most_points
from browseagent.config import Settings
from browseagent.model.port import Message, Writer
from browseagent.records import Answer, Document, Hunk, Length, Summary
from browseagent.watch.ruling import Ruling, written_ruling

TOKEN_BUDGET = 40_000
"""Tokens that one question may put through the model: about a minute on two cores."""


class Answering:
    """Answers by the model of the opened parts, under some settings."""

    def __init__(self, opened: Opened, settings: Settings, tell: Telling) -> None:
        self._opened, self._settings, self._tell = opened, settings, tell

    async def answer(
        self, question: Question, documents: Sequence[Document], tokens: int = TOKEN_BUDGET
    ) -> Answer:
        """What the documents answer, after reading ``tokens`` at most: in the words of the model where it
        writes, else pointed at."""

        read = partial(self.pointed, question, documents, tokens)
        writer = await self._opened.writer()
        if writer is None:
            return await read()
        return await answer_by_writer(question, documents, writer, self._settings, self._tell, read=read)

    async def pointed(
        self, question: Question, documents: Sequence[Document], tokens: int = TOKEN_BUDGET
    ) -> Answer:
        """What the model that reads points at."""
        model = Watched(await self._opened.model(), self._tell)
        return await self._opened.compute(partial(answer_from, question, documents, model, tokens))

    async def values(
        self, wanted: Wanted, asked: Sequence[Question], documents: Sequence[Document]
    ) -> dict[Question, Answer]:
        """The answers to a typed answer's questions: a model that writes is asked all of them at once."""
        writer = await self._opened.writer() if asked else None
        if writer is None:
            return {text: await self.pointed(text, documents) for text in dict.fromkeys(asked)}
        read = partial(self.pointed, documents=documents)
        parts = parts_asked(wanted, asked)
        return await values_by_writer(parts, documents, writer, self._settings, self._tell, read=read)

    async def summary(self, documents: Sequence[Document], length: Length) -> Summary:
        async def read() -> Summary:
            most = most_points(length, self._settings.manner.style)
            return await self._opened.compute(partial(summarize_documents, documents, length, most=most))

        writer = await self._opened.writer()
        if writer is None:
            return await read()
        return await summary_by_writer(documents, writer, self._settings, self._tell, length, read=read)

    async def ruling(self, about: str, changes: Sequence[Hunk]) -> Ruling:
        """Which changes of a page are about something (empty: about anything); where the model writes, also
        what it says of them. Raises ModelError."""
        writer = await self._opened.writer()
        if writer is not None:
            return await written_ruling(about, changes, partial(_reply, writer, self._settings.timeout))
        matters = relevant(about, changes) if about else [True] * len(changes)
        return Ruling(tuple(matters))


async def _reply(writer: Writer, seconds: float, told: str, shown: str, schema: Mapping[str, Any]) -> str:
    """What a model writes to instructions about something."""
    messages = [Message("system", told), Message("user", shown)]
    return (await writer.write(messages, schema, seconds=seconds)).text
