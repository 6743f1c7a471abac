"""How likely an editor would take a piece of a page into its summary: logistic regression over what the piece
is, where it stands and how it is like the rest, learnt from editors' choices (``tools/summaries``).

Every feature counts for all pages alike and once more for pages of its kind, so that what few pages of one
kind teach is added to what all of them do.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from browseagent.answer.lexical import STOP_WORDS, terms, words
from browseagent.answer.logistic import likely
from browseagent.answer.pieces import Piece
from browseagent.answer.values import has_amount, measures
from browseagent.records import BlockKind

# The closed classes of English by which a sentence leans on another, turns to its reader, or does not call
# upon this one: "Find out how" begins with a word of none of them, and goes on with one.
_LEANING = (
    "he she it they this that these those his her its their such however but and so also then thus therefore "
    "meanwhile instead both another or as if when while because there here"
)
_LEANS = frozenset(_LEANING.split())
_SELF = frozenset(["i", "my", "me", "we", "our", "us"])
_YOU = frozenset(["you", "your", "yours"])
_JOINS = (
    "about above across after against along although among around because before behind below beneath beside "
    "besides between beyond despite down during even except inside just like most near no now off once only "
    "opposite out outside over past per since though through throughout till toward under unless unlike "
    "until up upon via whether within without yet"
)
_JOINING = frozenset(_JOINS.split())
_NO_CALL = STOP_WORDS | _LEANS | _SELF | _YOU | _JOINING
_CALL = re.compile(
    r"([A-Z][a-z]+) (?:a|all|an|each|every|for|from|here|how|into|it|more|my|now|one|our|out|that|the|them"
    r"|these|this|those|through|to|up|us|what|with|your)\b"
)
_PLEASE = re.compile(r"please\b", re.I)
_FORMS = ("ing", "ed", "ly", "s")
"""Ends of words by which they are no calls."""

Vector = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Rated:
    """A piece, what it is likened by, and how likely an editor would take it."""

    piece: Piece
    vector: Vector
    likelihood: float


@dataclass(frozen=True, slots=True)
class Chooser:
    """Coefficients by feature name, that of a kind of page as ``kind:name``."""

    weights: Mapping[str, float]
    made_by: str
    """The command that fitted them, and its figures."""

    def likelihood(self, kind: str, features: Mapping[str, float]) -> float:
        """The probability that an editor takes a piece with these features."""
        get = self.weights.get
        total = sum((get(name, 0.0) + get(f"{kind}:{name}", 0.0)) * x for name, x in features.items())
        return likely(total)

    def rated(self, every: Sequence[Piece]) -> list[Rated]:
        """Pieces of one document with their likelihoods."""
        vectors = _vectors(every)
        return [
            Rated(piece, vector, self.likelihood(piece.document.kind, found))
            for piece, vector, found in zip(every, vectors, features(every, vectors), strict=True)
        ]


@lru_cache(maxsize=1)
def default_chooser() -> Chooser:
    """The chooser that ships with the program."""
    return Chooser(**json.loads(files("browseagent.answer").joinpath("chooser.json").read_text("utf-8")))


def features(every: Sequence[Piece], vectors: Sequence[Vector] | None = None) -> list[dict[str, float]]:
    """What is known of each piece of one document, in order; numbers of about 0 to 1."""
    if not every:
        return []
    vectors = _vectors(every) if vectors is None else vectors
    centre: Counter[str] = Counter()
    for vector in vectors:
        centre.update(vector)
    centre_norm = math.sqrt(sum(value * value for value in centre.values())) or 1.0
    title = set(terms(every[0].document.title))
    repeats = Counter(" ".join(words(piece.words_shown)) for piece in every)
    found = []
    depth, part = 0, None
    for rank, (piece, vector) in enumerate(zip(every, vectors, strict=True)):
        first = piece.units[0]
        depth = 0 if piece.part != part else depth + 1
        part = piece.part
        told = _of_words(piece)
        heading = set(terms(" ".join(first.section[-1:])))
        told |= {
            "always": 1.0,
            "first": float(rank == 0),
            "early": 1 / (1 + rank / 3),
            "late": math.log1p(rank) / 5,
            "share": rank / len(every),
            "opens section": float(depth == 0),
            "second in section": float(depth == 1),
            "deep in section": math.log1p(depth) / 3,
            "before sections": float(len(first.section) <= 1 and first.section == every[0].units[0].section),
            "central": sum(weight * centre[term] for term, weight in vector.items()) / centre_norm,
            "of title": len(title & vector.keys()) / len(title) if title else 0.0,
            "of heading": len(heading & vector.keys()) / len(heading) if heading else 0.0,
            "said again": float(repeats[" ".join(words(piece.words_shown))] > 1),
            "introduced": float(first.previous.endswith(":")),
        }
        found.append(told)
    return found


def _of_words(piece: Piece) -> dict[str, float]:
    """What a piece is by itself."""
    text, first = piece.words_shown, piece.units[0]
    said = words(text)
    tokens = text.split()
    names = sum(token[:1].isupper() for token in tokens[1:])
    opening = said[0] if said else ""
    return {
        "item": float(first.block.kind is BlockKind.ITEM),
        "quoted": float(first.block.kind is BlockKind.QUOTE),
        "row": float(first.block.kind is BlockKind.ROW),
        "lines": float(len(piece.units) > 1),
        "line": float(len(piece.units) == 1 and not piece.is_sentence),
        "named": float(piece.heading is not None),
        "length": math.log1p(len(said)) / 4,
        "brief": float(len(said) < 8),
        "long": max(0.0, len(said) - 30) / 30,
        "number": float(any(character.isdigit() for character in text)),
        "numbers": min(1.0, sum(character.isdigit() for character in text) / 12),
        "money": float(has_amount(text)),
        "measure": float(bool(measures(text, piece.document.language))),
        "names": names / max(1, len(tokens)),
        "leans": float(opening in _LEANS),
        "self": float(not _SELF.isdisjoint(said)),
        "opens with self": float(opening in _SELF),
        "you": float(not _YOU.isdisjoint(said)),
        "exclaims": float("!" in text),
        "asks": float("?" in text),
        "speech": float(text[:1] in '“"‘«'),
        "is": float("is" in said[1:7] or "are" in said[1:7]),
        "calls": float(piece.is_sentence and calls(text)),
        "page data": float("[page data]" in text),
    }


def calls(text: str) -> bool:
    """Whether a sentence seems to call upon its reader: "Find out how …", "Get a watch"."""
    if _PLEASE.match(text):
        return True
    found = _CALL.match(text)
    return found is not None and found[1].casefold() not in _NO_CALL and not found[1].endswith(_FORMS)


def _vectors(every: Sequence[Piece]) -> list[dict[str, float]]:
    """The tf-idf vector of each piece, of length 1."""
    counts = [Counter(terms(piece.text)) for piece in every]
    frequency = Counter(term for count in counts for term in count)
    size = 1 + len(every)
    return [
        _normed({term: (1 + math.log(c)) * math.log(size / frequency[term]) for term, c in count.items()})
        for count in counts
    ]


def _normed(weights: dict[str, float]) -> dict[str, float]:
    norm = math.sqrt(sum(value * value for value in weights.values())) or 1.0
    return {term: value / norm for term, value in weights.items()}
