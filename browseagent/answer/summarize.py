"""Extractive summaries: sentences that cover the pages, in their order, each a quote.

Map: in each section of each document the sentences most like the whole are kept (centroid of the
tf-idf vectors; Radev et al., 2004, "Centroid-based summarization"). The model reads these, and says how
much likelier each makes the page's headings. Reduce: sentences are taken greedily by
their rating, least like those already taken (maximal marginal relevance; Carbonell & Goldstein, 1998).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from browseagent.answer.lexical import is_unspaced, terms, words
from browseagent.answer.passages import Unit, units
from browseagent.answer.quotes import make_quote
from browseagent.model.port import LanguageModel
from browseagent.model.prompts import load_prompt
from browseagent.records import BlockKind, Coverage, Document, Length, Point, Summary

POINTS: dict[Length, int] = {"short": 3, "medium": 6, "long": 12}
READ, READ_A_POINT = 24, 4
"""Sentences that the model reads in one run, some 2,000 tokens, and at least how many for each point."""
OUTLINE_CHARS = 160
"""Of the headings whose likelihood is measured."""
OUTLINE_WEIGHT = 0.3
"""Of what a sentence does for the headings, in nats a token, beside its place and its words
(docs/answering.md)."""
_MIN_WORDS, _MAX_CHARS = 6, 500
# A sentence that leans on the one before it reads badly alone.
_DANGLING = re.compile(
    r"^(he|she|it|they|this|that|these|those|his|her|its|their|such|however|but|and|so|also|then|thus|therefore"
    r"|meanwhile|instead|both|another)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class _Candidate:
    unit: Unit
    place: int
    """Number of the unit in the whole run, for the order."""
    vector: dict[str, float]
    base: float
    """Centrality and position, 0 to about 1."""


def summarize(
    documents: Sequence[Document], model: LanguageModel, length: Length = "medium", *, most: int | None = None
) -> Summary:
    """The points of some documents, ``most`` where fewer than the length says are wanted. Raises
    :class:`~browseagent.errors.ModelError`."""
    wanted = most or POINTS[length]
    shares = _shares(wanted, documents)
    budget = max(1, max(READ, READ_A_POINT * wanted) // max(1, len(documents)))
    points: list[Point] = []
    read: list[_Candidate] = []
    total = 0
    for document, share in zip(documents, shares, strict=True):
        every = _candidates(document)
        total += len(units(document))
        kept = _mapped(every, budget)
        read += kept
        points += [
            _point(candidate.unit) for candidate in _reduced(kept, _gains(document, kept, model), share)
        ]
    coverage = Coverage(
        chars=sum(len(document.text) for document in documents),
        chars_read=sum(candidate.unit.passage.end - candidate.unit.passage.start for candidate in read),
        passages=total,
        passages_read=len(read),
    )
    info = replace(model.info, prompts={"outline-likelihood": load_prompt("outline-likelihood").sha256})
    return Summary(points=tuple(points), coverage=coverage, model=info)


def _shares(points: int, documents: Sequence[Document]) -> list[int]:
    """How many points each document gets: at least one, longer ones more, by the square root."""
    sizes = [math.sqrt(len(document.text)) for document in documents]
    return [max(1, round(points * size / (sum(sizes) or 1.0))) for size in sizes]


def fit_units(document: Document) -> list[tuple[int, Unit]]:
    """(place, unit) of the sentences fit to stand in a summary; where there are none, of whatever units
    there are."""
    every = list(enumerate(units(document)))
    return [(place, unit) for place, unit in every if _is_fit(unit)] or every


def _candidates(document: Document) -> list[_Candidate]:
    fit = fit_units(document)
    counts = [Counter(terms(unit.text)) for _, unit in fit]
    frequency = Counter(term for count in counts for term in count)
    n = len(fit)
    vectors = [
        _unit_vector(
            {term: (1 + math.log(c)) * math.log((1 + n) / frequency[term]) for term, c in count.items()}
        )
        for count in counts
    ]
    centroid: Counter[str] = Counter()
    for vector in vectors:
        centroid.update(vector)
    centre = _unit_vector(dict(centroid))
    title = set(terms(document.title))
    found = []
    for rank, ((place, unit), vector) in enumerate(zip(fit, vectors, strict=True)):
        central = sum(weight * centre.get(term, 0.0) for term, weight in vector.items())
        early = 1 / (1 + rank / 3)
        about = len(title & vector.keys()) / len(title) if title else 0.0
        dangling = 0.15 if _DANGLING.match(unit.text) else 0.0
        found.append(_Candidate(unit, place, vector, 0.5 * central + 0.3 * early + 0.2 * about - dangling))
    return found


def _is_fit(unit: Unit) -> bool:
    text = unit.text
    long_enough = len(text) >= 15 if is_unspaced(text) else len(words(text)) >= _MIN_WORDS
    prose = unit.block.kind in (BlockKind.PARAGRAPH, BlockKind.ITEM, BlockKind.QUOTE)
    return prose and long_enough and len(text) <= _MAX_CHARS and not text.endswith(("?", "？", ":"))


def _mapped(every: list[_Candidate], budget: int) -> list[_Candidate]:
    """At most ``budget`` candidates, shared among the sections by their size; in order."""
    if len(every) <= budget:
        return every
    sections: dict[tuple[str, ...], list[_Candidate]] = {}
    for candidate in every:
        sections.setdefault(candidate.unit.section, []).append(candidate)
    kept: list[_Candidate] = []
    for members in sections.values():
        share = max(1, len(members) * budget // len(every))
        kept += sorted(members, key=lambda candidate: -candidate.base)[:share]
    best = sorted(kept, key=lambda candidate: -candidate.base)[:budget]
    return sorted(best, key=lambda candidate: candidate.place)


def _outline(document: Document) -> str:
    """The headings of a document, as far as they are measured; its title where it has none."""
    headings = dict.fromkeys(unit.section[-1] for unit in units(document) if unit.section)
    return "; ".join(headings)[:OUTLINE_CHARS] or document.title.strip()


def _gains(document: Document, kept: Sequence[_Candidate], model: LanguageModel) -> list[float]:
    """How much likelier each sentence makes the outline, in nats a token; 0 where there is none."""
    outline = _outline(document)
    if not outline or not kept:
        return [0.0] * len(kept)
    prompt = load_prompt("outline-likelihood")
    sentences = ["", *(candidate.unit.reading for candidate in kept)]
    contexts = [prompt.render(title=document.title, sentence=sentence) for sentence in sentences]
    scored = model.score([(context, f" {outline}") for context in contexts])
    return [likelihood.mean - scored[0].mean for likelihood in scored[1:]]


def _reduced(kept: Sequence[_Candidate], gains: Sequence[float], points: int) -> list[_Candidate]:
    """The chosen candidates, in the order of the page."""
    ratings = [
        candidate.base + OUTLINE_WEIGHT * max(-1.0, min(1.0, gain))
        for candidate, gain in zip(kept, gains, strict=True)
    ]
    taken: list[int] = []
    while len(taken) < points:
        best, best_rating = -1, -math.inf
        for i, candidate in enumerate(kept):
            likeness = max((_cosine(candidate.vector, kept[j].vector) for j in taken), default=0.0)
            same_section = sum(candidate.unit.section == kept[j].unit.section for j in taken)
            rating = ratings[i] - 0.5 * likeness - 0.04 * same_section
            if i not in taken and likeness < 0.6 and rating > best_rating:
                best, best_rating = i, rating
        if best < 0:
            break
        taken.append(best)
    return [kept[i] for i in sorted(taken)]


def _point(unit: Unit) -> Point:
    quote = make_quote(unit.passage.document, unit.passage.start, unit.passage.end)
    return Point(text=" ".join(quote.text.split()), support="quote", quotes=(quote,))


def _unit_vector(weights: dict[str, float]) -> dict[str, float]:
    norm = math.sqrt(sum(value * value for value in weights.values())) or 1.0
    return {term: value / norm for term, value in weights.items()}


def _cosine(one: dict[str, float], other: dict[str, float]) -> float:
    return sum(weight * other.get(term, 0.0) for term, weight in one.items())
