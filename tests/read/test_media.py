"""What a body is, and every way in which it says, or does not say, how its bytes are text."""

from __future__ import annotations

import random

import pytest

from browseagent.read import extract
from browseagent.read.media import Media, codec_for, decode, media_of

TEXT = "Größe: fünf Äpfel kosten 3 € – „sagt“ der Händler."


@pytest.mark.parametrize(
    ("label", "codec"),
    [("ISO-8859-1", "windows-1252"), ("latin1", "windows-1252"), ("gb2312", "gb18030"), ("shift_jis",
    "cp932"),
     ("euc-kr", "cp949"), ("TIS-620", "cp874"), ("utf8", "utf-8"), ("macintosh", "mac_roman"), ("big5",
     "big5hkscs")],
)  # fmt: skip
def test_labels_mean_what_browsers_take_them_to_mean(label: str, codec: str) -> None:
    """WHATWG labels, not Python's: latin1 is windows-1252, gb2312 is gb18030."""
    assert codec_for(label) == codec


def test_every_label_names_a_codec_that_exists() -> None:
    """No label of the table names a codec that this Python lacks."""
    from browseagent.read.media import _CODECS

    assert all("a".encode(codec) is not None for codec in _CODECS.values())


def test_unknown_and_binary_labels_are_refused() -> None:
    """A label that nobody knows, and one that is no text encoding, count for nothing."""
    assert codec_for("klingon-8") is None
    assert codec_for("base64") is None


def test_the_header_wins_over_the_meta_element() -> None:
    """A charset in Content-Type decides against one in the page."""
    body = f"<meta charset=utf-8><p>{TEXT}</p>".encode("windows-1252")
    assert TEXT in decode(body, "text/html; charset=iso-8859-1")


def test_the_byte_order_mark_wins_over_the_header() -> None:
    """A UTF-16 page with its mark is read as UTF-16 whatever the header says."""
    assert TEXT in decode(TEXT.encode("utf-16"), "text/html; charset=utf-8")


def test_the_meta_element_is_read_where_there_is_no_header() -> None:
    """A page that only says its charset itself is read by it."""
    body = f'<meta http-equiv="Content-Type" content="text/html; charset=windows-1252"><p>{TEXT}</p>'.encode(
        "windows-1252"
    )
    assert TEXT in decode(body, "text/html")


def test_a_declaration_that_cannot_be_true_is_overruled() -> None:
    """Bytes that are no UTF-8 are not read as UTF-8 only because the header says so."""
    body = ("Der Händler verkauft Äpfel, Nüsse und Öl für viele Häuser in Köln. " * 20).encode("windows-1252")
    assert "Händler verkauft Äpfel" in decode(body, "text/html; charset=utf-8")


def test_bytes_without_any_declaration_are_detected() -> None:
    """Undeclared Japanese in Shift_JIS is recognised."""
    body = ("吾輩は猫である。名前はまだ無い。どこで生れたかとんと見当がつかぬ。" * 10).encode("cp932")
    assert "吾輩は猫である" in decode(body)


def test_a_utf8_text_cut_off_inside_a_character_keeps_the_rest() -> None:
    """A body that ends in half a character loses that character and nothing else."""
    assert decode("Preis: 5 €".encode()[:-1]) == "Preis: 5 "


@pytest.mark.parametrize(
    "text",
    [
        "Preis: 12 €",
        "£12.50 only",
        "Zürich",
        "größe",
        "5 °C",
        "Café",
        "¿Qué tal?",
        "a,b\né,2",
        "25 m² – “neu”",
    ],
)
def test_few_bytes_of_windows_1252_are_not_guessed_at(text: str) -> None:
    """Of so few no language can be told, and a price without its currency is another one."""
    assert decode(text.encode("windows-1252")) == text


@pytest.mark.parametrize(("text", "codec"), [("価格は100円です", "shift_jis"), ("Größe: 5 €", "utf-8")])
def test_few_bytes_of_other_codes_are_none_of_it(text: str, codec: str) -> None:
    assert decode(text.encode(codec)) == text


def test_a_page_in_windows_1252_reads_right_through_extract() -> None:
    """The whole way: bytes in windows-1252 to readable text."""
    body = f"<html><body><p>{TEXT}</p><p>{TEXT}</p></body></html>".encode("windows-1252")
    assert (
        TEXT in extract(body, url="https://example.org/", content_type="text/html; charset=windows-1252").text
    )


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
        (b"\x89PNG\r\n\x1a\n\x00\x00", "https://x.org/x.html", "text/html", Media.IMAGE),
        (b"PK\x03\x04\x00\x00", "", "", Media.ARCHIVE),
        (b"just words", "", "", Media.PLAIN),
        (b"", "", "", Media.NOTHING),
        (b"\0\0\0\x18ftypavif\0\0", "", "text/html", Media.IMAGE),
        ("Text".encode("utf-16-le"), "", "text/plain; charset=utf-16le", Media.PLAIN),
    ],
)
def test_content_decides_before_header_and_suffix(
    body: bytes, url: str, content_type: str, media: Media
) -> None:
    """PDF, HTML, feeds, JSON and pictures are recognised whatever they are called."""
    assert media_of(body, content_type, url) is media


def test_a_picture_gives_an_empty_document_that_says_why() -> None:
    """What cannot be read is said to be so, and nothing is raised."""
    document = extract(b"\x89PNG\r\n\x1a\n\x00\x00", url="https://example.org/x")
    assert document.text == ""
    assert "image" in document.notes[0]


def test_packed_data_is_no_text_in_any_language() -> None:
    """Bytes of any value are binary, whatever their type is said to be; text is not, be it UTF-16 without a
    mark, or output with colours."""
    packed = random.Random(1).randbytes(3000)
    for said in ("", "text/plain", "text/html"):
        assert media_of(packed, said) is Media.BINARY
    for text, codec in (
        (TEXT * 40, "utf-16-le"),
        ("港口的市场每天早上开门。" * 99, "utf-16-le"),
        (TEXT * 9, "cp1252"),
    ):
        assert media_of(text.encode(codec), "text/plain") is Media.PLAIN
    assert media_of(b"\x1b[31mred\x1b[0m \x07 " * 60, "text/plain") is Media.PLAIN
