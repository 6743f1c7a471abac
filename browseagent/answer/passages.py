"""Evidence units: the sentences, table rows, list items and code blocks of a document.

A unit is the smallest thing that is quoted: a sentence, a whole table row, a whole piece of code, a term
with the few words that tell what it is.
What it means often hangs on what stands above it, so each unit knows its headings and, for a row,
its column headers; those help to find it and are shown to the model, but are no part of the quote.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from browseagent.answer.labelled import as_read
from browseagent.answer.lexical import MIN_WORDS, words
from browseagent.answer.quotes import is_quotable, make_quote, trimmed
from browseagent.answer.struck import standing
from browseagent.read.rest import FRAMES
from browseagent.read.text import sentences
from browseagent.records import Block, BlockKind, Document, Passage, Quote

HEADING = -1
_SPLIT = (BlockKind.PARAGRAPH, BlockKind.QUOTE, BlockKind.ITEM)
_TOLD_CHARS = 200
"""Up to here what stands after a term is read at a glance, and quoted with it; else it is sentences."""


@dataclass(frozen=True, slots=True)
class Unit:
    """One evidence unit and what surrounds it."""

    passage: Passage
    block: Block
    """The block that it is of; a term's, that of what explains it."""
    section: tuple[str, ...]
    """Headings above it, outermost first; the document's title where it has no heading."""
    group: int
    """Number of the paragraph, list or table that it belongs to; :data:`HEADING` where it is a heading."""
    previous: str
    """The sentence before it in the same block, or for an item or a row what introduces the list or
    table; empty where there is none."""

    @property
    def text(self) -> str:
        """The words that would be quoted."""
        return self.passage.text

    @property
    def stretches(self) -> tuple[tuple[int, int], ...]:
        """The spans of the document that it is of, each of one block: a term's own is the first of two."""
        start, end = self.passage.start, self.passage.end
        if start >= self.block.start:
            return ((start, end),)
        document = self.passage.document
        told = trimmed(document.text, self.block.start, end)
        return trimmed(document.text, start, self.block.start), told

    @property
    def reading(self) -> str:
        """The unit as a model reads it: a row as ``header: cell`` pairs, a term before a colon, anything else
        as it is, with its labels and without what is struck out."""
        document = self.passage.document
        if self.block.kind is not BlockKind.ROW:
            told = [as_read(document, start, end) for start, end in self.stretches]
            return told[0] + "".join(after_term(told[0]) + words for words in told[1:])
        cells = [(cell.header, as_read(document, cell.start, cell.end)) for cell in self.block.cells]
        return "; ".join(f"{header}: {value}" if header else value for header, value in cells if value)


def after_term(term: str) -> str:
    """What is put between a term and what explains it, where the page has them one above the other."""
    return " " if term.endswith((":", "：", "?", "？")) else ": "


def units(document: Document, *, for_reader: bool = False) -> tuple[Unit, ...]:
    """All evidence units of a document, in its order. Headings and header rows are context, except
    that a document of nothing else is read by its headings; ``for_reader`` has each heading too, in its
    place, and a term (``<dt>``) with what explains it as one where that is short."""
    found: list[Unit] = []
    headings: dict[int, str] = {}
    group, table, lead = -1, -1, ""
    previous_kind: BlockKind | None = None
    explained = _explained(document) if for_reader else {}
    terms = {id(term) for term in explained.values()}
    frame, repeated = "", False
    for block in document.blocks:
        if id(block) in terms:
            continue
        within = block.place if block.place in FRAMES else ""
        if within != frame and not repeated:
            headings, lead = {}, ""
        frame, repeated = within, block.kind is BlockKind.HEADING and not block.place
        text = " ".join(document.block_text(block).split())
        if block.kind is BlockKind.HEADING:
            headings = {level: title for level, title in headings.items() if level < block.level}
            if for_reader:
                found += _of_block(document, block, _section(document, headings), HEADING, "")
            headings[block.level] = text
            previous_kind, lead = block.kind, text
            continue
        continues = (block.kind is previous_kind is BlockKind.ITEM) or (
            block.kind is BlockKind.ROW and previous_kind is BlockKind.ROW and block.table == table
        )
        group += not continues
        previous_kind, table = block.kind, block.table
        of_block = _of_block(document, block, _section(document, headings), group, lead)
        if (term := explained.get(id(block))) is not None:
            passage = Passage(document, term.start, of_block[0].passage.end)
            of_block = [replace(of_block[0], passage=passage)]
        found += of_block
        if block.kind is BlockKind.PARAGRAPH:
            lead = text
    if not found:
        headings_only = [block for block in document.blocks if block.kind is BlockKind.HEADING]
        for number, block in enumerate(headings_only):
            found += _of_block(document, block, (), number, "")
    return tuple(found)


def _explained(document: Document) -> dict[int, Block]:
    """The terms of what explains them in a few words, by the ``id`` of the block of these."""
    return {
        id(block): term
        for term, block in zip(document.blocks, document.blocks[1:], strict=False)
        if term.term == term.end - term.start
        and term.kind in _SPLIT
        and block.kind in _SPLIT
        and not block.term
        and block.place == term.place
        and block.end - block.start <= _TOLD_CHARS
        and standing(document, term.start, term.end)
        and len(_of_block(document, block, (), 0, "")) == 1
    }


def _section(document: Document, headings: Mapping[int, str]) -> tuple[str, ...]:
    """The headings above, by level; the title where there is none."""
    return tuple(headings[level] for level in sorted(headings)) or (
        (document.title,) if document.title else ()
    )


def _of_block(
    document: Document, block: Block, section: tuple[str, ...], group: int, lead: str
) -> list[Unit]:
    if block.kind is BlockKind.ROW and block.is_header:
        return []
    spans = [trimmed(document.text, block.start, block.end)]
    if block.kind in _SPLIT:
        spans = sentences(document.text, block.start, block.end)
    made: list[Unit] = []
    previous = lead if block.kind in (BlockKind.ITEM, BlockKind.ROW) else ""
    for start, end in _joined(document.text, spans):
        if not is_quotable(document, start, end) or not standing(document, start, end):
            continue
        unit = Unit(Passage(document, start, end), block, section, group, previous)
        made.append(unit)
        previous = unit.reading
    return made


def _joined(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Sentences too short to be quoted ("Yes.", "Dr. Wu.") joined to the one before, or after."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and (_is_short(text[start:end]) or _is_short(text[slice(*joined[-1])])):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _is_short(text: str) -> bool:
    return len(words(text)) < MIN_WORDS


def quote_of(unit: Unit) -> Quote:
    """The words of a unit as a quote."""
    return make_quote(unit.passage.document, unit.passage.start, unit.passage.end)
