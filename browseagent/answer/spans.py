"""Candidate short answers: the spans of a unit that have the form that the question expects."""

from __future__ import annotations

import re
from collections.abc import Iterator

from browseagent.answer.expect import places
from browseagent.answer.lexical import STOP_WORDS, terms
from browseagent.answer.passages import Unit
from browseagent.answer.question import Kind, Question
from browseagent.answer.struck import blanked, standing
from browseagent.records import BlockKind

_MAX_WORDS = 10
_MAX_CANDIDATES = 32
_CLAUSE = re.compile(r"[^,;:()\[\]\"“”\t\n—–]+")
_WORD = re.compile(r"[^\s,;:()\[\]\"“”—–]+")
_UNIT_WORD = re.compile(r"\s?%|[ \u00a0-][A-Za-z°µ²³/%]+(?:[ \u00a0](?:of|per)[ \u00a0][A-Za-z]+)?")
_FORMER = re.compile(r"(?:was|were|rrp|before|formerly|instead of|old price|list price)\W{0,3}$", re.I)
_TRIM = " \t\n.,;:!?'\"’”“"


def candidates(question: Question, unit: Unit) -> list[tuple[int, int]]:
    """Spans of the document that could answer, in the order in which they stand; at most 32.

    A span whose every content word is already in the question says nothing new and is left out.
    """
    if question.kind in (Kind.STEPS, Kind.YES_NO):
        return []
    asked = set(question.terms)
    found: list[tuple[int, int]] = []
    for start, end in _raw(question, unit):
        start, end = _trimmed(unit.passage.document.text, start, end)
        content = set(terms(unit.passage.document.text[start:end]))
        if start < end and (content - asked) and (start, end) not in found:
            found.append((start, end))
    return found[:_MAX_CANDIDATES]


def _raw(question: Question, unit: Unit) -> Iterator[tuple[int, int]]:
    passage = unit.passage
    text, base = blanked(passage.document, passage.start, passage.end), passage.start
    if unit.block.kind is BlockKind.ROW:
        for cell in unit.block.cells:
            yield from standing(passage.document, cell.start, cell.end)
        return
    kind, language = question.kind, passage.document.language
    if kind is Kind.NAME:
        for start, end in places(kind, text):
            yield base + start, base + end
            yield from _without_lead(text, base, start, end)
    elif kind in (Kind.PHRASE, Kind.LIST):
        yield from _chunks(text, base)
    else:
        found = list(places(kind, text, language))
        if kind is Kind.DURATION and not found:  # "how long" may be metres
            found = list(places(Kind.MEASURE, text, language))
        if kind is Kind.NUMBER:
            found = [span for span in found if _counts(question, text, span[1])] or found
            found += [(start, more.end()) for start, end in found if (more := _UNIT_WORD.match(text, end))]
        if kind is Kind.MONEY:
            found = [span for span in found if not is_former(question, text, span[0])] or found
        yield from ((base + start, base + end) for start, end in sorted(found))


def is_former(question: Question, text: str, start: int) -> bool:
    """Whether what begins at ``start`` is a former price, and the question is not of the past."""
    return not question.past and _FORMER.search(text[max(0, start - 30) : start]) is not None


def _counts(question: Question, text: str, end: int) -> bool:
    """Whether what is counted follows a number: "how many trams" by "nine trams"."""
    counted = re.escape(question.counted.rstrip("s"))
    return not counted or re.match(rf"[ \u00a0-](?:[\w-]+ ){{0,2}}{counted}", text[end:], re.I) is not None


def _without_lead(text: str, base: int, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A name at the start of a sentence may be led by a word that is only capital there."""
    first, _, rest = text[start:end].partition(" ")
    if start == 0 and rest and first.lower() in STOP_WORDS:
        yield base + len(first) + 1, base + end
    if " and " in text[start:end]:
        at = start
        for part in text[start:end].split(" and "):
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
