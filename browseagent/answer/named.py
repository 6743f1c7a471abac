"""Words of a page by which a summary names what it tells of: a thing, a person, the page itself."""

from __future__ import annotations

from dataclasses import dataclass

from browseagent.answer.struck import words_standing
from browseagent.answer.typed.sheet import quote_around
from browseagent.records import Document, Quote


@dataclass(frozen=True, slots=True)
class Name:
    """A span of a document's text that can be quoted, alone or with its cell or block."""

    document: Document
    start: int
    end: int

    @property
    def words(self) -> str:
        """Its words in one line, without what is struck out."""
        return words_standing(self.document, self.start, self.end)

    @property
    def quote(self) -> Quote:
        """The quote of it, or of the cell or the block that holds it."""
        return quote_around(self.document, self.start, self.end)


@dataclass(frozen=True, slots=True)
class Told:
    """One thing that a summary tells, as it is shown, and the words that carry it."""

    text: str
    names: tuple[Name, ...]
