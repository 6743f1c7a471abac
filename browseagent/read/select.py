"""Which chunks of a page are its main content."""

from __future__ import annotations

from dataclasses import dataclass

from browseagent.read.chunks import Chunk
from browseagent.read.dom import Element
from browseagent.read.walk import Node


@dataclass(frozen=True, slots=True)
class Selection:
    """The chunks that are the page's own text, and what kind of page it is."""

    chunks: list[Chunk]
    kind: str = "article"
    notes: tuple[str, ...] = ()


_APART = frozenset(("nav", "footer", "aside", "button", "header"))


def select(chunks: list[Chunk], root: Element, url: str) -> Selection:
    """First slice: everything outside navigation, footers and asides."""
    kept = [chunk for chunk in chunks if not _is_apart(chunk.node)]
    return Selection(kept or chunks)


def _is_apart(node: Node | None) -> bool:
    while node is not None:
        if node.tag in _APART or node.attributes.get("role") in ("navigation", "contentinfo"):
            return True
        node = node.parent
    return False
