"""What English words mean to a table: which say the same as a column's name, which order or compare.

Small, because little more was worth its lines: on 116 unseen questions and on 401 on real pages, lists of
peoples, persons, places and what stands in cells changed no answer. Keys and values are stems (:func:`root`).
"""

from __future__ import annotations

from collections.abc import Mapping

from browseagent.answer.lexical import stem


def _listed(text: str) -> list[str]:
    return text.split()


_IRREGULAR = dict(pair.split("=") for pair in _listed("""
    won=win winner=win winning=win lost=loss lose=loss held=hold took=take ran=run women=woman men=man
    tied=tie wrote=write sold=sell built=build began=begin came=come went=go got=get children=child
    cities=city countries=country priciest=expensive pricier=expensive pricey=expensive dearest=expensive
    dearer=expensive spent=spend led=lead died=death born=birth
"""))  # fmt: skip


def root(word: str) -> str:
    """The stem under which a word is looked up, in questions, headers and cells alike; that of an adjective
    in all its degrees."""
    if word in GRADES:
        return GRADES[word]
    if word in _IRREGULAR:
        return stem(_IRREGULAR[word])
    if superlative(word) == "most" and word.endswith("est"):
        plain = word.removesuffix("est")
        return stem(plain.removesuffix("i") + "y" if plain.endswith("i") else plain)
    return stem(word)


def _graded(adjective: str) -> dict[str, str]:
    """Comparative and superlative of a short adjective → its stem."""
    short = adjective[:-1] + "i" if adjective.endswith("y") else adjective.removesuffix("e")
    doubled = short + short[-1] if adjective in ("big", "hot", "thin") else short
    return {doubled + ending: stem(adjective) for ending in ("er", "est")}


_DEGREES = {
    "most": "high large great big long tall heavy wide deep strong hot",
    "least": "small low short light narrow cheap close near few thin",
    "fast": "fast quick",
    "slow": "slow",
    "early": "early old soon",
    "late": "late new young",
}
"""Adjectives by what their superlative asks for."""
GRADES = {
    form: base for names in _DEGREES.values() for one in names.split() for form, base in _graded(one).items()
}
"""Comparative or superlative → the stem of its adjective."""

_CLASSES = {
    "most": "most maximum max greatest expensive dearest priciest farthest furthest",
    "least": "least fewest minimum min",
    "best": "best top leading",
    "worst": "worst bottom",
    "early": "first initial original",
    "late": "last final recent recently current",
}
_COMPARED = {
    "most": "more further", "least": "less fewer", "best": "better above", "worst": "worse below",
    "early": "before earlier sooner", "late": "after later",
}  # fmt: skip


def _classed(classes: Mapping[str, str], ending: str) -> dict[str, str]:
    """Words in a degree of comparison → their class."""
    irregular = {word: name for name, words in classes.items() for word in words.split()}
    return irregular | {
        form: name
        for name, adjectives in _DEGREES.items()
        for one in adjectives.split()
        for form in _graded(one)
        if form.endswith(ending)
    }


ORDERING = _classed(_CLASSES, "est")
"""Superlative → its class."""
OPPOSITE = {
    "most": "least", "least": "most", "early": "late", "late": "early", "fast": "slow", "slow": "fast",
}  # fmt: skip
GRADED = {
    **{adjective: name for name, adjectives in _DEGREES.items() for adjective in adjectives.split()},
    "expensive": "most", "recent": "late", "recently": "late", "costly": "most",
}  # fmt: skip
"""Adjective → the class of its superlative."""
_NO_DEGREE = frozenset(_listed("""
    interest request forest honest contest suggest digest invest protest harvest modest manifest priest
    pinterest arrest
"""))  # fmt: skip


def superlative(word: str) -> str | None:
    """The class of a word in the superlative: of one that is not listed "most" ("brightest")."""
    if word in ORDERING:
        return ORDERING[word]
    return "most" if len(word) > 5 and word.endswith("est") and word not in _NO_DEGREE else None


COMPARING = _classed(_COMPARED, "er")
"""Comparative → the class of its superlative."""


def _groups(text: str) -> dict[str, frozenset[str]]:
    """One group of interchangeable words a line → each stem with the other stems of its groups."""
    found: dict[str, list[str]] = {}
    for line in text.strip().splitlines():
        stems = [root(word) for word in line.split()]
        for one in stems:
            found.setdefault(one, []).extend(other for other in stems if other != one)
    return {one: frozenset(others) for one, others in found.items()}


NAMES = _groups(
    """
    team club side squad opponent
    country nation nationality
    person people player rider driver athlete member candidate name
    location place venue city site town where
    stadium arena ground venue
    position pos place rank ranking finish
    points pts point
    goals goal score scored
    game match date opponent
    win won wins w victory
    loss lost losses l defeat
    draw tie drawn d
    year date season when
    song title track single album
    movie film title work book
    time duration length long
    tall high height elevation
    deep depth
    wide width
    big large size area
    long distance
    age old birth
    attendance attended crowd spectators
    population people inhabitants
    result score outcome
    cost price fee charge fare amount cheap expensive
    rate per
    rating rated stars score
    date new recent late old early posted updated published released joined
    off discount save saving cut reduction markdown reduced
    review rating
    reply answer comment response message post
    vote upvote point score like thank star
    view viewed read
    opening hours open time
    competition tournament event championship race
    speed fast
    writer author written
    school college university
    party affiliation
    state province region county district
    weight heavy light mass kg lb lbs oz ounce gram pound
    bright brightness lumen
    long read time min minute
    employees staff people
    start began
    end ended until to
    percent percentage share
    number no total
    vehicle car model type
    manufacturer maker make constructor
    played matches games appearances
    """
)
"""Stem → stems that name the same column."""

PEOPLE = frozenset(map(root, _listed("author user member profile people poster writer contributor by")))
"""Stems that name a column of persons."""
COUNTED = frozenset(_listed("most fewest least highest lowest greatest biggest largest smallest number"))
"""Superlatives of what stands after them, which say nothing of it."""
TITLES = frozenset(map(root, _listed("title name heading headline subject")))
"""Stems by which the markup calls what names a record."""
OPERATORS = frozenset(map(root, _listed("""
    many much number total amount count average mean sum combined altogether together difference between than
    most least before after next previous prior first last only other same also both each any all name list
    listed tell give find times besides except not highest lowest largest smallest longest shortest earliest
    latest best top bottom above below over under up since until during table chart different there or and
    one two three
""")))  # fmt: skip
"""Words that say what is to be done with a table rather than what stands in it."""
