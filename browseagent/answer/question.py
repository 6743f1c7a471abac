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

from browseagent.answer.lexical import terms
from browseagent.answer.values import CARDINALS

TOLD = 0.5
"""Probability from which on a kind is believed."""


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
    """A question as every room reads it; made by :meth:`of` alone."""

    words: str
    kind: Kind
    sure: float
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

    @classmethod
    def of(cls, words: str) -> Question:
        """What some words ask for."""
        return _understood(words)


@lru_cache(maxsize=4096)
def _understood(words: str) -> Question:
    likely = _fitted().probabilities(words)
    kind = max(likely, key=likely.__getitem__)
    counted, listed = _COUNTED.search(words), _NUMBERED.search(words)
    named = [match.group() for match in _NAMED.finditer(words) if match.start() or match[0][0].isdigit()]
    return Question(
        words,
        kind if likely[kind] >= TOLD else Kind.PHRASE,
        likely[kind],
        counted[1].lower() if counted else "",
        (_FEW.get(listed[1].lower()) or int(listed[1])) if listed else None,
        _PAST.search(words) is not None,
        figures(words),
        frozenset(terms(" ".join(named))),
    )


_FEW = {word: number for word, number in CARDINALS.items() if 2 <= number <= 10}
_COUNTED = re.compile(r"\bhow many\s+(?:\w+\s+){0,2}?(\w{3,})", re.I)
_NUMBERED = re.compile(
    rf"\b(?:which|what|name|list|give|are|were)\s+(?:are\s+|were\s+)?(?:the\s+)?({'|'.join(_FEW)}|[2-9]|10)\s+"
    r"(?:\w+\s+){0,2}?\w+s\b",
    re.I,
)
_PAST = re.compile(r"\b(was|were|did|before|former|old|original|usual|used to|rrp)\b", re.I)
_NAMED = re.compile(r"\b(?:[A-Z]|\d)\w*")
_FIGURES = re.compile(r"\d+(?:[.,]\d+)*")
_TOKEN = re.compile(r"[^\W\d_]+|\d+")


def figures(text: str) -> frozenset[str]:
    """The numbers of a text, written alike: 1,000 as 1000, 33.00 as 33; 33 is no part of 33.50."""
    found = (match.replace(",", "") for match in _FIGURES.findall(text))
    return frozenset(each.removesuffix(".00") if each.count(".") == 1 else each for each in found)


def features(question: str) -> frozenset[str]:
    """The words and neighbouring pairs of words of a question, numbers as ``0``; the first two with ``^``."""
    words = ["0" if word.isdigit() else word for word in _TOKEN.findall(question.lower())]
    pairs = zip(["^", *words], [*words, "$"], strict=True)
    return frozenset((*words, *(f"{a} {b}" for a, b in pairs), f"^ {' '.join(words[:2])}"))


@lru_cache(maxsize=1)
def _fitted() -> Kinds:
    data = json.loads(files("browseagent.answer").joinpath("kinds.json").read_text(encoding="utf-8"))

    def scaled(numbers: Sequence[int]) -> tuple[float, ...]:
        return tuple(number / data["scale"] for number in numbers)

    weights = {feature: scaled(numbers) for feature, numbers in data["weights"].items()}
    return Kinds(tuple(map(Kind, data["kinds"])), weights, scaled(data["intercept"]))
