"""What the reader is shown, and the way back to the page."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from browseagent import extract
from browseagent.answer.excerpts import MOST_CHARS, excerpts
from browseagent.answer.passages import quote_of, units
from browseagent.records import Document

PAGE = """<html lang=en><head><title>Harwick Light</title></head><body><main><h1>Harwick Light</h1>
<p>Harwick Light was built in 1871. It stands 34 metres tall on the north cliff.</p>
<h2>Visiting</h2><p>Prices for this year:</p>
<table><tr><th>Visitor</th><th>Price</th></tr><tr><td>Adult</td><td>£4.50</td></tr>
<tr><td>Child under 12</td><td>£2.00</td></tr></table>
<ul><li>Dogs are welcome in the garden.</li><li>The café closes at four.</li></ul></main></body></html>"""


def page(html: str) -> Document:
    return extract(html.encode(), url="https://example.org/", content_type="text/html; charset=utf-8")


def test_every_piece_stands_in_the_document_as_it_is() -> None:
    """Excerpt and document agree wherever a piece says so; headers and breaks belong to no piece."""
    document = page(PAGE)
    for excerpt in excerpts(document):
        for piece in excerpt.pieces:
            assert (
                excerpt.text[piece.at : piece.at + piece.length]
                == document.text[piece.start :][: piece.length]
            )


def test_a_row_shows_its_headers_and_leads_back_to_its_cells() -> None:
    """ "£2.00" in ``Price: £2.00`` is the cell of the page; a span over a header is nowhere on it."""
    document = page(PAGE)
    excerpt = next(each for each in excerpts(document) if "£2.00" in each.text)
    assert "Visitor: Child under 12; Price: £2.00" in excerpt.text
    at = excerpt.text.index("£2.00")
    span = excerpt.span(at, at + 5)
    assert span is not None and document.text[slice(*span)] == "£2.00"
    unit = excerpt.unit_at(span[0])
    assert unit is not None and unit.text == "Child under 12\t£2.00"
    over = excerpt.text.index("Price: £2.00")
    assert excerpt.span(over, over + 12) is None


def test_headings_stand_in_what_is_shown() -> None:
    """Short sections are shown together, each under its heading; what is cut off carries it on top."""
    (shown,) = excerpts(page(PAGE))
    assert shown.heading == "Harwick Light"
    assert "\nVisiting\nPrices for this year:" in shown.text
    long = PAGE.replace("Prices for this year:", "The path is steep. " * 60)
    headings = [each.heading for each in excerpts(page(long))]
    assert headings[0] == "Harwick Light" and set(headings[1:]) == {"Harwick Light – Visiting"}


def test_a_heading_may_be_the_answer() -> None:
    """The headings of a listing are names of its items: they are shown, and lead back to the page."""
    items = "".join(
        f"<h2>{name} lighthouse opens again</h2>" for name in ("Harwick", "Old Fen", "Sandle", "Mere", "Ayr")
    )
    document = page(
        f"<html lang=en><title>News</title><main><h1>News</h1>{items}<p>More tomorrow, as ever.</p>"
    )
    (shown,) = excerpts(document)
    at = shown.text.index("Sandle")
    span = shown.span(at, at + 6)
    assert span is not None and document.text[slice(*span)] == "Sandle"
    unit = shown.unit_at(span[0])
    assert unit is not None and unit.text == "Sandle lighthouse opens again"


@settings(max_examples=40)
@given(st.lists(st.integers(1, 90), min_size=1, max_size=40))
def test_every_unit_is_in_exactly_one_excerpt(sizes: list[int]) -> None:
    """However long the paragraphs, nothing is lost and nothing is shown twice."""
    text = "\n\n".join(
        f"Number {i} of them. " + "The keeper saw the sea again. " * n for i, n in enumerate(sizes)
    )
    document = extract(text.encode(), url="https://example.org/t", content_type="text/plain")
    shown = excerpts(document)
    assert [u.passage.start for each in shown for u in each.units] == [
        u.passage.start for u in units(document, for_reader=True)
    ]
    assert all(len(each.text) <= MOST_CHARS + 80 for each in shown)


def test_a_term_is_one_unit_with_what_explains_it_in_a_few_words() -> None:
    """A day and its hours are read as one line and quoted as one; a question and an answer of some length are
    not, and what is struck out is not read."""
    long = (
        "We serve tea all day. " + "It is the custom of the house and has been for as long as we know. " * 4
    )
    document = page(
        "<main><h1>Hours</h1><dl><dt>Monday</dt><dd>Closed</dd><dt>Tuesday</dt><dd><s>9 to 5</s> 9 to 7</dd>"
        f"<dt>Do you serve tea?</dt><dd>{long}</dd></dl></main>"
    )
    shown = excerpts(document)[0]
    lines = [unit.reading for unit in shown.units]
    assert lines[1:5] == ["Monday: Closed", "Tuesday: 9 to 7", "Do you serve tea?", "We serve tea all day."]
    assert "Monday: Closed\nTuesday: 9 to 7\nDo you serve tea?\nWe serve" in shown.text
    at = shown.text.index("Closed")
    assert document.text[slice(*shown.span(at, at + 6) or ())] == "Closed"
    assert shown.span(shown.text.index("Monday"), at + 6) is None
    assert quote_of(shown.units[1]).text == "Monday\n\nClosed"


def test_the_lines_of_a_paragraph_stay_lines() -> None:
    """Of "Books: 3 weeks, DVDs: 1 week" in one paragraph each length stands with its own label."""
    lines = "Books: 3 weeks<br>DVDs: 1 week<br>Passes: 3 days"
    document = page(f"<html lang=en><main><h1>Loans</h1><p>{lines}</p></main></html>")
    assert any("Books: 3 weeks\nDVDs: 1 week\nPasses: 3 days" in each.text for each in excerpts(document))
