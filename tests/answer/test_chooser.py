"""Which pieces an editor would take."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from browseagent import extract
from browseagent.answer.chooser import Chooser, default_chooser, features
from browseagent.answer.pieces import pieces
from browseagent.records import Document
from tools.summaries.pages import CHOICES


def product() -> Document:
    body = (
        "<p>$39.99</p><p>You will love how this makes you feel on every one of your mornings!</p>"
        "<p>The cup holds 350 ml, weighs 280 g and may go into the dishwasher.</p>"
    )
    html = f"<html lang=en><title>Blue cup</title><body><main><h1>Blue cup</h1>{body}</main></body></html>"
    read = extract(html.encode(), url="https://example.org/cup", content_type="text/html")
    return replace(read, kind="product")


def test_a_coefficient_of_a_kind_is_added_to_that_of_all() -> None:
    """A feature counts for every page, and once more for pages of its kind."""
    chooser = Chooser({"money": 1.0, "product:money": 2.0}, "")
    assert chooser.likelihood("article", {"money": 1.0}) == pytest.approx(0.7311, abs=1e-4)
    assert chooser.likelihood("product", {"money": 1.0}) == pytest.approx(0.9526, abs=1e-4)


def test_facts_of_a_product_are_likelier_than_praise() -> None:
    """The price and the measures of a cup are taken before what one will feel with it."""
    price, praise, measures = default_chooser().rated(pieces(product()))
    assert min(price.likelihood, measures.likelihood) > praise.likelihood


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("Find out how our potters work in the old town.", True),
        ("Welcome to the largest pottery in the north.", True),
        ("Get a cup for everybody whom you know well.", True),
        ("In our town every cup is made by hand.", False),
        ("Today, the town has nine potters and a school.", False),
        ("Nothing is made there that is not used.", False),
        ("Designed for tea, it holds a quarter of a litre.", False),
    ],
)
def test_a_call_upon_the_reader(text: str, *, calls: bool) -> None:
    """A sentence that begins with what its reader shall do is known, and taken less."""
    html = f"<html lang=en><title>Oak</title><body><main><h1>Oak</h1><p>{text}</p></main></body></html>"
    read = extract(html.encode(), url="https://example.org/", content_type="text/html")
    (piece,) = pieces(replace(read, kind="collection"))
    (found,) = features([piece])
    assert found["calls"] == calls
    assert default_chooser().likelihood("collection", {"calls": 1.0}) < 0.5


def test_a_page_without_pieces_has_no_features() -> None:
    """Nothing is rated where there is nothing."""
    assert features([]) == [] and default_chooser().rated([]) == []


def test_no_page_that_is_set_aside_was_chosen_from() -> None:
    """What the chooser learns from are no test pages, and no text of a page is kept."""
    aside = set(json.loads(Path("tools/questions/split.json").read_text("utf-8"))["aside"])
    rows = [json.loads(line) for line in CHOICES.read_text("utf-8").splitlines()]
    assert len(rows) >= 190 and not aside & {row["page"] for row in rows}
    assert all(set(row) == {"page", "kind", "sha256", "spans"} for row in rows)
