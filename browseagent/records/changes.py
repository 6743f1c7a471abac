"""How a document differs from an earlier one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Hunk:
    """One place where two documents differ. A pure addition has an empty ``before``."""

    before: str
    after: str
    kind: Literal["added", "removed", "changed", "moved"]
    where: str = field(default="", compare=False)
    """Where it stands, in words: the headings above it, the page of a PDF, the entry of a feed, the path in
    a JSON document; may be empty."""
    noise: str = field(default="", compare=False)
    """Why the difference says nothing (a relative time, a session token); empty: it is a change."""
    place: str = field(default="", compare=False)
    """The same for differences that stand between the same neighbours, in the same shape; may be empty."""


class Pair(tuple[str, str]):
    """The text before and the text after, and whether that is a change: ``text`` or ``noise``."""

    kind: Literal["text", "noise"]

    def __new__(cls, hunk: Hunk) -> Pair:
        """The pair of a difference."""
        pair = super().__new__(cls, (hunk.before, hunk.after))
        pair.kind = "noise" if hunk.noise else "text"
        return pair


@dataclass(frozen=True, slots=True)
class Change:
    """How a document differs from an earlier one."""

    differences: tuple[Hunk, ...]

    @property
    def changed(self) -> bool:
        """Whether anything changed that is no noise."""
        return any(not hunk.noise for hunk in self.differences)

    @property
    def hunks(self) -> list[Pair]:
        """The differences as (before, after) pairs, each of a ``kind``."""
        return [Pair(hunk) for hunk in self.differences]
