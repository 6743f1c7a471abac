"""From a question and documents to ranked evidence: BM25 finds, the language model re-ranks.

BM25 over all units picks a few, whatever the length of the page; the likelihood of the question
given each of these, by the model, says which of them it could have been asked of (query likelihood
after Ponte & Croft, 1998; with a language model Sachan et al., 2022, "Improving Passage Retrieval
with Zero-Shot Question Generation"). A linear combination of both orders them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache

from browseagent.answer.bm25 import BM25
from browseagent.answer.expect import holds
from browseagent.answer.lexical import terms
from browseagent.answer.passages import Unit, units
from browseagent.answer.question import Kind, Question
from browseagent.answer.weights import Weights
from browseagent.model.port import LanguageModel
from browseagent.model.prompts import load_prompt
from browseagent.records import Document

# Units that the model looks at. On 97 questions on whole articles (fitted on the others in turn) the
# right unit was first for 0.814 with 8 as with 24, and among the first three for 0.887 with 12, 0.897
# with 16, 0.907 with 24; each costs the time of reading it.
CANDIDATES = 16
# Weight of the paragraph, list or table that a unit stands in, beside the unit itself.
GROUP_WEIGHT = 0.6
# Characters of one unit that the model reads; a longer one (a code block, a wide row) is cut.
READ_CHARS = 700
_CHARS_A_TOKEN = 3.5


@dataclass(frozen=True, slots=True)
class Features:
    """What is known of one unit as evidence for one question. Each is about 0 to 1."""

    cover: float
    """Share of the question's content terms in the unit, weighted by how rare they are."""
    group_cover: float
    """The same for the unit with its headings and its paragraph, list or table."""
    bm25: float
    """Its BM25 score over the best unit's."""
    gain: float
    """Nats a token by which the unit makes the question likelier than the page's title does."""
    relative: float
    """The question's log-likelihood after this unit less that after the best unit, over 10."""
    fits: float
    """1 where the unit holds something of the expected form (a number, a price, a date, a name)."""
    rare_fit: float
    """The same, weighted by how rare the form is on the page: -ln(share of units that hold it) / 4."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """A unit with its features and its score; a higher score is better evidence."""

    unit: Unit
    features: Features
    score: float


@dataclass(frozen=True, slots=True)
class _Index:
    """The units of some documents, ready for BM25."""

    units: tuple[Unit, ...]
    group_of: tuple[int, ...]
    terms: tuple[frozenset[str], ...]
    group_terms: tuple[frozenset[str], ...]
    by_unit: BM25
    by_group: BM25


def gather(
    question: Question,
    documents: Sequence[Document],
    model: LanguageModel,
    budget: int,
    weights: Weights,
) -> list[Evidence]:
    """The best evidence, best first, of at most ``budget`` tokens of reading; empty where the documents share
    no word with the question and hold no text at all."""
    index = _index(tuple(documents))
    if not index.units:
        return []
    chosen = _retrieve(question, index, budget)
    likelihoods = _likelihoods(question.words, [index.units[i] for i, _ in chosen], model)
    rated = _features(question, index, chosen, likelihoods)
    found = [
        Evidence(index.units[i], features, weights.rank(asdict(features)))
        for (i, _), features in zip(chosen, rated, strict=True)
    ]
    return sorted(found, key=lambda evidence: -evidence.score)


@lru_cache(maxsize=4)
def _index(documents: tuple[Document, ...]) -> _Index:
    all_units: list[Unit] = []
    group_of: list[int] = []
    groups: list[list[str]] = []
    for document in documents:
        numbers: dict[int, int] = {}
        for unit in units(document):
            if unit.group not in numbers:
                numbers[unit.group] = len(groups)
                headers = [cell.header for cell in unit.block.cells]
                lead = [unit.previous] if unit.block.cells or unit.block.level else []
                groups.append(terms(" ".join([document.title, *unit.section, *headers, *lead])))
            groups[numbers[unit.group]] += terms(unit.text)
            all_units.append(unit)
            group_of.append(numbers[unit.group])
    by_unit = [terms(unit.text) for unit in all_units]
    return _Index(
        tuple(all_units),
        tuple(group_of),
        tuple(map(frozenset, by_unit)),
        tuple(map(frozenset, groups)),
        BM25(by_unit),
        BM25(groups),
    )


def _retrieve(question: Question, index: _Index, budget: int) -> list[tuple[int, float]]:
    """(unit, BM25 score) of the best units that fit the budget, best first.

    Where a price is asked for and the page has amounts of money, only units with one are looked at:
    no other can hold the answer.
    """
    units_scores, group_scores = index.by_unit.scores(question.sought), index.by_group.scores(question.sought)
    total = [score + GROUP_WEIGHT * group_scores[index.group_of[i]] for i, score in enumerate(units_scores)]
    pool = list(range(len(total)))
    if question.kind is Kind.MONEY:
        pool = [i for i in pool if holds(Kind.MONEY, index.units[i].text)] or pool
    best = sorted(pool, key=lambda i: (-total[i], i))[:CANDIDATES]
    kept: list[tuple[int, float]] = []
    spent = 0.0
    for i in best:
        spent += (min(len(index.units[i].reading), READ_CHARS) + len(question.words) + 80) / _CHARS_A_TOKEN
        if kept and spent > budget:
            break
        kept.append((i, total[i]))
    return kept


def _likelihoods(question: str, chosen: Sequence[Unit], model: LanguageModel) -> list[tuple[float, float]]:
    """For each unit the question's log-likelihood after it, and its gain a token over the prior."""
    prior_prompt, prompt = load_prompt("question-prior"), load_prompt("question-likelihood")
    titles = sorted({unit.passage.document.title for unit in chosen})
    pairs = [(prior_prompt.render(section=title), f" {question}") for title in titles]
    pairs += [
        (prompt.render(section=unit.passage.document.title, evidence=shown(unit)), f" {question}")
        for unit in chosen
    ]
    scored = model.score(pairs)
    prior = {title: likelihood.total for title, likelihood in zip(titles, scored, strict=False)}
    return [
        (
            likelihood.total,
            (likelihood.total - prior[unit.passage.document.title]) / max(1, likelihood.tokens),
        )
        for unit, likelihood in zip(chosen, scored[len(titles) :], strict=True)
    ]


def shown(unit: Unit) -> str:
    """What the model reads of a unit: its last heading, and what introduces it, before its words."""
    lead = [unit.section[-1]] if unit.section else []
    if unit.previous and len(unit.previous) < READ_CHARS // 2:
        lead.append(unit.previous)
    return "\n".join([*lead, unit.reading[:READ_CHARS]])


def _features(
    question: Question,
    index: _Index,
    chosen: Sequence[tuple[int, float]],
    likelihoods: Sequence[tuple[float, float]],
) -> list[Features]:
    asked = set(question.sought)
    idf = {term: index.by_unit.idf(term) for term in asked}
    mass = sum(idf.values()) or 1.0
    kind = question.kind
    fitting = sum(holds(kind, unit.text) for unit in index.units)
    rarity = min(1.0, math.log(len(index.units) / fitting) / 4) if fitting else 0.0
    top_bm25 = max(score for _, score in chosen) or 1.0
    top_likelihood = max(total for total, _ in likelihoods)
    found = []
    for (i, score), (total, gain) in zip(chosen, likelihoods, strict=True):
        group = index.group_terms[index.group_of[i]]
        fits = float(holds(kind, index.units[i].text))
        found.append(
            Features(
                cover=sum(idf[term] for term in asked & index.terms[i]) / mass,
                group_cover=sum(idf[term] for term in asked & group) / mass,
                bm25=score / top_bm25,
                gain=gain,
                relative=(total - top_likelihood) / 10,
                fits=fits,
                rare_fit=fits * rarity,
            )
        )
    return found
