"""The frozen normaliser: the visible text of a stored page, which offsets of questions count in.

It is frozen: a change here moves every offset in ``tools/questions/data``. It knows nothing of what
``browseagent.read`` keeps or drops, and drops only what no page shows: a question may be asked on a
footer, a menu or a caption, and a reader that loses them must be seen to lose them.

The text is made from the bytes alone (lxml, no browser), so that whoever has the pages can check the
data: a browser's ``innerText`` changes with its version, its fonts and the size of its window.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from pathlib import Path

from lxml import etree, html

from tools.questions.pages import body

_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_:.-]+)", re.I)
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
OFFERED = r"tab|accord|collaps|expand|toggle|faq|panel|more|detail|answer|spoiler"
"""Names of what a click opens: hidden now, but a part of the page that a visitor reads."""
FEW = 200
"""A page of fewer words shows itself only when its scripts have run: then nothing counts as hidden, and
what stands in ``noscript`` (the whole thread, in one make of forums) counts as shown."""
_OFFERED = re.compile(OFFERED, re.I)
_NEVER = frozenset(
    "annotation annotation-xml audio canvas datalist embed head iframe noframes noscript object script style"  # noqa: SIM905
    " svg textarea video".split()
)
_APART = frozenset(
    "address article aside blockquote body br button caption center dd details dialog dir div dl dt fieldset"  # noqa: SIM905
    " figcaption figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr img input legend li main menu nav ol"
    " optgroup option p picture pre search section select summary table tbody td tfoot th thead tr ul".split()
)
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_WORD = re.compile(r"\w+")
_SPACE = re.compile(r"\s+")


def decoded(body: bytes) -> str:
    """A page's characters: UTF-8 where it is that, else what the page names, else windows-1252."""
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError:
        named = _CHARSET.search(body[:4096])
    for charset in (named[1].decode("ascii") if named else "", "windows-1252"):
        if charset.lower().replace("-", "") in ("", "utf8"):
            continue
        try:
            return body.decode(charset, "replace")
        except LookupError:
            continue
    return body.decode("utf-8", "replace")


def normalized(text: str) -> str:
    """NFC, without characters that are not seen, each run of white space one blank, none at the ends."""
    return _SPACE.sub(" ", _UNSEEN.sub("", unicodedata.normalize("NFC", text))).strip()


def word_count(text: str) -> int:
    """Words of letters and digits."""
    return sum(1 for _ in _WORD.finditer(text))


def visible_text(body: bytes) -> str:
    """What a page shows or would show after a click, in the order of its HTML, normalised."""
    characters = decoded(body).replace("\x00", "")
    if not characters.strip():
        return ""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    root = html.document_fromstring(characters.encode("utf-8", "replace"), parser=parser)
    text = _text_below(root, _NEVER, lenient=False)
    if word_count(text) < FEW:
        return _text_below(root, _NEVER - {"noscript"}, lenient=True)
    return text


def frozen_text(pages: Path, page: str) -> str:
    """The visible text of page ``page`` of the data set in ``pages`` (``html/ID.html.gz``)."""
    return visible_text(body(page, pages))


def digest(text: str) -> str:
    """The text's SHA-256 in hexadecimal digits, by which a stored offset knows its text."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _text_below(root: html.HtmlElement, never: frozenset[str], *, lenient: bool) -> str:
    """The shown text below ``root``, normalised. A stack, as pages nest deeper than Python may."""
    parts: list[str] = []
    stack: list[tuple[html.HtmlElement, bool]] = [(root, True)]
    while stack:
        element, entering = stack.pop()
        apart = element.tag in _APART
        if not entering:
            if apart:
                parts.append(" ")
            if element.tail and element is not root:
                parts.append(element.tail)
            continue
        stack.append((element, False))
        if not isinstance(element.tag, str) or element.tag in never or _unseen(element, lenient):
            continue
        if apart:
            parts.append(" ")
        if element.tag == "img":
            parts.append(element.get("alt") or "")
        if element.text:
            parts.append(element.text)
        stack.extend((child, True) for child in reversed(element))
    return normalized("".join(parts))


def _unseen(element: html.HtmlElement, lenient: bool) -> bool:
    if element.tag == "template":
        return element.get("shadowrootmode") is None
    if lenient:
        return False
    named = element.get("hidden") is not None and element.get("hidden") != "until-found"
    # React streams parts of a page in as hidden S:0, S:1, …, and a script moves them into place.
    hidden = (named and not (element.get("id") or "").startswith("S:")) or bool(
        _HIDDEN.search(element.get("style") or "")
    )
    return hidden and not _offered(element)


def _offered(element: html.HtmlElement) -> bool:
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.get("role") == "tabpanel" or bool(_OFFERED.search(names))


LXML = ".".join(map(str, etree.LIBXML_VERSION))
"""The parser that read the page: an older libxml2 (before 2.14) mends broken HTML in another way."""
