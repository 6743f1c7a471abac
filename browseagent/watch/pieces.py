"""The pieces of a document as they are compared: their words without typography, where they stand, what they
are said of, where their links lead. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from browseagent.read.structured import MARK
from browseagent.read.text import with_struck
from browseagent.records import Block, BlockKind, Document
from browseagent.watch.folding import fold, fold_code, says

_STATED = re.compile(r"(Price: )(\d+\.\d+)(?![\d.])")


@dataclass(frozen=True, slots=True)
class Piece:
    """One block of a document."""

    text: str
    key: str
    kept: str
    """The text that is compared: without what is ignored."""
    where: str
    links: tuple[tuple[str, str], ...] = ()
    """Words and address of each."""
    code: bool = False
    listed: bool = False
    """Whether it is one of a list, or a row under the header of a table."""
    above: tuple[str, ...] = ()
    number: int | None = None
    """What it is said of, see :class:`~browseagent.watch.bound.Bound`."""


def pieces_of(document: Document, ignore: Sequence[re.Pattern[str]]) -> list[Piece]:
    """The pieces that say anything, in order; what ``ignore`` matches is not compared."""
    pieces = []
    headings: dict[int, str] = {}
    items: dict[int, str] = {}
    term: tuple[str, ...] = ()
    links = [link for link in document.links if link.start >= 0]
    at = 0
    for block in document.blocks:
        text = _with_struck(document, block)
        own = []
        while at < len(links) and links[at].start < block.end:
            own.append((links[at].text, links[at].url))
            at += 1
        listed = block.kind in (BlockKind.ITEM, BlockKind.ROW) and not block.is_header
        items = (
            {level: said for level, said in items.items() if level < block.level} if _is_item(block) else {}
        )
        above = (*_above(block, headings), *items.values(), *term)
        where = " › ".join((f"page {block.page}", *above) if block.page else above)
        piece = piece_of(text, ignore, where, block.kind)
        number = block.number if block.ordered else None
        piece = replace(piece, links=tuple(own), listed=listed, above=above, number=number)
        if says(piece.key):
            pieces.append(piece)
        said = " ".join(text.split())
        if _is_item(block):
            items[block.level] = said
        term = (said,) if block.term == block.end - block.start else ()
        if block.kind is BlockKind.HEADING:
            headings = {level: title for level, title in headings.items() if level < block.level}
            headings[block.level] = said
    return pieces


def piece_of(
    text: str, ignore: Sequence[re.Pattern[str]], where: str = "", kind: BlockKind = BlockKind.PARAGRAPH
) -> Piece:
    """A text as a piece of its own."""
    kept = without(_by_value(text), ignore)
    if kind is BlockKind.ROW:
        kept = in_columns(kept)
    code = kind is BlockKind.CODE
    return Piece(text, key_of(kept, code=code), kept, where, code=code)


def key_of(text: str, *, code: bool) -> str:
    """The text of a piece as it is compared."""
    return fold_code(text) if code else fold(text)


def in_columns(row: str) -> str:
    """A row with signs between its cells: a value in another column is another one."""
    return row.rstrip("\t").replace("\t", " | ")


def _with_struck(document: Document, block: Block) -> str:
    """The text of a block, with what is struck out between tildes."""
    struck = ((mark.start, mark.end) for mark in block.marks if mark.kind == "struck")
    return with_struck(document.text, struck, block.start, block.end)


def _by_value(text: str) -> str:
    """A price that the page's data state as it is compared: 2879.2 and 2879.20 are one."""
    stated = _STATED.match(text) if text.endswith(MARK) else None
    return text if stated is None else f"{stated[1]}{stated[2].rstrip('0').rstrip('.')}{text[stated.end() :]}"


def without(text: str, ignore: Sequence[re.Pattern[str]]) -> str:
    """The text without what the patterns match."""
    for pattern in ignore:
        text = pattern.sub("", text)
    return text


def _is_item(block: Block) -> bool:
    return block.kind is BlockKind.ITEM


def _above(block: Block, headings: dict[int, str]) -> list[str]:
    own = block.level if block.kind is BlockKind.HEADING else 7
    return [title for level, title in sorted(headings.items()) if level < own]
