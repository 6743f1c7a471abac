"""Formats other than HTML: plain text, JSON, feeds, Markdown, PDF."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from browseagent.answer.quotes import make_quote
from browseagent.read import extract
from browseagent.read.pdf import page_chunks, without_running_lines
from browseagent.read.pdf_columns import Line
from browseagent.records import BlockKind, Document
from tests.pdf import pdf_of


def test_plain_text_is_kept_word_for_word() -> None:
    """Paragraphs stand between blank lines; nothing but white space changes."""
    text = "First line\nsecond line.  Two spaces.\n\n\n* not <b>markup</b> & co.\n"
    document = extract(text.encode(), url="https://example.org/t", content_type="text/plain; charset=utf-8")
    assert document.text.split() == text.split()
    assert [b.kind for b in document.blocks] == [BlockKind.PARAGRAPH] * 2


@given(
    st.text(
        alphabet=st.characters(
            codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn", "Mn", "Lo", "Zl", "Zp"]
        )
    )
)
def test_plain_text_loses_no_word(text: str) -> None:
    """Whatever the words, all are there in their order."""
    document = extract(text.encode(), url="https://example.org/t", content_type="text/plain; charset=utf-8")
    assert document.text.split() == text.split()


def test_json_records_become_a_table_and_the_rest_named_items() -> None:
    """Records of one shape are rows under their field names."""
    value = {
        "line": "North",
        "stops": [{"name": "Quay", "min": 0}, {"name": "Holm", "min": 35}],
        "open": True,
    }
    document = extract(
        json.dumps(value).encode(), url="https://example.org/x", content_type="application/json"
    )
    rows = [b for b in document.blocks if b.kind is BlockKind.ROW]
    assert [document.block_text(b) for b in rows] == ["name\tmin", "Quay\t0", "Holm\t35"]
    assert rows[2].cells[1].header == "min"
    assert "line: North" in document.text
    assert "open: true" in document.text


def test_what_is_left_out_of_long_data_is_counted() -> None:
    """A reader takes 20,000 values of a JSON text, in lists and in tables; a note counts the others."""
    for value in (list(range(20_010)), [{"a": n, "b": n} for n in range(20_009)]):
        document = extract(json.dumps(value).encode(), "https://example.org/x", "application/json")
        assert len(document.blocks) == 20_000
        assert document.notes == ("10 of its values were left out",)


def test_json_that_nests_without_end_is_still_a_document() -> None:
    """Depth is no way to crash the reader."""
    document = extract(b"[" * 100_000, url="https://example.org/x", content_type="application/json")
    assert isinstance(document.text, str)


def test_a_feed_gives_its_entries_with_link_author_date_and_text() -> None:
    """RSS entries become headings that link, a line with author and date, and the text of their HTML."""
    feed = """<?xml version="1.0" encoding="utf-8"?>
    <rss xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>Harbour</title>
    <item><title>New pier</title><link>https://example.org/pier</link><dc:creator>A. Holm</dc:creator>
    <pubDate>Tue, 04 Mar 2025 10:00:00 GMT</pubDate>
    <description>&lt;p&gt;The &lt;b&gt;pier&lt;/b&gt; opens.&lt;/p&gt;</description></item>
    </channel></rss>"""
    document = extract(feed.encode(), url="https://example.org/feed", content_type="application/rss+xml")
    assert document.title == "Harbour"
    assert [(k.url, k.text) for k in document.links] == [("https://example.org/pier", "New pier")]
    assert "A. Holm, Tue, 04 Mar 2025 10:00:00 GMT" in document.text
    assert "The pier opens." in document.text


def test_an_atom_feed_is_read_too_and_entities_are_not_expanded() -> None:
    """Atom's own link form is known; an entity bomb stays unexploded."""
    feed = """<!DOCTYPE feed [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>
    <feed xmlns="http://www.w3.org/2005/Atom"><title>T</title>
    <entry><title>One &b;</title><link href="/one"/><updated>2025-03-04T00:00:00Z</updated>
    <summary>Short.</summary></entry></feed>"""
    document = extract(feed.encode(), url="https://example.org/feed", content_type="application/atom+xml")
    assert "aaaa" not in document.text
    assert "2025-03-04" in document.text


def test_markdown_source_becomes_blocks_and_comes_back_as_markdown() -> None:
    """Headings, items, tables, code and links of a Markdown source survive the way there and back."""
    source = "# Title\n\nSome *stressed* text with [a link](https://example.org/a).\n\n- one\n- two\n\n"
    source += "| a | b |\n| --- | --- |\n| 1 | 2 |\n\n```py\nx = [1,\n     2]\n```\n"
    document = extract(source.encode(), url="https://example.org/readme.md", content_type="text/plain")
    assert document.markdown == source.replace("*stressed*", "stressed")


def test_a_broken_pdf_is_said_to_be_broken() -> None:
    """A file that only begins like a PDF gives a note, no exception."""
    document = extract(b"%PDF-1.4\nnothing else", url="https://example.org/x.pdf")
    assert document.text == ""
    assert "PDF" in document.notes[0]


def read_pdf(*lines: str) -> Document:
    return extract(pdf_of([lines]), url="https://example.org/notice", content_type="text/html")


def test_a_pdf_is_recognised_by_content_and_keeps_its_pages() -> None:
    """Sent as text/html without a suffix, a PDF is still read; blocks know their page."""
    document = read_pdf(
        "Public notice",
        "The harbour will be closed to all traffic on the",
        "first Monday of March because of re-",
        "pairs.",
    )
    assert document.blocks[0].kind is BlockKind.HEADING
    assert document.block_text(document.blocks[0]) == "Public notice"
    assert "closed to all traffic on the first Monday of March because of repairs." in document.text
    assert {b.page for b in document.blocks} == {1}
    start = document.text.index("closed to all traffic")
    link = make_quote(document, start, start + 21).link
    assert link == "https://example.org/notice#page=1:~:text=closed%20to%20all%20traffic"


def test_heads_and_feet_that_return_on_every_page_are_left_out() -> None:
    """Page numbers and running titles are no text."""
    pages = [
        [
            Line("Harbour Board", 72, 200, 740, 751, 11),
            Line(f"Body {n} text.", 72, 300, 600, 611, 11),
            Line(f"Page {n}", 72, 100, 30, 41, 11),
        ]
        for n in range(4)
    ]
    kept = without_running_lines([[*p[:1], p[1], p[1], p[1], *p[2:]] for p in pages])
    assert all("Harbour Board" not in [line.text for line in lines] for lines in kept)
    assert all(not any(line.text.startswith("Page") for line in lines) for lines in kept)


def test_words_divided_at_a_line_end_are_joined() -> None:
    """A hyphen that only divides a word goes; lines of one paragraph are one block."""
    lines = [Line("The har-", 72, 500, 600, 611, 11), Line("bour is closed.", 72, 300, 586, 597, 11)]
    [chunk] = page_chunks(lines, 1, 11.0)
    assert chunk.text == "The harbour is closed."
