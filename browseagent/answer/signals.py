"""What the confidence of an answer is computed from: the best answer, and how it stands among the rest."""

from __future__ import annotations

from collections.abc import Sequence
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
    best = found[0]
    words = same_words(best.text)
    rival = next((each.score for each in found if same_words(each.text) != words), best.score - _WIDEST)
    return {
        **asdict(best.features),
        "odds": best.features.likelihood - best.features.none,
        "margin": min(_WIDEST, best.score - rival),
        "page_cover": page_cover(question, documents),
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
