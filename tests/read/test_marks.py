"""What a page strikes out, and the numbers that it gives to items."""

from __future__ import annotations

from dataclasses import replace
from typing import cast

import pytest

from browseagent.answer.excerpts import excerpts
from browseagent.answer.passages import units
from browseagent.answer.question import Kind, Question
from browseagent.answer.spans import candidates
from browseagent.answer.typed.rows import all_rows
from browseagent.read import extract
from browseagent.read.serialize import dump_document, load_document
from browseagent.records import BlockKind, Document

LEAD = (
    "<h1>Coast safety workshop</h1><p>We invite papers on the safety of small harbours, of twelve pages.</p>"
)


def page(body: str, head: str = "") -> Document:
    html = f"<!doctype html><html lang=en><head><title>Call</title>{head}</head><body><main>{LEAD}{body}"
    return extract(html.encode(), "https://a.example/call", "text/html")


def marked(document: Document) -> list[str]:
    return [document.text[m.start : m.end] for block in document.blocks for m in block.marks]


def rows(document: Document) -> list[dict[str, str]]:
    """The rows of the one table or listing of a document."""
    [sheet] = cast("list[dict[str, list[dict[str, str]]]]", all_rows([document]).value)
    return sheet["rows"]


def offered(document: Document, kind: Kind) -> list[str]:
    """Every span that could be an answer of a kind."""
    spans = [
        span
        for unit in units(document)
        for span in candidates(replace(Question.of("What holds?"), kind=kind), unit)
    ]
    return [document.text[start:end] for start, end in spans]


STRUCK = [
    "<ul><li>Deadline for papers: <s>15 March 2027</s> 29 March 2027 (extended)</li><li>Notice: 3 May "
    "2027</ul>",
    "<table><tr><th>What<th>When<tr><td>Deadline<td><del datetime=2027-03-10>15 March 2027</del> <ins>29 "
    "March "
    "2027</ins><tr><td>Notice<td>3 May 2027</table>",
    "<p>The deadline for papers is <strike>15 March 2027</strike><b>29 March 2027</b>, notice is 3 May "
    "2027.</p>",
    "<p>The deadline for papers is <span style='color:red;text-decoration:line-through'>15 March "
    "2027</span> 29 "
    "March 2027, notice is 3 May 2027.</p>",
    "<p>The deadline for papers is <span class='x gone'>15 March 2027</span>, now 29 March 2027; notice 3 "
    "May 2027.",
    "<p>The deadline for papers is <span class='text-sm line-through'>15 March 2027</span> 29 March 2027; "
    "notice 3 May 2027.",
    "<del><p>Deadline for papers of the workshop: 15 March 2027</p></del><p>Papers by 29 March 2027, "
    "notice on 3 "
    "May 2027.</p>",
]


@pytest.mark.parametrize("body", STRUCK)
def test_what_is_struck_out_is_marked_and_is_no_answer(body: str) -> None:
    """By tag, style or style sheet, within a line or around it: it is read as struck and never offered."""
    document = page(body, "<style>.gone{text-decoration: line-through}</style>")
    assert marked(document)[-1].endswith("15 March 2027")
    assert "15 March 2027~~" in document.markdown
    dates = offered(document, Kind.DATE)
    assert "29 March 2027" in dates
    assert not any("15 March" in each for each in dates)
    shown = " ".join(excerpt.text for excerpt in excerpts(document))
    assert "29 March 2027" in shown
    assert "15 March" not in shown


def test_what_an_excerpt_shows_leads_back_to_the_page() -> None:
    """With struck words left out, every other place still stands where it says."""
    document = page(STRUCK[0])
    [excerpt] = excerpts(document)
    at = excerpt.text.index("29 March 2027 (ext")
    span = excerpt.span(at, at + 13)
    assert span is not None
    assert document.text[slice(*span)] == "29 March 2027"
    assert excerpt.span(at - 5, at + 13) is None


@pytest.mark.parametrize(
    "price",
    [
        "<del>£60.00</del> <ins>£45.00</ins>",
        "<del aria-hidden=true><span class=amount><bdi>£60.00</bdi></span></del><span "
        "class=screen-reader-text>"
        "Original price was: £60.00.</span><ins aria-hidden=true><span "
        "class=amount><bdi>£45.00</bdi></span></ins>"
        "<span class=screen-reader-text>Current price is: £45.00.</span>",
        "<ins>£45.00</ins><del>£60.00</del>",
        "<s class=price-item--regular>£60.00</s><span class=price-item--sale>£45.00</span>",
    ],
)
def test_of_a_sale_the_price_is_the_one_that_stands(price: str) -> None:
    """The usual markup of shops: the former price is struck out, and is the former price in a listing."""
    head = "<html lang=en><head><title>Lamps</title></head><body><main>"
    lamp = f"{head}<h1>Lamp</h1><p class=price>{price}</p><p>In stock</p>"
    document = extract(lamp.encode(), "https://a.example/lamp", "text/html")
    assert offered(document, Kind.MONEY) == ["£45.00"]
    cards = [f"<div class=card><h3><a href=/{n}>Lamp {n}</a></h3><p>{price}</p></div>" for n in range(3)]
    shelf = f"{head}<h1>Lamps</h1>{''.join(cards)}"
    listed = rows(extract(shelf.encode(), "https://a.example/lamps", "text/html"))
    assert [(row["price"], row["former price"]) for row in listed] == [("£45.00", "£60.00")] * 3


def test_a_row_that_is_struck_out_is_no_row() -> None:
    """A cancelled sailing is read, marked, and is neither counted nor among the rows."""
    sailings = "<tr><td><s>Monday</s><td><s>7:00</s></tr><tr><td>Friday<td>9:00</tr>"
    document = page(f"<table><tr><th>Day<th>Sails</tr>{sailings}</table>")
    assert "| ~~Monday~~ | ~~7:00~~ |" in document.markdown
    assert rows(document) == [{"Day": "Friday", "Sails": "9:00"}]


def test_marks_and_numbers_survive_the_store_and_markdown() -> None:
    """A stored document is the same document; Markdown as a source has marks and numbers too."""
    document = page(f"{STRUCK[0]}<ol start=4><li>Sign the book<li>Take <s>two vests</s> a vest</ol>")
    assert load_document(dump_document(document)) == document
    again = extract(document.markdown.encode(), "https://a.example/call.md", "text/markdown")
    assert marked(again) == marked(document) == ["15 March 2027", "two vests"]
    assert again.markdown == document.markdown


def test_a_pair_of_tildes_is_no_mark() -> None:
    """Tildes of the page's own are not taken for marks in Markdown."""
    assert (
        "run \\~~all\\~~ of it"
        in page("<p>To start the engine, run ~~all~~ of it at once, twice.</p>").markdown
    )


def numbers(body: str) -> list[int | None]:
    return [block.number for block in page(body).blocks if block.kind is BlockKind.ITEM]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<ol start=4><li>Sign the book<li value=9>Take a vest<li>Go aboard</ol>", [4, 9, 10]),
        ("<ol reversed><li>Third of all<li>Second of all<li>First of all</ol>", [3, 2, 1]),
        ("<ol reversed start=10><li>Sign the book<li value=7>Take a vest<li>Go aboard</ol>", [10, 7, 6]),
        ("<ol><li>Sign the book<ul><li>with a pen</ul><li>Take a vest<li>Go aboard</ol>", [1, None, 2, 3]),
        (
            "<ol><li>Sign the book</ol><p>Then wait ashore.</p><ol start=2><li>Go aboard the ship</ol>",
            [1, 2],
        ),
        ("<ol start=-1><li>Sign the book<li>Take a vest<li>Go aboard</ol>", [-1, 0, 1]),
        ("<ol start=x><li>Sign the book<li value=''>Take a vest</ol>", [1, 2]),
    ],
)
def test_items_have_the_numbers_that_the_page_shows(body: str, shown: list[int | None]) -> None:
    """Start, value and reversed count as in a browser, and what stands between two items breaks no count."""
    assert numbers(body) == shown
    markdown = page(body).markdown
    assert all(f"{number}. " in markdown for number in shown if number is not None)


@pytest.mark.parametrize("filler", ["a" * 299_000, "/*" * 149_000, "@media" * 49_000])
def test_a_sheet_without_rules_is_soon_read(filler: str) -> None:
    """It would not end if the rest were searched again from each of its signs."""
    assert "Lift" in page("<p>Lift", f"<style>{filler}</style>").text


def test_rules_are_read_after_comments_and_sheets_for_print() -> None:
    """A comment that nobody closes takes in the rest."""
    sheet = "/* a */ @media print { .x {color: red} } .a, .b {text-decoration: line-through} /* .c {"
    lines = "".join(f"<p class={name}>{name}</p>" for name in "abc")
    assert marked(page(lines, f"<style>{sheet}text-decoration: line-through}}</style>")) == ["a", "b"]
