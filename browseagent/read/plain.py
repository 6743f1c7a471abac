"""Plain text: paragraphs stand between blank lines; nothing but white space is changed."""

from __future__ import annotations

import re

from browseagent.read.characters import clean
from browseagent.read.chunks import Chunk
from browseagent.records import BlockKind

_BLANK = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


def plain_chunks(text: str) -> list[Chunk]:
    """One paragraph for each run of lines without a blank line between them."""
    text = clean(text).replace("\x0b", "\n")
    chunks = []
    for part in _BLANK.split(text):
        lines = [line.rstrip() for line in part.split("\n")]
        body = "\n".join(lines).strip()
        if body:
            chunks.append(Chunk(BlockKind.PARAGRAPH, body))
    return chunks
