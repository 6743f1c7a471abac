"""How sure an answer must be, by how much of the question its page speaks of.

The reader's confidence was calibrated on questions about the page that it reads. On a site most pages
are about something else, and some hold what looks like an answer: "How much does a firework permit
cost?" on a page that tells the price of a parking permit. What gives such a page away is that it does
not hold the words of the question that tell its site's pages apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from browseagent.answer.bm25 import BM25
from browseagent.answer.expect import may_answer
from browseagent.answer.lexical import terms
from browseagent.answer.question import Question
from browseagent.browse.candidate import address_words, part_of
from browseagent.browse.merge import PageAnswer
from browseagent.browse.subject import subject_terms
from browseagent.records import Answer, BlockKind, Document

MOST_NEEDED, LEAST_NEEDED = 1.0, 0.4
"""Confidence that is needed on a page that holds none of those words, and on one that holds them all. Chosen
on the questions of ``fixtures/browse.json`` (docs/agent.md)."""


def judged(question: str, answer: Answer, pages: Sequence[Document], read: Sequence[Document]) -> PageAnswer:
    """What an answer is worth that some pages give together, ``read`` being all that were read so far."""
    return PageAnswer(
        answer,
        date=max(page.date for page in pages),
        needed=needed(max(cover(question, page, read) for page in pages)),
        formed=may_answer(Question.of(question), answer.text),
        headed=any(is_headed(question, page) for page in pages),
    )


def cover(question: str, page: Document, read: Sequence[Document]) -> float:
    """Share of the question's content words that a page holds, each weighted by how few of the pages that
    were ``read`` (with their navigation) hold it: the name of the site says nothing of a page. A word that a
    page is headed by says most, however many others lead there by that word."""
    asked = subject_terms(question)
    index = BM25([_whole(document) for document in read])
    # A word that no page holds weighs as much as one that a single page holds: it may be said otherwise.
    rarest = max(map(index.idf, set().union(*map(_whole, read))), default=1.0)
    head = _head(page)
    weights = {term: rarest if term in head else min(index.idf(term), rarest) for term in asked}
    own = _own(page) | head
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in own) / total if total else 1.0


def is_headed(question: str, page: Document) -> bool:
    """Whether a heading or the address of a page holds a content word of the question."""
    return not _head(page).isdisjoint(subject_terms(question))


def needed(share: float) -> float:
    """The confidence from which on an answer is believed, for the :func:`cover` of its page."""
    return MOST_NEEDED + (LEAST_NEEDED - MOST_NEEDED) * share


@lru_cache(maxsize=64)
def _head(page: Document) -> frozenset[str]:
    """The terms of a page's headings and of its address, the first folder left out; of its title where it has
    no heading. Folder and title name the site too. A heading that is a link heads the page it leads to."""
    folder = part_of(page.url)
    address = page.url.replace(f"/{folder}/", "/", 1) if folder else page.url
    links = [link.start for link in page.links]
    own = [
        page.block_text(block)
        for block in page.blocks
        if block.kind is BlockKind.HEADING and not any(block.start <= at < block.end for at in links)
    ]
    return frozenset(terms(" ".join([address_words(address), *(own or [page.title])])))


@lru_cache(maxsize=64)
def _own(document: Document) -> frozenset[str]:
    return frozenset(terms(f"{document.title} {document.text}"))


@lru_cache(maxsize=64)
def _whole(document: Document) -> frozenset[str]:
    elsewhere = [*document.omitted, *(link.text for link in document.links)]
    return _own(document) | frozenset(terms(" ".join(elsewhere)))
