"""The frozen normaliser: what of a page's HTML is its visible text."""

from __future__ import annotations

import pytest

from tools.questions.visible import FEW, decoded, digest, normalized, visible_text

LONG = "<p>" + "word " * FEW + "</p>"
"""So that a page counts as one that shows itself without its scripts."""


def text_of(body: str) -> str:
    """What is shown of ``body`` on a page that is long enough."""
    whole = visible_text(f"<html><head><title>T</title></head><body>{body}{LONG}</body></html>".encode())
    return whole.removesuffix(normalized("word " * FEW)).strip()


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ("<p>One</p><p>Two</p>", "One Two"),
        ("<p>W<b>or</b>d &amp;\n\t more</p>", "Word & more"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<p>soft\u00adhyphen\u200b and\u00a0blank</p>", "softhyphen and blank"),
        ("<p>cafe\u0301</p>", "café"),
        ("<img alt='A red kite'><p>x</p>", "A red kite x"),
        ("<script>var a = 'no';</script><style>p{}</style><noscript>no</noscript><p>yes</p>", "yes"),
        ("<template><p>no</p></template><p>yes</p>", "yes"),
        ("<p hidden>no</p><p style='display: none'>no</p><p>yes</p>", "yes"),
        ("<div hidden class='faq-answer'>opened by a click</div>", "opened by a click"),
        ("<div role='tabpanel' style='display:none'>second tab</div>", "second tab"),
        ("<details><summary>Q</summary>A</details>", "Q A"),
        ("<div hidden id='S:0'>streamed in</div>", "streamed in"),
        ("<p>kept<script>no</script> tail</p>", "kept tail"),
        ("<p>one<!-- no -->two</p>", "onetwo"),
    ],
)
def test_shown(body: str, shown: str) -> None:
    """Text that is shown, or shown after a click, is kept; the rest is not; blocks stand apart."""
    assert text_of(body) == shown


def test_page_of_scripts() -> None:
    """A page that shows hardly a word without its scripts gives what stands in noscript and what it hides."""
    page = b"<body style='visibility:hidden'><p>Home</p><noscript><p>The thread.</p></noscript></body>"
    assert visible_text(page) == "Home The thread."


def test_deep_nesting() -> None:
    """A page may nest deeper than Python's recursion goes."""
    assert visible_text(("<div>" * 1800 + "deep" + LONG).encode()).startswith("deep word")


def test_empty() -> None:
    """No text is the empty text, not an error."""
    assert visible_text(b"") == visible_text(b" \n") == ""


@pytest.mark.parametrize(
    ("body", "characters"),
    [
        ("é".encode(), "é"),
        (b"\xef\xbb\xbfa", "a"),
        (b"<meta charset='iso-8859-2'>\xb1", "<meta charset='iso-8859-2'>ą"),
        (b"<meta charset='utf-8'>\x80", "<meta charset='utf-8'>€"),
        (b"<meta charset='no-such'>\x80", "<meta charset='no-such'>€"),
    ],
)
def test_charset(body: bytes, characters: str) -> None:
    """UTF-8 where it is that, then what the page names, then windows-1252."""
    assert decoded(body) == characters


def test_normalized_is_idempotent() -> None:
    """Normalising twice changes nothing, so that a stored text can be compared as it is."""
    once = normalized(" a\u200b\n b\u0301 ")
    assert once == normalized(once) == "a b\u0301"


def test_digest() -> None:
    """The digest is the SHA-256 of the UTF-8 text."""
    assert digest("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
