"""What the markup says that a value is, beside the text."""

from __future__ import annotations

import pytest

from browseagent.answer.excerpts import excerpts
from browseagent.read.serialize import dump_document, load_document
from browseagent.records import Document
from tests.read.test_html import PROSE, page


def labelled(document: Document) -> dict[str, str]:
    """Each label with the rest of the line that it stands before, of the main text and what is beside it."""
    parts = (document, document.rest) if document.rest is not None else (document,)
    return {
        label.words: part.text[label.at :].partition("\n")[0]
        for part in parts
        for block in part.blocks
        for label in block.labels
    }


def shown(document: Document) -> str:
    """All that a reader is shown of a document, and of what stands beside it."""
    parts = (document, document.rest) if document.rest is not None else (document,)
    return "\n".join(excerpt.text for part in parts for excerpt in excerpts(part))


@pytest.mark.parametrize(
    ("markup", "labels"),
    [
        ('<p>Mon–Fri · <a href="tel:+475520">+47 55 20 14</a></p>', {"Phone": "+47 55 20 14"}),
        ('<p>Fax <a href="tel:+475520">+47 55 20 14</a></p>', {}),
        ('<p><a href="tel:+475520">Call us</a></p>', {}),
        ('<p><span class="sr-only">Sale price</span> <b>€19</b></p>', {"Sale price": "€19"}),
        ('<p><span class="sr-only">Skip this</span> <b>The fares</b></p>', {}),
        ('<ul><li title="Bedrooms"><svg></svg>2</li></ul>', {"Bedrooms": "2"}),
        ('<p><svg aria-label="Bathrooms"></svg> 1</p>', {"Bathrooms": "1"}),
        ('<p>Crab <span class="dish-price">24</span></p>', {"Price": "24"}),
        ('<p>Crab <span class="dish">24</span></p>', {}),
        ('<p><img alt="A pier"></p><p>12 boats lie there.</p>', {}),
    ],
)
def test_a_value_has_the_label_that_only_the_markup_gives(markup: str, labels: dict[str, str]) -> None:
    """A number that a link dials is a phone's, what is read out or drawn before a number says what it is."""
    document = page(markup)
    assert labelled(document) == labels
    for label, line in labels.items():
        assert f"{label}: {line}" in shown(document)
        assert f"{label}: {line}" not in document.text


def test_what_the_data_say_labels_what_the_page_shows() -> None:
    """The author, the date and the price of a page's data stand in its text without a word of what they
    are."""
    said = '{"@type":"NewsArticle","datePublished":"2025-03-04","author":{"name":"Callum Innes"}}'
    offer = '{"@type":"Product","name":"Cup","offers":{"price":"19.00","priceCurrency":"EUR"}}'
    data = "".join(f'<script type="application/ld+json">{each}</script>' for each in (said, offer))
    document = page("<div>Callum Innes, Sula</div><div>4 March 2025</div><div>€24 €19,00</div>", data)
    assert labelled(document) == {
        "Author, who wrote it": "Callum Innes, Sula", "Published": "4 March 2025", "Price": "€19,00",
    }  # fmt: skip
    assert load_document(dump_document(document)) == document


def test_a_date_that_every_post_has_is_not_the_page_s() -> None:
    """Where more than two lines begin with it, none is labelled."""
    said = '<script type="application/ld+json">{"@type":"Article","datePublished":"2025-03-04"}</script>'
    assert labelled(page("<div>4 March 2025</div><p>One.</p>" * 3, said)) == {}


@pytest.mark.parametrize("bound", [True, False])
def test_what_a_tab_opens_has_its_name(bound: bool) -> None:
    """By the id of its panel, or by its order where there are as many tabs as panels."""
    names = ("Web", "CLI")
    tabs = "".join(
        f'<li role="tab" {f"aria-controls=p{n}" if bound else ""}>{each}</li>' for n, each in enumerate(names)
    )
    panels = "".join(
        f'<div id="p{n}" {"" if bound else "role=tabpanel"} hidden><p>{each} text of some words.</p></div>'
        for n, each in enumerate(("First", "Second"))
    )
    document = page(f'<div><ul role="tablist">{tabs}</ul><div>{panels}</div></div>')
    assert labelled(document) == {"Web": "First text of some words.", "CLI": "Second text of some words."}


def test_records_know_the_heading_between_them() -> None:
    """A menu's dishes are one table, whatever course they are of; each row after the first heading has
    its own."""
    dish = "<div class=dish><span class=name>{}</span><span class=price>{}</span><p>{}</p></div>"
    starters = dish.format("Soup of the day", "€6", "With bread and butter")
    mains = dish.format("Pollack", "€19", "With peas and mint") + dish.format("Stew", "€17", "For two hours")
    document = page(f"<div><h3>Starters</h3>{starters}<h3>Mains</h3>{mains}</div><p>{PROSE}</p>")
    assert document.rest is not None
    rows = [block for block in document.rest.blocks if block.cells]
    assert [[label.words for label in row.labels] for row in rows] == [[], ["Mains"], ["Mains"]]
    assert len({row.table for row in rows}) == 1


def test_what_a_card_strikes_out_and_says_stays_with_its_price() -> None:
    """A record's row has the marks and labels of its pieces: of two prices one holds."""
    price = '<p><span class="sr-only">Was</span><s>€{}</s> <span class="sr-only">Now</span><b>€{}</b></p>'
    cards = "".join(
        f"<li class=card><h3><a href=/{n}>Bag {n}</a></h3>{price.format(40 + n, 30 + n)}</li>"
        for n in (1, 2, 3)
    )
    document = page(f"<p>{PROSE}</p><ul class=cards>{cards}</ul>")
    assert document.rest is not None
    rows = [block for block in document.rest.blocks if block.cells]
    assert [document.rest.text[mark.start : mark.end] for row in rows for mark in row.marks] == [
        "€41", "€42", "€43",
    ]  # fmt: skip
    assert "Bag 1; Now: €31" in shown(document)
