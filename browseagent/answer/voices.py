"""What others say on a page that is no thread: a comment, a quotation, what a customer says. Without its
speaker it would read as the page's own words."""

from __future__ import annotations

import re
from collections import Counter

from browseagent.answer.contents import LISTS
from browseagent.records import Block, BlockKind, Document

FEWEST, PART, MOST = 3, 0.5, 0.75
"""Headings from which on those that come after what they name are the speakers' names; share of the text from
which on one post is the page itself, and all that others say is."""
_FIRST_PERSON = re.compile(r"\b(?:I|[Mm]e|[Mm]y|[Ww]e|us|[Oo]ur)\b")
_SINGULAR = re.compile(r"\b(?:I|[Mm]e|[Mm]y)\b")
_AUTHORED = frozenset(("article", "forum", "documentation"))
"""Kinds of which somebody is the author."""
_BOX = re.compile(r"(?:checkbox|radio|switch) “((?:[^”\s]+\s+){2,}[^”]*)”", re.S)
"""A box to tick with a label of three words or more, as :mod:`browseagent.read.beside` tells of it."""
_QUOTED = re.compile(r"""\s*["“„«].*["”“»]\s*""", re.S)


def others_blocks(document: Document) -> frozenset[int]:
    """Where the blocks begin in which somebody else than the page speaks: posts, quotations, and texts that
    have the name of the speaker below, or of one person on the page of many, none of these where the page is
    made of them; and what a visitor says by ticking a box."""
    found = {block.start for block in document.blocks if _is_quoted(document, block)}
    sizes = Counter[int]()
    for block in document.blocks:
        sizes[block.post] += block.end - block.start
    for block in document.blocks if document.kind not in LISTS else ():
        post = document.posts[block.post] if block.post >= 0 else None
        own = post is None or sizes[block.post] >= PART * len(document.text) or post.author == document.author
        if not own:
            found.add(block.start)
    found |= _named_below(document) | _of_one(document)
    size = sum(block.end - block.start for block in document.blocks if block.start in found)
    return frozenset(found if size < MOST * len(document.text) else ()) | _ticked(document)


def _of_one(document: Document) -> set[int]:
    """Where the blocks begin in which one person speaks, on a page that is nobody's and does not describe
    itself so: what a customer says."""
    head = document.head
    said = document.author or (head is not None and _SINGULAR.search(head.text))
    if said or document.kind in _AUTHORED:
        return set()
    return {block.start for block in document.blocks if _SINGULAR.search(document.block_text(block))}


def _ticked(document: Document) -> set[int]:
    """Where the blocks begin that a visitor says by ticking a box: its label, in the first person."""
    labels = tuple(found[1] for found in map(_BOX.match, document.beside) if found)
    return {
        block.start
        for block in document.blocks
        if labels and (text := document.block_text(block)).startswith(labels) and _FIRST_PERSON.search(text)
    }


def _is_quoted(document: Document, block: Block) -> bool:
    """Whether a block is a quotation, by the markup or all of it in quotation marks, in the first person."""
    text = document.block_text(block)
    quoted = block.kind is BlockKind.PARAGRAPH and _QUOTED.fullmatch(text)
    return bool((block.kind is BlockKind.QUOTE or quoted) and _FIRST_PERSON.search(text))


def _named_below(document: Document) -> set[int]:
    """Paragraphs that alternate with headings of one rank, the last of which has nothing below, most of them
    in the first person: each heading names who says what stands above it."""
    found: set[int] = set()
    blocks, at = document.blocks, 0
    while at < len(blocks):
        run: list[Block] = []
        end, level = at, 0
        while end + 1 < len(blocks):
            above, head = blocks[end], blocks[end + 1]
            alike = head.kind is BlockKind.HEADING and head.level == (level or head.level)
            if above.kind is not BlockKind.PARAGRAPH or not alike:
                break
            level, end = head.level, end + 2
            run.append(above)
        bare = end == len(blocks) or 0 < blocks[end].level < level
        said = sum(bool(_FIRST_PERSON.search(document.block_text(block))) for block in run)
        if len(run) >= FEWEST and bare and 2 * said > len(run):
            found.update(block.start for block in run)
        at = max(end, at + 1)
    return found
