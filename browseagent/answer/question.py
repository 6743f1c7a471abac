"""What a question asks for, understood once from its words.

The kind of its answer comes from a linear model over the words (English), fitted on questions that people
asked of real pages by ``tools/fit_kinds.py``; where that is not sure it is a phrase.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files

from browseagent.answer.lexical import question_terms, terms
from browseagent.answer.values import CARDINALS

TOLD = 0.5
"""Probability from which on a kind is believed."""
PRICE_WORDS = frozenset({"price", "cost", "charg", "pay", "paid", "fee", "much", "expens", "cheap"})
"""Terms of a question that only say which form is asked for: the form itself answers them."""


class Kind(StrEnum):
    """The form that the answer takes."""

    MONEY = "money"
    DATE = "date"
    """A day, a year or a time of day."""
    DURATION = "duration"
    MEASURE = "measure"
    """A length, weight, temperature, share …: a number with its unit."""
    NUMBER = "number"
    """How many, or any other number."""
    NAME = "name"
    """A person, organisation or place: something with a capital letter."""
    PHRASE = "phrase"
    """Anything else that is named in a few words, or what cannot be told."""
    YES_NO = "yesno"
    LIST = "list"
    STEPS = "steps"
    """How something is done, or why: only sentences answer it."""


@dataclass(frozen=True, slots=True)
class Kinds:
    """The fitted model."""

    kinds: tuple[Kind, ...]
    weights: Mapping[str, tuple[float, ...]]
    """Of each feature, for each kind."""
    intercept: tuple[float, ...]

    def probabilities(self, question: str) -> dict[Kind, float]:
        """How likely each kind is."""
        known = [self.weights[each] for each in features(question) if each in self.weights]
        scores = [sum(column) for column in zip(self.intercept, *known, strict=True)]
        most = max(scores)
        grown = [math.exp(score - most) for score in scores]
        return {kind: each / sum(grown) for kind, each in zip(self.kinds, grown, strict=True)}


@dataclass(frozen=True, slots=True)
class Question:
    """A question as every room reads it; made by :meth:`of` alone, where it comes in."""

    words: str
    kind: Kind
    kind_probability: float
    """How likely the kind is."""
    counted: str
    """What "how many" counts; empty where nothing is counted."""
    number: int | None
    """How many things are to be named ("which three counties"); None where the question does not say."""
    past: bool
    """Whether what was before is asked for, such as a former price."""
    numbers: frozenset[str]
    """The numbers in it, in figures: of a model, a year, a room."""
    names: frozenset[str]
    """The terms of its names and numbers: capitals beyond its first word, and digits."""
    terms: tuple[str, ...]
    """Its content terms; where it has none, all of its words."""
    sought: tuple[str, ...]
    """Those to look for. What a thing costs is told by an amount, not by the word "cost"."""
    subject: frozenset[str]
    """Those that its page may be expected to hold: without what says which form the answer takes. "How heavy
    is it" is answered by a weight, "on which day" by the name of one."""
    of_page: bool
    """Whether it asks what the page is about."""
    leads: frozenset[str]
    """Those that may lead to its page: "Collection days" may for "on which day", "The long read" not for
    "how long"."""

    @classmethod
    def of(cls, words: str) -> Question:
        """What some words ask for."""
        likely = _fitted().probabilities(words)
        best = max(likely, key=likely.__getitem__)
        kind = best if likely[best] >= TOLD else Kind.PHRASE
        counted, listed = _COUNTED.search(words), _NUMBERED.search(words)
        named = [found.group() for found in _NAMED.finditer(words) if found.start() or found[0][0].isdigit()]
        return cls(
            words=words,
            kind=kind,
            kind_probability=likely[best],
            counted=counted[1].lower() if counted else "",
            number=(_FEW.get(listed[1].lower()) or int(listed[1])) if listed else None,
            past=_PAST.search(words) is not None,
            numbers=figures(words),
            names=frozenset(terms(" ".join(named))),
            terms=tuple(question_terms(words)),
            sought=_sought(words, kind),
            subject=frozenset(_sought(_FORM.sub(" ", words), kind)),
            of_page=_OF_PAGE.fullmatch(words) is not None,
            leads=frozenset(_sought(_HOW.sub(" ", words), kind)),
        )


def _sought(words: str, kind: Kind) -> tuple[str, ...]:
    found = tuple(question_terms(words))
    if kind is not Kind.MONEY:
        return found
    return tuple(term for term in found if term not in PRICE_WORDS) or found


_HOW = re.compile(r"\bhow\s+\w+", re.IGNORECASE)
_FORM = re.compile(
    rf"{_HOW.pattern}|\b(?:what|which)\s+(?:time|year|day|days|date|month|number|age)\b"
    r"|\b(?:must|may|might|shall)\b",
    re.IGNORECASE,
)
_FEW = {word: number for word, number in CARDINALS.items() if 2 <= number <= 10}
_COUNTED = re.compile(r"\bhow many\s+(?:\w+\s+){0,2}?(\w{3,})", re.I)
_NUMBERED = re.compile(
    rf"\b(?:which|what|name|list|give|are|were)\s+(?:are\s+|were\s+)?(?:the\s+)?({'|'.join(_FEW)}|[2-9]|10)\s+"
    r"(?:\w+\s+){0,2}?\w+s\b",
    re.I,
)
_PAST = re.compile(r"\b(was|were|did|before|former|old|original|usual|used to|rrp)\b", re.I)
_PAGE = (
    r"(?:(?:this|these|that|the|your)\s+(?:web\s*)?(?:page|site|article|document|text|post|story|thread|paper|report|pdf)s?"
    r"|this\s+\w+|this|these|it|that|they)"
)
_OF_PAGE = re.compile(
    rf"\W*(?:what(?:['’]?s|\s+is|\s+are|\s+was)?\s+{_PAGE}\s+(?:(?:all|mainly|really|actually)\s+)?about"
    rf"|what\s+(?:is|are)\s+(?:this|these)(?:\s+(?:web\s*)?(?:page|site))?"
    rf"|what(?:['’]?s|\s+is)\s+the\s+(?:subject|topic|gist|main\s+(?:idea|point|topic|subject))"
    rf"(?:\s+of\s+{_PAGE}|\s+here)?"
    rf"|what\s+(?:does|do)\s+{_PAGE}\s+(?:say|tell(?:\s+(?:me|us))?))\W*",
    re.I,
)
_NAMED = re.compile(r"\b(?:[A-Z]|\d)\w*")
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")
_TOKEN = re.compile(r"[^\W\d_]+|\d+")
_PLURAL = re.compile(r"\w{2,}[^\Ws]s")


def figures(text: str) -> frozenset[str]:
    """The numbers of a text, written alike: 1,000 as 1000, 33.00 as 33; 33 is no part of 33.50."""
    found = (match.replace(",", "") for match in _FIGURES.findall(text))
    return frozenset(each.removesuffix(".00") if each.count(".") == 1 else each for each in found)


def features(question: str) -> frozenset[str]:
    """The words and neighbouring pairs of words of a question, numbers as ``0``; the first two with ``^``;
    what stands before a word that may be a plural (``which ~s``)."""
    words = ["0" if word.isdigit() else word for word in _TOKEN.findall(question.lower())]
    before = ["^", *words]
    pairs = zip(before, [*words, "$"], strict=True)
    plurals = (f"{a} ~s" for a, b in zip(before, words, strict=False) if _PLURAL.fullmatch(b))
    return frozenset((*words, *(f"{a} {b}" for a, b in pairs), f"^ {' '.join(words[:2])}", *plurals))


@lru_cache(maxsize=1)
def _fitted() -> Kinds:
    data = json.loads(files("browseagent.answer").joinpath("kinds.json").read_text(encoding="utf-8"))

    def scaled(numbers: Sequence[int]) -> tuple[float, ...]:
        return tuple(number / data["scale"] for number in numbers)

    weights = {feature: scaled(numbers) for feature, numbers in data["weights"].items()}
    return Kinds(tuple(map(Kind, data["kinds"])), weights, scaled(data["intercept"]))
