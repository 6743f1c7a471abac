"""Another page with the status 200 where a page was: doubted until it is seen twice."""

from __future__ import annotations

import pytest

from browseagent.records import Outcome, Page, Via
from browseagent.watch.records import State
from tests.watch.world import START, URL, Bench

FRAME = (
    "<html lang={}><title>{}</title><nav><a href=/>Home</a> <a href=/shop>Shop</a></nav>"
    "<main><h1>{}</h1>{}</main><footer><p>Harbour Stores, Quay Street 5</p></footer></html>"
)
LINES = "".join(f"<p>Line {n} tells of the lantern, its light, its wick and its tent.</p>" for n in range(9))
FRONT = "".join(f"<p>We have sold oar number {n} on the old quay since 1950.</p>" for n in range(9))
GONE = "sold out for good.</p><p>No other one will be made of that kind.</p><p>We are sorry."
LANTERN = FRAME.format("en", "Storm lantern – Harbour Stores", "Storm lantern", LINES)


def page(html: str, final_url: str = URL) -> Page:
    headers = (("content-type", "text/html; charset=utf-8"),)
    return Page(URL, final_url, Outcome.OK, Via.HTTP, START, status=200, headers=headers, body=html.encode())


def notice(title: str, said: str) -> Page:
    return page(FRAME.format("en", f"{title} – Harbour Stores", title, f"<p>{said}</p>"))


@pytest.mark.parametrize(
    "other",
    [
        notice("Wir sind gleich wieder da", "Der Laden wird gerade umgebaut."),
        notice("Siden findes ikke", "Prøv forsiden, eller skriv til os."),
        notice("Oletko täysi-ikäinen?", "Vastaa ennen kuin jatkat."),
        notice("OperationalError at /lantern", "could not connect to server"),
        page(FRAME.format("en", "Harbour Stores", "Welcome", FRONT), "https://shop.example.org/"),
        page(
            FRAME.format("en", "Harbour Stores", "Welcome", FRONT), "https://shop.example.org/en/index.html"
        ),
        page(FRAME.format("en", "Room and surname", "Guest net", FRONT), "https://portal.hotel.example/in"),
    ],
)
async def test_another_page_is_no_change_until_it_is_seen_twice(bench: Bench, other: Page) -> None:
    """In any language: nothing is left of the page, and it is short, or of the front page or another host."""
    bench.add()
    states = []
    for shown in (page(LANTERN), other, page(LANTERN), other, other):
        bench.web.pages[URL] = shown
        states.append((await bench.check()).state)
    doubt = State.UNVERIFIED
    assert states == [State.NEW, doubt, State.UNCHANGED, doubt, State.CHANGED]
    assert len(bench.receiver.messages) == 1


@pytest.mark.parametrize(
    "other",
    [
        notice("Storm lantern", f"It is {GONE}"),
        page(
            FRAME.format(
                "en",
                "Storm lantern – Harbour Stores",
                "Gone",
                f"<p>It is {GONE}</p>",
            )
        ),
        page(FRAME.format("en", "Oars – Harbour Stores", "Oars", FRONT)),
        page(FRAME.format("en", "Oars – Harbour Stores", "Oars", FRONT), "https://shop.example.org/oars"),
        page(FRAME.format("en", "Sale", "Sale", f"<p>Now cheap.</p>{LINES}"), "https://shop.example.org/"),
    ],
)
async def test_a_page_that_is_written_anew_is_told_at_once(bench: Bench, other: Page) -> None:
    """It keeps its name, or is as long as it was, or something of it is left."""
    bench.add()
    for shown in (page(LANTERN), other):
        bench.web.pages[URL] = shown
        last = await bench.check()
    assert last.state is State.CHANGED, last.reason
    assert len(bench.receiver.messages) == 1
