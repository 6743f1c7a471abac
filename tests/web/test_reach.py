"""Everything on the page is reached: behind consent, behind a fold, behind a scroll."""

from __future__ import annotations

import asyncio
import re

import pytest

from browseagent.read import read_page
from browseagent.records import Outcome
from browseagent.web import Request, Web
from fixtures.replies import SITES
from fixtures.server import FixtureServer
from tests.web.conftest import Names, answer, serving

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

WHOLE = {
    "/cases/consent-layer.html": ("nine lights", "partners", "refused"),
    "/cases/consent-no-refuse.html": ("two blasts every 45", "I agree", "taken out"),
    "/cases/infinite-scroll.html": ("That is all.", "Loading more", "scrolling"),
    "/cases/lazy-sections.html": ("bus 14 back", "", "scrolling"),
    "/cases/load-more.html": ("Teal", "", "pressing"),
    "/cases/read-more.html": ("sweetened the bay", "", ""),
    "/cases/read-more-fetch.html": ("welded, in Utrecht", "", "pressing"),
    "/cases/iframes.html": ("sail loft, for 60 cars", "", ""),
    "/cases/endless-scroll.html": ("Reading 100:", "", "goes on"),
}


@pytest.mark.parametrize(("path", "expected"), WHOLE.items())
async def test_whole_pages(
    site: FixtureServer, one_web: Web, path: str, expected: tuple[str, str, str]
) -> None:
    """The last words of each page are there, what lay over it is not, and a note says what was done."""
    there, absent, note = expected
    page = await one_web.fetch(Request(site.url(path), via="chromium", timeout=60))
    assert page.outcome is Outcome.OK, page.reason
    assert page.dom is not None
    assert page.visible_text is not None
    for text in (page.dom, page.visible_text):
        assert there in text
        assert not absent or absent not in text
    assert any(note in said for said in (*page.how, *page.notes)) or not note


async def test_what_a_click_would_show(site: FixtureServer, one_web: Web) -> None:
    """Details, accordions and tabs are in the document and not marked as hidden."""
    page = await one_web.fetch(Request(site.url("/cases/click-to-show.html"), via="chromium", timeout=60))
    assert page.dom is not None
    for words in ("£27", "16:00 to 21:00", "four gas rings", "Quiet from 23:00"):
        assert words in page.dom
    assert "data-browseagent-hidden" not in page.dom
    assert " hidden=" not in page.dom


async def test_shadow_roots_and_frames(site: FixtureServer, one_web: Web) -> None:
    """Open shadow roots and frames are written into the document where they stand."""
    shadow = await one_web.fetch(Request(site.url("/cases/shadow-root.html"), via="chromium", timeout=60))
    frames = await one_web.fetch(Request(site.url("/cases/iframes.html"), via="chromium", timeout=60))
    assert shadow.dom is not None
    assert shadow.visible_text is not None
    assert "<slot" not in shadow.dom
    assert "gusts of 31" in shadow.dom
    assert "color:" not in shadow.visible_text
    assert frames.dom is not None
    assert "data-browseagent-frame" in frames.dom
    assert "Launch of the dinghy" in frames.dom


async def test_frames_of_other_origins(names: Names) -> None:
    """A frame of another origin is written in too."""

    async def handler(target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner = b"<p>the programme, from another host</p>"
        outer = f"<h1>Outer</h1><iframe src=http://b.public.test:{ports[0]}/inner></iframe><p>after</p>"
        writer.write(answer(inner if target == "/inner" else outer.encode()))

    ports: list[int] = []
    async with serving(handler) as port, Web(resolve=names.resolve, dial=names.dial) as web:
        ports.append(port)
        page = await web.fetch(Request(f"http://a.public.test:{port}/", via="chromium", timeout=60))
    assert page.dom is not None
    assert page.visible_text is not None
    assert page.dom.index("Outer") < page.dom.index("from another host") < page.dom.index("after")
    assert "from another host" in page.visible_text


async def test_hidden_text_is_marked(site: FixtureServer, one_web: Web) -> None:
    """What the browser does not show is marked in the document with the reason."""
    page = await one_web.fetch(Request(site.url("/cases/hidden-text.html"), via="chromium", timeout=60))
    assert page.dom is not None
    for why in ("display", "size", "colour", "off-screen"):
        assert f'data-browseagent-hidden="{why}"' in page.dom, why


async def test_hidden_text_is_no_text(site: FixtureServer, one_web: Web) -> None:
    """Of thirteen ways to hide an order to the reader none comes into the text; all are reported. What can
    be read, small and grey or white on blue, stays."""
    page = await one_web.fetch(Request(site.url("/cases/hidden-text.html"), via="chromium", timeout=60))
    document = read_page(page)
    source = (SITES / "cases" / "hidden-text.html").read_text("utf-8")
    birds = dict(re.findall(r"secret word of (\S+) is (\w+)", source))
    assert len(birds) == 15
    assert [how for how, bird in birds.items() if bird in document.text or bird in document.markdown] == []
    reported = " ".join(document.hidden)
    assert {how for how, bird in birds.items() if bird not in reported} == {"template", "comment"}
    assert "free of charge, bicycles cost £2. A passenger with a wheelchair needs no ticket." in document.text
    assert "small print that can be read" in document.text
    assert "White on blue" in document.text
