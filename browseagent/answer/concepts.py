"""Words by which people and pages call the same thing, and forms that show it without naming it. Pure.

Someone asks about prices, the page says £49. A small model does not know that reliably; a table does. Each
concern has words, which are compared by their stems, and maybe a pattern of what stands for it.
"""

from __future__ import annotations

import re
from functools import cache

from browseagent.answer.lexical import stem, terms

_WORDS = """
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


@cache
def _by_stem() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _WORDS.strip().splitlines():
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
