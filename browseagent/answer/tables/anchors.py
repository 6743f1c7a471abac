"""The links that cells are, or hold."""

from __future__ import annotations

from functools import lru_cache

from browseagent.read.placed import PlacedLinks
from browseagent.records import Document, Link


@lru_cache(maxsize=4)
def anchors_of(document: Document) -> Anchors:
    """The links of a document; placed once."""
    return Anchors(document)


class Anchors:
    """The links of a document by the cells that they stand in."""

    def __init__(self, document: Document) -> None:
        self._links = PlacedLinks(document)

    def first(self, start: int, end: int) -> Link | None:
        """The first link that begins in a span, where it ends there too."""
        found = self._links.first(start, end)
        return found if found is not None and found.end <= end else None

    def of(self, start: int, end: int) -> str | None:
        """Where the link leads that most of a span is; None where none is."""
        found = self.first(start, end)
        return found.url if found is not None and (found.end - found.start) * 2 >= end - start else None
