"""The agent over recorded pages, a real store and a model without weights."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from browseagent.agent.agent import Agent
from browseagent.agent.events import Event
from browseagent.agent.named import web_url
from browseagent.config import Settings
from browseagent.errors import FetchError, ModelError, UsageError
from browseagent.model.scripted import LexicalModel, ScriptedModel
from browseagent.records import Answered, Document, Failed, NotFound, Outcome, Page, Via
from browseagent.store.pages import SqlPageStore
from browseagent.web.port import Request
from browseagent.web.replay import Replay

URL = "https://example.org/light"
TEXT = (
    b"Harwick Light was built in 1871 by the engineer Thomas Pell.\n\nIt stands 34 metres tall on the cliff."
)


def page(url: str = URL, body: bytes = TEXT, outcome: Outcome = Outcome.OK, **changes: object) -> Page:
    made = Page(
        url,
        url,
        outcome,
        Via.HTTP,
        datetime.now(UTC),
        status=200,
        headers=(("content-type", "text/plain; charset=utf-8"), ("etag", '"1"')),
        body=body,
        reason=None if outcome.readable else "It went wrong.",
        hint=None if outcome.readable else "Try again.",
    )
    return replace(made, **changes)  # type: ignore[arg-type]


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlPageStore]:
    store = SqlPageStore(tmp_path / "pages.sqlite")
    yield store
    store.close()


def agent(tmp_path: Path, fetcher: Replay, store: SqlPageStore, **changes: object) -> Agent:
    settings = replace(Settings(home=tmp_path), **changes)  # type: ignore[arg-type]
    return Agent(settings=settings, fetcher=fetcher, store=store, language_model=LexicalModel())


async def test_a_page_is_fetched_answered_from_and_kept(tmp_path: Path, store: SqlPageStore) -> None:
    """The second question about a page makes no request, and says that the page is from the store."""
    web = Replay([page()])
    async with agent(tmp_path, web, store) as first:
        answer = await first.ask("When was Harwick Light built?", URL)
    assert isinstance(answer, Answered) and "1871" in answer.quotes[0].text
    assert answer.pages[0].via is Via.HTTP
    async with agent(tmp_path, web, store) as second:
        again = await second.ask("How tall does it stand on the cliff?", URL)
    assert "34 metres" in (again.quotes or again.closest)[0].text
    assert again.pages[0].via is Via.CACHE and again.pages[0].age_s >= 0
    assert len(web.requests) == 1


async def test_how_a_page_was_had_is_told_once(tmp_path: Path, store: SqlPageStore) -> None:
    """What getting it took belongs to the fetch; what is missing of it is told each time it is read."""
    web = Replay([page(how=("a browser was used: it says so",), notes=("the document was cut off",))])
    async with agent(tmp_path, web, store) as first:
        answer = await first.ask("When was Harwick Light built?", URL)
    assert answer.pages[0].notes == ("a browser was used: it says so", "the document was cut off")
    async with agent(tmp_path, web, store) as second:
        again = await second.ask("When was Harwick Light built?", URL)
    assert (again.pages[0].via, again.pages[0].notes) == (Via.CACHE, ("the document was cut off",))


async def test_an_old_page_is_revalidated(tmp_path: Path, store: SqlPageStore) -> None:
    """Past its age a stored page is asked about with its ETag, and a 304 makes it current again: it was had
    from the server just now, not from the store."""
    store.put(page(fetched_at=datetime.now(UTC) - timedelta(days=2)))
    web = Replay([page()])
    async with agent(tmp_path, web, store) as asker:
        answer = await asker.ask("When was Harwick Light built?", URL)
    assert web.requests[0].etag == '"1"'
    assert (answer.pages[0].via, answer.pages[0].age_s < 60) == (Via.HTTP, True)
    latest = store.latest(URL)
    assert latest is not None and (datetime.now(UTC) - latest.fetched_at) < timedelta(minutes=1)


async def test_offline_uses_what_is_stored_or_says_that_nothing_is(
    tmp_path: Path, store: SqlPageStore
) -> None:
    """Without the network an old page is good enough, and a missing one is an error with a hint."""
    store.put(page(fetched_at=datetime.now(UTC) - timedelta(days=400)))
    web = Replay([])
    async with agent(tmp_path, web, store, offline=True) as asker:
        assert isinstance(await asker.ask("When was Harwick Light built?", URL), Answered)
        missing = await asker.ask("When was it built?", "https://example.org/other")
    assert isinstance(missing, Failed) and missing.failure.kind == "unreachable" and missing.failure.hint
    assert web.requests == []


async def test_a_past_version_can_be_asked(tmp_path: Path, store: SqlPageStore) -> None:
    """--as-of answers from the version that was current then."""
    store.put(
        page(
            body=b"Tickets for the tower cost 3 pounds in all seasons.",
            fetched_at=datetime(2025, 1, 1, tzinfo=UTC),
        )
    )
    store.put(
        page(
            body=b"Tickets for the tower cost 5 pounds in all seasons.",
            fetched_at=datetime(2026, 1, 1, tzinfo=UTC),
        )
    )
    async with agent(tmp_path, Replay([]), store, as_of=datetime(2025, 6, 1, tzinfo=UTC)) as asker:
        then = await asker.ask("What do tickets for the tower cost?", URL)
    async with agent(tmp_path, Replay([]), store, offline=True) as asker:
        now = await asker.ask("What do tickets for the tower cost?", URL)
    assert "3 pounds" in then.quotes[0].text and "5 pounds" in now.quotes[0].text


async def test_one_bad_source_does_not_spoil_the_others(tmp_path: Path, store: SqlPageStore) -> None:
    """A page that fails is reported beside an answer from the page that did not."""
    web = Replay([page(), page("https://example.org/gone", outcome=Outcome.GONE, status=410)])
    async with agent(tmp_path, web, store) as asker:
        answer = await asker.ask("When was Harwick Light built?", "https://example.org/gone", URL)
    assert isinstance(answer, Answered)
    assert [(report.outcome, report.reason) for report in answer.pages] == [
        (Outcome.GONE, "It went wrong."),
        (Outcome.OK, None),
    ]


async def test_the_model_is_not_asked_about_a_page_that_was_not_read(
    tmp_path: Path, store: SqlPageStore
) -> None:
    """A wall is a failure with its own kind; its text reaches no model and no store."""
    model = ScriptedModel()
    web = Replay([page(outcome=Outcome.BLOCKED, status=403)])
    settings = Settings(home=tmp_path)
    async with Agent(settings=settings, fetcher=web, store=store, language_model=model) as asker:
        answer = await asker.ask("When was it built?", URL)
        summary = await asker.summarize(URL)
        with pytest.raises(FetchError):
            await asker.read("https://example.org/unknown")
    assert isinstance(answer, Failed) and answer.failure.kind == "blocked"
    assert summary.error is not None and summary.points == ()
    assert model.history == [] and store.latest(URL) is None


async def test_a_failed_fetch_points_to_the_stored_version(tmp_path: Path, store: SqlPageStore) -> None:
    """When the site is down, an old version is not passed off as new, but offered."""
    store.put(page(fetched_at=datetime(2026, 1, 2, 3, 4, tzinfo=UTC)))
    web = Replay([page(outcome=Outcome.TIMEOUT, status=None, body=b"", headers=())])
    async with agent(tmp_path, web, store, fresh=True) as asker:
        answer = await asker.ask("When was it built?", URL)
    assert isinstance(answer, Failed)
    assert "2026-01-02 03:04" in answer.failure.hint and "--offline" in answer.failure.hint


async def test_a_page_without_text_is_empty(tmp_path: Path, store: SqlPageStore) -> None:
    """A page that was fetched and says nothing is an outcome of its own."""
    blank = page(body=b"<html><body><div></div></body></html>", headers=(("content-type", "text/html"),))
    async with agent(tmp_path, Replay([blank]), store) as asker:
        answer = await asker.ask("When was it built?", URL)
    assert isinstance(answer, Failed) and answer.failure.kind == "empty"


async def test_documents_and_pages_are_sources_too(tmp_path: Path, store: SqlPageStore) -> None:
    """A document in hand, or a page, is answered from as it is."""
    document = Document(url="https://example.org/d", text="")
    async with agent(tmp_path, Replay([]), store) as asker:
        assert isinstance(await asker.ask("When was it built?", document), NotFound)
        answer = await asker.ask("When was Harwick Light built?", page(via=Via.FILE))
        many = await asker.ask_many([("When was Harwick Light built?", await asker.read(page(via=Via.FILE)))])
    assert isinstance(answer, Answered)
    assert many[0].quotes == answer.quotes


@pytest.mark.parametrize("question", ["", "  ", "?!", "x" * 2001])
async def test_a_question_without_words_is_refused(
    tmp_path: Path, store: SqlPageStore, question: str
) -> None:
    """What is no question is a usage error, before anything is fetched."""
    web = Replay([page()])
    async with agent(tmp_path, web, store) as asker:
        with pytest.raises(UsageError):
            await asker.ask(question, URL)
    assert web.requests == []


async def test_each_step_is_traced_and_told(tmp_path: Path, store: SqlPageStore) -> None:
    """--trace writes one JSON line a step, the same steps that progress is shown from."""
    events: list[Event] = []
    trace = tmp_path / "trace.jsonl"
    settings = Settings(home=tmp_path, trace=trace)
    model = LexicalModel()
    web = Replay([page()])
    tell = events.append
    async with Agent(
        settings=settings, fetcher=web, store=store, language_model=model, on_event=tell
    ) as asker:
        await asker.ask("When was Harwick Light built?", URL)
    lines = [json.loads(line) for line in trace.read_text("utf-8").splitlines()]
    assert [line["step"] for line in lines] == [event.step for event in events]
    assert [line["step"] for line in lines][:2] == ["open", "opened"] and lines[-1]["step"] == "answered"
    assert lines[1]["outcome"] == "ok" and lines[1]["requested"] is True


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("example.org", "https://example.org"),
        (" http://example.org/a ", "http://example.org/a"),
        ("localhost:8000/x", "https://localhost:8000/x"),
    ],
)
def test_a_bare_domain_is_a_web_address(typed: str, meant: str) -> None:
    """People type addresses without their scheme."""
    assert web_url(typed) == meant


@pytest.mark.parametrize("typed", ["ftp://example.org/", "file:///etc/passwd", "https://", "javascript://x"])
def test_other_schemes_are_refused(typed: str) -> None:
    """Only http and https are opened."""
    with pytest.raises(UsageError):
        web_url(typed)


async def test_a_failing_model_does_not_hide_what_was_read(tmp_path: Path, store: SqlPageStore) -> None:
    """When the model fails, the answer is a failure of the model's kind, beside the page that was read."""
    settings = Settings(home=tmp_path)
    model = ScriptedModel()
    async with Agent(settings=settings, fetcher=Replay([page()]), store=store, language_model=model) as asker:
        answer = await asker.ask("When was Harwick Light built?", URL)
    assert isinstance(answer, Failed) and answer.failure.kind == "model"
    assert [report.outcome for report in answer.pages] == [Outcome.OK]


class CountingStore(SqlPageStore):
    """A page store that counts the documents that were derived anew."""

    derived_anew = 0

    def put_derived(self, key: str, value: bytes, *, sha256: str) -> None:
        self.derived_anew += 1
        super().put_derived(key, value, sha256=sha256)


async def test_another_question_does_not_read_the_page_again(tmp_path: Path) -> None:
    """The text of a stored page is derived once, whatever is asked of it and in however many runs."""
    web = Replay([page()])
    with CountingStore(tmp_path / "pages.sqlite") as store:
        for question in ("When was Harwick Light built?", "How tall does it stand?"):
            async with agent(tmp_path, web, store) as asker:
                await asker.ask(question, URL)
        assert store.derived_anew == 1
    assert len(web.requests) == 1


class Slow(Replay):
    """Gives its page when the model has been loaded, and not before."""

    def __init__(self, pages: list[Page], loaded: asyncio.Event) -> None:
        super().__init__(pages)
        self.loaded = loaded

    async def fetch(self, request: Request) -> Page:
        async with asyncio.timeout(10):
            await self.loaded.wait()
        return await super().fetch(request)


async def test_the_model_is_loaded_while_the_page_comes(
    tmp_path: Path, store: SqlPageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both take seconds. It is loaded once, however many ask for it."""
    loop, loaded, loads = asyncio.get_running_loop(), asyncio.Event(), []

    def load(name: str, settings: Settings, announce: object) -> LexicalModel:
        loads.append(name)
        loop.call_soon_threadsafe(loaded.set)
        return LexicalModel()

    monkeypatch.setattr("browseagent.model.registry.load_model", load)
    web = Slow([page()], loaded)
    async with Agent(settings=Settings(home=tmp_path), fetcher=web, store=store) as asker:
        answers = await asyncio.gather(*(asker.ask("When was it built?", URL) for _ in range(3)))
    assert [type(answer) for answer in answers] == [Answered] * 3 and loads == ["embedded"]


async def test_no_model_is_loaded_for_a_page_that_fails_at_once(
    tmp_path: Path, store: SqlPageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address with a slip in it costs no more than its error. A model that does not load is told of when
    it is needed, and not before."""
    tried = []

    def load(name: str, settings: Settings, announce: object) -> LexicalModel:
        tried.append(name)
        raise ModelError("there is no model")

    monkeypatch.setattr("browseagent.model.registry.load_model", load)
    web = Replay([page(outcome=Outcome.UNREACHABLE, body=b"")])
    async with Agent(settings=Settings(home=tmp_path), fetcher=web, store=store) as asker:
        answer = await asker.ask("When was it built?", URL)
        assert isinstance(answer, Failed) and answer.failure.kind == "unreachable"
        assert tried == []
        there = await asker.ask("When was it built?", page())
    assert isinstance(there, Failed) and there.failure.message == "there is no model"


async def test_a_load_whose_run_has_ended_serves_the_next(
    tmp_path: Path, store: SqlPageStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page that fails while the model is loading does not have it loaded twice."""
    begun, loads = threading.Event(), []

    def load(name: str, settings: Settings, announce: object) -> LexicalModel:
        loads.append(name)
        begun.set()
        time.sleep(0.5)
        return LexicalModel()

    class Failing(Replay):
        async def fetch(self, request: Request) -> Page:
            assert await asyncio.to_thread(begun.wait, 10)
            return await super().fetch(request)

    monkeypatch.setattr("browseagent.model.registry.load_model", load)
    web = Failing([page(outcome=Outcome.UNREACHABLE, body=b"")])
    async with Agent(settings=Settings(home=tmp_path), fetcher=web, store=store) as asker:
        assert isinstance(await asker.ask("When was it built?", URL), Failed)
        assert isinstance(await asker.ask("When was it built?", page()), Answered)
    assert loads == ["embedded"]


async def test_a_password_in_an_address_goes_to_its_site_alone(tmp_path: Path, store: SqlPageStore) -> None:
    """The request says it as a header; neither the answer, nor the pages, nor the store hold it, and nobody
    without it is served what came with it. Spaces in an address are spelt."""
    web = Replay([page()])
    named = URL.replace("://", "://ann:secret@")
    async with agent(tmp_path, web, store) as asker:
        answer = await asker.ask("When was Harwick Light built?", named)
    (request,) = web.requests
    assert (request.url, dict(request.session.headers)) == (URL, {"Authorization": "Basic YW5uOnNlY3JldA=="})
    assert answer.pages and "secret" not in repr(answer)
    assert "secret" not in repr(store.pages()) and store.latest(URL) is None
    async with agent(tmp_path, web, store) as asker:
        await asker.fetch(f"{URL}the lights.html")
    assert web.requests[-1].url == f"{URL}the%20lights.html"
