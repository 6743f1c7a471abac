"""Pointing at a part of a page gives its selector: with a mouse, by keyboard, and without scripts."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

import pytest
from bs4 import BeautifulSoup
from playwright.sync_api import Browser

from fixtures.server import FixtureServer
from tests.serve.pages.conftest import ATTACK, SLOW, Server, hostile, opened

PATH = "/shop-to-point-at.html"
SHOP = """<!doctype html><html lang="en"><title>Shop</title><body><main><h1>Fathom 400 camping lantern</h1>
<p>A lantern that floats, for tents, boats and long evenings outside, with a hook of brass.</p>
<div class="offer"><p>Now <span class="price">34 pounds</span>, it was 52 pounds.</p><p>In stock.</p></div>
<p>We deliver in three days to all places that have a harbour and a post office.</p></main></body></html>"""


@pytest.fixture
def shop(fresh_site: FixtureServer) -> str:
    """The address of a shop."""
    fresh_site.set_page(PATH, SHOP)
    return fresh_site.url(PATH)


@pytest.mark.browser
def test_pressing_a_part_writes_its_selector(pages: Server, chromium: Browser, shop: str) -> None:
    """The part that the mouse is on is marked; a click fills in the form and says so, and nothing is sent
    until "Try it", which shows that part alone."""
    with opened(chromium, pages, viewport={"width": 1280, "height": 900}) as page:
        page.goto(f"/new-watch?url={shop}")
        page.click("text=Try it")
        price = page.locator(".part:has(> .pick[value='span.price'])")
        price.scroll_into_view_if_needed()
        there = price.bounding_box()
        assert there
        page.mouse.move(there["x"] + there["width"] / 2, there["y"] + there["height"] / 2)
        assert page.locator(".part.lit").count() == 1
        assert page.locator(".part.lit").inner_text().split()[-2:] == ["34", "pounds"]
        assert page.inner_text("[data-under]") == "span.price"
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url))
        page.mouse.down()
        page.mouse.up()
        assert sent == []
        assert page.input_value("#select") == "span.price"
        assert page.is_visible("#select")
        assert "Only span.price" in page.inner_text("[role=status][data-picked]")
        page.click("text=Try it")
        page.wait_for_selector(".part.chosen")
        assert page.inner_text("[aria-label='Text that would be watched']").strip() == "34 pounds"


@pytest.mark.browser
def test_parts_are_chosen_by_keyboard(pages: Server, chromium: Browser, shop: str) -> None:
    """The parts are one stop; arrows lead through them and to what is around; Enter chooses, and the focus
    stays."""
    with opened(chromium, pages) as page:
        page.goto(f"/new-watch?url={shop}")
        page.click("text=Try it")
        page.wait_for_selector("[data-parts].live")
        assert page.locator(".pick[tabindex='0']").count() == 1
        page.locator("[aria-label='Text that would be watched']").focus()
        page.keyboard.press("Tab")
        focused = "document.activeElement.value"
        assert page.evaluate(focused) == "main"
        seen: list[str] = []
        while page.evaluate(focused) != "span.price" and len(seen) < 20:
            page.keyboard.press("ArrowDown")
            seen.append(page.evaluate(focused))
        assert seen[-1] == "span.price"
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        assert page.evaluate(focused) == "div.offer"
        page.keyboard.press("Enter")
        assert page.input_value("#select") == "div.offer"
        assert page.evaluate(focused) == "div.offer"
        assert page.get_attribute(".pick[value='div.offer']", "aria-pressed") == "true"


@pytest.mark.browser
def test_without_scripts_each_part_has_a_button(pages: Server, chromium: Browser, shop: str) -> None:
    """It tries the watch on that part, and the form keeps what was filled in."""
    with opened(chromium, pages, java_script_enabled=False) as page:
        page.goto(f"/new-watch?url={shop}")
        page.fill("#name", "pointed at")
        page.click("text=Try it")
        assert "Each part has a button" in page.inner_text(".point")
        page.click(".pick[value='div.offer']", timeout=SLOW)
        assert page.input_value("#select") == "div.offer"
        assert page.input_value("#name") == "pointed at"
        said = page.inner_text("[aria-label='Text that would be watched']")
        assert "34 pounds" in said and "three days" not in said


@pytest.mark.browser
@pytest.mark.parametrize(("width", "scheme"), [(390, "dark"), (1280, "light")])
def test_the_parts_of_a_hostile_page_are_text(
    pages: Server, chromium: Browser, fresh_site: FixtureServer, width: int, scheme: Any
) -> None:
    """No markup, script, style or address of the page is in the preview; axe finds nothing serious."""
    fresh_site.set_page(
        PATH, hostile("Adults pay 7 euros.").replace("<main>", f"<main id='{ATTACK[:30]}' style='a'>")
    )
    reply = pages.send("/edit-watch", url=fresh_site.url(PATH), do="try")
    tree = BeautifulSoup(reply.text, "html.parser")
    preview = tree.select_one("[data-parts]")
    assert preview is not None and "<script>alert(1)</script>" in preview.get_text()
    assert {each.name for each in preview.find_all(True)} == {"span", "button", "code"}
    allowed = {"class", "type", "form", "name", "value", "aria-label"}
    assert all(set(each.attrs) <= allowed for each in preview.find_all(True))
    values = [str(each["value"]) for each in preview.find_all("button")]
    assert len(values) > 5 and not any(mark in value for value in values for mark in "<>'&" if mark != ">")
    axe = files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
    context = chromium.new_context(
        base_url=pages.url, viewport={"width": width, "height": 844}, color_scheme=scheme, bypass_csp=True
    )
    context.set_default_timeout(SLOW)
    page = context.new_page()
    page.goto(f"/new-watch?url={fresh_site.url(PATH)}")
    page.click("text=Try it")
    page.wait_for_selector("[data-parts].live")
    page.evaluate(axe)
    found = page.evaluate("axe.run()")
    serious = [each for each in found["violations"] if each["impact"] in ("serious", "critical")]
    assert [(each["id"], each["nodes"][0]["html"]) for each in serious] == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    context.close()
