"""From HTML text to an lxml tree, whatever the text is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Any

from lxml import etree, html

from browseagent.read.text import clean

Element = Any
"""An lxml element; lxml ships no types."""

_NUL = re.compile("\0")
_CLASSES = etree.ElementDefaultClassLookup(element=html.HtmlElement)
"""What trafilatura takes for a tree of HTML; lxml's own choice of a class asks Python for each element."""


def parse(text: str) -> Element | None:
    """The root element of an HTML text, or None where there is nothing in it."""
    text = _NUL.sub("", text)
    if not text.strip():
        return None
    parser = etree.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True
    )
    parser.set_element_class_lookup(_CLASSES)
    try:
        root = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    if root is not None:
        _mend_head(root)
        _open_frames(root)
        if "email-protection" in text or _HIDDEN in text:
            _show_addresses(root)
    return root


def _open_frames(root: Element) -> None:
    """Writes the documents that frames hold in their ``srcdoc`` in their place."""
    for frame in list(root.iter("iframe")):
        inner = parse(frame.attrib.pop("srcdoc", ""))
        if inner is None:
            continue
        frame.tag, frame.text = "div", None
        frame[:] = list(inner.iter("body"))[:1] or [inner]
        for body in frame:
            body.tag = "div"


_HIDDEN = "data-cfemail"
_PROTECTED = re.compile(r"/cdn-cgi/l/email-protection#((?:[\da-f]{2}){4,})$", re.I)


def _show_addresses(root: Element) -> None:
    """Writes e-mail addresses that Cloudflare hides from programs, each time by another key, as people see
    them."""
    for element in root.xpath(f"//*[@{_HIDDEN}]"):
        if address := _unhidden(element.get(_HIDDEN)):
            element[:] = ()
            element.text = address
    for link in root.iter("a"):
        if found := _PROTECTED.search(link.get("href") or ""):
            link.set("href", f"mailto:{_unhidden(found[1])}")


def _unhidden(said: str) -> str:
    """Each byte was changed by the first one."""
    try:
        key, *rest = bytes.fromhex(said)
    except ValueError:
        return ""
    return bytes(each ^ key for each in rest).decode("utf-8", "replace")


_IN_HEAD = {"title", "meta", "link", "base", "script", "style", "noscript", "template", "bgsound", "object"}


def _mend_head(root: Element) -> None:
    """Takes out of the head what belongs to the body: libxml2 does not know that ``<article>`` and the
    other elements of HTML 5 end a head whose end tag was left out, which the standard allows."""
    head = root.find("head")
    if head is None:
        return
    first = next((i for i, child in enumerate(head) if child.tag not in _IN_HEAD), None)
    if first is None:
        return
    body = root.find("body")
    if body is None:
        body = etree.SubElement(root, "body")
    misplaced = head[first:]
    for place, child in enumerate(misplaced):
        body.insert(place, child)
    if body.text and misplaced:
        last = misplaced[-1]
        last.tail, body.text = (last.tail or "") + body.text, None


# libxml2 stops at some 2,000 open elements. The deepest of 406 real pages has 48.
_TAGS_IN_A_ROW = re.compile(r"(?:<(?!p\b|/)[a-z][^<>]*>\s*){300,}", re.I)
_UNSEEN = re.compile(r"<(script|style|template|svg|noscript|head|title)\b.*?</\1\s*>|<!--.*?-->", re.I | re.S)
_INLINE = re.compile(r"</?(?:a|b|i|em|strong|span|code|small|sub|sup|u|mark|time|abbr|cite|q)\b[^<>]*>", re.I)


def flattened(text: str) -> str:
    """The text of HTML that is nested too deeply to parse, as HTML of paragraphs."""
    text = _INLINE.sub("", _UNSEEN.sub(" ", text))
    pieces = (" ".join(piece.split()) for piece in re.split(r"<[^<>]*>", text))
    return "<html><body>" + "".join(f"<p>{piece}</p>" for piece in pieces if piece) + "</body></html>"


def nests_too_deep(text: str) -> bool:
    """Whether a text opens more elements in a row than any page does."""
    return bool(_TAGS_IN_A_ROW.search(text))


def steps(root: Element) -> Iterator[tuple[str, Element]]:
    """Itself and each element beneath, with ``start`` where it begins and ``end`` where it ends."""
    yield from etree.iterwalk(root, events=("start", "end"))


def names_with(pattern: re.Pattern[str]) -> Callable[[str], bool]:
    """Whether a pattern is in an element's class names in small letters, remembered: a page gives the same
    ones to many."""
    return lru_cache(maxsize=4096)(lambda names: bool(pattern.search(names.lower())))


_NO_TEXT = frozenset(("script", "style", "template"))


def all_text(element: Element) -> str:
    """All text in an element, that of scripts and styles too; never recurses."""
    if not len(element):
        return element.text or ""
    return str(etree.tostring(element, method="text", encoding="unicode", with_tail=False))


def text_of(element: Element) -> str:
    """All text in an element, without scripts and styles; never recurses."""
    if not len(element):
        return "" if element.tag in _NO_TEXT else clean(element.text or "")
    if next(element.iter(*_NO_TEXT), None) is None:
        return clean(all_text(element))
    parts: list[str] = []
    for event, node in steps(element):
        if event == "start":
            if node.tag in _NO_TEXT:
                continue
            parts.append(node.text or "")
        elif node is not element:
            parts.append(node.tail or "")
    return clean("".join(parts))


def attribute(element: Element, name: str) -> str:
    """An attribute's value, or an empty string."""
    return element.get(name) or ""
