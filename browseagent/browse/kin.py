"""Whether a page belongs to the site that was named, where one host holds several.

A host may hold a town's pages in one folder and a newspaper in another, and the host's sitemap lists both:
the newspaper's library is not the town's. The pages of one site have links in common, if only the one to
their front page. A page of another folder that the named site's pages do not link to, and that shares no
link with them, is another site's.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from browseagent.browse.candidate import page_key, part_of
from browseagent.browse.scope import site_of
from browseagent.records import Document

Place = tuple[str, str]
"""A host, and a folder of it."""


def place_of(url: str) -> Place:
    """Where an address is."""
    return site_of(url), part_of(url)


@dataclass(frozen=True, slots=True)
class Kin:
    """What is known of the named site."""

    places: frozenset[Place]
    """Of the named pages."""
    known: frozenset[str] = frozenset()
    """Keys of the pages read there, and of those that they link to."""
    others: frozenset[Place] = frozenset()
    """Places of other sites."""

    def with_named(self, url: str) -> Kin:
        """What is known when one more address was named, or is where a named one led."""
        return replace(self, places=self.places | {place_of(url)})

    def with_page(self, document: Document) -> Kin:
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


def kin_of(urls: Iterable[str]) -> Kin:
    """What is known when only these addresses were named. Where one is not in a folder, the whole host is
    meant; nor can anything be told of a host of which no page was named (``--allow-domain``)."""
    return Kin(frozenset(map(place_of, urls)))


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
