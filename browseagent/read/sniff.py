"""What a body is, by its content; the header and the address only decide where the content cannot."""

from __future__ import annotations

import re
from enum import StrEnum
from urllib.parse import urlsplit


class Media(StrEnum):
    """What kinds of body can be read, and ``unsupported`` for all others."""

    HTML = "html"
    PDF = "pdf"
    FEED = "feed"
    JSON = "json"
    MARKDOWN = "markdown"
    PLAIN = "plain"
    UNSUPPORTED = "unsupported"


_HTML = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_TAG = re.compile(
    rb"</?(?:html|head|body|div|p|a|span|h[1-6]|ul|ol|li|table|br|title|meta|section|article)\b", re.I
)
_FEED = re.compile(
    rb"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*|<\?.*?\?>\s*|<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>\s*)*"
    rb"<(?:rss|feed|rdf:RDF)\b",
    re.S,
)
_MAGIC = (
    b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"RIFF", b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh",
    b"7z\xbc\xaf",
    b"\xfd7zXZ", b"Rar!", b"\x7fELF", b"MZ", b"OggS", b"ID3", b"\x00\x00\x01\x00", b"\x28\xb5\x2f\xfd",
    b"wOF",
    b"\x00asm", b"SQLite format 3", b"\xd0\xcf\x11\xe0",
)  # fmt: skip
_BINARY = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown")


def sniff(body: bytes, url: str = "", content_type: str = "") -> Media:
    """The media kind of a body. An empty body is plain text."""
    declared = content_type.split(";")[0].strip().lower()
    head = body[:4096].removeprefix(b"\xef\xbb\xbf").replace(b"\0", b"")
    if b"%PDF-" in body[:1024] and not _HTML.match(head):
        return Media.PDF
    if (body.startswith(_MAGIC) and _BINARY.search(body[:1024])) or _is_media(body):
        return Media.UNSUPPORTED
    if _FEED.match(head):
        return Media.FEED
    if _HTML.match(head):
        return Media.HTML
    if head.lstrip()[:1] in (b"{", b"[") and (declared.endswith("json") or _is_json(body)):
        return Media.JSON
    if declared in ("text/markdown", "text/x-markdown"):
        return Media.MARKDOWN
    if declared in ("text/html", "application/xhtml+xml"):
        return Media.HTML
    if declared == "text/plain" or (not declared and not _TAG.search(head)):
        named = urlsplit(url).path.lower().endswith(_MARKDOWN_SUFFIXES)
        return Media.MARKDOWN if named else Media.PLAIN
    if declared.startswith(("image/", "audio/", "video/", "font/")):
        return Media.UNSUPPORTED
    return Media.HTML if _TAG.search(head) else Media.PLAIN


def _is_media(body: bytes) -> bool:
    """Whether the bytes are no text: ISO media files, or many NULs without the pattern of UTF-16."""
    if body[4:8] == b"ftyp":
        return True
    head = body[:2048]
    nuls = head.count(0)
    if not nuls or nuls * 20 < len(head) or body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    return not (head[1::2].count(0) > 0.9 * nuls or head[0::2].count(0) > 0.9 * nuls)


def _is_json(body: bytes) -> bool:
    import json

    try:
        json.loads(body)
    except (ValueError, RecursionError):
        return False
    return True
