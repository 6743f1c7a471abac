"""A watch with pictures, from the form to before and after side by side, in a real browser."""

from __future__ import annotations

import httpx
import pytest
from playwright.sync_api import Browser

from fixtures.server import FixtureServer
from tests.serve.pages.conftest import LAMP, Server, opened

LANTERN = """<!doctype html><html lang="en"><title>Lantern</title><body style="margin:0"><main>
<h1>Fathom 400 camping lantern</h1><p>A lantern that floats, for tents, boats and long evenings outside.</p>
<div style="height:1500px"></div><p id="price">It costs {price} pounds with its battery.</p>
<p>It burns for 400 hours on one charge, and comes with a hook of brass.</p></main></body></html>"""
PATH = "/lantern-with-pictures.html"


# Read in one go: a page that has just come may still be scrolled.
WITHIN = "svg => [svg.querySelector('rect.frame'), svg].map(each => each.getBoundingClientRect().toJSON())"
SIDES = "() => [...document.querySelectorAll('.shot svg')].map(each => each.getBoundingClientRect().toJSON())"


@pytest.mark.browser
def test_before_and_after_stand_side_by_side(
    pages: Server, chromium: Browser, fresh_site: FixtureServer
) -> None:
    """A watch with pictures is made in the form and checked by a browser; its history shows both pictures
    with the price framed where it stands, and a click leads to the whole ones."""
    fresh_site.set_page(PATH, LANTERN.format(price=49))
    seen: list[tuple[str, int, str]] = []
    with opened(chromium, pages, refused=1, viewport={"width": 1280, "height": 900}) as page:
        page.on("response", lambda r: seen.append((r.url, r.status, r.headers.get("content-type", ""))))
        page.goto(f"/new-watch?url={fresh_site.url(PATH)}")
        page.fill("#name", "pictured")
        page.click("summary")
        page.fill("#screenshots", "some")
        page.click("button:has-text('Watch it')")
        assert "no number of megabytes" in page.inner_text("[role=alert]")
        page.fill("#screenshots", "20")
        page.click("button:has-text('Watch it')")
        page.wait_for_url("**/watches/pictured*")
        page.click("text=Check now")
        page.wait_for_url("**/watches/pictured?done=checked")
        fresh_site.set_page(PATH, LANTERN.format(price=39))
        page.click("text=Check now")
        page.wait_for_selector(".shots svg")
        before, after = page.locator(".shot svg").all()
        for side in (before, after):
            assert side.locator("rect.frame").count() == 1
            frame, view = side.evaluate(WITHIN)
            assert view["top"] <= frame["top"] and frame["bottom"] <= view["bottom"]
        one, other = page.evaluate(SIDES)
        assert one["top"] == other["top"] and one["right"] <= other["left"]
        assert before.get_attribute("aria-label") == "The page before, 1 place framed"
        assert "49" in page.inner_text(".timeline del") and "39" in page.inner_text(".timeline ins")
        images = [each for each in seen if each[0].endswith("/picture")]
        assert len(images) == 2 and {each[1:] for each in images} == {(200, "image/jpeg")}
        page.click(".shots a >> nth=1")
        page.wait_for_url("**/changes/*")
        whole = page.locator(".shots svg >> nth=1").get_attribute("viewBox")
        assert whole is not None and int(whole.split()[3]) > 1600
        page.click("main a:has-text('pictured')")
        page.wait_for_url("**/watches/pictured")


@pytest.mark.browser
def test_on_a_phone_they_stand_below_each_other(pages: Server, chromium: Browser) -> None:
    """So that what is framed can be read; where a frame lies far down, the part around it is shown."""
    with opened(chromium, pages, viewport={"width": 390, "height": 844}) as page:
        page.goto(f"/watches/{LAMP}")
        one, other = page.evaluate(SIDES)
        assert one["left"] == other["left"] and one["bottom"] <= other["top"]
        view = page.locator(".shot svg").first.get_attribute("viewBox")
        assert view is not None and view.split() == ["0", "2400", "740", "320"]


def test_a_picture_is_an_image_and_for_who_may_see_it(pages: Server, strict: Server) -> None:
    """Its type is the one that our browser made, whatever the page is; without the token there is none."""
    reply = pages.client.get("/looks/2/picture")
    assert reply.headers["content-type"] == "image/png" and reply.content.startswith(b"\x89PNG")
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert pages.client.get("/looks/999/picture").status_code == 404
    assert pages.client.get("/changes/999").status_code == 404
    assert httpx.get(f"{strict.url}/looks/2/picture").status_code in (303, 401)
