"""From HTML text to an lxml tree, whatever the text is."""

from __future__ import annotations

import re
from typing import Any

from lxml import etree, html

from browseagent.read.characters import clean

Element = Any
"""An lxml element; lxml ships no types."""

_NUL = re.compile("\0")


def parse(text: str) -> Element | None:
    """The root element of an HTML text, or None where there is nothing in it."""
    text = _NUL.sub("", text)
    if not text.strip():
        return None
    parser = html.HTMLParser(
        encoding="utf-8", remove_comments=True, remove_pis=True, huge_tree=True, no_network=True
    )
    try:
        return etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def text_of(element: Element) -> str:
    """All text in an element, without scripts and styles; never recurses."""
    parts: list[str] = []
    for event, node in etree.iterwalk(element, events=("start", "end")):
        if event == "start":
            if node.tag in ("script", "style", "template"):
                continue
            parts.append(node.text or "")
        elif node is not element:
            parts.append(node.tail or "")
    return clean("".join(parts))


def attribute(element: Element, name: str) -> str:
    """An attribute's value, or an empty string."""
    return element.get(name) or ""
