"""The links of a document by their place in its text."""

from __future__ import annotations

from bisect import bisect_left

from browseagent.records import Document, Link


class PlacedLinks:
    """The links of a document that stand in its text."""

    def __init__(self, document: Document) -> None:
        self._placed = sorted(
            (link for link in document.links if link.start >= 0), key=lambda link: link.start
        )
        self._starts = [link.start for link in self._placed]

    def within(self, start: int, end: int) -> list[Link]:
        """Those that begin in a span, in order."""
        return self._placed[bisect_left(self._starts, start) : bisect_left(self._starts, end)]

    def first(self, start: int, end: int) -> Link | None:
        """The first that begins in a span."""
        at = bisect_left(self._starts, start)
        return self._placed[at] if at < len(self._placed) and self._starts[at] < end else None
