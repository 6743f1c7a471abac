"""What is a heading of a page, by its elements."""

from __future__ import annotations

import pytest

from browseagent import extract
from browseagent.records import BlockKind

TOLD = "The early boat leaves at nine on weekdays, and at ten on Sundays and holidays."


def headings(body: str) -> list[tuple[int, str]]:
    """The headings of a page, with their levels."""
    page = f"<!doctype html><html lang=en><title>Boats</title><body><main>{body}<p>{TOLD}</p></main></body>"
    document = extract(page.encode(), "https://example.org/", "text/html")
    assert TOLD in document.text
    return [
        (each.level, document.block_text(each)) for each in document.blocks if each.kind is BlockKind.HEADING
    ]


def post(writer: str, *said: str) -> str:
    text = "".join(f"<p>{each}</p>" for each in said)
    return (
        f"<li><div class=byline>{writer} wrote a year ago</div>"
        f"<div role=heading aria-level=3 class=said>{text}</div></li>"
    )


def test_posts_with_the_role_of_headings_are_texts() -> None:
    """A forum lets screen readers go from post to post so: also the short one is none, and the next writer
    stands beneath nobody's post. The page's own headings are what they are."""
    posts = [
        post("Ada", "I would take the early boat of the two.", "The late one has the better light, though."),
        post("Tom", "Neither for me"),
        post("Eve", TOLD.replace("nine", "eight")),
    ]
    assert headings(f"<h1>Which boat?</h1><ol>{''.join(posts)}</ol>") == [(1, "Which boat?")]


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ("<div role=heading aria-level=3>Sundays</div>", (3, "Sundays")),
        ("<div role=heading><p>When does it leave?</p></div>", (2, "When does it leave?")),
        ("<div role=heading aria-level=9><span>By <b>sea</b></span></div>", (6, "By sea")),
        ("<div role=heading><p>Sails for all seasons.</p></div>", (2, "Sails for all seasons.")),
    ],
)
def test_a_role_is_believed(given: str, found: tuple[int, str]) -> None:
    """Of what says one thing, be it in a paragraph; its level is what is said, within one and six."""
    assert found in headings(f"<h1>Boats</h1>{given}<p>{TOLD.replace('nine', 'six')}</p>")
