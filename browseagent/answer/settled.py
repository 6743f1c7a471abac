"""Sentences that can be read alone: one that begins with a word for something said before is told with what
says it, one that a unit's full stop has cut in two is made whole.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import replace

from browseagent.answer.lexical import MIN_WORDS, words
from browseagent.answer.named import Name
from browseagent.answer.outline import COLONS, QUESTION_MARKS, RUNNING, THING_CHARS
from browseagent.answer.passages import Unit
from browseagent.answer.pieces import Piece, is_sentence
from browseagent.answer.typed.sheet import is_provable
from browseagent.read.text import sentences
from browseagent.records import Block, BlockKind, Document

REFERRING = frozenset("he she it they this that these those his her its their".split())  # noqa: SIM905
"""Words that stand for something said before: English's closed class of them."""
OF_PERSONS = frozenset(("he", "she", "they", "his", "her", "their"))
FURTHEST, SETTLED_CHARS = 2, 420
"""Sentences before one that are told with it at most, and characters of all of them."""
_OPENING = re.compile(r"\W*([A-Za-z]+)")
_TAKES_UP = re.compile(r"\W*(?:(?:yes|no)[,.!;:]|if (?:so|not|yes|no|the answer)\b)", re.I)
_SPEAKS_OF = re.compile(r"\W*(?:i|we|you)(?:\s+\w*[^\W\ds]){0,2}\s+(?:they|them|he|him|she)\b", re.I)
_LATER = re.compile(r"\W*\w+(?: \w+){1,3}, (?:he|she|they)\b", re.I)
_THIS_ONE = re.compile(r".*\b(?:this|that) one\b", re.I | re.S)
_CUT = re.compile(r"\d\s?[^\W\d_]{1,3}\.$")


def refers(text: str) -> bool:
    """Whether a text begins with a word for something said before, as "They", "We know they" and "In April,
    he" are, says "this one", or takes up a question."""
    found = _OPENING.match(text)
    begins = found is not None and found[1].casefold() in REFERRING
    return begins or any(form.match(text) for form in (_TAKES_UP, _SPEAKS_OF, _LATER, _THIS_ONE))


def speaks_of_persons(text: str) -> bool:
    """Whether a text begins with a word for people that it does not name."""
    found = _OPENING.match(text)
    return bool(found and found[1].casefold() in OF_PERSONS) or bool(_SPEAKS_OF.match(text))


def settled(document: Document, every: Sequence[Unit], piece: Piece) -> Piece | None:
    """A piece as it can be read alone; None where what it refers to is not beside it. ``every``: the units of
    the document. On a forum a post may speak of what the thread is about."""
    if not piece.is_sentence:
        return piece
    first, last = piece.place, piece.place + len(piece.units) - 1
    while _is_cut(every, first - 1):
        first -= 1
    while _is_cut(every, last):
        last += 1
    back = 0
    while refers(every[first].text):
        before = every[first - 1] if first else None
        if back < FURTHEST and before is not None and _goes_on(before, every[first]):
            first, back = first - 1, back + 1
        elif named := _named(document, every, first, piece):
            piece = named
            break
        elif document.kind == "forum":
            break
        else:
            return None
    if document.kind != "forum" and not every[first].text.endswith(QUESTION_MARKS):
        if first and _goes_on(every[first - 1], every[first]) and _is_listed(every, first - 1):
            first -= 1
        else:
            piece = _answering(document, every, first, piece)
    told = tuple(every[first : last + 1])
    size = told[-1].passage.end - told[0].passage.start
    if len(told) > len(piece.units) and size > SETTLED_CHARS:
        return None if refers(piece.units[0].text) else piece
    return replace(piece, units=told, place=first, grown=len(told) > 1)


def _is_listed(every: Sequence[Unit], number: int) -> bool:
    """Whether a unit is a question of a list of questions with their answers."""
    if not _is_lone_question(every[number]):
        return False
    beside = (at for step in range(1, len(every)) for at in (number + step, number - step))
    return any(_is_lone_question(every[at]) for at in beside if 0 <= at < len(every))


def _is_lone_question(unit: Unit) -> bool:
    """Whether a unit is a question that is a paragraph of its own."""
    block, text = unit.block, unit.text
    if not text.endswith(QUESTION_MARKS) or block.end - block.start > THING_CHARS:
        return False
    return text.strip() == unit.passage.document.block_text(block).strip()


def _answering(document: Document, every: Sequence[Unit], number: int, piece: Piece) -> Piece:
    """A piece with the heading right above it that asks what it answers."""
    head = _right_above(document, every, number)
    asks = head is not None and document.block_text(head).strip().endswith(QUESTION_MARKS)
    if (
        piece.heading is not None
        or head is None
        or not asks
        or not is_provable(document, head.start, head.end)
    ):
        return piece
    return replace(piece, heading=Name(document, head.start, head.end))


def _right_above(document: Document, every: Sequence[Unit], number: int) -> Block | None:
    """The heading above a unit, where no other unit stands between."""
    start, blocks = every[number].block.start, document.blocks
    least = every[number - 1].passage.start if number else 0
    at = bisect_right(blocks, start, key=lambda block: block.start) - 1
    while at >= 0 and blocks[at].start >= least:
        if blocks[at].kind is BlockKind.HEADING and blocks[at].end <= start:
            return blocks[at]
        at -= 1
    return None


def _is_cut(every: Sequence[Unit], number: int) -> bool:
    """Whether a unit ends at what may be a short form of a measure, or at a sentence of a word or two ("The
    quality."), and another of its block comes next."""
    if not 0 <= number < len(every) - 1 or every[number].block != every[number + 1].block:
        return False
    text = every[number].text
    start, end = sentences(text, 0, len(text))[-1]
    return bool(_CUT.search(text)) or (start > 0 and len(words(text[start:end])) < MIN_WORDS)


def _goes_on(before: Unit, unit: Unit) -> bool:
    """Whether a unit goes on with what the one before says."""
    prose = before.block.kind in RUNNING and unit.block.kind in RUNNING
    beside = before.block == unit.block or (prose and before.section == unit.section)
    return beside and before.block.post == unit.block.post


def _named(document: Document, every: Sequence[Unit], number: int, piece: Piece) -> Piece | None:
    """A piece with the heading right above it, which names what it speaks of; the page itself is what its
    first sentence speaks of, unless that is of a person."""
    if piece.heading is not None:
        return piece
    head = _right_above(document, every, number)
    if head is not None and document.kind != "forum":
        titled = document.block_text(head).strip() == document.title
        if not titled and is_provable(document, head.start, head.end):
            return replace(piece, heading=Name(document, head.start, head.end))
    text = every[number].text
    of_page = number == 0 or head is not None
    known = _OPENING.match(text) is not None and not speaks_of_persons(text)
    return piece if of_page and known and not _LATER.match(text) else None


def lengthened(every: Sequence[Unit], piece: Piece, most: int, *, before: bool = False) -> Piece:
    """A sentence with those that follow it in its post, up to so many characters; ``before``: and
    with those that lead to it."""
    if not piece.is_sentence:
        return piece
    first, last = piece.place, piece.place + len(piece.units) - 1
    while last + 1 < len(every) and _follows(every, last + 1) and _size(every, first, last + 1) <= most:
        last += 1
    while last > piece.place and every[last].text.endswith(COLONS):
        last -= 1  # it introduces what is not told
    while before and first and _follows(every, first) and _size(every, first - 1, last) <= most:
        first -= 1
    told = tuple(every[first : last + 1])
    return replace(piece, units=told, place=first, grown=len(told) > 1)


def _follows(every: Sequence[Unit], number: int) -> bool:
    """Whether a sentence goes on with the unit before it, in one post and section."""
    unit, after = every[number - 1], every[number]
    prose = unit.block.kind in RUNNING and after.block.kind in RUNNING
    same = after.block.post == unit.block.post and after.section == unit.section
    both = prose and is_sentence(unit) and is_sentence(after)
    return same and (after.block == unit.block or both)


def _size(every: Sequence[Unit], first: int, last: int) -> int:
    return every[last].passage.end - every[first].passage.start
