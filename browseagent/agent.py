"""The agent: one loop that asks :func:`~browseagent.decide.decide` what to do and does it.

Everything it needs is opened when first used and closed when the agent is: the page store, the
browser, the model. The model computes in one worker thread, so that the loop stays responsive.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Any, TextIO, TypeVar

from browseagent.answer.about import relevant
from browseagent.answer.ask import answer_from
from browseagent.answer.summarize import summarize as summarize_documents
from browseagent.answer.typed.fill import fill, questions
from browseagent.answer.typed.records import Extracted, Wanted, answer_of
from browseagent.answer.typed.schema import wanted_of
from browseagent.answer.typed.written import parts_asked
from browseagent.answer.writing_summary import most_points
from browseagent.choosing import MOST_SECONDS, Choosing
from browseagent.config import Settings, default_settings
from browseagent.decide import Budget, State
from browseagent.errors import BrowseAgentError, UsageError, error_for
from browseagent.in_words import (
    answer_in_words,
    reader_is_here,
    summary_in_words,
    terms_of,
    values_in_words,
)
from browseagent.model.port import LanguageModel, Message, Writer
from browseagent.records import (
    Answer,
    Coverage,
    Document,
    ErrorInfo,
    Failed,
    Hunk,
    Length,
    Page,
    PageReport,
    Summary,
    Via,
)
from browseagent.run import Run
from browseagent.sources import Source, Sources, check_sources, sign_in
from browseagent.store.port import PageStore
from browseagent.watch.ruling import Ruling, written_ruling
from browseagent.web.port import Fetcher, ProfileStore

T = TypeVar("T")
S = TypeVar("S", bound=Source)
# Tokens that one question may put through the model: about a minute on two cores.
TOKEN_BUDGET = 40_000

HEAD_START = 0.3
"""Seconds that pages are given to fail before a model is loaded for them: a name that does not exist or a
server that refuses takes less, and should cost no more."""
SITE_PAGES = 5
"""Pages of a stored site that are read for one question: the right one is among the first three for nearly
all (docs/site.md)."""


@dataclass(frozen=True, slots=True)
class Event:
    """One step of a run, as it happens: for progress and for ``--trace``."""

    step: str
    """open, opened, answer, answered, stop."""
    message: str
    seconds: float
    """Since the run began."""
    data: Mapping[str, object] = field(default_factory=dict)


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
        self._on_event = on_event
        self._fetcher = fetcher
        self._store = store
        self._profiles = profiles
        self._model = language_model
        self._writer = writer
        self._stack = AsyncExitStack()
        self._loading = asyncio.Lock()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="model")
        self._trace: TextIO | None = None
        self._began = time.monotonic()

    async def __aenter__(self) -> Agent:
        self._stack.callback(self._worker.shutdown, wait=False, cancel_futures=True)
        if self._settings.trace is not None:
            try:
                self._trace = self._settings.trace.open("w", encoding="utf-8")
            except OSError as error:
                raise UsageError(f"the trace cannot be written: {error}") from error
            self._stack.callback(self._trace.close)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def ask(self, question: str, *sources: Source) -> Answer:
        """The answer to a question from some sources, and from what they link to where the settings allow
        more pages than were named. Trouble with a page, or with the model, is in the answer; raises
        :class:`~browseagent.errors.UsageError` for a question that is none."""
        question = _checked(question)
        if self._settings.asks_stored_site:
            sources = await self._best_of_site(question, sources)
        run = await self._run(sources, question)
        try:
            async with self._loading_ahead():
                reason = await run.to_the_end()
            pages = reports(run.state)
            timings = {"pages": run.state.seconds}
            if not run.answers:
                failure = _failure(run.state.pages)
                return Failed(
                    question=question, failure=failure, pages=pages, stopped=reason, timings=timings
                )
            answer = run.answer()
        except UsageError:
            raise
        except BrowseAgentError as error:
            return Failed(question=question, failure=error.info(), pages=reports(run.state))
        self._tell(
            "answered", f"{answer.status} ({answer.confidence:.2f}); {reason}", {"status": answer.status}
        )
        return replace(answer, pages=pages, timings=timings | {"answer": run.answering}, stopped=reason)

    async def ask_many(self, items: Sequence[tuple[str, Document]]) -> list[Answer]:
        """Answers many questions, each from one document, with the model loaded once."""
        return [await self._answer(_checked(question), (document,)) for question, document in items]

    async def _answer(
        self, question: str, documents: Sequence[Document], tokens: int = TOKEN_BUDGET
    ) -> Answer:
        """What the documents answer, after reading ``tokens`` at most: in the words of the model where it
        writes, else pointed at."""

        read = partial(self._pointed, question, documents, tokens)
        writer = await self._load_writer()
        if writer is None:
            return await read()
        return await answer_in_words(question, documents, writer, self._settings, read=read)

    async def _pointed(
        self, question: str, documents: Sequence[Document], tokens: int = TOKEN_BUDGET
    ) -> Answer:
        """What the model that reads points at."""
        model = await self._load_model()
        return await self._compute(partial(answer_from, question, documents, model, tokens))

    async def _values(
        self, wanted: Wanted, asked: Sequence[str], documents: Sequence[Document]
    ) -> dict[str, Answer]:
        """The answers to a typed answer's questions: a model that writes is asked all of them at once."""
        writer = await self._load_writer() if asked else None
        if writer is None:
            return {text: await self._pointed(text, documents) for text in dict.fromkeys(asked)}
        read = partial(self._pointed, documents=documents)
        parts = parts_asked(wanted, asked)
        return await values_in_words(parts, documents, writer, self._settings, read=read)

    async def judge(self, about: str, changes: Sequence[Hunk], /) -> Ruling:
        """Which changes of a page are about something (empty: about anything); where the model writes, also
        what it says of them. Raises ModelError."""
        writer = await self._load_writer()
        if writer is not None:
            return await written_ruling(about, changes, partial(_reply, writer, self._settings.timeout))
        matters = relevant(about, changes) if about else [True] * len(changes)
        return Ruling(tuple(matters))

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
                return Extracted(Failed(question=question, failure=_failure(run.state.pages), pages=pages))
            today = datetime.now(UTC).date()
            began = time.monotonic()
            asked = await self._compute(lambda: questions(wanted, documents, today=today))
            self._tell("answer", f"reading {len(documents)} page(s), {len(asked)} question(s) for the model")
            said = await self._values(wanted, asked, documents)
            failed = next((answer.error for answer in said.values() if answer.error is not None), None)
            if failed is not None:
                return Extracted(Failed(question=question, failure=failed, pages=pages))
            typed = await self._compute(lambda: fill(wanted, documents, said.__getitem__, today=today))
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
        self._tell("answered", f"{answer.status}, {len(typed.leaves)} values; {reason}")
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
                    error=_failure(state.pages),
                )
            began = time.monotonic()
            self._tell("answer", f"summarising {len(state.documents)} page(s)")
            summary = await self._summary(state.documents, length)
        except UsageError:
            raise
        except BrowseAgentError as error:
            return Summary(points=(), coverage=Coverage(0, 0, 0, 0), pages=pages, error=error.info())
        timings = {"pages": state.seconds, "summary": time.monotonic() - began}
        self._tell("answered", f"{len(summary.points)} points; {reason}")
        return replace(summary, pages=pages, timings=timings)

    async def read(self, source: Source) -> Document:
        """The document of a source. Raises the error of a page that could not be read."""
        if isinstance(source, Document):
            return source
        (source,) = self._checked([source])
        obtained = await (await self._sources()).obtain(source, seconds=self._settings.timeout)
        if obtained.document is None:
            raise error_for(obtained.page)
        return obtained.document

    async def fetch(self, source: str | Path) -> Page:
        """The page of a source, whatever its outcome."""
        (source,) = self._checked([source])
        return (await (await self._sources()).page(source, seconds=self._settings.timeout))[0]

    def _checked(self, sources: Sequence[S]) -> Sequence[S]:
        """The sources as they are opened: a name and password in an address are said to its site, and kept
        nowhere. Raises UsageError where they cannot be read with these settings."""
        self._settings, opened = sign_in(self._settings, sources)
        check_sources(self._settings, opened)
        return opened

    async def _run(self, sources: Sequence[Source], question: str | None = None) -> Run:
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
            sources=await self._sources(),
            named=sources,
            budget=Budget(most, self._settings.timeout * most, TOKEN_BUDGET),
            tell=self._tell,
            model=self._load_model,
            compute=self._compute,
            read=self._answer,
            choosing=Choosing(
                self._measured_writer, self._tell, min(MOST_SECONDS, self._settings.model_timeout)
            ),
            question=question,
        )

    async def _best_of_site(self, question: str, sources: Sequence[Source]) -> tuple[Source, ...]:
        """The stored pages of the sources' sites that are to be read for a question."""
        from browseagent.site import best_pages
        from browseagent.store.pages import SqlPageStore

        reading = await self._sources()
        if not isinstance(self._store, SqlPageStore):
            raise UsageError("this page store has no full-text index")
        return await best_pages(question, sources, reading, self._store, SITE_PAGES, self._tell)

    async def _sources(self) -> Sources:
        if self._store is None:
            from browseagent.store.pages import SqlPageStore

            store = await asyncio.to_thread(
                SqlPageStore, self._settings.store_place, max_bytes=self._settings.cache_bytes
            )
            self._stack.callback(store.close)
            self._store = store
        if self._profiles is None:
            from browseagent.store.profiles import Profiles

            self._profiles = Profiles(self._settings.profiles_path)
        if self._fetcher is None:
            from browseagent.web import Web

            web = Web(chromium=self._settings.chromium, profiles=self._profiles)
            self._fetcher = await self._stack.enter_async_context(web)
        return Sources(self._settings, self._fetcher, self._store, self._profiles)

    async def _summary(self, documents: Sequence[Document], length: Length) -> Summary:
        async def read() -> Summary:
            model = await self._load_model()
            most = most_points(length, self._settings.manner.style)
            return await self._compute(partial(summarize_documents, documents, model, length, most=most))

        writer = await self._load_writer()
        if writer is None:
            return await read()
        return await summary_in_words(documents, writer, self._settings, length, read=read)

    @asynccontextmanager
    async def _loading_ahead(self) -> AsyncIterator[None]:
        """Loads the model while pages are being opened: both take seconds, and neither needs the other."""

        async def load() -> None:
            await asyncio.sleep(0.0 if self._settings.offline else HEAD_START)
            with suppress(BrowseAgentError):  # told when the model is needed
                if await self._load_writer() is None:
                    await self._load_model()

        ahead = asyncio.create_task(load())
        try:
            yield
        finally:
            ahead.cancel()
            await asyncio.wait([ahead])

    async def _load_writer(self) -> Writer | None:
        def load() -> Writer | None:
            from browseagent.model.registry import load_writer

            if self._writer is None:
                self._writer = load_writer(self._settings.model, self._settings)
                if self._writer is not None:
                    self._stack.push_async_callback(self._writer.close)
            return self._writer

        async with self._loading:
            if self._writer is not None or self._model is not None:
                return self._writer
            return await self._compute(load)

    async def _measured_writer(self) -> Writer | None:
        """The model that writes, where it was measured and passed."""
        return await self._load_writer() if terms_of(self._settings).precision is not None else None

    async def _load_model(self) -> LanguageModel:
        def load(name: str) -> LanguageModel:
            from browseagent.model.registry import load_model

            # Here, in the one worker: a load whose run has ended meanwhile is the next run's.
            if self._model is None:
                self._model = load_model(name, self._settings, partial(self._tell, "model"))
                self._stack.callback(self._model.close)
            return self._model

        async with self._loading:
            if self._model is not None:
                return self._model
            beside = self._writer is not None and reader_is_here(self._settings)
            name = "embedded" if beside else self._settings.model
            self._tell("model", f"loading the model {name}")
            return await self._compute(partial(load, name))

    async def _compute(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._worker, call)

    def _tell(self, step: str, message: str, data: Mapping[str, object] | None = None) -> None:
        event = Event(step, message, round(time.monotonic() - self._began, 3), data or {})
        if self._on_event is not None:
            self._on_event(event)
        if self._trace is not None:
            line = {"step": event.step, "message": event.message, "seconds": event.seconds, **event.data}
            self._trace.write(json.dumps(line, ensure_ascii=False) + "\n")
            self._trace.flush()


def reports(state: State) -> tuple[PageReport, ...]:
    """What is said of each page of a run: those opened, and those of documents handed in."""
    documents = {id(document.page): document for document in state.documents if document.page is not None}
    opened = [each for page in state.pages for each in _reports_of(page, documents.get(id(page)))]
    given = [d for d in state.documents if d.page is None or all(d.page is not p for p in state.pages)]
    return tuple(opened + [each for d in given if d.page is not None for each in _reports_of(d.page, d)])


def _reports_of(page: Page, document: Document | None) -> list[PageReport]:
    """One report, or one for each page of an article that stands on several."""
    whole = report(page, document)
    if document is None or not document.parts:
        return [whole]
    first, *others = document.parts
    rest = [
        replace(report(part.page, None), title=whole.title, chars=part.end - part.start)
        for part in others
        if part.page is not None
    ]
    return [replace(whole, chars=first.end - first.start), *rest]


def report(page: Page, document: Document | None) -> PageReport:
    """A page without its bytes."""
    age = (datetime.now(UTC) - page.fetched_at).total_seconds()
    return PageReport(
        url=page.url,
        final_url=page.final_url,
        outcome=page.outcome,
        via=page.via,
        fetched_at=page.fetched_at,
        status=page.status,
        age_s=max(0.0, age) if page.via is not Via.FILE else 0.0,
        sha256=page.sha256,
        title=document.title if document else "",
        chars=len(document.text) if document else 0,
        reason=page.reason,
        hint=page.hint,
        notes=page.notes + (document.notes if document else ()),
    )


def _checked(question: str) -> str:
    question = " ".join(question.split())
    if not any(character.isalnum() for character in question):
        raise UsageError("the question has no words", hint="ask in words, for example: 'When does it open?'")
    if len(question) > 2000:
        raise UsageError(f"the question has {len(question)} characters; at most 2,000 are taken")
    return question


def _failure(pages: Sequence[Page]) -> ErrorInfo:
    """The error of a run in which nothing could be read: that of its first page."""
    return error_for(pages[0]).info()


async def _reply(writer: Writer, seconds: float, told: str, shown: str, schema: Mapping[str, Any]) -> str:
    """What a model writes to instructions about something."""
    messages = [Message("system", told), Message("user", shown)]
    return (await writer.write(messages, schema, seconds=seconds)).text
