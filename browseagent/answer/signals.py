"""What the confidence of an answer is computed from: the best answer, and how it stands among the rest."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache

from browseagent.answer.evidence import query_terms
from browseagent.answer.lexical import terms
from browseagent.answer.reading import Found, same_words
from browseagent.records import Document

_WIDEST = 4.0
"""Leads beyond this say no more."""


def reading_signals(question: str, documents: Sequence[Document], found: Sequence[Found]) -> dict[str, float]:
    """Signals of a reader's answers, best first; ``found`` must not be empty."""
    ranked = [(each.score, same_words(each.text)) for each in found]
    return signals_of(asdict(found[0].features), ranked, page_cover(question, documents))


def signals_of(
    features: Mapping[str, float], ranked: Sequence[tuple[float, str]], covered: float
) -> dict[str, float]:
    """Signals of the best answer with these features, from (score, words) of all, best first, and the share
    of the question that is on the pages."""
    score, words = ranked[0]
    rival = next((other for other, said in ranked if said != words), score - _WIDEST)
    return {
        **features,
        "odds": features["likelihood"] - features["none"],
        "margin": min(_WIDEST, score - rival),
        "page_cover": covered,
    }


def page_cover(question: str, documents: Sequence[Document]) -> float:
    """Share of the question's content terms that are anywhere on the pages."""
    asked = set(query_terms(question))
    on_page = {term for document in documents for term in _vocabulary(document) & asked}
    return len(on_page) / max(1, len(asked))


@lru_cache(maxsize=16)
def _vocabulary(document: Document) -> frozenset[str]:
    """The content terms of a document: stemmed once, however many questions are asked of it."""
    return frozenset(terms(document.text))
