"""The links of a document by their place in its text."""

from __future__ import annotations

from bisect import bisect_left

from browseagent.records import Document


class Anchors:
    """The links of a document by their place in its text."""

    def __init__(self, document: Document) -> None:
        placed = sorted((link.start, link.end, link.url) for link in document.links if link.start >= 0)
        self._starts, self._placed = [start for start, _, _ in placed], placed

    def first(self, start: int, end: int) -> tuple[int, int, str] | None:
        """The first link within a span: where it stands, and its address."""
        at = bisect_left(self._starts, start)
        found = self._placed[at] if at < len(self._placed) else None
        return found if found is not None and found[1] <= end else None

    def of(self, start: int, end: int) -> str | None:
        """Where the link leads that most of a span is; None where none is."""
        found = self.first(start, end)
        return found[2] if found is not None and (found[1] - found[0]) * 2 >= end - start > 0 else None
