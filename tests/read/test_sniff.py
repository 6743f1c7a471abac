"""What a body is, told by its content."""

from __future__ import annotations

import pytest

from browseagent.read import extract
from browseagent.read.sniff import Media, sniff


@pytest.mark.parametrize(
    ("body", "url", "content_type", "media"),
    [
        (b"%PDF-1.7 ...", "https://x.org/page.html", "text/html", Media.PDF),
        (b"<!DOCTYPE html><p>x", "https://x.org/file.pdf", "application/pdf", Media.HTML),
        (b"\xef\xbb\xbf<?xml version='1.0'?><rss><channel/></rss>", "", "text/html", Media.FEED),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'></feed>", "", "", Media.FEED),
        (b'{"a": 1}', "", "text/html", Media.JSON),
        (b"[an aside] in brackets", "", "text/plain", Media.PLAIN),
        (b"# Title", "https://x.org/readme.md", "text/plain", Media.MARKDOWN),
        (b"# Title", "https://x.org/x", "text/markdown", Media.MARKDOWN),
        (b"MZ is how it begins, and it is text", "", "text/plain", Media.PLAIN),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "https://x.org/x.html", "text/html", Media.UNSUPPORTED),
        (b"PK\x03\x04\x00\x00", "", "", Media.UNSUPPORTED),
        (b"just words", "", "", Media.PLAIN),
        (b"", "", "", Media.PLAIN),
        ("Text".encode("utf-16-le"), "", "text/plain; charset=utf-16le", Media.PLAIN),
    ],
)
def test_content_decides_before_header_and_suffix(
    body: bytes, url: str, content_type: str, media: Media
) -> None:
    """PDF, HTML, feeds, JSON and pictures are recognised whatever they are called."""
    assert sniff(body, url, content_type) is media


def test_a_picture_gives_an_empty_document_that_says_why() -> None:
    """What cannot be read is said to be so, and nothing is raised."""
    document = extract(b"\x89PNG\r\n\x1a\n\x00\x00", url="https://example.org/x")
    assert document.text == ""
    assert "image" in document.notes[0]
