"""What a page says of itself in its head: what its window is called, and its description of itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from html import unescape

from browseagent.read.beside import window_title
from browseagent.read.chunks import Chunk
from browseagent.read.dom import Element
from browseagent.read.text import fold_space
from browseagent.records import BlockKind

PLACE = "head"
"""Where that stands."""
_DESCRIPTIONS = ("description", "og:description")


def head_of(root: Element, tags: Mapping[str, str]) -> Iterator[Chunk]:
    """The title as a heading and the description as a paragraph, as far as a page has them: of two
    descriptions the longer one. ``tags``: the page's ``<meta>`` elements."""
    said = fold_space(unescape(max((tags.get(name, "") for name in _DESCRIPTIONS), key=len)))
    for chunk in (
        Chunk(BlockKind.HEADING, window_title(root), level=1),
        Chunk(BlockKind.PARAGRAPH, said),
    ):
        if chunk.text:
            chunk.place = PLACE
            yield chunk
