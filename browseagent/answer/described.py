"""What a page says of itself in its head, where that says what it is about."""

from __future__ import annotations

from dataclasses import replace

from browseagent.answer.chooser import calls
from browseagent.answer.lexical import terms, words
from browseagent.answer.passages import Unit, units
from browseagent.answer.pieces import ENDS, Piece
from browseagent.answer.settled import speaks_of_persons
from browseagent.records import BlockKind, Document

LEAST_WORDS, MOST_CHARS, UNCUT = 6, 240, 150
"""Words of a sentence at least; characters that are told; those of a description up to which it is not cut,
be its end without a mark."""
BORNE_OUT = 0.34
"""Share of its content words that stand on the page too."""
FRESH = 4
"""Content words at least that the title has not."""
LISTED = 0.34
"""Commas for each word from which on it lists keywords."""
_OTHERS = ("forum", "product")
"""Kinds of which the first post and the offer say more."""
_CUT = ("…", "...")


def described(document: Document) -> Piece | None:
    """The sentences by which a page describes itself, where they are whole, stand alone, and the page's own
    words bear them out; None where it has none such."""
    head = document.head
    if head is None or document.kind in _OTHERS:
        return None
    head = replace(head, kind=document.kind)
    every = [unit for unit in units(head) if unit.block.kind is not BlockKind.HEADING]
    told: list[Unit] = []
    for unit in every:
        fits = _says_something(document, unit) and not (told and calls(unit.text))
        size = unit.passage.end - (told or [unit])[0].passage.start
        if not fits or size > MOST_CHARS:
            if told:
                break
            continue
        told.append(unit)
    if not told or speaks_of_persons(told[0].text):
        return None
    said = set(terms(" ".join(unit.text for unit in told)))
    rest = document.rest.text if document.rest is not None else ""
    known = set(terms(f"{document.title} {document.text} {rest}"))
    borne_out = len(said & known) >= BORNE_OUT * len(said)
    fresh = said.difference(terms(document.title))
    says_more = borne_out and len(fresh) >= FRESH
    return Piece(tuple(told), -1, None, grown=len(told) > 1) if says_more else None


def _says_something(document: Document, unit: Unit) -> bool:
    """Whether a sentence is whole, and neither the page's title again nor a list of keywords."""
    text, count = unit.text, len(words(unit.text))
    whole = text.endswith(ENDS) or unit.block.end - unit.block.start < UNCUT
    cut = text.endswith(_CUT) or not whole
    listed = text.count(",") > LISTED * count
    return count >= LEAST_WORDS and not cut and not listed and "<" not in text
