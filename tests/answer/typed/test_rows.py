"""Tables and listings of the fixture sites as rows: every row, every value, each with its quote."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import pytest

from browseagent.answer.typed.fill import fill
from browseagent.answer.typed.lines import form_of
from browseagent.answer.typed.listing import listing_sheets
from browseagent.answer.typed.records import Rows, Typed
from browseagent.records import Document
from tests.answer.typed.pages import ORIGIN, cards, document, page, tables, unasked

TODAY = date(2025, 11, 20)


def rows_of(*documents: Document) -> tuple[list[dict[str, Any]], Typed]:
    typed = fill(Rows(), documents, unasked, today=TODAY)
    return cast("list[dict[str, Any]]", typed.value), typed


def check_quotes(read: Document, typed: Typed) -> None:
    """Each value has a quote that stands at its place in the document and holds it."""
    for leaf in typed.leaves:
        if leaf.status != "found":
            assert leaf.value is None and leaf.quote is None
            continue
        assert leaf.quote is not None
        assert read.text[leaf.quote.start : leaf.quote.end] == leaf.quote.text
        linked = str(leaf.value).startswith("http")
        assert linked or str(leaf.value) in " ".join(leaf.quote.text.split())


@pytest.mark.parametrize("path", ["shop/index.html", "shop/camping.html", "shop/camping-2.html"])
def test_every_card_of_the_shop(path: str) -> None:
    """Every product with its name, link, rating and price, as the HTML has them."""
    read = document(path)
    (listing,), typed = rows_of(read)
    found = [(row["title"], row["link"], row["rating"], row["price"]) for row in listing["rows"]]
    wanted = [(name, ORIGIN + url.removeprefix("/"), stars, price) for name, url, stars, price in cards(path)]
    assert len(wanted) >= 6
    assert found == wanted
    assert len(typed.leaves) == 4 * len(wanted)
    check_quotes(read, typed)


@pytest.mark.parametrize(
    "path",
    [
        *("shop/delivery.html", "shop/tent.html", "shop/lantern.html", "shop/boots.html", "shop/stove.html"),
        *("forum/index.html", "hospital/hours.html", "council/fees.html", "university/admissions.html"),
        *("events/index.html", "docs/configuration.html", "docs/versions.html"),
    ],
)
def test_every_cell_of_every_table(path: str) -> None:
    """Every table of the page, every row, every cell; an empty cell is null."""
    read = document(path)
    found, typed = rows_of(read)
    wanted = [
        [[cell or None for cell in row] for row in table if len(row) > 1 and any(row)]
        for table in tables(path)
    ]
    for table, rows in zip([each for each in found if each["kind"] == "table"], wanted, strict=True):
        width = len(rows[0])
        cells = [[row[name] for name in table["columns"][:width]] for row in table["rows"]]
        headed = len(cells) < len(rows)
        assert cells == (rows[1:] if headed else rows)
        if headed:
            assert table["columns"][:width] == [name or f"column {n}" for n, name in enumerate(rows[0], 1)]
    check_quotes(read, typed)


def test_every_headline_of_a_section() -> None:
    """A listing whose records have not all the same lines: what a record lacks is null."""
    read = document("news/council.html")
    (listing,), typed = rows_of(read)
    assert [row["title"] for row in listing["rows"]] == [
        "Council votes 23 to 19 to cook school meals itself again",
        "Tram line to reach Saltmarsh by 2028, inspector told",
        "Fish Street library reopens with longer hours and no fines",
        "Notice: Fish Street closed for sewer works",
    ]
    assert [row["date"] for row in listing["rows"]] == ["2 October 2025", None, None, None]
    check_quotes(read, typed)


def test_the_plans_of_a_service_are_a_listing() -> None:
    """Records without links are one where most tell a price; their lists are one cell, and what follows the
    last of them is not of it."""
    (listing,), _ = rows_of(document("service/index.html"))
    assert [(row["title"], row["price"]) for row in listing["rows"]] == [
        ("Bench", "£9 a month"),
        ("Workshop", "£19 a month"),
        ("Works", "£44 a month"),
    ]
    assert listing["rows"][0]["items"] == "1 user Up to 20 invoices a month 1 bank account"
    assert "text" not in listing["columns"]


def test_sections_and_points_are_no_listing() -> None:
    """The sections of an article and a list of points are text."""
    for path in ("news/harbour-wall.html", "recipes/hake.html", "wiki/skerry-vane.html"):
        assert not listing_sheets(document(path)), path


def test_results_without_headings() -> None:
    """Paragraphs that are links begin records too."""
    body = "".join(
        f'<div><p><a href="/r/{n}">Result number {n} of the search</a></p><p>What result {n} says in its own '
        f"words, at some length.</p></div>"
        for n in range(1, 5)
    )
    (listing,), _ = rows_of(page(f"<h1>Search results</h1>{body}"))
    assert [row["title"] for row in listing["rows"]] == [
        f"Result number {n} of the search" for n in range(1, 5)
    ]
    assert listing["rows"][3]["text"].startswith("What result 4 says")


def test_a_page_without_tables_has_no_rows() -> None:
    """Nothing is found, and said to be missing."""
    value, typed = rows_of(page("<h1>Nothing</h1><p>Only words stand here, in one paragraph.</p>"))
    assert value == [] and typed.missing == ("",)


@pytest.mark.parametrize(
    ("line", "form"),
    [
        ("£44.50", "price"),
        ("12,50 € pro Stück", "price"),
        ("was £52.00", "former price"),
        ("★ 4.6", "rating"),
        ("4.4 out of 5 (96 reviews)", "rating"),
        ("4.25 stars (96 reviews)", "rating"),
        ("4,25 stars", "rating"),
        ("In stock: 23 available", "stock"),
        ("21 October 2025", "date"),
        ("Three weeks of diversions begin on 10 November.", "text"),
        ("A tent for two", "text"),
    ],
)
def test_lines_are_told_apart_by_their_form(line: str, form: str) -> None:
    """A price, a former one, a rating, a stock, a day; everything else is text."""
    assert form_of(line, "en") == form


@pytest.mark.parametrize(
    ("line", "language", "form"),
    [
        ("19,99 € versandkostenfrei", "de", "price"),
        ("$20 shipping included", "en", "price"),
        ("£12.99 Delivery FREE", "en", "price"),
        ("$49.99 Shipping calculated at checkout", "en", "price"),
        ("$20 shipping free over $50", "en", "price"),
        ("$5 shipping", "en", "delivery"),
        ("+ $5 shipping", "en", "delivery"),
        ("4,90 € Versand", "de", "delivery"),
        ("zzgl. 4,90 € Versandkosten", "de", "delivery"),
        ("Versandkosten: 4,90 €", "de", "delivery"),
        ("€ 4,95 verzendkosten", "nl", "delivery"),
        ("EUR 9.72 delivery Wed, Mar 18", "en", "delivery"),
        ("£4 delivery in 3 days", "en", "delivery"),
        ("Free delivery over $75", "en", "delivery"),
    ],
)
def test_what_delivery_costs_is_told_from_the_price_of_what_is_delivered(
    line: str, language: str, form: str
) -> None:
    """Words about delivery beside a price do not make it the charge for it."""
    assert form_of(line, language) == form


@pytest.mark.parametrize(
    ("language", "day"),
    [
        ("ru", "3 июня 2024"),
        ("ru", "3 июня 2024 г."),
        ("de", "3. Juni 2024"),
        ("de-AT", "5. Jänner 2024"),
        ("ja", "2024年6月3日"),
        ("fr", "1er juin 2024"),
        ("fr", "3 févr. 2024"),
        ("pl", "3 czerwca 2024"),
    ],
)
def test_a_day_is_one_in_the_language_of_its_page(language: str, day: str) -> None:
    """Records that are told apart by their dates are a listing in any language, with a column of dates."""
    assert form_of(day, language) == "date"
    body = "".join(f"<h2>{name}</h2><p>{day}</p>" for name in ("Alpha", "Beta", "Gamma"))
    (listing,), _ = rows_of(page(f"<h1>Omega</h1>{body}", language=language))
    assert [row["date"] for row in listing["rows"]] == [day, day, day]
