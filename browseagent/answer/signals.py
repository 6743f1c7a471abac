"""What the confidence of an answer is computed from: the best answer, and the share of the question that is
anywhere on the pages.

Not its lead over the next answer: where a page has nothing to say, one guess leads the others by much. (Its
share among them, by the reader's own judgement, counts that there is none as well.)"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from functools import lru_cache

from browseagent.answer.lexical import terms
from browseagent.answer.question import Question
from browseagent.answer.reading import Found
from browseagent.records import Document


def reading_signals(question: Question, documents: Sequence[Document], best: Found) -> dict[str, float]:
    """Signals of a reader's best answer."""
    return signals_of(asdict(best.features), page_cover(question, documents), size_of(documents))


def signals_of(features: Mapping[str, float], covered: float, size: float) -> dict[str, float]:
    """Signals of an answer with these features, ``covered`` being the share of the question that is on the
    pages, ``size`` how much there is to read."""
    odds = features["likelihood"] - features["none"]
    return {**features, "odds": odds, "page_cover": covered, "size": size}


def size_of(documents: Sequence[Document]) -> float:
    """Logarithm of the characters of the pages: the more there is, the more looks like an answer."""
    return math.log(1 + sum(len(document.text) for document in documents))


def page_cover(question: Question, documents: Sequence[Document]) -> float:
    """Share of the question's content terms that are anywhere on the pages."""
    asked = set(question.sought)
    on_page = {term for document in documents for term in _vocabulary(document) & asked}
    return len(on_page) / max(1, len(asked))


@lru_cache(maxsize=16)
def _vocabulary(document: Document) -> frozenset[str]:
    """The content terms of a document: stemmed once, however many questions are asked of it."""
    return frozenset(terms(document.text))
