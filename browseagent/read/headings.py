"""Which elements are headings: by their tag, or by the role that a page gives them, where that is no mistake.

Some forums give every post the role of a heading, so that screen readers can go from one to the next. What
such an element says is a text; were it a heading, what follows it would stand beneath it: the next writer's
name beneath the former post.
"""

from __future__ import annotations

import re

from lxml import etree

from browseagent.read.dom import Element, text_of
from browseagent.read.nodes import Node, signature_of

HEADINGS = {f"h{level}": level for level in range(1, 7)}
_CALLED = etree.XPath("descendant::*[@role='heading']")
_ABOVE = 4
"""Elements that a heading's words stand in, itself among them."""
_SENTENCE = re.compile(r"\w[.!…]+[\"'”’)]*$")


def posts(root: Element) -> frozenset[str]:
    """The signatures of elements that have the role of a heading and are none: one of them holds several
    paragraphs, and one of these ends as sentences do."""
    return frozenset(signature_of(each.tag, each.attrib) for each in _CALLED(root) if _is_text(each))


def level_of(node: Node | None, posts: frozenset[str]) -> int:
    """Level of the heading that a node is or stands in; 0 where there is none."""
    for _ in range(_ABOVE):
        if node is None:
            return 0
        if node.tag in HEADINGS:
            return HEADINGS[node.tag]
        if node.attributes.get("role") == "heading" and node.signature not in posts:
            said = node.attributes.get("aria-level") or "2"
            return min(6, max(1, int(said))) if said.isascii() and said.isdigit() else 2
        node = node.parent
    return 0


def _is_text(element: Element) -> bool:
    paragraphs = [text_of(each).strip() for each in element.iter("p")]
    return len(paragraphs) > 1 and any(map(_SENTENCE.search, paragraphs))
