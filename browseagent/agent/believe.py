"""Whether the answer of a page is believed, and one answer from those of several pages.

The reader's confidence was calibrated on questions about the page that it reads. On a site most pages
are about something else, and some hold what looks like an answer: "How much does a firework permit
cost?" on a page that tells the price of a parking permit. What gives such a page away is that it does
not hold the words of the question that tell its site's pages apart.

One host may hold several sites: a town's pages in one folder and a newspaper in another, both in the host's
sitemap. The pages of one site have links in common, if only the one to their front page; a page of another
folder that the named site's pages do not link to, and that shares no link with them, is another site's.

Answers that agree are quoted together; one that does not is shown beside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from browseagent.agent.leads import address_words, page_key, part_of
from browseagent.agent.scope import site_of
from browseagent.answer.bm25 import BM25
from browseagent.answer.expect import may_answer
from browseagent.answer.lexical import terms
from browseagent.answer.question import Question
from browseagent.answer.reading import same_words
from browseagent.records import Alternative, Answer, Answered, BlockKind, Document, NotFound

MOST_NEEDED, LEAST_NEEDED = 1.0, 0.4
"""Confidence that is needed on a page that holds none of those words, and on one that holds them all. Chosen
on the questions of ``fixtures/browse.json`` (docs/agent.md)."""


def judged(
    question: Question, answer: Answer, pages: Sequence[Document], read: Sequence[Document]
) -> PageAnswer:
    """What an answer is worth that some pages give together, ``read`` being all that were read so far."""
    return PageAnswer(
        answer,
        date=max(page.date for page in pages),
        needed=needed(max(cover(question, page, read) for page in pages)),
        formed=may_answer(question, answer.text),
        headed=any(is_headed(question, page) for page in pages),
    )


def cover(question: Question, page: Document, read: Sequence[Document]) -> float:
    """Share of the question's content words that a page holds, each weighted by how few of the pages that
    were ``read`` (with their navigation) hold it: the name of the site says nothing of a page. A word that a
    page is headed by says most, however many others lead there by that word."""
    asked = question.subject
    index = BM25([_whole(document) for document in read])
    # A word that no page holds weighs as much as one that a single page holds: it may be said otherwise.
    rarest = max(map(index.idf, set().union(*map(_whole, read))), default=1.0)
    head = _head(page)
    weights = {term: rarest if term in head else min(index.idf(term), rarest) for term in asked}
    own = _own(page) | head
    total = sum(weights.values())
    return sum(weight for term, weight in weights.items() if term in own) / total if total else 1.0


def is_headed(question: Question, page: Document) -> bool:
    """Whether a heading or the address of a page holds a content word of the question."""
    return not _head(page).isdisjoint(question.subject)


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


Place = tuple[str, str]
"""A host, and a folder of it."""


def place_of(url: str) -> Place:
    """Where an address is."""
    return site_of(url), part_of(url)


@dataclass(frozen=True, slots=True)
class NamedSite:
    """What is known of the named site."""

    places: frozenset[Place]
    """Of the named pages."""
    known: frozenset[str] = frozenset()
    """Keys of the pages read there, and of those that they link to."""
    others: frozenset[Place] = frozenset()
    """Places of other sites."""

    def with_named(self, url: str) -> NamedSite:
        """What is known when one more address was named, or is where a named one led."""
        return replace(self, places=self.places | {place_of(url)})

    def with_page(self, document: Document) -> NamedSite:
        """What is known after reading one more page."""
        if not self.holds(document):
            return replace(self, others=self.others | {place_of(document.url)})
        linked = _linked(document)
        # A page of another folder may link to anything: whose that is, is told when it is read.
        if not linked or place_of(document.url) not in self.places:
            return self
        return replace(self, known=self.known | {page_key(document.url)} | linked)

    def holds(self, document: Document) -> bool:
        """Whether a page is one of the site, as far as can be told."""
        if self._is_within(document.url):
            return True
        linked = _linked(document)
        return not (linked and self.known) or not linked.isdisjoint(self.known)

    def may_hold(self, url: str) -> bool:
        """Whether a page that was not read may be one of the site."""
        return self._is_within(url) or place_of(url) not in self.others

    def _is_within(self, url: str) -> bool:
        """Whether an address is in a named place, is known, or is on a host where nothing can be told."""
        site, part = place_of(url)
        named = {each for host, each in self.places if host == site}
        return not named or "" in named or part in named or page_key(url) in self.known


def named_site(urls: Iterable[str]) -> NamedSite:
    """What is known when only these addresses were named. Where one is not in a folder, the whole host is
    meant; nor can anything be told of a host of which no page was named (``--allow-domain``)."""
    return NamedSite(frozenset(map(place_of, urls)))


def _linked(document: Document) -> frozenset[str]:
    """Keys of the other pages of its host that a page links to."""
    site, own = site_of(document.url), page_key(document.url)
    keys: set[str] = set()
    for link in document.links:
        try:
            if site_of(link.url) == site:
                keys.add(page_key(link.url))
        except ValueError:
            continue
    return frozenset(keys - {own})


RIVAL = -0.1
"""By how much another page's answer may fail to be believed and is still shown beside the one that is."""
CLOSEST = 3


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """What one page (or the pages that the person named, together) says to the question."""

    answer: Answer
    date: str = ""
    """ISO date of the page; empty where it does not say."""
    needed: float = 0.0
    """Confidence from which on it is believed."""
    formed: bool = True
    """Whether it has the form that the question asks for; one that has not is not believed at all."""
    headed: bool = True
    """Whether the page is headed by words of the question; what another says in passing is easily misread."""

    @property
    def surplus(self) -> float:
        """By how much it is surer than it must be; below zero it is not believed."""
        answered = self.answer.status == "answered" and self.formed
        return self.answer.confidence - self.needed if answered else -1.0


def merge(found: Sequence[PageAnswer]) -> Answer:
    """The surest answer of several pages' that is believed, of those headed by the question where there are
    such; else that there is none. Pages that say the same are quoted beside it; other answers nearly as
    likely are its alternatives, newest page first. ``found`` is not empty; a single one stands as it is."""
    if len(found) == 1:
        return found[0].answer
    ordered = sorted(found, key=lambda each: -each.surplus)
    believed = sorted((each for each in ordered if each.surplus >= 0), key=lambda each: not each.headed)
    if not believed:
        return _nothing(sorted(found, key=lambda each: -each.answer.confidence))
    best = believed[0].answer
    assert isinstance(best, Answered)
    said = same_words(best.text)
    agreeing = [each.answer for each in believed[1:] if same_words(each.answer.text) == said]
    rivals = [each for each in ordered if each.surplus >= RIVAL and not _says(said, each.answer.text)]
    newest = sorted(rivals, key=lambda each: each.date, reverse=True)
    alternatives = [Alternative(each.answer.text, each.answer.quotes[0]) for each in newest]
    support = [*best.support, *(answer.quotes[0] for answer in agreeing)]
    return replace(best, support=tuple(support[:CLOSEST]), alternatives=(*alternatives, *best.alternatives))


def _says(said: str, text: str) -> bool:
    words = same_words(text)
    return not words or words in said or said in words


def _nothing(ordered: Sequence[PageAnswer]) -> NotFound:
    """No answer; the closest passages are those of the likeliest pages."""
    best = ordered[0].answer
    perhaps = best.perhaps if isinstance(best, NotFound) else Alternative(best.text, best.quotes[0])
    nearest = [quote for each in ordered for quote in (*each.answer.quotes[:1], *each.answer.closest)]
    return NotFound(
        question=best.question,
        confidence=best.confidence,
        closest=tuple(dict.fromkeys(nearest))[:CLOSEST],
        perhaps=perhaps,
        model=best.model,
    )
