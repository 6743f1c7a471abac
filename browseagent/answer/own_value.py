"""Of several values in one sentence the one whose own clause holds what is asked for: "£38 on Saturdays; on
Sundays £26". Pure.

A small reader points at the right sentence and takes a value that stands beside the right one. Where one
clause has all the words of the question that the others have, and more, its value is the answer.
Measured in docs/answering.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from browseagent.answer.expect import places
from browseagent.answer.lexical import terms
from browseagent.answer.question import Kind, Question
from browseagent.answer.reading import Found
from browseagent.answer.struck import struck_in
from browseagent.answer.values import days
from browseagent.records import BlockKind

_KINDS = (Kind.MONEY, Kind.NUMBER)
_LONGEST = 400
"""Characters of a sentence that is looked at."""
_EDGE = re.compile(r"[,;·|(]\s?|[，；。]|\s(?:and|but|or|while|whereas)\s|\s[–—]\s", re.I)
"""Between clauses."""
_NO_NUMBER = re.compile(
    r"\b(?:1[5-9]|20)\d\d\b|\d{1,2}:\d\d|(?<=[A-Za-z/#])\d[\d.]*|\b[A-Z][\w.-]*\s\d[\d.]*"
)
"""Years, times, and what is a name with the word before it: Boeing 777, v4."""

Span = tuple[int, int]


def own_value_first(question: Question, found: Sequence[Found]) -> list[Found]:
    """Answers in their order, but where the first takes a value of its sentence that is another clause's than
    what is asked for, first that clause's."""
    if not found or question.kind not in _KINDS:
        return list(found)
    best, unit = found[0], found[0].unit
    document, start = unit.passage.document, unit.passage.start
    text = document.text[start : unit.passage.end]
    taken = (best.start - start, best.end - start)
    struck = [(first - start, last - start) for first, last in struck_in(document, start, unit.passage.end)]
    values = [each for each in _values(question, text) if not any(_meet(each, other) for other in struck)]
    prose = unit.block.kind not in (BlockKind.ROW, BlockKind.CODE) and len(text) <= _LONGEST
    own = _own(question, text, values) if prose else None
    if own is None or _meet(own, taken) or sum(_meet(each, taken) for each in values) != 1:
        return list(found)
    there = (each for each in found if _meet((each.start - start, each.end - start), own))
    said = next((each for each in there if each.unit is unit and _is_one(each, start, values)), None)
    span = (said.start, said.end) if said is not None else (start + own[0], start + own[1])
    given = replace(best, start=span[0], end=span[1])
    return [given, *(each for each in found if (each.start, each.end) != span)]


def _values(question: Question, text: str) -> list[Span]:
    """Where the values that may be meant stand: no days, years, times, names, nor what the question says."""
    none = [(each.start, each.end) for each in days(text, "en")]
    if question.kind is Kind.NUMBER:
        none += [match.span() for match in _NO_NUMBER.finditer(text)]
    every = set(places(question.kind, text))
    every = {span for span in every if text[slice(*span)].strip() not in question.words}
    return sorted(
        each
        for each in every
        if not any(_meet(each, other) for other in none)
        and not any(other != each and other[0] <= each[0] and each[1] <= other[1] for other in every)
    )


def _own(question: Question, text: str, values: Sequence[Span]) -> Span | None:
    """The value whose clause has all that the clauses of the others have of the question, and more."""
    asked = set(question.sought)
    clauses = [_clause(text, each) for each in values]
    had = [asked & set(terms(text[slice(*clause)])) for clause in clauses]
    return next(
        (
            value
            for i, value in enumerate(values)
            if len(values) > 1
            and all(i == j or (had[i] > had[j] and clauses[i] != clauses[j]) for j in range(len(values)))
        ),
        None,
    )


def _clause(text: str, value: Span) -> Span:
    start, end = 0, len(text)
    for match in _EDGE.finditer(text):
        if match.end() <= value[0]:
            start = match.end()
        elif match.start() >= value[1]:
            return start, match.start()
    return start, end


def _meet(one: Span, other: Span) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _is_one(found: Found, start: int, values: Sequence[Span]) -> bool:
    """Whether an answer holds one value alone."""
    return sum(_meet(each, (found.start - start, found.end - start)) for each in values) == 1
