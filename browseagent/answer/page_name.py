"""What a page calls itself."""

from __future__ import annotations

from functools import lru_cache

from browseagent.answer.lexical import folded, terms
from browseagent.answer.named import Name
from browseagent.answer.outline import BARS, THING_CHARS
from browseagent.answer.typed.sheet import is_provable
from browseagent.read.placed import PlacedLinks
from browseagent.read.site import is_of_site, leads_home
from browseagent.records import BlockKind, Document

OFFERS = ("service", "listing", "collection")
"""Kinds of page that are somebody's."""


@lru_cache(maxsize=8)
def page_name(document: Document) -> Name | None:
    """What a page calls itself: a heading of the first rank that its title repeats, else one that shares a
    word with it; a slogan does not, nor has it the site's name. Without any of the first rank, a heading that
    is its title."""
    title, said = folded(document.title), set(terms(document.title))
    texts = [(text, PlacedLinks(text)) for text in (document, document.rest) if text is not None]
    heads = [
        (block.level, Name(text, block.start, block.end), links)
        for text, links in texts
        for block in text.blocks
        if block.kind is BlockKind.HEADING and is_provable(text, block.start, block.end)
    ]
    tops = [name for level, name, links in heads if level == 1 and not _is_of_site(document, name, links)]
    if not tops:
        return next((name for _, name, _ in heads if title and folded(name.words) == title), None)
    alike = [name for name in tops if _is_alike(name, said, document)]
    return next((name for name in alike if folded(name.words) in title), alike[0] if alike else None)


def _is_alike(name: Name, said: set[str], document: Document) -> bool:
    """Whether a heading shares a word with the title; all of its words but one where it stands beside the
    main text, as that of another article may."""
    own = set(terms(name.words))
    return not said or (not own.isdisjoint(said) and (name.document == document or len(own - said) <= 1))


def told_name(document: Document) -> Name | None:
    """What a summary calls a page: its heading, or the title of its window where that says more, as whose
    a service is, or no heading names the page."""
    own, head = page_name(document), document.head
    block = head.blocks[0] if head is not None else None
    if head is None or block is None or block.kind is not BlockKind.HEADING:
        return own
    title = Name(head, block.start, block.end)
    if (
        len(title.words) > THING_CHARS
        or title.words.count("|") >= BARS
        or not is_provable(head, block.start, block.end)
    ):
        return own
    says_more = document.kind in OFFERS and own is not None and folded(own.words) in folded(title.words)
    return title if own is None or says_more else own


def _is_of_site(document: Document, name: Name, links: PlacedLinks) -> bool:
    """Whether a heading is the site's name, by the page's address or as a link to its first page."""
    is_logo = any(leads_home(link.url, document.url) for link in links.within(name.start, name.end))
    is_title = name.words.casefold() == document.title.casefold()
    return not is_title and (is_logo or is_of_site(name.words, document.title, document.url))
