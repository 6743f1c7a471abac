"""Which changes of a page are about something that a person named: judged from the changed words alone.

The words are found in the change itself or in the heading right above it, as they stand or by what they
mean: someone asks about prices, the page says £49; a small model does not know that reliably, a table of
concerns does. Where that does not settle it, the model says how much likelier the change makes the words.
"Everything but X" and "not X" turn the judgement about X round.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

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


_WORDS_OF = """
price: price pricing cost fee fare rent tariff charge discount tuition admission expensive cheap bill
payment: pay payment card paypal invoice billing checkout instalment bank
money: money fund funding grant award income budget salary
interest: interest yield rate
stock: stock available availability sold restock backorder preorder
delivery: ship shipping shipment delivery deliver dispatch postage courier parcel
refund: refund return reimburse reimbursement exchange
cancellation: cancel cancellation terminate termination withdraw withdrawal unsubscribe notice
hours: hour opening open closing closed close timetable
closing: close closed closing closure shut
deadline: deadline due expire expiry closing close submission
date: date day schedule calendar when
duration: duration period long length often frequency
jobs: job vacancy position career hire hiring recruit recruitment employment role applicant
software: software developer engineer engineering programmer programming python java code api function library
bugs: bug fix fixed crash repair
security: security vulnerability exploit attack password authentication encryption malware patch login
removal: breaking remove removed deprecate deprecated incompatible drop dropped gone obsolete migration
law: law legal jurisdiction court govern regulation statute liability
licence: licence license licensing copyright
privacy: privacy personal gdpr tracking cookie advertising analytics statistics consent
sharing: share sharing party partner sell disclose transfer
keeping: keep store stored storage retain retention delete archive
event: event exhibition show concert festival performance programme workshop talk activity
speakers: speaker keynote lecturer presenter
place: location place venue address where hall centre hosted region
contact: contact email phone telephone office
reviews: review rating star opinion testimonial rated
specification: specification technical weight size dimension material capacity battery
requirements: require required requirement need needed minimum compatible compatibility newer
version: version release
outage: outage incident disruption degraded delayed delay unavailable failure problem resolved interruption
outage: cancellation replacement
maintenance: maintenance downtime upgrade planned scheduled
dose: dose dosage tablet capsule take
health: symptom side effect headache nausea dizziness rash
allergy: allergy allergen allergic gluten wheat nut sesame dairy lactose
mixing: interaction interact together combine combination medicine food
food: menu dish starter main dessert soup meal
booking: book booking reserve reservation appointment
warranty: warranty guarantee
roads: road roadworks street lane traffic diversion closure
waste: waste bin rubbish garbage recycling refuse
parking: parking permit park car
animals: animal pet dog cat
age: age minor child children kid adult
leave: leave holiday vacation absence away
language: language english german french spanish italian chinese translation taught
transport: train bus tram rail railway departure arrival ferry flight
people: people staff member professor director doctor dr appointed resigns board
look: interface design appearance theme mode layout menu colour
temperature: temperature heat cold warm
application: apply application applicant admission enrol enrolment register registration
eligibility: eligible eligibility qualify criteria who
selection: selection select decide decision reviewer jury criteria
punishment: penalty fine punishment ban sanction warning
subscription: subscribe subscription plan tier membership
limits: limit quota maximum minimum size
shop: shop store buy
progress: progress status planned beta roadmap
past: previous previously past former
"""
"""Words by which people and pages call the same concern; compared by their stems."""
_MONEY = r"[£€$¥]\s?\d|\d\s?(?:[£€¥]|EUR\b|USD\b|GBP\b|CHF\b|euros?\b|dollars?\b|pounds?\b|p\b)"
_DAY = (
    r"\b(?:\d{1,2}(?:st|nd|rd|th)?\s)?(?:january|february|march|april|may|june|july|august|september|october"
    r"|november|december|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b|\b\d{4}-\d\d-\d\d\b"
)
_FORMS = {
    "price": _MONEY,
    "money": _MONEY,
    "interest": r"\d\s?%",
    "stock": r"\bsold out\b|\bcoming soon\b",
    "refund": r"\bmoney\b.{0,12}\bback\b",
    "hours": r"\b\d{1,2}[:.]\d\d\b|\b\d{1,2}\s?(?:am|pm|a\.m\.|p\.m\.|o'clock)(?:\W|$)",
    "deadline": rf"\b(?:until|by|before|close[sd]?)\b.{{0,20}}(?:{_DAY})",
    "date": _DAY,
    "duration": r"\b\d+\s(?:minute|hour|day|week|month|year)s?\b|\byears?\b|\b(?:once|twice|times)\b",
    "jobs": r"\b(?:part|full)[ -]time\b|\blooking for an?\b",
    "security": r"\bCVE-\d|\bSAML\b|\btwo-factor\b|\bsign-on\b",
    "keeping": r"\b\d+\s?[GMT]B\b",
    "contact": r"\S@\S+\.\w|\+\d[\d ]{6}",
    "specification": r"\d\s?(?:kg|g|cm|mm|kWh|W|mAh|litres?|inch)\b",
    "version": r"\b\d+\.\d+\b",
    "outage": r"\bnot be reached\b|\bdown\b|\boperational\b",
    "age": r"\b(?:under|over|aged)\s\d",
    "temperature": r"\d\s?°",
    "limits": r"\bup to (?:\d|[a-z])|\bat (?:most|least) \d",
}
"""Forms that show a concern without naming it."""


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


@cache
def _by_stem() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _WORDS_OF.strip().splitlines():
        name, _, words = line.partition(":")
        for word in words.split():
            found.setdefault(stem(word), set()).add(name)
    return {word: frozenset(names) for word, names in found.items()}


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    return {name: re.compile(form, re.I) for name, form in _FORMS.items()}


def concepts_of(term: str) -> frozenset[str]:
    """The concerns that a stemmed word names."""
    return _by_stem().get(term, frozenset())


def concepts_in(text: str) -> frozenset[str]:
    """The concerns that a text names or shows."""
    named = {name for term in terms(text) for name in concepts_of(term)}
    return frozenset(named | {name for name, form in _patterns().items() if form.search(text)})
