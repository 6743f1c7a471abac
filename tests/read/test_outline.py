"""The parts of a page and their selectors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from browseagent.read import read_page
from browseagent.read.dom import parse, text_of
from browseagent.read.elements import selector
from browseagent.read.outline import DEEPEST, MOST, Part, outline
from browseagent.records import Elements, Outcome, Page, Via

SITES = Path(__file__).resolve().parents[2] / "fixtures" / "sites"
SHOP = """<html><body><div><main><h1>Lantern</h1>
<div class="offer"><p>Now <span class="price">£34.00</span> was <s>£52.00</s></p><p>In stock</p></div>
<table id="hours"><tr><th>Day</th><th>Hours</th></tr><tr><td>Monday</td><td>9-17</td></tr></table>
<p hidden>Not this</p><script>nor('this')</script><p id="row-8472913">Made in Denmark</p>
<p class='x"><script>'>Odd</p></main></div></body></html>"""


def page(body: str, kind: str = "text/html; charset=utf-8") -> Page:
    url = "https://example.org/"
    at = datetime(2026, 11, 29, tzinfo=UTC)
    return Page(url, url, Outcome.OK, Via.HTTP, at, headers=(("content-type", kind),), body=body.encode())


def every(parts: Sequence[str | Part]) -> Iterator[Part]:
    for each in parts:
        if isinstance(each, Part):
            yield each
            yield from every(each.pieces)


def test_parts_are_named_by_what_is_likeliest_to_stay() -> None:
    """By id or class where one is the element's alone; else from the nearest one that has such a name. What
    holds nothing but one part is none; what is hidden is not there."""
    found = {part.selector: part.text for part in every(outline(page(SHOP)))}
    assert found["h1"] == "Lantern"
    assert found["span.price"] == "£34.00"
    assert found["div.offer"] == "Now £34.00 was £52.00 In stock"
    assert found["div.offer > p:nth-of-type(1)"] == "Now £34.00 was £52.00"
    assert found["#hours > tr:nth-of-type(2)"] == "Monday 9-17"
    assert found["#hours > tr:nth-of-type(2) > td:nth-of-type(2)"] == "9-17"
    assert "Made in Denmark" in found.values() and not any("8472913" in each for each in found)
    assert not any("<" in each or "script" in each for each in found)
    assert "Not this" not in "".join(found.values()) and "nor(" not in "".join(found.values())
    assert "div" not in found


@pytest.mark.parametrize("name", sorted(str(each.relative_to(SITES)) for each in SITES.rglob("*.html"))[::4])
def test_a_selector_matches_its_element_alone(name: str) -> None:
    """On the fixture sites: one element, with the text of the part."""
    body = (SITES / name).read_text("utf-8", "replace")
    root = parse(body)
    for part in every(outline(page(body))):
        (found,) = selector(part.selector)(root)
        assert found.tag == part.tag
        held = "".join(text_of(found).split())
        words = part.text.split()
        assert all(word in held for word in words[:20]), part.selector


def test_what_is_chosen_is_what_is_read() -> None:
    """The selector of a part, given to a watch, reads that part."""
    shop = page(SHOP)
    for part in every(outline(shop)):
        read = read_page(shop, Elements((part.selector,)))
        assert "".join(part.text.split())[:20] in "".join(read.text.replace("~~", "").split()), part.selector


def test_hostile_pages_have_few_parts() -> None:
    """Deep or endless markup ends; what is no HTML has none."""
    deep = "".join(f"<div class='n{n % 90}'>t{n}" for n in range(1500))
    found = list(every(outline(page(f"<body>{deep}"))))
    assert 0 < len(found) <= DEEPEST
    wide = "".join(f"<p>Paragraph {n}</p>" for n in range(3000))
    assert len(list(every(outline(page(f"<body><div>{wide}</div>"))))) <= MOST
    assert outline(page('{"a": 1}', "application/json")) == ()
    assert outline(page("")) == ()
