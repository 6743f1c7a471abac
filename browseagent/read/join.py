"""One document from the pages of one article. Pure.

Each page is read by itself; here it is looked at whether the second is what the first goes on with, and
their texts are set one after the other. What the later page says again (title, byline, a closing line)
is left out; everything else keeps its words, and ``Document.parts`` says which page they stand on.
"""

from __future__ import annotations

import re
from dataclasses import replace

from browseagent.records import Block, BlockKind, Cell, Document, Link, Page, Part

MOST_PARTS = 20
"""Pages that are joined at most; the longest article that we met on several pages had 11."""
GAP = "\n\n"
_PAGE_MARK = re.compile(
    r"[\s\-–—|:·,(\[]*\b(?:page|pg\.?|part|seite|teil|pagina|página|страница)\s*\d+(?:\s*(?:of|/|von|de|sur|di)\s*\d+)?"
    r"[)\]]?|[\s\-–—|:·,]*[(\[]?\b\d+\s*(?:/|of|von|de|sur|di)\s*\d+[)\]]?|[\s\-–—|:·]*第\s*\d+\s*[页頁ページ]*",
    re.IGNORECASE,
)


def belongs(whole: Document, part: Document) -> bool:
    """Whether a page goes on with the article: it has its title (but for a page number), in the same
    language, and does not say the same over again."""
    if not part.text or part.language != whole.language:
        return False
    one, other = _unnumbered(whole.title), _unnumbered(part.title)
    if not one or not other:
        return False
    titled = one == other or (
        min(len(one), len(other)) >= 10 and (one.startswith(other) or other.startswith(one))
    )
    return titled and part.text not in whole.text


def join(whole: Document, part: Document) -> Document:
    """The document with the text of the next page set after it; its next page is that page's."""
    parts = whole.parts or (Part(whole.url, 0, len(whole.text), whole.page),)
    blocks = _new_blocks(whole, part)
    if not blocks:
        return replace(whole, next_url=part.next_url, parts=(*parts, _part(part, len(whole.text), 0)))
    start, end = blocks[0].start, blocks[-1].end
    base = len(whole.text) + len(GAP)
    shift = base - start
    tables = 1 + max((block.table for block in whole.blocks), default=-1)
    inside = [
        replace(link, start=link.start + shift, end=link.end + shift)
        if start <= link.start and link.end <= end
        else Link(link.url, link.text)
        for link in part.links
    ]
    chars = len(whole.text) + len(part.text)
    return replace(
        whole,
        text=whole.text + GAP + part.text[start:end],
        blocks=whole.blocks + tuple(_moved(block, shift, tables) for block in blocks),
        links=whole.links + tuple(inside),
        hidden=whole.hidden + part.hidden,
        beside=whole.beside + part.beside,
        omitted=whole.omitted + part.omitted,
        kept=(whole.kept * len(whole.text) + part.kept * len(part.text)) / max(1, chars),
        notes=tuple(dict.fromkeys((*whole.notes, *part.notes))),
        next_url=part.next_url,
        parts=(*parts, _part(part, base, end - start)),
    )


def _part(part: Document, start: int, length: int) -> Part:
    page: Page | None = part.page
    return Part(part.url, start, start + length, page)


def _new_blocks(whole: Document, part: Document) -> list[Block]:
    """The blocks of a page without those at its head and at its end that the article has already."""
    said = {_unnumbered(whole.block_text(block)) for block in whole.blocks}
    title = _unnumbered(whole.title)
    blocks = list(part.blocks)

    def repeated(block: Block) -> bool:
        text = _unnumbered(part.block_text(block))
        return text in said or (block.kind is BlockKind.HEADING and text == title) or not text

    # A run from the top only: a heading that returns further down ("Results") is no title.
    head = next((i for i, block in enumerate(blocks) if not repeated(block)), len(blocks))
    blocks = blocks[head:]
    while blocks and repeated(blocks[-1]):
        blocks.pop()
    return blocks


def _moved(block: Block, shift: int, tables: int) -> Block:
    return replace(
        block,
        start=block.start + shift,
        end=block.end + shift,
        cells=tuple(Cell(cell.start + shift, cell.end + shift, cell.header) for cell in block.cells),
        table=block.table + tables if block.table >= 0 else -1,
        marks=tuple(replace(mark, start=mark.start + shift, end=mark.end + shift) for mark in block.marks),
    )


def _unnumbered(text: str) -> str:
    """A title or byline folded, without the number of the page."""
    return " ".join(_PAGE_MARK.sub(" ", text).casefold().split()).strip(" -–—|:·,")
