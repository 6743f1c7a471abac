"""The facts of a page as one row: attribute tables, terms with what explains them, lines such as
``Price: 12 EUR``, and what stands about its title on the page of one thing (its price, its rating)."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import zip_longest

from browseagent.answer.struck import unstruck
from browseagent.answer.typed.lines import form_of, labelled, told
from browseagent.answer.typed.sheet import Sheet, Spot, is_provable, table_sheets
from browseagent.answer.values import date_span
from browseagent.records import Block, BlockKind, Document

_HEAD = 8
"""Blocks after the title in which what is short tells of the thing itself."""
_CODE = re.compile(
    r"(?:^|[·|,–-]\s*)(?:item|sku|model|art(?:icle|\.)?)(?: ?(?:no\.?|number|code))?\s*[:#]?\s*"
    r"(?P<code>(?=[\w-]*\d)[\w-]{3,20})\s*$",
    re.I,
)
_BRAND = re.compile(r"(?P<brand>[^\W\d][\w&’' -]{1,30}?)\s*[·|]")
_BYLINE = re.compile(r"\s*by (?P<author>[^\W\d][\w.'’ -]{2,40}?)\s*(?:[·|,]|$)", re.I)


@lru_cache(maxsize=4)
def facts_of(document: Document) -> Sheet:
    """What a page says of the one thing that it is about; a name that is said twice, by its first value."""
    found: dict[str, Spot] = {}
    for name, spot in (*_from_head(document), *_from_tables(document), *_from_lines(document)):
        found.setdefault(name, spot)
    return Sheet(document, "facts", tuple(found), (tuple(found.values()),), document.title)


def _from_tables(document: Document) -> list[tuple[str, Spot]]:
    """Tables of names and values, and the only row of a table."""
    out: list[tuple[str, Spot]] = []
    for sheet in table_sheets(document):
        if sheet.kind == "facts":
            pairs = ((row[0], row[1]) for row in sheet.rows)
            out += [(sheet.words(name), value) for name, value in pairs if name and value]
        elif len(sheet.rows) == 1:
            cells = zip(sheet.columns, sheet.rows[0], strict=True)
            out += [(name, spot) for name, spot in cells if spot is not None]
    return out


def _from_lines(document: Document) -> list[tuple[str, Spot]]:
    """Terms and what explains them."""
    out: list[tuple[str, Spot]] = []
    for block, after in zip_longest(document.blocks, document.blocks[1:]):
        if block.kind in (BlockKind.HEADING, BlockKind.ROW, BlockKind.CODE):
            continue
        whole = block.term == block.end - block.start
        if whole and after is not None and after.kind is not BlockKind.HEADING and not after.term:
            span = unstruck(document, after.start, after.end)
            out += [(document.block_text(block).rstrip(" :："), Spot(*span))] if span is not None else []
        else:
            out += labelled(document, block)
    return out


def _from_head(document: Document) -> list[tuple[str, Spot]]:
    """The title, and the short lines about it up to the next heading."""
    blocks = document.blocks
    heads = [number for number, block in enumerate(blocks) if block.kind is BlockKind.HEADING]
    at = next((number for number in heads if blocks[number].level == 1), heads[0] if heads else None)
    if at is None or not is_provable(document, blocks[at].start, blocks[at].end):
        return []
    out = [("title", Spot(blocks[at].start, blocks[at].end))]
    until = next((number for number in heads if number > at), len(blocks))
    for number in (*range(max(0, at - 2), at), *range(at + 1, min(until, at + 1 + _HEAD))):
        block = blocks[number]
        if block.kind is not BlockKind.PARAGRAPH:
            continue
        out += _of_line(document, block)
    return out


def _of_line(document: Document, block: Block) -> list[tuple[str, Spot]]:
    text = document.block_text(block)
    code, byline = _CODE.search(text), _BYLINE.match(text)
    out: list[tuple[str, Spot]] = []
    if code is not None:
        out.append(("sku", Spot(block.start + code.start("code"), block.start + code.end("code"))))
        if (brand := _BRAND.match(text)) is not None:
            out.append(("brand", Spot(block.start + brand.start("brand"), block.start + brand.end("brand"))))
    elif byline is not None:
        out.append(("author", Spot(block.start + byline.start("author"), block.start + byline.end("author"))))
        day = date_span(text, document.language)
        out += [("date", Spot(block.start + day[0], block.start + day[1]))] if day is not None else []
    elif (form := form_of(text, document.language)) != "text" or (len(text) > 40 and "." in text):
        lines = told(document, block.start, block.end)
        out += lines if form != "text" else [("description", Spot(block.start, block.end))]
    return [(name, spot) for name, spot in out if is_provable(document, spot.start, spot.end)]
