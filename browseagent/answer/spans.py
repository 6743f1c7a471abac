"""Candidate short answers: the spans of a unit that have the form that the question expects."""

from __future__ import annotations

import re
from collections.abc import Iterator

from browseagent.answer.expect import DATE, NAME, NUMBER, Expected, follows, money_pattern
from browseagent.answer.lexical import STOP_WORDS, question_terms, terms
from browseagent.answer.passages import Unit
from browseagent.answer.struck import blanked, standing
from browseagent.records import BlockKind

_MAX_WORDS = 10
_MAX_CANDIDATES = 32
_CLAUSE = re.compile(r"[^,;:()\[\]\"“”\t\n—–]+")
_WORD = re.compile(r"[^\s,;:()\[\]\"“”—–]+")
_UNIT_WORD = re.compile(r"\s?%|[ \u00a0-][A-Za-z°µ²³/%]+(?:[ \u00a0](?:of|per)[ \u00a0][A-Za-z]+)?")
_FORMER = re.compile(r"(?:was|were|rrp|before|formerly|instead of|old price|list price)\W{0,3}$", re.I)
_PAST = re.compile(r"\b(was|were|did|before|former|old|original|usual|used to|rrp)\b", re.I)
_TRIM = " \t\n.,;:!?'\"’”“"


def candidates(question: str, unit: Unit, kind: Expected) -> list[tuple[int, int]]:
    """Spans of the document that could answer, in the order in which they stand; at most 32.

    A span whose every content word is already in the question says nothing new and is left out.
    """
    if kind is Expected.STATEMENT:
        return []
    asked = set(question_terms(question))
    found: list[tuple[int, int]] = []
    for start, end in _raw(question, unit, kind):
        start, end = _trimmed(unit.passage.document.text, start, end)
        content = set(terms(unit.passage.document.text[start:end]))
        if start < end and (content - asked) and (start, end) not in found:
            found.append((start, end))
    return found[:_MAX_CANDIDATES]


def _raw(question: str, unit: Unit, kind: Expected) -> Iterator[tuple[int, int]]:
    passage = unit.passage
    text, base = blanked(passage.document, passage.start, passage.end), passage.start
    if unit.block.kind is BlockKind.ROW:
        for cell in unit.block.cells:
            yield from standing(passage.document, cell.start, cell.end)
        return
    if kind is Expected.NUMBER:
        for match in _numbers(question, text):
            following = _UNIT_WORD.match(text, match.end())
            if following:
                yield base + match.start(), base + following.end()
            if not following or follows(question) is None:
                yield base + match.start(), base + match.end()
    elif kind is Expected.MONEY:
        yield from ((base + match.start(), base + match.end()) for match in _amounts(question, text))
    elif kind is Expected.DATE:
        yield from ((base + match.start(), base + match.end()) for match in DATE.finditer(text))
    elif kind is Expected.NAME:
        for match in NAME.finditer(text):
            yield base + match.start(), base + match.end()
            yield from _without_lead(text, base, match)
    else:
        yield from _chunks(text, base)


def is_former(question: str, text: str, start: int) -> bool:
    """Whether what begins at ``start`` is a former price, and the question is not of the past."""
    return _PAST.search(question) is None and _FORMER.search(text[max(0, start - 30) : start]) is not None


def _amounts(question: str, text: str) -> list[re.Match[str]]:
    """The amounts of money of a text, without former prices unless the question is of the past."""
    found = list(money_pattern().finditer(text))
    if _PAST.search(question):
        return found
    return [match for match in found if not _FORMER.search(text, 0, match.start())] or found


def _numbers(question: str, text: str) -> list[re.Match[str]]:
    """The numbers of a text; those followed by what the question counts or measures, if there are any."""
    found = list(NUMBER.finditer(text))
    wanted = follows(question)
    if wanted is None:
        return found
    return [match for match in found if wanted.match(text, match.end())] or found


def _without_lead(text: str, base: int, match: re.Match[str]) -> Iterator[tuple[int, int]]:
    """A name at the start of a sentence may be led by a word that is only capital there."""
    first, _, rest = match.group().partition(" ")
    if match.start() == 0 and rest and first.lower() in STOP_WORDS:
        yield base + match.start() + len(first) + 1, base + match.end()
    if " and " in match.group():
        at = match.start()
        for part in match.group().split(" and "):
            yield base + at, base + at + len(part)
            at += len(part) + len(" and ")


def _chunks(text: str, base: int) -> Iterator[tuple[int, int]]:
    """Clause pieces and the runs of content words within them."""
    for clause in _CLAUSE.finditer(text):
        tokens = list(_WORD.finditer(text, clause.start(), clause.end()))
        run: list[re.Match[str]] = []
        joined: list[list[re.Match[str]]] = []
        for token in tokens:
            if token.group().lower() in STOP_WORDS:
                if run:
                    joined.append(run)
                run = []
            else:
                run.append(token)
        if run:
            joined.append(run)
        for i, part in enumerate(joined):
            if len(part) <= _MAX_WORDS:
                yield base + part[0].start(), base + part[-1].end()
            if i + 1 < len(joined):
                both = text[part[0].start() : joined[i + 1][-1].end()]
                if (
                    len(both.split()) <= _MAX_WORDS
                    and len(both.split()) <= len(part) + len(joined[i + 1]) + 2
                ):
                    yield base + part[0].start(), base + joined[i + 1][-1].end()


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    while start < end and text[start] in _TRIM:
        start += 1
    while end > start and text[end - 1] in _TRIM:
        end -= 1
    return start, end
