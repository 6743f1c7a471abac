"""What a page says of itself in its head: its description and its window's title, in a summary."""

from __future__ import annotations

import pytest

from browseagent import extract
from browseagent.answer.described import described
from browseagent.answer.summarize import summarize
from browseagent.read.serialize import dump_document, load_document
from browseagent.records import Document

PROSE = (
    "Someone stands at the kiln and wipes her hands. The morning is cold, and the kettle sings on the stove. "
    "By the door a cat sleeps on a folded sack. Outside the river Orne runs high after three days of rain. "
    "The pottery of Thornbury fires its glazes with wood ash that the village saves all winter."
)


def page(description: str, title: str = "Ash and fire") -> Document:
    head = f'<title>{title}</title><meta name="description" content="{description}">'
    html = f"<html lang=en><head>{head}</head><body><main><h1>{title}</h1><p>{PROSE}</p></main></body></html>"
    return extract(html.encode(), url="https://pots.example/ash", content_type="text/html")


def said(document: Document) -> str:
    found = described(document)
    return "" if found is None else found.words_shown


def test_a_description_is_a_point_with_its_quote() -> None:
    """What a page is about is told by its description, marked as its data, where its prose tells it late."""
    words = "The Thornbury pottery has fired its glazes with wood ash since 1911."
    document = page(words)
    point = summarize([document], "short").points[0]
    assert point.text.endswith(f"{words} [page data]")
    quote = point.quotes[-1]
    assert document.head is not None
    assert (quote.text, quote.place, quote.link) == (words, "head", "https://pots.example/ash")
    assert document.head.text[quote.start : quote.end] == words


def test_a_description_that_the_page_shows_is_told_once() -> None:
    """What stands on the page too is quoted from there."""
    shown = "The pottery of Thornbury fires its glazes with wood ash that the village saves all winter."
    points = summarize([page(shown)], "short").points
    assert sum(shown in point.text for point in points) <= 1
    assert not any("[page data]" in point.text for point in points)


@pytest.mark.parametrize(
    "description",
    [
        "The Thornbury pottery fires its glazes with wood ash and the village…",
        "pottery, glaze, ash, kiln, Thornbury, wood, village, river",
        "She fires the glazes of the pottery at Thornbury with ash.",
        "Ash and fire.",
        "Compare cheap insurance offers from leading companies today.",
        'The <a href="/ash">ash</a> glazes of Thornbury are fired with wood.',
    ],
)
def test_what_does_not_stand_alone_is_no_point(description: str) -> None:
    """What is cut, lists keywords, speaks of "her", is the title, markup, or not borne out is no point."""
    assert not said(page(description.replace('"', "&quot;").replace("<", "&lt;")))


def test_a_call_after_a_sentence_is_left_out() -> None:
    """Of a description what it says, without the call at its end."""
    words = "The Thornbury pottery fires its glazes with wood ash."
    assert said(page(f"{words} Book your own day at the kiln with us today!")) == words


def test_whose_a_contact_page_is_stands_in_its_title() -> None:
    """A page headed "Contact us" is told under its window's title, which says whose it is."""
    html = (
        "<html lang=en><head><title>Contact us | Thornbury Locks</title></head><body><main>"
        "<h1>Contact us</h1>"
        "<p>Our locksmiths answer calls from eight in the morning until ten at night, on Sundays too.</p>"
        "<p>A visit to your home costs 45 pounds, and the first hour of work is part of that price.</p>"
        "</main></body></html>"
    )
    document = extract(html.encode(), url="https://keys.example/contact", content_type="text/html")
    assert document.kind == "service"
    assert summarize([document], "short").points[0].text.startswith("Contact us | Thornbury Locks: ")


def test_a_head_survives_the_store() -> None:
    """A document keeps what its page says of itself."""
    document = page("The Thornbury pottery has fired its glazes with wood ash since 1911.")
    assert document.head is not None
    assert load_document(dump_document(document)).head == document.head
