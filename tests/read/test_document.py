"""What holds of every document: spans, round-trips, versions, Markdown."""

from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from browseagent.read import extract, extractor_version, read_page
from browseagent.read.chunks import Chunk, Run, compose
from browseagent.read.features import NAMES
from browseagent.read.select import best_by_expected_f1
from browseagent.read.serialize import dump_document, load_document
from browseagent.read.trees import load_trees
from browseagent.records import BlockKind, Document, Outcome, Page, Via

WORDS = st.text(alphabet="ab é中\n\t<&|*_`[]", max_size=30)
HTML = st.recursive(
    WORDS.map(lambda t: t.replace("<", "&lt;")),
    lambda inner: st.builds(
        lambda tag, parts: f"<{tag}>{''.join(parts)}</{tag.split()[0]}>",
        st.sampled_from(["p", "div", "ul", "li", "table", "tr", "td", "th", "a href=/x", "pre", "h2", "b",
            "blockquote", "span hidden"]),
        st.lists(inner, max_size=4),
    ),
    max_leaves=25,
)  # fmt: skip


def assert_sound(document: Document) -> None:
    """Blocks are in order, do not overlap, and leave out only white space; cells and links are in place."""
    position = 0
    for block in document.blocks:
        assert document.text[position : block.start].strip() == ""
        assert position <= block.start < block.end <= len(document.text)
        position = block.end
        if block.kind is BlockKind.ROW:
            cells = "\t".join(document.text[cell.start : cell.end] for cell in block.cells)
            assert cells == document.block_text(block)
    assert document.text[position:].strip() == ""
    for link in document.links:
        if link.start >= 0:
            assert document.text[link.start : link.end] == link.text


@settings(max_examples=150)
@given(HTML)
def test_spans_hold_for_any_html(html: str) -> None:
    """Whatever the tree, blocks, cells and links locate their own text, and the document survives JSON."""
    document = extract(
        f"<html><body>{html}</body></html>".encode(), url="https://example.org/", content_type="text/html"
    )
    assert_sound(document)
    assert load_document(dump_document(document)) == document
    assert isinstance(document.markdown, str)


@given(st.lists(st.tuples(st.sampled_from(list(BlockKind)), WORDS)))
def test_composed_chunks_keep_their_text(parts: list[tuple[BlockKind, str]]) -> None:
    """Setting chunks into one text changes nothing but white space at their ends."""
    chunks = [Chunk(kind, text) for kind, text in parts if kind is not BlockKind.ROW]
    text, blocks, _ = compose(chunks)
    assert [text[b.start : b.end].strip() for b in blocks] == [
        c.text.strip() for c in chunks if c.text.strip()
    ]


@given(st.lists(WORDS))
def test_a_run_folds_white_space_and_nothing_else(pieces: list[str]) -> None:
    """Text gathered piece by piece is the text of the whole."""
    run = Run()
    for piece in pieces:
        run.add(piece)
    assert run.text.split() == "".join(pieces).split()


def test_something_that_is_no_stored_document_is_refused() -> None:
    """Damaged bytes raise ValueError, which the store can act on."""
    for data in (b"", b"{}", b"[1]", b"\xff", b'{"blocks": 3}'):
        with pytest.raises(ValueError):  # noqa: PT011 - JSON's own message or ours
            load_document(data)


def test_the_extractor_version_is_stable_within_one_version() -> None:
    """The version is sixteen hexadecimal digits, the same each time."""
    assert len(extractor_version()) == 16
    assert extractor_version() == extractor_version()


def test_the_models_fit_the_features() -> None:
    """The fitted models were made for the features that the code computes."""
    assert load_trees("content.json").features == NAMES


def test_the_expected_f1_keeps_the_likely_and_never_nothing() -> None:
    """Sure text is kept, sure clutter is not, and an unsure page is not empty."""
    assert best_by_expected_f1([0.9, 0.01, 0.8], [10, 10, 10]) == [True, False, True]
    assert any(best_by_expected_f1([0.02, 0.01], [10, 10]))
    assert best_by_expected_f1([], []) == []


def test_reading_is_imported_without_trafilatura_or_pdfium() -> None:
    """Importing the reader costs neither trafilatura, lxml nor pypdfium2."""
    heavy = ("trafilatura", "lxml", "pypdfium2", "bs4")
    code = f"import sys, browseagent.read; print([m for m in {heavy} if m in sys.modules])"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.strip() == "[]"


def test_a_rendered_page_is_read_as_rendered() -> None:
    """The DOM is read as UTF-8 whatever the server's charset, and the share kept is of what was shown."""
    prose = "Die Fähre fährt täglich um sieben Uhr ab, und sie ist selten verspätet. " * 3
    dom = f'<html><head><meta charset="windows-1252"></head><body><main><p>{prose}</p></main></body></html>'
    page = Page(
        url="https://example.org/a", final_url="https://example.org/b", outcome=Outcome.OK, via=Via.CHROMIUM,
        fetched_at=datetime(2025, 1, 1, tzinfo=UTC), headers=(("content-type",
        "text/html; charset=windows-1252"),),
        body=b"<html></html>", dom=dom, visible_text=prose + "Menu",
    )  # fmt: skip
    document = read_page(page)
    assert "Fähre fährt täglich" in document.text
    assert document.url == "https://example.org/b"
    assert document.page is page
    assert 0.9 < document.kept < 1.0


def test_markdown_escapes_what_would_be_marks() -> None:
    """Text that looks like Markdown stays text."""
    source = "# not a heading\n\n1. not a list\n\n*stars* and [brackets] | pipe"
    document = extract(source.encode(), url="https://example.org/t", content_type="text/plain")
    assert (
        document.markdown == "\\# not a heading\n\n1\\. not a list\n\n\\*stars\\* and \\[brackets\\] | pipe\n"
    )
