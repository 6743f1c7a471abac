"""Questions on a stored site: the index finds the page, keeps in step with the store, and forgets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from browseagent.agent.agent import Agent
from browseagent.agent.events import Event
from browseagent.agent.site import index_of
from browseagent.answer.lexical import question_terms
from browseagent.config import Settings
from browseagent.model.scripted import ScriptedModel, lexical_likelihood
from browseagent.records import Outcome, Page, Via
from browseagent.store.pages import SqlPageStore
from browseagent.web.replay import Replay

SITE = "town.example"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def page(path: str, title: str, body: str, *, hours: float = 0, site: str = SITE, final: str = "") -> Page:
    url = f"https://{site}{path}"
    html = f"<html lang=en><title>{title}</title><main><h1>{title}</h1><p>{body}</p></main></html>".encode()
    headers = (("content-type", "text/html; charset=utf-8"),)
    at = NOW + timedelta(hours=hours)
    return Page(url, final or url, Outcome.OK, Via.HTTP, at, 200, headers=headers, body=html)


PAGES = (
    page("/", "Harwick", "The town of Harwick lies by the sea. It has a harbour, a market and a lighthouse."),
    page("/light", "The lighthouse", "The lighthouse of Harwick was built in 1871 by Thomas Pell."),
    page("/tax", "Council tax", "Band A pays least of all bands. The town collects the tax in April."),
    page("/pool", "Swimming pool", "The swimming pool opens at seven and closes at nine in the evening."),
    page("/cn", "灯塔", "灯塔建于1871年，由工程师陈立设计。门票四十元。"),
    page("/robots.txt", "", "lighthouse lighthouse lighthouse"),
    page("/light", "The lighthouse", "The lighthouse of Elsewhere was built in 1900.", site="other.example"),
    page("/gone", "Lighthouse", "Lighthouse lighthouse.", final="https://evil.example/lighthouse"),
)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqlPageStore]:
    with SqlPageStore(tmp_path / "pages.sqlite") as opened:
        for each in PAGES:
            opened.put(each)
        yield opened


def offline(tmp_path: Path, store: SqlPageStore, told: list[Event] | None = None) -> Agent:
    settings = Settings(home=tmp_path, offline=True, site=True)
    model = ScriptedModel(lexical_likelihood)
    heard = told.append if told is not None else None
    return Agent(settings=settings, store=store, fetcher=Replay({}), language_model=model, on_event=heard)


async def asked(tmp_path: Path, store: SqlPageStore, question: str) -> list[str]:
    """The paths of the pages that were read for a question, best first."""
    async with offline(tmp_path, store) as agent:
        answer = await agent.ask(question, f"https://{SITE}/")
    return [report.url.removeprefix(f"https://{SITE}") for report in answer.pages]


async def test_the_index_says_which_pages_to_read(tmp_path: Path, store: SqlPageStore) -> None:
    """Pages that were stored by whatever command; none of another site, none for programs, none that led
    elsewhere. Chinese is found too."""
    assert (await asked(tmp_path, store, "When was the lighthouse built?"))[0] == "/light"
    assert (await asked(tmp_path, store, "When does the pool open?")) == ["/pool"]
    assert (await asked(tmp_path, store, "灯塔是谁设计的？"))[0] == "/cn"
    for question in ("lighthouse", "Who built the lighthouse of Elsewhere?"):
        read = await asked(tmp_path, store, question)
        assert set(read) <= {"/", "/light"} and read


async def test_a_question_without_a_hit_is_asked_of_the_page_itself(
    tmp_path: Path, store: SqlPageStore
) -> None:
    """Where no page has any of its words, the page that was named is read; where nothing of the site is
    stored, that is said."""
    assert await asked(tmp_path, store, "Xylophones?") == ["/"]
    async with offline(tmp_path, store) as agent:
        answer = await agent.ask("When was it built?", "https://nowhere.example/")
    assert answer.error is not None and answer.error.kind == "unreachable"


async def test_the_index_keeps_in_step_with_the_store(tmp_path: Path, store: SqlPageStore) -> None:
    """A new version takes the place of the old one; what is cleared is forgotten at once; an index that is
    gone is made again."""
    assert (await asked(tmp_path, store, "When does the pool open?")) == ["/pool"]
    store.put(page("/pool", "Sauna", "The sauna is hot.", hours=1))
    assert (await asked(tmp_path, store, "How hot is the sauna?")) == ["/pool"]
    index = index_of(store.database)
    assert index.find(question_terms("Is it swimming in the evening?"), SITE, "", 5) == []
    assert index.missing(SITE, "") == []
    store.clear(urls=[f"https://{SITE}/tax"])
    assert index.find(question_terms("council tax band"), SITE, "", 5) == []
    with store.database.transaction(write=True) as connection:
        connection.exec_driver_sql("DROP TABLE page_text")
    assert len(index.missing(SITE, "")) == 6
    assert (await asked(tmp_path, store, "When was the lighthouse built?"))[0] == "/light"


async def test_one_content_is_read_once(tmp_path: Path, store: SqlPageStore) -> None:
    """The same page under several addresses takes one place among the best."""
    for number in range(5):
        store.put(page(f"/light?from={number}", "The lighthouse", PAGES[1].body[70:].decode()[:40]))
    read = await asked(tmp_path, store, "Where is the lighthouse?")
    assert len([path for path in read if path.startswith("/light?")]) <= 1


async def test_what_the_index_did_is_told(tmp_path: Path, store: SqlPageStore) -> None:
    """The trace says how many pages were new to it, and how many it chose."""
    told: list[Event] = []
    async with offline(tmp_path, store, told) as agent:
        await agent.ask("When was the lighthouse built?", f"https://{SITE}/")
    said = [event.message for event in told if event.step == "index"]
    assert said == [
        f"7 stored pages of {SITE} are new to the full-text index",
        f"2 stored pages of {SITE} are the most about it",
    ]


def test_no_words_of_a_question_can_break_the_query(store: SqlPageStore) -> None:
    """Signs and words of FTS5's own language are words."""
    index = index_of(store.database)
    for question in ('"', "NEAR(a b)", "a AND OR NOT", "title : x", "*", "^a + b", "x\0y", "—"):
        assert index.find([*question.split(), question], SITE, "", 3) == []
