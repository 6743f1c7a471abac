"""How something is done: the sentence that tells it, or all steps in their order, each with its quote.

Steps seldom hold a word of the question; what they stand under does. A numbered list whose heading and
introduction hold most of the question is the answer, whatever the reader finds. Where the reader points at a
heading, or at what ends in a colon, the answer is what comes below. Where it points into a sentence that is
told whole, so it counts how likely the sentence is, not how likely those of its words are.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Hashable, Mapping, Sequence
from itertools import islice, takewhile

from browseagent.answer.excerpts import excerpts
from browseagent.answer.lexical import terms
from browseagent.answer.lists import COVERED, MOST_THINGS, Listed, is_introduced, things_around
from browseagent.answer.outline import COLONS, RUNNING, leads_within
from browseagent.answer.passages import HEADING, Unit
from browseagent.answer.question import Question
from browseagent.answer.quotes import make_quote, trimmed
from browseagent.answer.reading import Found
from browseagent.answer.retrieval import index_of
from browseagent.read.placed import PlacedLinks
from browseagent.records import BlockKind, Document

MOST = 0.5
"""Share of the question, rarer words counting more, that has to stand above a numbered list."""
NUMBERED = 0.85
"""How likely that list is the answer: it was for 13 of 13 questions (docs/answering.md)."""
Spans = list[tuple[int, int]]


def numbered_steps(question: Question, documents: Sequence[Document]) -> Listed | None:
    """The numbered list under what holds most of the question; None where there is none."""
    index = index_of(tuple(documents))
    asked = {term: index.by_unit.idf(term) for term in question.sought}
    best, spans, most = None, Spans(), MOST * sum(asked.values())
    firsts: dict[tuple[int, int, int], Unit] = {}
    for unit in (unit for excerpt in index.excerpts for unit in excerpt.units):
        if unit.block.ordered and unit.passage.start == unit.block.start:
            firsts.setdefault((id(unit.passage.document), unit.group, unit.block.level), unit)
    lists = Counter(document for document, *_ in firsts)
    for (number, *_), unit in firsts.items():
        document = unit.passage.document
        told = [document.title] if lists[number] == 1 else []
        labels = [each.words for each in unit.block.labels]
        above = set(terms(" ".join([*told, *unit.section[-1:], *labels, unit.previous])))
        held = sum(asked[term] for term in asked.keys() & above)
        if held > most and (found := _list_of(unit)):
            best, spans, most = unit, found, held
    return None if best is None else _listed(best, spans)


def steps_of(question: Question, answer: Found) -> Listed | None:
    """All steps where an answer is what heads them, the first of a list, or any of one that is introduced by
    what is asked; None where it is a sentence, or one thing of a list that is worth doing by itself."""
    unit = answer.unit
    if unit.block.kind is BlockKind.ITEM:
        spans = _list_of(unit)
        is_first = bool(spans) and spans[0][0] <= unit.passage.start < spans[0][1]
        spans = spans if is_first or is_introduced(question, unit) else []
    else:
        spans = _below(unit)
    return _listed(unit, spans) if spans else None


def telling(found: Sequence[Found]) -> list[Found]:
    """Answers that tell something: a heading with nothing below does not."""
    return [each for each in found if each.unit.group != HEADING or _below(each.unit)]


def step_signals(
    features: Sequence[Mapping[str, float]], units: Sequence[Hashable], best: int
) -> dict[str, float]:
    """What tells how sure the sentence is that holds the answer numbered ``best``, of all answers to a
    question: log-odds of any answer in it against none, the best judgement of one, the share of the question
    that it holds."""
    there = [each for each, unit in zip(features, units, strict=True) if unit == units[best]]
    most = max(each["likelihood"] for each in there)
    summed = most + math.log(sum(math.exp(each["likelihood"] - most) for each in there))
    return {
        "odds": summed - features[best]["none"],
        "judged": max(each["judged"] for each in there),
        "cover": features[best]["cover"],
    }


def _below(unit: Unit) -> Spans:
    """What stands right below a heading, or below prose that ends in a colon: the steps of a list, the
    sentences of a paragraph, code; nothing in a table, and nothing of anything else."""
    document = unit.passage.document
    every = [each for excerpt in excerpts(document) for each in excerpt.units]
    place = next(i for i, each in enumerate(every) if each.passage.start == unit.passage.start)
    below = list(takewhile(lambda each: each.group != HEADING, every[place + 1 :]))
    lead = [unit]
    if unit.group == HEADING:
        lead = list(
            takewhile(lambda each: each.block is below[0].block and each.block.kind in RUNNING, below)
        )
        below = below[len(lead) :]
    elif unit.block.kind not in RUNNING or not unit.text.endswith(COLONS):
        return []
    opens = not lead or lead[-1].text.endswith(COLONS)
    if below and below[0].block.kind is BlockKind.ITEM and (opens or below[0].block.ordered):
        return _list_of(below[0])
    if below and below[0].block.kind is BlockKind.CODE and opens:
        lead.append(below[0])
    told = lead != [unit] and len(lead) <= MOST_THINGS
    return [(each.passage.start, each.passage.end) for each in lead] if told else []


def _list_of(unit: Unit) -> Spans:
    """The items of the list that a unit is in, of a numbered one those of numbered lists below it too; none
    where that is no list of several steps, or one of places on the page."""
    things = things_around(unit, unit.passage.start)
    spans = {(each.start, each.end) for each in things}
    if not 2 <= len(spans) <= MOST_THINGS or _are_places(unit.passage.document, spans):
        return []
    if unit.block.ordered:
        spans |= _steps_below(unit, things[0].start)
    return sorted(spans) if len(spans) <= MOST_THINGS else []


def _steps_below(unit: Unit, first: int) -> set[tuple[int, int]]:
    """The numbered items below those of the list that a unit is in and that begins at an offset."""
    document, level = unit.passage.document, unit.block.level
    at = bisect_right(document.blocks, first, key=lambda block: block.start) - 1
    run = takewhile(
        lambda block: block.kind is BlockKind.ITEM and block.level >= level,
        islice(document.blocks, at, None),
    )
    below = (block for block in run if block.ordered and block.level > level)
    spans = (trimmed(document.text, block.start, block.end) for block in below)
    return {(start, end) for start, end in spans if start < end}


def _are_places(document: Document, spans: Collection[tuple[int, int]]) -> bool:
    """Whether each of some items is a link into the page, as in its table of contents."""
    links = PlacedLinks(document)

    def is_place(start: int, end: int) -> bool:
        covered = sum(min(link.end, end) - link.start for link in links.within(start, end))
        return covered >= COVERED * (end - start) and leads_within(document, links, start, end)

    return all(is_place(*span) for span in spans)


def _listed(unit: Unit, spans: Spans) -> Listed:
    document = unit.passage.document
    items = {block.start for block in document.blocks if block.kind is BlockKind.ITEM}
    between = "; " if items.issuperset(start for start, _ in spans) else " "
    text = ""
    for start, end in spans:
        text += (" " if text.endswith(COLONS) else between) if text else ""
        text += " ".join(document.text[start:end].split())
    return Listed(text, tuple(make_quote(document, start, end) for start, end in spans))
