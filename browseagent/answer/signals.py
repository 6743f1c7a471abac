"""What the confidence of an answer is computed from: the best answer, and the share of the question that is
anywhere on the pages.

Not its lead over the next answer: where a page has nothing to say, one guess leads the others by much."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache

from browseagent.answer.evidence import query_terms
from browseagent.answer.lexical import terms
from browseagent.answer.question import Question
from browseagent.answer.reading import Found
from browseagent.records import Document


def reading_signals(question: str, documents: Sequence[Document], best: Found) -> dict[str, float]:
    """Signals of a reader's best answer."""
    return signals_of(question, asdict(best.features), page_cover(question, documents), page_size(documents))


def signals_of(question: str, features: Mapping[str, float], covered: float, size: float) -> dict[str, float]:
    """Signals of an answer with these features: with :func:`page_cover`, :func:`page_size`, and what sort of
    thing is asked for. Most sentences are no answer to "how do I", most prices none to another price."""
    return {
        **features,
        "odds": features["likelihood"] - features["none"],
        "page_cover": covered,
        "size": size,
        f"asks_{Question.of(question).kind}": 1.0,
    }


def page_cover(question: str, documents: Sequence[Document]) -> float:
    """Share of the question's content terms that are anywhere on the pages."""
    asked = set(query_terms(question))
    on_page = {term for document in documents for term in _vocabulary(document) & asked}
    return len(on_page) / max(1, len(asked))


def page_size(documents: Sequence[Document]) -> float:
    """Logarithm of the pages' length in characters, in thousands: in a paragraph there is less to mistake."""
    return math.log(max(0.05, sum(len(document.text) for document in documents) / 1000))


@lru_cache(maxsize=16)
def _vocabulary(document: Document) -> frozenset[str]:
    """The content terms of a document: stemmed once, however many questions are asked of it."""
    return frozenset(terms(document.text))
