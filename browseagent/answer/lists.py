"""Questions for several things at once: "which three counties", "what are the requirements".

The reader points at one stretch of words. Where a question says how many it wants, a stretch that lists
as many is taken before one that does not; where the answer is an item of a list on the page and the
question is about what the list is of, the whole list is the answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from browseagent.answer.excerpts import excerpts
from browseagent.answer.lexical import terms
from browseagent.answer.passages import Unit
from browseagent.answer.question import Kind, Question
from browseagent.answer.quotes import make_quote, trimmed
from browseagent.answer.reading import Found
from browseagent.records import BlockKind, Quote

NEAR = 3.0
"""Nats by which a stretch that lists as many as are asked for may be less likely than the best."""
MOST_ITEMS = 20
_BETWEEN = re.compile(r",?\s+(?:and|or|as well as)\s+|\s*[,;、，]\s*|\s+&\s+", re.I)


def counted_first(question: Question, found: Sequence[Found]) -> list[Found]:
    """Answers in their order, but first the best of those that name as many things as are asked for, if
    there is one nearly as good as the very best."""
    number = question.number
    if number is None:
        return list(found)
    close = [each for each in found if each.score >= found[0].score - NEAR]
    fit = next((each for each in close if len(_BETWEEN.split(each.text)) == number), None)
    return list(found) if fit is None else [fit, *(each for each in found if each is not fit)]


def whole_list(question: Question, item: Unit) -> list[Quote]:
    """All items of the list on the page that ``item`` is in, where the question asks for that list; else
    none. It does where what introduces the list says more of the question's words than the item."""
    number, kind = question.number, question.kind
    if item.block.kind is not BlockKind.ITEM or not (number or kind in (Kind.LIST, Kind.STEPS)):
        return []
    document = item.passage.document
    every = (unit for excerpt in excerpts(document) for unit in excerpt.units if unit.group == item.group)
    blocks = list(dict.fromkeys(unit.block for unit in every))
    asked = set(question.terms)
    introduced = asked & set(terms(" ".join([*item.section[-1:], item.previous])))
    fits = len(blocks) == number if number else 2 <= len(blocks) <= MOST_ITEMS
    if fits and 2 * len(introduced) > len(asked) and len(introduced) > len(asked & set(terms(item.text))):
        return [make_quote(document, *trimmed(document.text, block.start, block.end)) for block in blocks]
    return []
