"""How sure an answer must be, by how much of the question its page speaks of.

The reader's confidence was calibrated on questions about the page that it reads. On a site most pages
are about something else, and some hold what looks like an answer: "How much does a firework permit
cost?" on a page that tells the price of a parking permit. What gives such a page away is that it does
not hold the words of the question that tell its site's pages apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from browseagent.answer.bm25 import BM25
from browseagent.answer.evidence import query_terms
from browseagent.answer.lexical import terms
from browseagent.records import Document

MOST_NEEDED, LEAST_NEEDED = 1.0, 0.4
"""Confidence that is needed on a page that holds none of those words, and on one that holds them all. Chosen
on the questions of ``fixtures/browse.json`` (docs/agent.md)."""
# "How heavy is it" is answered by a weight: that the page says "heavy" is not to be expected.
_FORM = re.compile(
    r"\bhow\s+\w+|\b(?:what|which)\s+(?:time|year|day|days|date|month|number|age)\b|\b(?:must|may|might|shall)\b",
    re.IGNORECASE,
)


def cover(question: str, page: Document, read: Sequence[Document]) -> float:
    """Share of the question's content words that a page holds, each weighted by how few of the pages that
    were ``read`` (with their navigation) hold it: the name of the site says nothing of a page."""
    asked = set(query_terms(_FORM.sub(" ", question)))
    index = BM25([_whole(document) for document in read])
    # A word that no page holds weighs as much as one that a single page holds: it may be said otherwise.
    rarest = max(map(index.idf, set().union(*map(_whole, read))), default=1.0)
    weights = {term: min(index.idf(term), rarest) for term in asked}
    own = _own(page)
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in own) / total if total else 1.0


def needed(share: float) -> float:
    """The confidence from which on an answer is believed, for the :func:`cover` of its page."""
    return MOST_NEEDED + (LEAST_NEEDED - MOST_NEEDED) * share


@lru_cache(maxsize=64)
def _own(document: Document) -> frozenset[str]:
    return frozenset(terms(f"{document.title} {document.text}"))


@lru_cache(maxsize=64)
def _whole(document: Document) -> frozenset[str]:
    elsewhere = [*document.omitted, *(link.text for link in document.links)]
    return _own(document) | frozenset(terms(" ".join(elsewhere)))
