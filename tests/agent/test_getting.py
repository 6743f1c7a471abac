"""Asking and watching get a page in one way, and read the same text of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio

from browseagent.agent.agent import Agent
from browseagent.config import Settings
from browseagent.records import Document, Elements, Page, Via
from browseagent.store.pages import SqlPageStore
from browseagent.store.watches import SqlWatchStore
from browseagent.watch.check import Checker, World
from browseagent.watch.judge import Memory
from browseagent.watch.port import Seen
from browseagent.watch.reading import HereReader
from browseagent.watch.records import Watch
from browseagent.web import Web
from fixtures.server import FixtureServer
from tests.watch.world import ScriptedAsker

PAGES = (
    "/news/tram-extension.html",
    "/shop/lantern.html",
    "/forum/radio-hum.html",
    "/jp/onsen-sjis.html",
    "/cn/old-ferry-gb18030.html",
    "/council/pier-closure.pdf",
    "/news/feed.rss",
    "/cases/data.json",
    "/cases/notes.md",
    "/cases/plain.txt",
    "/cases/html-as-text",
    "/cases/no-type",
    "/cases/pdf-as-html.html",
    "/docs/retries.html",
    "/cases/shadow-root.html",
    "/cases/consent-layer.html",
    "/cases/goes-elsewhere.html",
    "/app/",
)
SHELL = "<!doctype html><html lang=en><title>Ferry</title><h1>The ferry</h1><p>It sails all the year.</p>"
STORY = "".join(f"<p>The ferry of hour {n} leaves from Coal Quay at all times.</p>" for n in range(9))
OPENS = "<script>document.getElementById('s').style.display = 'block'</script>"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def web() -> AsyncIterator[Web]:
    """One for all tests: one start of a browser."""
    async with Web(delay=0.0) as opened:
        yield opened


async def _both(web: Web, url: str, home: Path, select: str = "") -> tuple[Document, Document]:
    """The page's document for a question and for a watch."""
    store = SqlPageStore(home / "watched.sqlite")
    settings = Settings(home=home, elements=Elements((select,) if select else ()))
    async with Agent(settings=settings, fetcher=web) as agent:
        asked = await agent.read(url)
        world = World(
            fetcher=web, store=SqlWatchStore(store), asker=ScriptedAsker(lambda _, __: None),
            reader=HereReader(), reader_version="1", now=lambda: datetime.now(UTC),
        )  # fmt: skip
        look = await Checker(world).looker.look(Watch("it", url, select=select or None), Memory(), Seen())
    store.close()
    assert look.document is not None
    return asked, look.document


def _page(document: Document) -> Page:
    assert document.page is not None
    return document.page


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("path", PAGES)
async def test_a_question_and_a_watch_read_alike(
    web: Web, fresh_site: FixtureServer, tmp_path: Path, path: str
) -> None:
    """Kind, encoding, way of getting and text are the same, whatever the page is."""
    asked, watched = await _both(web, fresh_site.url(path), tmp_path)
    assert watched.text == asked.text
    assert (watched.blocks, watched.title, watched.kind) == (asked.blocks, asked.title, asked.kind)
    assert (_page(watched).via, _page(watched).outcome) == (_page(asked).via, _page(asked).outcome)


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
async def test_a_watch_renders_what_a_question_would(
    web: Web, fresh_site: FixtureServer, tmp_path: Path
) -> None:
    """Text that scripts show, which only reading the page can tell, is watched as people see it."""
    fresh_site.set_page("/own.html", f"{SHELL}<div id=s style='display:none'>{STORY}</div>{OPENS}")
    asked, watched = await _both(web, fresh_site.url("/own.html"), tmp_path)
    assert watched.text == asked.text and "hour 8" in watched.text
    assert _page(watched).via is _page(asked).via is Via.CHROMIUM


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
async def test_a_chosen_element_that_a_script_makes_is_watched(
    web: Web, fresh_site: FixtureServer, tmp_path: Path
) -> None:
    """What --select names is looked for in the page as rendered where it is not in the page as served."""
    script = "<script src=/make.js></script>"
    fresh_site.set_page("/own.html", f"{SHELL}{STORY * 3}{script}")
    made = "document.body.insertAdjacentHTML('afterbegin', '<p id=tide>High at nine.</p>')"
    fresh_site.set_page("/make.js", made, content_type="text/javascript")
    asked, watched = await _both(web, fresh_site.url("/own.html"), tmp_path, "#tide")
    assert watched.text == asked.text == "High at nine."
