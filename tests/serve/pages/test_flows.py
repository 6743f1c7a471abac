"""The web page in a real browser: what a person does, from the first click to the alert."""

from __future__ import annotations

import time
from collections.abc import Iterator
from importlib.resources import files
from itertools import product
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from fixtures.server import FixtureServer
from tests.serve.pages.conftest import EVIL, LAMP, SLOW, Server, opened

pytestmark = pytest.mark.browser
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")


@pytest.mark.model
def test_a_question_its_quote_beside_and_a_follow_up(
    answering: Server, chromium: Browser, site: FixtureServer
) -> None:
    """The address fills in the form; the quote is marked and in sight; a follow-up is completed; the answer
    has a link that stays."""
    with opened(chromium, answering) as page:
        page.goto(f"/ask?url={site.url('/news/harbour-wall.html')}")
        assert page.locator("#urls").input_value() == site.url("/news/harbour-wall.html")
        page.fill("#question", "How much will closing the gap in the harbour wall cost?")
        page.keyboard.press("Enter")
        page.wait_for_url("**/answers/*")
        quote = page.locator("ul blockquote").first.inner_text()
        mark = page.locator("#quote-1")
        assert mark.inner_text() in quote
        assert mark.evaluate(
            "mark => { const at = mark.getBoundingClientRect(), pane = mark.closest('[data-paper]')"
            ".getBoundingClientRect(); return at.top >= pane.top && at.bottom <= pane.bottom }"
        )
        first = page.url
        page.fill("#question", "And who pays for it?")
        page.click("button:has-text('Ask')")
        page.wait_for_url("**/answers/*after=*")
        assert page.locator(".turns li").count() == 1
        page.goto(first)
        assert page.locator("#quote-1").count() == 1
        page.goto(f"/ask?url={site.url('/museum/visit.html')}&q=Who painted the ceiling of the chapel?")
        page.click("button:has-text('Ask')")
        page.wait_for_url("**/answers/*")
        assert "Not on this page" in page.inner_text(".said")
        assert page.locator(".said blockquote").count() > 0


@pytest.mark.model
def test_a_question_without_javascript(answering: Server, chromium: Browser, site: FixtureServer) -> None:
    """A plain form does the same, and tells what was wrong with it."""
    with opened(chromium, answering, refused=1, java_script_enabled=False) as page:
        page.goto("/ask")
        page.fill("#question", "When does the museum open?")
        page.fill("#urls", "ftp://example.org/")
        page.click("button:has-text('Ask')")
        assert "no http or https address" in page.inner_text("[role=alert]")
        page.fill("#urls", site.url("/museum/visit.html"))
        page.click("button:has-text('Ask')")
        page.wait_for_url("**/answers/*")
        assert page.inner_text(".answer").strip()
        assert page.locator("ul blockquote").count() > 0


@pytest.mark.model
def test_a_watch_from_the_first_click_to_the_alert(
    answering: Server, chromium: Browser, fresh_site: FixtureServer, tmp_path: Path
) -> None:
    """A watch is tried, made, checked, and its change told; its history shows the words that changed, its
    answers a chart and a table, its alert where it was sent."""
    feed = tmp_path / "alerts.atom"
    fresh_site.set_state("shop/lantern/price", 49.0)
    with opened(chromium, answering) as page:
        page.goto("/watches")
        page.click("text=New watch")
        page.fill("#url", fresh_site.url("/shop/lantern.html"))
        page.fill("#name", "lantern")
        page.fill("#ask0", "What does the lantern cost?")
        page.fill("#type0", "money")
        page.fill("#notify", f"feed:{feed}")
        page.click("text=Try it")
        page.wait_for_selector("dd .badge")
        assert "49" in page.inner_text("section.page .facts")
        assert page.locator("#ask0").input_value() == "What does the lantern cost?"
        page.click("button:has-text('Watch it')")
        page.wait_for_url("**/watches/lantern*")
        for price in (39.0, 29.0):
            page.click("text=Check now")
            page.wait_for_url("**/watches/lantern?done=checked")
            fresh_site.set_state("shop/lantern/price", price)
        page.click("text=Check now")
        page.wait_for_load_state()
        assert page.locator(".timeline ins").count() >= 2
        assert page.locator("svg.chart .dot").count() == 3
        until = time.monotonic() + 90
        while not feed.exists() and time.monotonic() < until:
            time.sleep(0.5)
        assert "lantern" in feed.read_text("utf-8")
        page.reload()
        assert page.locator(".timeline .badge.sent").count() >= 1
        page.click("text=Send a test alert")
        page.wait_for_selector("h1:has-text('Test alert')")
        assert page.locator(".badge.found").count() == 1
        assert "this is a test" in feed.read_text("utf-8")
        page.goto("/edit-watch?name=lantern")
        page.uncheck("[name=enabled]")
        page.click("button:has-text('Save')")
        page.wait_for_url("**/watches/lantern?done=saved")
        assert "switched off" in page.inner_text(".facts >> nth=0")
        page.goto("/pages")
        page.click("table a >> nth=0")
        page.click("text=Compare")
        page.wait_for_selector(".hunk ins")
        page.goto("/watches/lantern")
        page.click("summary:has-text('Remove')")
        page.click("text=Remove lantern")
        page.wait_for_url("**/watches")
        assert page.locator("text=lantern").count() == 0


@pytest.fixture(scope="module")
def bare(chromium: Browser) -> Iterator[Tab]:
    """A window in which scripts may be put into a page, against what the page allows."""
    with chromium.new_context(bypass_csp=True) as context:
        context.set_default_timeout(SLOW)
        yield context.new_page()


EVERYWHERE = (
    "/", "/ask?q=What", "/answers/1", "/pages", f"/pages/versions?url={EVIL}", "/pages/versions/1",
    f"/pages/diff?url={EVIL}", "/watches", "/watches/evil/watch", f"/watches/{LAMP}", "/changes/1",
    "/edit-watch?name=evil/watch",
    "/new-watch", "/status", "/docs", "/sign-in", "/nothing",
)  # fmt: skip


@pytest.mark.parametrize("path", EVERYWHERE)
def test_axe_finds_nothing_serious(pages: Server, bare: Tab, path: str) -> None:
    """axe-core on every page, on a phone and a desktop, light and dark; nothing is wider than the window."""
    bare.goto(pages.url + path)
    bare.evaluate(files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8"))
    for width, scheme in product((390, 1280), SCHEMES):
        bare.set_viewport_size({"width": width, "height": 844})
        bare.emulate_media(color_scheme=scheme)
        # What is told of rules that hold is of no use here, and the longer part.
        found = bare.evaluate("axe.run({resultTypes: ['violations']})")
        told = [
            (each["id"], each["nodes"][0]["html"], each["nodes"][0]["failureSummary"])
            for each in found["violations"]
            if each["impact"] in ("serious", "critical")
        ]
        assert told == [], (width, scheme)
        assert bare.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), (width, scheme)


def test_everything_is_reached_by_keyboard(pages: Server, chromium: Browser) -> None:
    """The first stop skips to the content, and each control of a form is a stop of its own."""
    with opened(chromium, pages) as page:
        page.goto("/new-watch")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "skip"
        page.keyboard.press("Enter")
        seen = set()
        for _ in range(60):
            page.keyboard.press("Tab")
            seen.add(page.evaluate("document.activeElement.name || document.activeElement.tagName"))
        assert {"url", "name", "every", "ask0", "type0", "notify", "enabled", "do", "SUMMARY"} <= seen
