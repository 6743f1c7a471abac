"""Which changes of a page are about something that a person named: judged from the changed words alone.

The words are found in the change itself or in the heading right above it, as they stand or by what they
mean (:mod:`browseagent.answer.concepts`); where that does not settle it, the model says how much likelier the
change makes the words. "Everything but X" and "not X" turn the judgement about X round.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from browseagent.answer.concepts import concepts_in, concepts_of
from browseagent.answer.lexical import stem, terms
from browseagent.read.text import sentences
from browseagent.records import Hunk

_LEAD = re.compile(
    r"^(?:(?:only|just|please|tell me|let me know|alert me|notify me|anything|everything|whether|if|when"
    r"|about|on|of|any|all|the|an?|new|changes?|changed|news|updates?|differences?|to|in|for) +)+",
    re.I,
)
_EXCEPT = re.compile(
    r"^(?:(?:everything|anything|all(?: changes)?|any change) +(?:but|except(?: for)?|other than|apart"
    r" from)|not|ignore|no|nothing about|without) +(.+)$",
    re.I | re.S,
)
ENOUGH = 0.3
"""Share of the words from which on a change is about them."""
_EMPTY = frozenset(
    stem(word)
    for words in (
        "term condition change information detail page section text thing content matter again new policy",
        "item other customer user how much many i could get make using use we",
    )
    for word in words.split()
)
"""Words that say little of what is meant: a page of terms is about terms everywhere."""


@dataclass(frozen=True, slots=True)
class Topic:
    """What a person named."""

    words: str
    turned: bool
    """Whether what is about it does *not* matter."""


def topic_of(about: str) -> Topic:
    """The topic of some words: ``only changes to the refund terms`` is ``refund terms``."""
    about = " ".join(about.split()).strip(" .!")
    excepted = _EXCEPT.match(about)
    rest = excepted[1] if excepted else about
    return Topic(_LEAD.sub("", rest) or rest, excepted is not None)


def cover(topic: str, hunk: Hunk) -> float:
    """Share of the topic's words that a change holds: as they stand, in it or in the headings above it; or
    by what they mean, in it or in the nearest heading."""
    changed = _changed(hunk)
    there = frozenset(terms(f"{hunk.where}\n{changed}"))
    meant = concepts_in(f"{hunk.where.rpartition(' › ')[2]}\n{changed}")
    found = [_found(term, there) or bool(concepts_of(term) & meant) for term in _wanted(topic)]
    return sum(found) / len(found) if found else 0.0


def _changed(hunk: Hunk) -> str:
    """The sentences that are on one side only: the rest of a long paragraph is not what changed."""
    before, after = (
        [text[start:end] for start, end in sentences(text, 0, len(text))]
        for text in (hunk.before, hunk.after)
    )
    ours = [*(each for each in before if each not in after), *(each for each in after if each not in before)]
    return "\n".join(ours) or hunk.after


def _wanted(topic: str) -> list[str]:
    """The words of a topic that say what is meant, stemmed."""
    return list(dict.fromkeys(term for term in terms(topic) if term not in _EMPTY)) or terms(topic)


def _found(term: str, there: frozenset[str]) -> bool:
    """Whether a word is there; or is part of a compound, as ``road`` of ``roadworks``."""
    return term in there or (len(term) > 3 and any(other.startswith(term) for other in there))


def relevant(about: str, changes: Sequence[Hunk]) -> list[bool | None]:
    """Of each change whether it is about what a person named; None where that cannot be told, because no
    word of it is in the change and none is known to mean anything."""
    topic = topic_of(about)
    known = any(map(concepts_of, _wanted(topic.words)))
    found: list[bool | None] = []
    for hunk in changes:
        share = cover(topic.words, hunk)
        matters = share >= ENOUGH
        found.append(matters is not topic.turned if known or share else None)
    return found
