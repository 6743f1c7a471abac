"""The lists of a page, each with what names it, and the points that words with commas are made of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from browseagent.answer.struck import standing, unstruck
from browseagent.answer.typed.facts import facts_of
from browseagent.answer.typed.listing import listing_sheets
from browseagent.answer.typed.names import described_stems, likeness
from browseagent.answer.typed.sheet import Spot, heading_before, table_sheets
from browseagent.records import BlockKind, Document

_SPLIT = re.compile(r"\s*[;·|\n•]\s*|\s*,\s+(?:and\s+)?|\s+and\s+")


def label_fit(asked: frozenset[str], label: str) -> float:
    """Share of the words of a label that are asked for, or that mean the same."""
    said = described_stems(label)
    if not said or not asked:
        return 0.0
    known = [any(likeness(frozenset({word}), frozenset({each})) >= 2 for each in asked) for word in said]
    return sum(known) / len(said)


def lists_of(document: Document) -> Iterator[tuple[str, list[Spot]]]:
    """Every list of a page with what names it: items under a heading, columns, facts with several parts."""
    run: list[Spot] = []
    for block in (*document.blocks, None):
        if block is not None and block.kind is BlockKind.ITEM:
            span = unstruck(document, block.start, block.end)
            run += [Spot(*span)] if span is not None else []
        elif run:
            heading = heading_before(document, run[0].start)
            yield (document.text[heading.start : heading.end] if heading else document.title), run
            run = []
    for sheet in (*table_sheets(document), *listing_sheets(document)):
        for at, name in enumerate(sheet.columns):
            spots = [spot for row in sheet.rows if (spot := row[at]) is not None and not spot.url]
            if spots and sheet.kind != "facts":
                yield (sheet.title if at == 0 and sheet.kind == "listing" else name), spots
    facts = facts_of(document)
    for name, spot in zip(facts.columns, facts.rows[0], strict=True):
        if spot is not None:
            yield name, split(document, spot)


def split(document: Document, spot: Spot) -> list[Spot]:
    """The points that words with commas between them are made of."""
    out: list[Spot] = []
    at = spot.start
    for mark in (*_SPLIT.finditer(document.text, spot.start, spot.end), None):
        end = spot.end if mark is None else mark.start()
        if document.text[at:end].strip() and standing(document, at, end):
            out.append(Spot(at, end))
        at = end if mark is None else mark.end()
    return out
