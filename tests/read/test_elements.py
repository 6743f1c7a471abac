"""Choosing elements of a page by CSS selectors."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from browseagent.read import ONLY_HTML, extract, read_page
from browseagent.read.elements import check_syntax, missing, selector
from browseagent.records import Document, Elements, Outcome, Page, Via

HTML = b"""<!doctype html><html><head><title>Fares</title><style>.gone{display:none}</style>
<script type="application/ld+json">
{"@type":"Product","name":"Pass","offers":{"price":"21","priceCurrency":"EUR"}}</script>
</head><body><nav>Home About</nav><main><h1>Fares of the ferry</h1>
<p class="lead">Adults pay <b>42 euros</b> for a crossing.</p> between
<p class="gone secret">hidden words</p>
<table><tr><th>Who</th><th>Pays</th></tr><tr><td>Children</td>
<td class="price">21 euros</td></tr>
<tr><td>Dogs</td><td class="price">nothing</td></tr></table></main>
<aside class="advert">Buy a boat today</aside> after</body></html>"""


def read(*only: str, without: tuple[str, ...] = ()) -> Document:
    """The document of the page above with these elements."""
    return extract(HTML, "https://example.org/", "text/html", elements=Elements(only, without))


def test_only_these_elements_make_the_document() -> None:
    """In the page's order, each once, with the page's title; what is beside and between them is not there."""
    document = read(".lead", "h1", ".lead b")
    assert document.text == "Fares of the ferry\n\nAdults pay 42 euros for a crossing."
    assert document.title == "Fares"
    assert document.block_text(document.blocks[0]) == "Fares of the ferry"


def test_a_chosen_part_keeps_what_holds_it() -> None:
    """Rows stay in their table; what the page hides stays hidden."""
    rows = read("table")
    assert "Children\t21 euros" in rows.text and "Adults" not in rows.text
    assert read(".advert").text == "Buy a boat today"
    assert read("main").text.startswith("Fares of the ferry")
    assert "hidden words" not in read("main").text


def test_without_these_elements() -> None:
    """The rest is read as ever, the text after an excluded element too; nothing comes back from its data."""
    document = read(without=(".lead b", ".price", ".advert"))
    assert "Adults pay for a crossing." in document.text
    assert "21" not in document.text and "boat" not in document.text
    assert read("main", without=("table",)).text.endswith("between")


def test_what_matches_nothing_is_told() -> None:
    """Nothing is read in its place, and the document says which selector it was."""
    document = read(".nope")
    assert document.text == ""
    assert document.notes == ("nothing on the page matches .nope",)
    both = read("h1", ".nope")
    assert both.text == "Fares of the ferry"
    assert "nothing on the page matches .nope" in both.notes
    assert "nothing on the page matches .zzz" in read(without=(".zzz",)).notes


def test_which_elements_a_page_lacks() -> None:
    """Of a page of another kind, all of them."""
    now = datetime(2026, 3, 1, tzinfo=UTC)
    here = Page("u", "u", Outcome.OK, Via.HTTP, now, headers=(("content-type", "text/html"),), body=HTML)
    assert missing(here, Elements((".lead", ".nope"))) == (".nope",)
    pdf = Page("u", "u", Outcome.OK, Via.HTTP, now, body=b"%PDF-1.4")
    assert missing(pdf, Elements((".lead",))) == (".lead",)
    text = extract(b"plain words", "u", "text/plain", elements=Elements((".lead",)))
    assert (text.text, text.notes) == ("", (ONLY_HTML,))
    assert read_page(here, Elements(("h1",))).text == "Fares of the ferry"


@pytest.mark.parametrize("text", ["", "a[", "p::before", ":no-such(1)", "h1,", "1a", "a{}", "p:nth-child(x)"])
def test_what_is_no_selector(text: str) -> None:
    """Is refused before anything is read."""
    with pytest.raises(ValueError, match="selector"):
        selector(text)


def test_what_only_a_browser_matches() -> None:
    """Is refused where its syntax cannot be right, and else left to the browser."""
    check_syntax("p:has-text('fare')")
    with pytest.raises(ValueError, match="selector"):
        check_syntax("p[")


def test_other_kinds_say_that_nothing_was_left_out() -> None:
    """A text cannot be read without elements that it does not have, and the document says so."""
    text = extract(b"plain words", "u", "text/plain", elements=Elements((), (".advert",)))
    assert (text.text, text.notes) == ("plain words", (ONLY_HTML,))
