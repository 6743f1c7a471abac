"""What kind of thing a body is, by what it starts with and by what the server says. Pure."""

from __future__ import annotations

import re
from typing import Literal

Kind = Literal["html", "pdf", "feed", "json", "text", "image", "archive", "media", "binary", "nothing"]

_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"%PDF-", "pdf"),
    (b"\x89PNG\r\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF87a", "image"),
    (b"GIF89a", "image"),
    (b"BM6", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"PK\x03\x04", "archive"),
    (b"PK\x05\x06", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"7z\xbc\xaf'\x1c", "archive"),
    (b"Rar!\x1a\x07", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"\x28\xb5\x2f\xfd", "archive"),
    (b"OggS", "media"),
    (b"ID3", "media"),
    (b"\x1aE\xdf\xa3", "media"),
    (b"fLaC", "media"),
    (b"\x7fELF", "binary"),
    (b"\x00asm", "binary"),
    (b"wOFF", "binary"),
    (b"wOF2", "binary"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "binary"),
    (b"SQLite format 3\x00", "binary"),
)
_HTML = re.compile(
    rb"<(!doctype html|html|head|body|title|script|meta|table|div|h1|p|style|iframe|a|br|!--)\b",
    re.IGNORECASE,
)
_FEED = re.compile(rb"<(rss|feed|rdf:rdf)[\s>]", re.IGNORECASE)


def sniff(body: bytes, media_type: str) -> Kind:
    """The kind of a body. Content goes before what the server says, for servers are often wrong; but
    what is served as plain text is text, even where it starts like HTML."""
    if not body.strip():
        return "nothing"
    start = body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    magic = _magic(body, start)
    if magic is not None:
        return magic
    if media_type.startswith(("image/", "video/", "audio/", "font/")) and media_type != "image/svg+xml":
        return "image" if media_type.startswith("image/") else "media"
    wide = body.startswith((b"\xff\xfe", b"\xfe\xff"))
    if b"\x00" in body[:1024] and not wide:
        return "binary"
    return _textual(start, media_type)


def _magic(body: bytes, start: bytes) -> Kind | None:
    for prefix, kind in _MAGIC:
        if start.startswith(prefix):
            return kind
    if body[:4] == b"RIFF" and body[8:12] == b"WEBP":
        return "image"
    if body[4:8] == b"ftyp":
        return "image" if body[8:12] in (b"avif", b"heic", b"mif1") else "media"
    # Junk before the header is allowed within the first kilobyte (PDF 32000, annex H.3.4.1).
    return "pdf" if b"%PDF-1." in body[:1024] and b"<" not in body[: body.find(b"%PDF-")] else None


def _textual(start: bytes, media_type: str) -> Kind:
    if media_type in ("text/html", "application/xhtml+xml"):
        return "html"
    if _FEED.search(start) and (start.startswith(b"<?xml") or _FEED.match(start)):
        return "feed"
    if media_type in ("application/rss+xml", "application/atom+xml"):
        return "feed"
    if media_type == "application/json" or media_type.endswith("+json"):
        return "json"
    if media_type.startswith("text/"):
        return "text"
    if _HTML.match(start):
        return "html"
    if start[:1] in (b"{", b"["):
        return "json"
    if media_type in ("application/octet-stream", "application/zip", "application/x-gzip"):
        return "text" if _printable(start) and media_type == "application/octet-stream" else "binary"
    return "text" if _printable(start) else "binary"


def _printable(start: bytes) -> bool:
    return not any(byte < 9 or 13 < byte < 27 for byte in start)
