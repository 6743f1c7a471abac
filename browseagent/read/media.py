"""What a body is, and how its bytes are text: decided here alone, for getting pages and for reading them.

The kind is told by the content; the header and the address only decide where the content cannot. Text is
decoded by byte order mark, header, ``<meta>``, then detection. Labels are those of the WHATWG Encoding
Standard, which differ from Python's: a page that says ``iso-8859-1`` means windows-1252, one that says
``gb2312`` means gb18030.
"""

from __future__ import annotations

import codecs
import re
from enum import StrEnum
from urllib.parse import urlsplit

from browseagent.records import Page


class Media(StrEnum):
    """The kinds of body. Those after ``nothing`` cannot be read."""

    HTML = "html"
    PDF = "pdf"
    FEED = "feed"
    JSON = "json"
    XML = "xml"
    MARKDOWN = "markdown"
    PLAIN = "plain"
    NOTHING = "nothing"
    IMAGE = "image"
    ARCHIVE = "archive"
    RECORDING = "audio or video"
    BINARY = "binary"

    @property
    def unreadable(self) -> bool:
        """Whether there is no text in such a body."""
        return self in (Media.IMAGE, Media.ARCHIVE, Media.RECORDING, Media.BINARY)


MARKDOWN_TYPES = ("text/markdown", "text/x-markdown")
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
_XML = re.compile(rb"^\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*|<!DOCTYPE[^>\[]*>\s*)*<(?!svg\b)[A-Za-z_]", re.S)
"""Of data; a drawing is none."""
_STARTS = {
    Media.IMAGE: (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"BM6", b"II*\x00", b"MM\x00*", b"\x00\x00\x01\x00"),
    Media.ARCHIVE: (b"PK\x03\x04", b"PK\x05\x06", b"\x1f\x8b", b"BZh", b"7z\xbc\xaf", b"\xfd7zXZ", b"Rar!",
                    b"\x28\xb5\x2f\xfd"),
    Media.RECORDING: (b"OggS", b"ID3", b"\x1aE\xdf\xa3", b"fLaC", b"RIFF"),
    Media.BINARY: (b"\x7fELF", b"\x00asm", b"MZ", b"wOF", b"\xd0\xcf\x11\xe0", b"SQLite format 3"),
}  # fmt: skip
_MARK = re.compile(rb"^(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_FEW, _PACKED = 10, 0.07
"""Control characters that a text may have among every other byte, and their share in data that is packed:
.105 of 1,024 bytes of any value, with a standard deviation of .01. Chinese in UTF-16 has as many, in one
half only."""
_MARKDOWN_SUFFIXES = (".md", ".markdown", ".mdown")


def media_of(body: bytes, content_type: str = "", url: str = "") -> Media:
    """The kind of a body."""
    declared = content_type.partition(";")[0].strip().lower()
    head = _MARK.sub(b"", body[:4096]).replace(b"\0", b"")
    if not head.strip():
        return Media.NOTHING
    if b"%PDF-" in body[:1024] and not _HTML.match(head):
        return Media.PDF
    if (no_text := _no_text(body)) is not None:
        return no_text
    if _FEED.match(head):
        return Media.FEED
    if _HTML.match(head):
        return Media.HTML
    if head.lstrip()[:1] in (b"{", b"[") and (declared.endswith("json") or _is_json(body)):
        return Media.JSON
    if declared in MARKDOWN_TYPES:
        return Media.MARKDOWN
    if declared in ("text/html", "application/xhtml+xml"):
        return Media.HTML
    if (declared.endswith("xml") or head.lstrip().startswith(b"<?xml")) and _XML.match(head):
        return Media.XML
    if declared == "text/plain" or (not declared and not _TAG.search(head)):
        named = urlsplit(url).path.lower().endswith(_MARKDOWN_SUFFIXES)
        return Media.MARKDOWN if named else Media.PLAIN
    if declared.startswith(("image/", "audio/", "video/", "font/")):
        return Media.IMAGE if declared.startswith("image/") else Media.RECORDING
    return Media.HTML if _TAG.search(head) else Media.PLAIN


def _no_text(body: bytes) -> Media | None:
    """What a body is whose bytes are no text: it starts as such files do and goes on as no text would, or
    holds many NULs without the pattern of UTF-16, or as many control characters as packed data."""
    if body[4:8] == b"ftyp":
        return Media.IMAGE if body[8:12] in (b"avif", b"heic", b"mif1") else Media.RECORDING
    if _CONTROL.search(body[:1024]):
        for kind, starts in _STARTS.items():
            if body.startswith(starts):
                return Media.IMAGE if body[8:12] == b"WEBP" else kind
    head = body[:2048]
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return None
    nuls = head.count(0)
    if nuls * 20 < len(head):
        halves = (head[0::2], head[1::2])
        packed = all(len(_CONTROL.findall(half)) > max(_FEW, _PACKED * len(half)) for half in halves)
        return Media.BINARY if packed else None
    wide = head[1::2].count(0) > 0.9 * nuls or head[0::2].count(0) > 0.9 * nuls
    return None if wide else Media.BINARY


def _is_json(body: bytes) -> bool:
    import json

    from browseagent.read.data import json_value

    try:
        json_value(body.decode(json.detect_encoding(body), "replace"))
    except (ValueError, RecursionError):
        return False
    return True


# Labels whose WHATWG meaning is not what Python's codec of that name does, or that Python lacks.
_LABELS = {
    "windows-1252": "ascii us-ascii ansi_x3.4-1968 cp819 ibm819 iso-8859-1 iso8859-1 iso88591 iso_8859-1 "
    "iso_8859-1:1987 iso-ir-100 l1 latin1 latin-1 csisolatin1 x-cp1252 cp1252",
    "windows-1254": "iso-8859-9 iso8859-9 iso88599 iso_8859-9 iso_8859-9:1989 iso-ir-148 l5 latin5 "
    "csisolatin5 x-cp1254",
    "windows-1250": "x-cp1250",
    "windows-1251": "x-cp1251",
    "windows-1253": "x-cp1253",
    "windows-1255": "x-cp1255",
    "windows-1256": "x-cp1256",
    "windows-1257": "x-cp1257",
    "windows-1258": "x-cp1258",
    "cp874": "dos-874 iso-8859-11 iso8859-11 iso885911 tis-620 windows-874",
    "iso8859-8": "iso-8859-8-i iso-8859-8-e csiso88598e csiso88598i logical visual hebrew",
    "iso8859-6": "iso-8859-6-e iso-8859-6-i csiso88596e csiso88596i asmo-708 ecma-114 arabic",
    "iso8859-7": "sun_eu_greek ecma-118 elot_928 greek greek8",
    "iso8859-15": "csisolatin9 l9 iso_8859-15 latin-9",
    "gb18030": "gb2312 gbk gb_2312 gb_2312-80 chinese csgb2312 csiso58gb231280 iso-ir-58 x-gbk cp936",
    "big5hkscs": "big5 big5-hkscs cn-big5 csbig5 x-x-big5",
    "cp932": "shift_jis shift-jis sjis x-sjis ms932 ms_kanji windows-31j csshiftjis",
    "cp949": "euc-kr ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 korean csksc56011987 cseuckr "
    "iso-ir-149 windows-949",
    "euc_jp": "x-euc-jp cseucpkdfmtjapanese",
    "iso2022_jp": "csiso2022jp",
    "utf-16-le": "utf-16 utf-16le unicode ucs-2 iso-10646-ucs-2 csunicode unicodefeff",
    "utf-16-be": "utf-16be unicodefffe",
    "utf-8": "utf8 unicode-1-1-utf-8 unicode11utf8 unicode20utf8 x-unicode20utf8",
    "mac_cyrillic": "x-mac-cyrillic x-mac-ukrainian",
    "mac_roman": "macintosh mac x-mac-roman csmacintosh",
    "koi8_r": "koi koi8 koi8-r cskoi8r",
    "koi8_u": "koi8-u koi8-ru",
    "cp866": "ibm866 866 csibm866",
    "latin-1": "x-user-defined",
}
_CODECS = {label: codec for codec, labels in _LABELS.items() for label in labels.split()}
_ISO = re.compile(r"iso[-_]?8859-?(\d\d?)(?::\d{4})?")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:_-]+)", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_HIGH = re.compile(rb"[\x80-\xff]")
_STATISTICS = 12
"""Bytes beyond ASCII from which on a language can be told by them."""
_FOREIGN_RUN = re.compile(rb"[\x80-\xff]{3}")
"""Letters of no Latin script, for those stand among ASCII."""
_MISPLACED = re.compile(
    r"[^\W\d_][\xa1-\xa9\xac-\xaf\xb1-\xb9\xbf×÷‰†‡ˆ˜][^\W\d_]|[¥£¢][A-Za-zÀ-ÿ]|[A-Za-z][³¹¼¾¿¡¥£Ÿ]"
)
"""Signs where letters of another code stand."""
# Above this share of replacement characters a declared encoding is taken to be a mistake.
_TOLERATED = 0.002


def codec_for(label: str) -> str | None:
    """Python's codec for a WHATWG label, or None for a label that nobody knows."""
    name = label.strip().lower()
    if name in _CODECS:
        return _CODECS[name]
    numbered = _ISO.fullmatch(name)
    if numbered:
        name = f"iso8859-{numbered[1]}"
    try:
        info = codecs.lookup(name)
    except (LookupError, ValueError):
        return None
    # Codecs such as base64 or rot13 turn no bytes into text.
    return info.name if getattr(info, "_is_text_encoding", True) else None


def declared(body: bytes, content_type: str) -> str | None:
    """The codec that the byte order mark, the header or the document itself names, in this order."""
    for mark, codec in _MARKS:
        if body.startswith(mark):
            return codec
    header = _CHARSET.search(content_type)
    named = codec_for(header[1]) if header else None
    if named:
        return named
    from bs4.dammit import EncodingDetector

    label = EncodingDetector.find_declared_encoding(body[:4096], is_html=True)
    named = codec_for(label) if label else None
    # The label was readable as ASCII, so the document cannot be UTF-16.
    return "utf-8" if named and named.startswith("utf-16") else named


def decode(body: bytes, content_type: str = "") -> str:
    """The text of a body; never fails. Invisible and control characters are still in it."""
    codec = declared(body, content_type)
    if codec is not None:
        text = body.decode(codec, "replace")
        if codec.startswith("utf-16") or text.count("\ufffd") <= max(3, _TOLERATED * len(text)):
            return text
    return _detect(body) or body.decode(codec or "utf-8", "replace")


def _detect(body: bytes) -> str | None:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        told = len(body) - error.start > 1 or _HIGH.search(body, 0, error.start)
        if told and error.reason == "unexpected end of data":  # cut off inside its last character
            return body.decode("utf-8", "ignore")
    if (western := _western(body)) is not None:
        return western
    from charset_normalizer import from_bytes

    best = from_bytes(body[:200_000]).best()
    return body.decode(best.encoding, "replace") if best else None


def _western(body: bytes) -> str | None:
    """A text with few bytes beyond ASCII as windows-1252, the web's default, where they make sense there:
    letters among others, signs where signs stand. Statistics say nothing of so few."""
    if len(_HIGH.findall(body)) > _STATISTICS or _FOREIGN_RUN.search(body):
        return None
    try:
        text = body.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return None if _MISPLACED.search(text) else text


def media_of_page(page: Page) -> Media:
    """The kind of a page's content."""
    return Media.HTML if page.dom is not None else media_of(page.body, page.content_type, page.final_url)


def text_of_page(page: Page) -> str:
    """The text of a page's content: as rendered where a browser was used, else its body decoded."""
    return page.dom if page.dom is not None else decode(page.body, page.content_type)
