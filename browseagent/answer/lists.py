"""Questions for several things at once: "which three counties", "what are the requirements".

The reader points at one stretch of words. Where a question says how many it wants, a stretch that lists
as many is taken before one that does not. Where the answer is one thing of a set on the page and several are
asked for, the whole set is the answer: if the set is introduced by what is asked for, or the reader finds
others of it nearly as likely.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from browseagent.answer.lexical import terms, words
from browseagent.answer.passages import Unit
from browseagent.answer.question import Kind, Question
from browseagent.answer.quotes import make_quote
from browseagent.answer.reading import Found
from browseagent.answer.siblings import Sibling, siblings
from browseagent.records import BlockKind, Quote

NEAR = 3.0
"""Nats by which an answer may be less likely than the best and count as well: a stretch that lists as many as
are asked for, another thing of the same set."""
MOST_THINGS = 20
COVERED = 0.6
"""Share of a thing's characters from which on an answer is that thing, not something told of it."""
ALIKE = 1 / 3
"""Share of the others that the reader has to find nearly as likely: a menu holds several sets."""
LONG, NAMED = 8, 0.8
"""Words from which on a thing is told by its name, where so many of its set have names."""
_BETWEEN = re.compile(r",?\s+(?:and|or|as well as)\s+|\s*[,;、，]\s*|\s+&\s+", re.I)


@dataclass(frozen=True, slots=True)
class Listed:
    """All things of a set."""

    text: str
    """What is said: all of them, or where they are long their names."""
    quotes: tuple[Quote, ...]
    """Each of them, whole."""


def counted_first(question: Question, found: Sequence[Found]) -> list[Found]:
    """Answers in their order, but first the best of those that name as many things as are asked for, if
    there is one nearly as good as the very best."""
    number = question.number
    if number is None:
        return list(found)
    close = [each for each in found if each.score >= found[0].score - NEAR]
    fit = next((each for each in close if len(_BETWEEN.split(each.text)) == number), None)
    return list(found) if fit is None else [fit, *(each for each in found if each is not fit)]


def whole_list(question: Question, answer: Found, found: Sequence[Found]) -> Listed | None:
    """The whole set on the page of which an answer is one thing, where the question asks for the set; else
    None. ``found`` are all answers that the reader finds."""
    number = question.number
    if not (number or question.kind is Kind.LIST):
        return None
    document = answer.unit.passage.document
    things = things_around(answer.unit, answer.start)
    fits = len(things) == number if number else 2 <= len(things) <= MOST_THINGS
    own = next((each for each in things if each.start <= answer.start < each.end), None)
    if own is None or not fits or not _is_thing(answer, own):
        return None
    others = [each for each in things if each is not own]
    alike = not _is_described(question, answer.unit, own, others)
    if not (is_introduced(question, answer.unit) or (alike and _are_found(answer, found, others))):
        return None
    named = sum(each.name_end < each.end for each in things) >= NAMED * len(things)
    long = any(len(words(document.text[each.start : each.end])) > LONG for each in things)
    by_name = named and (long or answer.end <= own.name_end < own.end)
    told = (document.text[each.start : each.name_end if by_name else each.end] for each in things)
    return Listed(
        "; ".join(" ".join(each.split()) for each in told),
        tuple(make_quote(document, each.start, each.end) for each in things),
    )


def things_around(unit: Unit, at: int) -> list[Sibling]:
    """The set that the words at an offset are one of, each thing once, as menus repeat themselves; of equal
    ones that at the offset, else the first."""
    document = unit.passage.document
    found: dict[tuple[str, ...], Sibling] = {}
    for each in siblings(unit, at):
        said = words(document.text[each.start : each.end])
        if said and (said not in found or each.start <= at < each.end):
            found[said] = each
    return list(found.values())


def is_introduced(question: Question, unit: Unit) -> bool:
    """Whether what introduces a list says more of the question's words than the item, and most of them."""
    if unit.block.kind is not BlockKind.ITEM:
        return False
    asked = set(question.terms)
    introduced = asked & set(terms(" ".join([*unit.section[-2:], unit.previous])))
    return 2 * len(introduced) > len(asked) and len(introduced) > len(asked & set(terms(unit.text)))


def _is_thing(answer: Found, own: Sibling) -> bool:
    """Whether an answer is a thing of a set, or its name, and not something told of it."""
    whole = min(answer.end, own.end) - answer.start >= COVERED * (own.end - own.start)
    return whole or (answer.start == own.start and answer.end <= own.name_end)


def _is_described(question: Question, unit: Unit, own: Sibling, others: Sequence[Sibling]) -> bool:
    """Whether a word of the question tells a thing from most of the others: it is asked for alone."""
    headers = (cell.header for cell in unit.block.cells)
    above = terms(" ".join([unit.passage.document.title, *unit.section, unit.previous, *headers]))
    own_terms = set(question.terms) & set(terms(own.told)) - set(above)
    return any(2 * sum(term in terms(each.told) for each in others) < len(others) for term in own_terms)


def _are_found(answer: Found, found: Sequence[Found], others: Sequence[Sibling]) -> bool:
    """Whether the reader finds enough of the others nearly as likely."""
    document = answer.unit.passage.document
    near = [
        each.start
        for each in found
        if each.score >= answer.score - NEAR and each.unit.passage.document is document
    ]
    alike = sum(any(each.start <= start < each.end for start in near) for each in others)
    return alike >= ALIKE * len(others)
