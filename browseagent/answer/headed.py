"""What some things that a page lists are called together: as the page, or as the heading above them, where
its structure shows that this is theirs.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from browseagent.answer.lexical import folded
from browseagent.answer.named import Name
from browseagent.answer.page_name import page_name
from browseagent.answer.quotes import locate
from browseagent.answer.tables.anchors import anchors_of
from browseagent.answer.typed.sheet import is_provable
from browseagent.answer.values import has_amount
from browseagent.read.placed import PlacedLinks
from browseagent.records import Block, BlockKind, Document

FEWEST = 4
"""Things from which on a page lists them."""
EARLY = 0.5
"""Share of the text up to which a list that begins there is what the whole page is about."""


def head_of(document: Document, names: Sequence[Name]) -> Name | None:
    """What some things are called together: as the page that begins with them, else as the heading above;
    nothing where others come between that and them, where they stand beside the main text, which tells of
    something else, or where one of them is called so."""
    head = _head_of(document, names[0])
    return None if head is not None and head.words in {name.words for name in names} else head


def _head_of(document: Document, first: Name) -> Name | None:
    place, own = place_of(document, first), page_name(document)
    if place is not None and own is not None and own.document == document:
        links = PlacedLinks(document)
        between = [block for block in document.blocks if own.end <= block.start and block.end < place]
        heads = [block for block in between if block.kind is BlockKind.HEADING]
        others = sum(links.first(block.start, block.end) is not None for block in heads)
        if first.document == document and others >= FEWEST:
            return None
    if place is not None and place <= EARLY * len(document.text) and own is not None:
        return own
    above = _heading_above(first)
    if above is not None and above.words and is_provable(above.document, above.start, above.end):
        return above
    return own if first.document == document else None


def _heading_above(first: Name) -> Name | None:
    """The nearest heading above, of a thing that is a heading itself the nearest of a higher rank; None where
    that is a link, as the names of things are, names a price, or items of another list stand below it."""
    head = _nearest_heading(first)
    if head is None or anchors_of(first.document).of(head.start, head.end) is not None:
        return None
    others = [
        block for block in first.document.blocks if head.end <= block.start and block.end <= first.start
    ]
    if has_amount(first.document.block_text(head)) or any(each.kind is BlockKind.ITEM for each in others):
        return None
    return Name(first.document, head.start, head.end)


def _nearest_heading(first: Name) -> Block | None:
    blocks = first.document.blocks
    before = [block for block in blocks if block.kind is BlockKind.HEADING and block.start <= first.start]
    own = before.pop() if before and before[-1].end > first.start else None
    return next((block for block in reversed(before) if own is None or block.level < own.level), None)


def are_of_another(document: Document, names: Sequence[Name]) -> bool:
    """Whether some things beside the main text, which has none of them, stand under a heading that is not the
    page's: they are what else a site has."""
    if not names or any(name.words in document.text for name in names):
        return False
    own, text = page_name(document), names[0].document
    before = [block for block in text.blocks if block.end <= names[0].start]
    run = takewhile(lambda block: block.kind is BlockKind.HEADING, reversed(before))
    known = folded(own.words) if own is not None else ""
    nearest = _nearest_heading(names[0])
    heads = [*run, *([nearest] if nearest is not None else [])]
    return any(folded(text.block_text(head)) != known for head in heads)


def place_of(document: Document, name: Name) -> int | None:
    """Where a name stands in the main text, be it the same words; None where it does not."""
    if name.document == document:
        return name.start
    found = locate(document, name.words)
    return None if found is None else found[0]
