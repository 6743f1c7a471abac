"""What others say on a page is not told as its own words."""

from __future__ import annotations

from dataclasses import replace

from browseagent import extract
from browseagent.answer.pieces import pieces
from browseagent.records import Document

OWN = "<p>The ferry runs every hour from the old harbour to the island all year.</p>"
OWN_TOO = "<p>Tickets are sold on board, and bicycles travel free of charge on weekdays.</p>"


def page(body: str, kind: str = "service") -> Document:
    html = f"<html lang=en><title>Ferry</title><body><main><h1>Ferry</h1>{body}</main></body></html>"
    return replace(extract(html.encode(), "https://a.example/ferry", "text/html"), kind=kind)


def told(document: Document) -> str:
    return " ".join(piece.words_shown for piece in pieces(document))


def test_a_comment_is_not_the_pages_own() -> None:
    """Where the markup says who wrote it; it is on a forum, and where most of the page is that post."""
    comments = "".join(
        f'<div class="comment"><span class="comment-author">{name}</span><p>{text}</p></div>'
        for name, text in (
            ("Susan", "My son took me on the ferry last week because he knows that I am fond of boats."),
            ("Dan", "The captain is a wonderful man who knows a story about each rock on the way."),
        )
    )
    document = page(f"{OWN}{OWN_TOO}<h3>Comments</h3>{comments}")
    assert document.posts and "captain" in document.text
    assert "My son" not in told(document) and "captain" not in told(document)
    assert "every hour" in told(document)
    assert "captain" in told(replace(document, kind="forum"))


def test_a_quotation_in_the_first_person_is_left_out() -> None:
    """By the markup or its marks; one that speaks of the thing stays, and so does a page of quotations."""
    quote = "We have used the ferry for five years and are still delighted."
    marked = f"<blockquote><p>{quote}</p></blockquote>"
    assert quote not in told(page(f"{OWN}{OWN_TOO}{marked}", "article"))
    assert quote not in told(page(f"{OWN}{OWN_TOO}<p>“{quote}”</p><p>A school</p>"))
    other = "The ferry is by far the fastest of all the boats in the bay."
    assert other in told(page(f"{OWN}{OWN_TOO}<blockquote><p>{other}</p></blockquote>", "article"))
    assert quote in told(page(marked, "article"))


def test_names_below_what_is_said_are_the_speakers() -> None:
    """Texts of which each has a name below, as a heading; headings that have a text below name that."""
    said = [
        "We have used the ferry for five years and my pupils love every minute.",
        "The staff has always been prompt and helpful to each and every visitor.",
        "I recommend the ferry to all who want to see our bay from the water.",
    ]
    below = "".join(f"<p>{text}</p><h6>School {n}</h6>" for n, text in enumerate(said))
    above = "".join(f"<h6>School {n}</h6><p>{text}</p>" for n, text in enumerate(said))
    ours = f"{OWN}{OWN_TOO}<p>It has room for eighty people, and a small bar below the deck.</p>"
    spoken = told(page(f"{ours}<h3>Boats</h3>{below}<h3>Bar</h3>{OWN}"))
    assert not any(text in spoken for text in said) and "room for eighty" in spoken
    assert said[1] in told(page(f"{ours}{above}<h3>Bar</h3>{OWN}"))


def test_what_a_visitor_ticks_is_no_point() -> None:
    """The label of a box that one says "I" in is the visitor's; a box beside a fact leaves that one told."""
    agreed = "I have read the terms of the ferry and agree that my data is kept for a year."
    body = (
        f"{OWN}{OWN_TOO}<p><label><input type=checkbox name=terms> {agreed}</label></p>"
        "<p><label><input type=checkbox name=pass> A yearly pass costs 90 pounds on all boats.</label></p>"
    )
    document = page(body)
    assert agreed in document.text
    assert agreed not in told(document) and "90 pounds" in told(document)


def test_one_persons_words_are_not_those_of_a_page_that_is_nobodys() -> None:
    """Unless the page says who wrote it, or describes itself so."""
    said = "Over the last year I have gone to the island on the ferry sixty times."
    document = page(f"{OWN}{OWN_TOO}<p>{said}</p>")
    assert said not in told(document) and "every hour" in told(document)
    assert said in told(replace(document, author="Ann Hill"))
    assert said in told(replace(document, kind="article"))
    own = '<meta name="description" content="How I travel to the island, and what I see there.">'
    body = f"<main><h1>Ferry</h1>{OWN}<p>{said}</p></main>"
    html = f"<html lang=en><head><title>Ferry</title>{own}</head><body>{body}</body></html>"
    read = extract(html.encode(), "https://a.example/ferry", "text/html")
    assert said in told(replace(read, kind="service"))
