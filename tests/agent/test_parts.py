"""An article on several pages, from the web to the answer."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from browseagent.agent.agent import Agent
from browseagent.config import Settings
from browseagent.model.scripted import LexicalModel
from browseagent.records import Answered, Outcome, Via
from browseagent.web import Request, Web
from fixtures.behaviours import Hang, Redirect
from fixtures.server import FixtureServer

FIRST, SECOND, THIRD = (f"/news/long-read-{number}.html" for number in (1, 2, 3))


def agent(tmp_path: Path, web: Web | None = None, **changes: object) -> Agent:
    settings = replace(Settings(home=tmp_path, via="http"), **changes)  # type: ignore[arg-type]
    return Agent(settings=settings, fetcher=web or Web(delay=0.0), language_model=LexicalModel())


async def test_a_question_about_the_last_page(fresh_site: FixtureServer, tmp_path: Path) -> None:
    """The first page is named, the third answers: the quote links to the third, which is reported, and
    the next run takes all three from the store."""
    url = fresh_site.url(FIRST)
    question = "When was the station made automatic?"
    async with Web(delay=0.2) as web, agent(tmp_path, web) as asker:
        answer = await asker.ask(question, url)
    assert isinstance(answer, Answered)
    assert "28 June 1991" in answer.quotes[0].text
    assert answer.quotes[0].url == fresh_site.url(THIRD)
    assert answer.quotes[0].link.startswith(f"{fresh_site.url(THIRD)}#:~:text=")
    assert [page.final_url for page in answer.pages] == [
        fresh_site.url(path) for path in (FIRST, SECOND, THIRD)
    ]
    assert all(page.outcome is Outcome.OK and page.chars > 500 for page in answer.pages)
    asked = [request.path for request in fresh_site.log]
    assert sorted(asked) == sorted(["/robots.txt", FIRST, SECOND, THIRD])
    async with Web() as web, agent(tmp_path, web) as asker:
        again = await asker.ask(question, url)
    assert {page.via for page in again.pages} == {Via.CACHE}
    assert len(again.pages) == 3
    assert [request.path for request in fresh_site.log] == asked


@pytest.mark.browser
async def test_through_chromium(site: FixtureServer, tmp_path: Path) -> None:
    """Pages that are rendered are joined as well: the forms without rel=next, too."""
    async with Web(delay=0.0) as web, agent(tmp_path, web, via="chromium") as reader:
        document = await reader.read(site.url("/cases/paged-1.html"))
    assert [part.url for part in document.parts] == [site.url(f"/cases/paged-{n}.html") for n in (1, 2, 3)]
    assert "8 January 1936" in document.text
    assert document.text.count("The brickworks\n") == 1
    assert {part.page.via for part in document.parts if part.page} == {Via.CHROMIUM}


async def test_robots_txt_holds_for_further_pages(fresh_site: FixtureServer, tmp_path: Path) -> None:
    """A further page that robots.txt forbids is not fetched: the article is said to be cut off."""
    fresh_site.set_page("/robots.txt", f"User-agent: *\nDisallow: {SECOND}\n", content_type="text/plain")
    async with Web(delay=0.0) as web, agent(tmp_path, web) as reader:
        document = await reader.read(fresh_site.url(FIRST))
    assert document.page is not None
    assert document.page.outcome is Outcome.TRUNCATED
    assert SECOND in (document.page.reason or "") and "robots.txt" in (document.page.reason or "")
    assert not fresh_site.requests_for(SECOND)


async def test_a_page_that_does_not_come(fresh_site: FixtureServer, tmp_path: Path) -> None:
    """What came in time is answered from, and said to be a part; all pages keep one deadline."""
    fresh_site.set_page(THIRD, Hang())
    async with Web(delay=0.0) as web, agent(tmp_path, web, timeout=3.0) as reader:
        document = await reader.read(fresh_site.url(FIRST))
    assert len(document.parts) == 2
    assert document.page is not None
    assert document.page.outcome is Outcome.TRUNCATED
    assert THIRD in (document.page.reason or "")


async def test_a_dead_link_and_a_way_out_of_the_site(fresh_site: FixtureServer, tmp_path: Path) -> None:
    """A next page that is not there, or that leads elsewhere, ends the article without a fuss."""
    for behaviour in ({"status": 404}, None):
        if behaviour is None:
            fresh_site.set_page(SECOND, Redirect("/news/harbour-wall.html"))
        else:
            fresh_site.set_page(SECOND, "<title>Not found</title><h1>Not found</h1>", status=404)
        async with Web(delay=0.0) as web, agent(tmp_path, web, fresh=True) as reader:
            document = await reader.read(fresh_site.url(FIRST))
        assert document.parts == ()
        assert document.page is not None and document.page.outcome is Outcome.OK


async def test_what_a_page_names_may_go_where_the_page_was(fresh_site: FixtureServer) -> None:
    """A further page of a typed private origin is reached; without the typed page before it is not."""
    async with Web(delay=0.0) as web:
        request = Request(fresh_site.url(SECOND), via="http", trusted=False, followed=True)
        assert (await web.fetch(request)).outcome is Outcome.POLICY
    async with Web(delay=0.0) as web:
        assert (await web.fetch(Request(fresh_site.url(FIRST), via="http"))).outcome is Outcome.OK
        assert (await web.fetch(request)).outcome is Outcome.OK
        assert (await web.fetch(replace(request, followed=False))).outcome is Outcome.POLICY
