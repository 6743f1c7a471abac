"""What a summary may be made of: sentences, and lines that belong together."""

from __future__ import annotations

from dataclasses import replace

from browseagent import extract
from browseagent.answer.pieces import Piece, pieces
from browseagent.records import Document


def document(body: str, kind: str = "article", author: str = "") -> Document:
    html = (
        f"<html lang=en><title>Oak Street</title><body><main><h1>Oak Street</h1>{body}</main></body></html>"
    )
    read = extract(html.encode(), url="https://example.org/", content_type="text/html")
    return replace(read, kind=kind, author=author)


def texts(found: list[Piece]) -> list[str]:
    return [piece.text for piece in found]


def test_an_item_of_a_list_is_named_by_its_heading() -> None:
    """The price under an item's heading is shown after the item's name, each with its quote."""
    shop = document(
        "<h2>Blue cup</h2><p>S, 177 ml</p><p>$30.95</p><h2>Red cup</h2><p>$34.95</p>", "collection"
    )
    found = pieces(shop)
    assert texts(found) == ["Blue cup: S, 177 ml; $30.95", "Red cup: $34.95"]
    point = found[0].point()
    assert [quote.text for quote in point.quotes] == ["Blue cup", "S, 177 ml\n\n$30.95"]
    assert all(shop.text[quote.start : quote.end] == quote.text for quote in point.quotes)


def test_a_thing_begins_where_a_link_names_it() -> None:
    """Lines about one thing are not put with the name of the next."""
    rows = "".join(
        f"<p><a href=/{name}>{name} tent</a></p><p>${price}.00</p><p>{beds}-person</p>"
        for name, price, beds in (("North", 585, 6), ("East", 499, 4), ("West", 99, 2))
    )
    assert texts(pieces(document(rows, "listing"))) == [
        "North tent; $585.00; 6-person",
        "East tent; $499.00; 4-person",
        "West tent; $99.00; 2-person",
    ]


def test_two_peoples_words_are_two_pieces() -> None:
    """On a forum nothing is put together: neighbouring lines may be two people's."""
    thread = document("<p>Use the blue one</p><p>No, the red one</p>", "forum")
    assert texts(pieces(thread)) == ["Use the blue one", "No, the red one"]


def test_what_is_no_point() -> None:
    """Headings, bylines, dates, questions to the reader and what introduces a list are no pieces."""
    body = (
        "<p>By Ada Lund</p><p>Updated 3 May 2026</p><h2>Trams</h2><p>Trams</p>"
        "<p>Have you ever missed a tram at night?</p><p>There are two reasons why that happens so often:</p>"
        "<p>The last tram now leaves at half past one.</p>"
    )
    assert texts(pieces(document(body, author="Ada Lund"))) == ["The last tram now leaves at half past one."]


def test_what_is_struck_out_is_not_shown() -> None:
    """A former price is no part of a point."""
    body = "<h2>Blue cup</h2><p><del>$40.00</del> $30.95</p><p>dishwasher safe</p>"
    assert not any("40" in text for text in texts(pieces(document(body, "collection"))))
