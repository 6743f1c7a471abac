"""Links to quotes, opened in real Chromium: the page is scrolled to the quoted words."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Page, async_playwright

from browseagent.answer.quotes import locate, make_quote
from browseagent.config import default_settings
from browseagent.read import read_page
from browseagent.records import Document
from browseagent.web.file import page_from_bytes
from browseagent.web.find_chromium import find_chromium
from fixtures.server import FixtureServer

pytestmark = pytest.mark.browser

FILLER = "".join(
    f"<p>Paragraph {i} tells of the weather at sea and of the ships that passed it by.</p>" for i in range(60)
)
# What stands on the page, with id=target around the place that the link must go to, and the quote: sentences,
# rows of tables, items of lists, headings, values that style alone sets apart, and code with definitions.
CASES = {
    "plain": ("<p id=target>The keeper left the tower in 1988.</p>", "The keeper left the tower in 1988."),
    "punctuation": (
        "<p id=target>Bread, salt &amp; twice-baked rye: “all sold” (at £3.50) — daily, 7–9.</p>",
        "Bread, salt & twice-baked rye: “all sold” (at £3.50) — daily, 7–9.",
    ),
    "inline markup": (
        "<p id=target>The <b>old</b> li<i>ght</i>house <a href=/x>was built</a> in <code>1871</code>.</p>",
        "The old lighthouse was built in 1871.",
    ),
    "repeated, with words before": (
        f"<p>In May the gate is open till 6.</p>{FILLER}<p id=target>In July the gate is open till 6.</p>",
        "the gate is open till 6.",
    ),
    "repeated, at the start of a paragraph": (
        f"<p>The gate is open. Mind it.</p>{FILLER}<p>Read.</p><p id=target>The gate is open. Go in.</p>",
        "The gate is open.",
    ),
    "chinese": (
        "<p id=target>灯塔建于1871年，由工程师陈立设计。门票四十元。</p>",
        "灯塔建于1871年，由工程师陈立设计。",
    ),
    "table row": (
        "<table><tr><th>Who<th>Price<tr id=target><td>Child under twelve<td>£2.00</table>",
        "Child under twelve\t£2.00",
    ),
    "table row that begins with a number found elsewhere": (
        "<p>4 boats lie here.</p><table><tr><th>No<th>Room<th>Holds<tr><td>4<td>Sail loft<td>Canvas"
        "<tr id=target><td>4<td>Oil store<td>Gauges</table>",
        "4\tOil store\tGauges",
    ),
    "table cell with a line break": (
        "<table><tr><th>Day<th>Open<tr id=target><td>Tuesday<td>9.15 to noon,<br>2 to 5.45</table>",
        "9.15 to noon,\n2 to 5.45",
    ),
    "last of three rows with alike cells": (
        "<table><tr><th>Who<th>Fare<tr><td>Adult<td>£7.20<tr><td>Student<td>£7.20"
        "<tr id=target><td>Pensioner<td>£7.20</table>",
        "Pensioner\t£7.20",
    ),
    "list item": (
        "<ul><li>Ring the bell.<li id=target>Bring the brass lamp with you.<li>Shut the door.</ul>",
        "Bring the brass lamp with you.",
    ),
    "numbered step": (
        "<ol><li>Lift the hatch.<li id=target>Turn the key twice to the left.<li>Wait.</ol>",
        "Turn the key twice to the left.",
    ),
    "nested item with a link": (
        "<ul><li>Boats<ul><li>The Petrel<li id=target>The <a href=/x>Lady Isolde</a>, built 1904</ul></ul>",
        "The Lady Isolde, built 1904",
    ),
    "two items": (
        "<ul id=target><li>Dogs on leads<li>Prams with brakes</ul>",
        "Dogs on leads\nPrams with brakes",
    ),
    "heading": (
        "<h2 id=target>Opening in the winter months</h2><p>By appointment, at the gate.</p>",
        "Opening in the winter months",
    ),
    "heading that a list of contents repeats": (
        f"<ul><li><a href=#w>How the wall was mended</a></ul>{FILLER}"
        "<h3 id=target>How the wall was mended</h3><p>With lime and patience, stone by stone.</p>",
        "How the wall was mended",
    ),
    "heading with markup": (
        "<h2 id=target>The <em>Anna</em> &amp; her crew – 1871–1988</h2><p>They were nine in all.</p>",
        "The Anna & her crew – 1871–1988",
    ),
    "code": (
        "<pre id=target><code>tidectl sync --all\ntidectl log --since 2d</code></pre>",
        "tidectl log --since 2d",
    ),
    "definition": (
        "<h2>Her measures</h2><dl><dt>Draught<dd>With her stores aboard she draws two metres and ten."
        "<dt>Beam<dd id=target>At her widest she is five metres and ten.</dl>",
        "At her widest she is five metres and ten.",
    ),
    "prices that only style sets apart": (
        "<p id=target><span>£44.50</span><span class=was>was £52.00</span></p>",
        "£44.50 was £52.00",
    ),
    "prices that only style sets apart, in a sentence of which the first words do": (
        "<p id=target>Now for <b>£44.50</b><b>Was £52.00 in all of our shops until the spring.</b></p>",
        "Now for £44.50 Was £52.00 in all of our shops until the spring.",
    ),
    "a struck price that touches": (
        "<p id=target>A day ticket is <s>£5.10</s>£4.80 now.</p>",
        "A day ticket is £5.10 £4.80 now.",
    ),
    "links that touch": (
        "<p id=target><a href=/x>Boat trips</a><a href=/y>Lamp room</a></p>",
        "Boat trips Lamp room",
    ),
    "long": (
        f"<p id=target>It began in March. {'Then the sea rose a bit each night. ' * 9}It ended in May.</p>",
        f"It began in March. {'Then the sea rose a bit each night. ' * 9}It ended in May.",
    ),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def window() -> AsyncIterator[Page]:
    """One for all cases: each opens an address of its own in it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(default_settings().chromium).found,
            args=["--no-sandbox", "--disable-background-networking"],
        )
        try:
            yield await browser.new_page(viewport={"width": 800, "height": 600})
        finally:
            await browser.close()


def last_span(document: Document, phrase: str) -> tuple[int, int]:
    """The last place of a phrase; its only one where folding was needed to find it."""
    at = document.text.rfind(phrase)
    if at >= 0:
        return at, at + len(phrase)
    span = locate(document, phrase)
    assert span is not None, f"{phrase!r} was not found in {document.text[-400:]!r}"
    return span


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("case", CASES)
async def test_the_link_of_a_quote_opens_at_the_quote(
    window: Page, fresh_site: FixtureServer, case: str
) -> None:
    """In a page of many screens, opening the link brings the quoted place into view."""
    html, phrase = CASES[case]
    page_html = (
        f"<!doctype html><html lang=en><title>T</title><body><main><h1>T</h1>{FILLER}{html}{FILLER}</main>"
    )
    path = f"/links-{[*CASES].index(case)}.html"
    fresh_site.set_page(path, page_html)
    url = fresh_site.url(path)
    document = read_page(page_from_bytes(page_html.encode(), url=url))
    quote = make_quote(document, *last_span(document, phrase))
    await window.goto(quote.link)
    await window.wait_for_function("window.scrollY > 0", timeout=30_000)
    top, bottom = await window.evaluate(
        "() => { const r = target.getBoundingClientRect(); return [r.top, r.bottom] }"
    )
    assert top >= -5 and bottom <= 605, f"{quote.link} shows the place at {top:.0f}–{bottom:.0f} of 600"
