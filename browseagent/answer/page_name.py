"""What a page calls itself."""

from __future__ import annotations

from functools import lru_cache

from browseagent.answer.lexical import folded, terms
from browseagent.answer.named import Name
from browseagent.answer.typed.sheet import is_provable
from browseagent.read.placed import PlacedLinks
from browseagent.read.site import is_of_site, leads_home
from browseagent.records import BlockKind, Document


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
    alike = [name for name in tops if not said or not said.isdisjoint(terms(name.words))]
    return next((name for name in alike if folded(name.words) in title), alike[0] if alike else None)


def _is_of_site(document: Document, name: Name, links: PlacedLinks) -> bool:
    """Whether a heading is the site's name, by the page's address or as a link to its first page."""
    is_logo = any(leads_home(link.url, document.url) for link in links.within(name.start, name.end))
    is_title = name.words.casefold() == document.title.casefold()
    return not is_title and (is_logo or is_of_site(name.words, document.title, document.url))
