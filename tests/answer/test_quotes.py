"""Quotes: found again in the document, or not made at all."""

from __future__ import annotations

from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browseagent import extract
from browseagent.answer.quotes import block_at, fragment_link, is_quotable, locate, make_quote
from browseagent.records import Document

PAGE = """The ferry terminal opened on 3 May 2021. It cost “£4.2 million” — twice the estimate.

The old pier stays open. The old pier stays open in winter too."""


def document(text: str = PAGE, url: str = "https://example.org/ferry") -> Document:
    return extract(text.encode(), url=url, content_type="text/plain; charset=utf-8")


def html(body: str) -> Document:
    return extract(
        f"<body><main>{body}</main>".encode(),
        url="https://example.org/",
        content_type="text/html; charset=utf-8",
    )


def test_white_space_case_dashes_and_quotation_marks_are_folded() -> None:
    """A phrase is found though a model typed it with plain quotation marks and other spacing."""
    page = document()
    span = locate(page, 'it cost  "£4.2\nmillion" - twice')
    assert span is not None
    assert page.text[slice(*span)] == "It cost “£4.2 million” — twice"


@pytest.mark.parametrize("phrase", ["", "   ", "the ferry sank", "It cost £4.3 million"])
def test_words_that_are_not_there_are_not_found(phrase: str) -> None:
    """What is not on the page has no place on it."""
    assert locate(document(), phrase) is None


@given(st.text(), st.integers(0, 200), st.integers(0, 200))
def test_every_span_of_a_text_is_found_as_itself(text: str, start: int, length: int) -> None:
    """Looking up any piece of a document finds that piece, or an earlier one that folds alike."""
    page = Document(url="https://example.org/", text=text)
    phrase = text[start : start + length]
    span = locate(page, phrase)
    if span is not None:
        assert 0 <= span[0] < span[1] <= len(text)
        assert locate(page, text[slice(*span)]) == span
    elif phrase.strip() and phrase.isascii() and phrase.isprintable():
        raise AssertionError(f"{phrase!r} was not found")


def test_a_quote_needs_three_words_or_a_number_or_a_whole_cell() -> None:
    """Two words out of a sentence prove nothing; a number or a whole table cell does."""
    page = document()
    assert not is_quotable(page, *span_of(page, "old pier"))
    assert is_quotable(page, *span_of(page, "The old pier"))
    assert is_quotable(page, *span_of(page, "2021"))
    body = b"<table><tr><th>Zone</th><th>Open</th></tr><tr><td>North</td><td>Never</td></tr></table>"
    table = extract(body, url="https://example.org/t", content_type="text/html")
    assert is_quotable(table, *span_of(table, "Never"))
    assert not is_quotable(table, *span_of(table, "Neve"))


def test_an_unquotable_span_is_refused() -> None:
    """No quote can be made of too little, nor of nothing."""
    page = document()
    with pytest.raises(ValueError, match="not quotable"):
        make_quote(page, *span_of(page, "old pier"))
    with pytest.raises(ValueError, match="not quotable"):
        make_quote(page, 5, 5)


def test_a_quote_is_the_pages_own_characters() -> None:
    """The text of a quote is cut from the document, so it cannot differ from it."""
    page = document()
    quote = make_quote(page, *span_of(page, "It cost “£4.2 million”"))
    assert page.text[quote.start : quote.end] == quote.text
    assert quote.link.startswith("https://example.org/ferry#:~:text=It%20cost")


def test_a_repeated_phrase_gets_the_words_around_it() -> None:
    """The link of the second occurrence names what stands before it, so that the browser goes there."""
    page = document()
    second = page.text.rindex("The old pier stays open")
    link = fragment_link(page, second, second + len("The old pier stays open"))
    directive = unquote(link.partition(":~:text=")[2])
    prefix, comma, phrase = directive.partition("-,")
    assert comma and phrase == "The old pier stays open"
    assert page.text[:second].rstrip().endswith(prefix)


def test_a_long_quote_is_linked_by_its_first_and_last_words() -> None:
    """A link does not carry a whole paragraph."""
    sentence = "word " * 80 + "end."
    page = document(sentence)
    link = fragment_link(page, 0, len(page.text))
    first, _, last = unquote(link.partition(":~:text=")[2]).partition(",")
    assert page.text.startswith(first) and page.text.endswith(last)
    assert len(link) < 200


def test_a_link_is_as_short_as_is_unique() -> None:
    """Three words where they stand once, more where they stand elsewhere too; the last word ends it."""
    page = document("The old ferry ran until May. The old ferry sank in a storm in June, and was not raised.")
    for words, directive in (
        ("The old ferry ran until May.", "The old ferry ran until May."),
        ("The old ferry sank in a storm in June, and was not raised.", "The old ferry sank,raised."),
    ):
        link = fragment_link(page, *span_of(page, words))
        assert unquote(link.partition(":~:text=")[2]) == directive


def test_a_row_is_linked_from_a_cell_that_stands_once() -> None:
    """A row that begins with a number found elsewhere too is linked from its next cell on."""
    page = document("4 boats.\n4\tOil store\tGauges\t3.5 m\n5\tRoom\tBed\t3.5 m")
    link = fragment_link(page, *span_of(page, "4\tOil store\tGauges\t3.5 m"))
    assert unquote(link.partition(":~:text=")[2]) == "Oil store,m"


def test_what_has_a_meaning_in_a_text_directive_is_escaped() -> None:
    """Dashes, commas and ampersands of the page do not become syntax."""
    page = document("Bread, salt & twice-baked rye.")
    link = fragment_link(page, 0, len(page.text))
    assert link.endswith("Bread%2C%20salt%20%26%20twice%2Dbaked%20rye.")


def test_a_fragment_of_the_url_is_kept() -> None:
    """A page that was named with an anchor keeps it before the directive."""
    page = document(url="https://example.org/ferry#cost")
    assert fragment_link(page, 0, 40).startswith("https://example.org/ferry#cost:~:text=The%20ferry")


def test_blocks_are_found_by_offset() -> None:
    """Every offset within a block finds that block; the space between blocks finds none."""
    page = document()
    for block in page.blocks:
        assert block_at(page, block.start) is block
        assert block_at(page, block.end - 1) is block
    assert block_at(page, page.blocks[0].end) is None


def span_of(page: Document, phrase: str) -> tuple[int, int]:
    start = page.text.index(phrase)
    return start, start + len(phrase)


def test_a_link_of_a_row_leads_to_its_own_table() -> None:
    """Of two tables alike, the row of the second is linked from a cell that the first has not, and ends with
    one that stands once after it."""
    rows = "".join(f"<tr><td>Team<td>{price}<td>5,000<td>50,000<td>5</tr>" for price in ("€29", "€24"))
    page = html(
        f"<h1>Plans</h1><table><tr><th>Plan<th>Price<th>Contacts<th>Mails<th>Users</tr>{rows}</table>"
    )
    link = fragment_link(page, *span_of(page, "Team\t€24\t5,000\t50,000\t5"))
    assert unquote(link.partition(":~:text=")[2]) == "€24,50,000"


def test_a_range_that_begins_with_words_found_elsewhere_says_what_stands_before_it() -> None:
    """The browser begins a range at the first words like its first: those of another day's hours."""
    hours = "<dl><dt>Mon<dd>1 pm – 5 pm<dt>Tue<dd>{}<dt>Wed<dd>closed</dl>"
    page = html(f"<h1>Main</h1>{hours.format('9 am – 5 pm')}<h1>Children</h1>{hours.format('10 am – 5 pm')}")
    link = fragment_link(page, *span_of(page, "Tue\n\n10 am – 5 pm"))
    assert unquote(link.partition(":~:text=")[2]) == "10 am – 5 pm"
    page = html(f"<h1>Main</h1>{hours.format('closed')}<h1>Children</h1>{hours.format('1 pm – 5 pm')}")
    link = fragment_link(page, *span_of(page, "Tue\n\n1 pm – 5 pm"))
    assert unquote(link.partition(":~:text=")[2]) == "pm – 5 pm-,Tue,1 pm – 5 pm"
