"""The agent: one loop that asks :func:`~browseagent.agent.decide.decide` what to do and does it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

from browseagent.agent.answering import TOKEN_BUDGET, Answering
from browseagent.agent.choice import MOST_SECONDS, Choosing
from browseagent.agent.decide import Budget
from browseagent.agent.events import Event, Telling
from browseagent.agent.named import Source, check_sources, sign_in
from browseagent.agent.opened import Opened
from browseagent.agent.reports import failure_of, reports
from browseagent.agent.run import Run
from browseagent.answer.question import Question
from browseagent.answer.typed.fill import fill, questions
from browseagent.answer.typed.records import Extracted, answer_of
from browseagent.answer.typed.schema import wanted_of
from browseagent.config import Settings, default_settings
from browseagent.errors import BrowseAgentError, UsageError, error_for
from browseagent.model.port import LanguageModel, Writer
from browseagent.records import (
    Answer,
    Coverage,
    Document,
    Failed,
    Hunk,
    Length,
    Page,
    PageReport,
    Summary,
)
from browseagent.records.counted import counted
from browseagent.store.port import PageStore
from browseagent.watch.ruling import Ruling
from browseagent.web.port import Fetcher, ProfileStore

T = TypeVar("T")
S = TypeVar("S", bound=Source)

SITE_PAGES = 5
"""Pages of a stored site that are read for one question: the right one is among the first three for nearly
all (docs/site.md)."""


class Agent:
    """Answers from pages and summarises them.

    Use it as an async context manager. ``fetcher``, ``store``, ``profiles``, ``language_model`` and
    ``writer`` stand in for what the agent would open itself; the caller closes them.
    """

    def __init__(
        self,
        model: str | None = None,
        *,
        settings: Settings | None = None,
        on_event: Callable[[Event], None] | None = None,
        fetcher: Fetcher | None = None,
        store: PageStore | None = None,
        profiles: ProfileStore | None = None,
        language_model: LanguageModel | None = None,
        writer: Writer | None = None,
    ) -> None:
        settings = settings or default_settings()
        self._settings = replace(settings, model=model) if model else settings
        self._tell = Telling(on_event)
        self._opened = Opened(
            self._settings,
            self._tell,
            fetcher=fetcher,
            store=store,
            profiles=profiles,
            language_model=language_model,
            writer=writer,
        )

    @property
    def _answering(self) -> Answering:
        return Answering(self._opened, self._settings, self._tell)

    def under(self, settings: Settings, on_event: Callable[[Event], None] | None = None) -> Agent:
        """An agent with other settings over the same parts: the model stays warm, pages come by the same
        browser. What decides which parts there are (the model, the store) is as it was. It needs no
        closing, and lives as long as this one."""
        other = Agent(settings=settings, on_event=on_event)
        other._opened = self._opened
        return other

    async def load(self) -> None:
        """Loads the model now, so that the first question does not wait for it. Raises ModelError."""
        if await self._opened.writer() is None:
            await self._opened.model()

    async def settled(self) -> None:
        """Returns when what the model was computing is done, also where nobody waits for it any more."""
        await self._opened.compute(lambda: None)

    async def __aenter__(self) -> Agent:
        if self._settings.trace is not None:
            self._tell.open_trace(self._settings.trace)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            await self._opened.close()
        finally:
            self._tell.close()

    async def ask(self, question: str, *sources: Source) -> Answer:
        """The answer to a question from some sources, and from what they link to where the settings allow
        more pages than were named. Trouble with a page, or with the model, is in the answer; raises
        :class:`~browseagent.errors.UsageError` for a question that is none."""
        asked = Question.of(_checked(question))
        if self._settings.asks_stored_site:
            sources = await self._best_of_site(asked, sources)
        run = await self._run(sources, asked)
        try:
            async with self._opened.loading_ahead(self._settings):
                reason = await run.to_the_end()
            pages = reports(run.state)
            timings = {"pages": run.state.seconds}
            if not run.answers:
                failure = failure_of(run.state.pages)
                return Failed(
                    question=asked.words, failure=failure, pages=pages, stopped=reason, timings=timings
                )
            answer = run.answer()
        except UsageError:
            raise
        except BrowseAgentError as error:
            return Failed(question=asked.words, failure=error.info(), pages=reports(run.state))
        self._tell(
            "answered", f"{answer.status} ({answer.confidence:.2f}); {reason}", {"status": answer.status}
        )
        return replace(answer, pages=pages, timings=timings | {"answer": run.answering}, stopped=reason)

    async def ask_many(self, items: Sequence[tuple[str, Document]]) -> list[Answer]:
        """Answers many questions, each from one document, with the model loaded once."""
        asked = [(Question.of(_checked(question)), document) for question, document in items]
        return [await self._answering.answer(question, (document,)) for question, document in asked]

    async def judge(self, about: str, changes: Sequence[Hunk], /) -> Ruling:
        """Which changes of a page are about something (empty: about anything); where the model writes, also
        what it says of them. Raises ModelError."""
        return await self._answering.ruling(about, changes)

    async def extract(
        self, schema: str | Mapping[str, Any], *sources: Source, question: str = ""
    ) -> Extracted:
        """Typed values from some sources, each with its quote. ``schema`` is a JSON Schema, the name of a
        type (``money``, ``choice:open,closed``; then with a question), or ``rows`` for all tables and
        listings. The model is loaded only for what the pages' structure does not give. Raises
        :class:`~browseagent.errors.UsageError` for a schema that is none."""
        question = _checked(question) if question.strip() else ""
        wanted = wanted_of(schema, question)
        run = await self._run(sources)
        try:
            reason = await run.to_the_end()
            documents, pages = run.state.documents, reports(run.state)
            if not documents:
                return Extracted(Failed(question=question, failure=failure_of(run.state.pages), pages=pages))
            today = datetime.now(UTC).date()
            began = time.monotonic()
            asked = await self._opened.compute(lambda: questions(wanted, documents, today=today))
            told = f"{counted(len(asked), 'question')} for the model"
            self._tell("answer", f"reading {counted(len(documents), 'page')}, {told}")
            said = await self._answering.values(wanted, asked, documents)
            failed = next((answer.error for answer in said.values() if answer.error is not None), None)
            if failed is not None:
                return Extracted(Failed(question=question, failure=failed, pages=pages))
            typed = await self._opened.compute(lambda: fill(wanted, documents, said.__getitem__, today=today))
        except UsageError:
            raise
        except BrowseAgentError as error:
            return Extracted(Failed(question=question, failure=error.info(), pages=reports(run.state)))
        answer = replace(
            answer_of(question, typed),
            pages=pages,
            model=next((answer.model for answer in said.values()), None),
            timings={"pages": run.state.seconds, "answer": time.monotonic() - began},
            stopped=reason,
        )
        self._tell("answered", f"{answer.status}, {counted(len(typed.leaves), 'value')}; {reason}")
        return Extracted(answer, typed.value, typed.leaves, typed.missing)

    async def summarize(self, *sources: Source, length: Length = "medium") -> Summary:
        """The points of some sources, each with its quote."""
        run = await self._run(sources)
        pages: tuple[PageReport, ...] = ()
        try:
            reason = await run.to_the_end()
            state = run.state
            pages = reports(state)
            if not state.documents:
                return Summary(
                    points=(),
                    coverage=Coverage(0, 0, 0, 0),
                    pages=pages,
                    error=failure_of(state.pages),
                )
            began = time.monotonic()
            self._tell("answer", f"summarising {counted(len(state.documents), 'page')}")
            summary = await self._answering.summary(state.documents, length)
        except UsageError:
            raise
        except BrowseAgentError as error:
            return Summary(points=(), coverage=Coverage(0, 0, 0, 0), pages=pages, error=error.info())
        timings = {"pages": state.seconds, "summary": time.monotonic() - began}
        self._tell("answered", f"{counted(len(summary.points), 'point')}; {reason}")
        return replace(summary, pages=pages, timings=timings)

    async def read(self, source: Source) -> Document:
        """The document of a source. Raises the error of a page that could not be read."""
        if isinstance(source, Document):
            return source
        (source,) = self._checked([source])
        reading = await self._opened.sources(self._settings)
        obtained = await reading.obtain(source, seconds=self._settings.timeout)
        if obtained.document is None:
            raise error_for(obtained.page)
        return obtained.document

    async def fetch(self, source: str | Path) -> Page:
        """The page of a source, whatever its outcome."""
        (source,) = self._checked([source])
        reading = await self._opened.sources(self._settings)
        return (await reading.page(source, seconds=self._settings.timeout))[0]

    def _checked(self, sources: Sequence[S]) -> Sequence[S]:
        """The sources as they are opened: a name and password in an address are said to its site, and kept
        nowhere. Raises UsageError where they cannot be read with these settings."""
        self._settings, opened = sign_in(self._settings, sources)
        check_sources(self._settings, opened)
        return opened

    async def _run(self, sources: Sequence[Source], question: Question | None = None) -> Run:
        """The loop over the sources, not yet begun; it answers where there is a question."""
        if not sources:
            raise UsageError(
                "no source was named", hint="give a URL, a path to a saved page, or - for standard input"
            )
        sources = self._checked(sources)
        follows = question is not None and not self._settings.asks_stored_site
        most = max(1, len(sources), self._settings.max_pages if follows else 1)
        return Run(
            settings=self._settings,
            sources=await self._opened.sources(self._settings),
            named=sources,
            budget=Budget(most, self._settings.timeout * most, TOKEN_BUDGET),
            tell=self._tell,
            model=self._opened.model,
            compute=self._opened.compute,
            read=self._answering.answer,
            choosing=Choosing(
                self._opened.measured_writer, self._tell, min(MOST_SECONDS, self._settings.model_timeout)
            ),
            question=question,
        )

    async def _best_of_site(self, question: Question, sources: Sequence[Source]) -> tuple[Source, ...]:
        """The stored pages of the sources' sites that are to be read for a question."""
        from browseagent.agent.site import best_pages
        from browseagent.store.pages import SqlPageStore

        reading = await self._opened.sources(self._settings)
        store = await self._opened.store()
        if not isinstance(store, SqlPageStore):
            raise UsageError("this page store has no full-text index")
        best = await best_pages(question, sources, reading, store, SITE_PAGES, self._tell)
        if not best:
            raise UsageError("no page is stored", hint="Ask or crawl some first; `cache list` shows them.")
        return best


def _checked(question: str) -> str:
    question = " ".join(question.split())
    if not any(character.isalnum() for character in question):
        raise UsageError("the question has no words", hint="ask in words, for example: 'When does it open?'")
    if len(question) > 2000:
        raise UsageError(f"the question has {len(question)} characters; at most 2,000 are taken")
    return question
