"""The readable text of a page and its structure. All offsets are character offsets (Unicode code points) into
``Document.text``, half open."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from browseagent.records.pages import Page


class BlockKind(StrEnum):
    """What a block is. A table is a run of ``row`` blocks, a list a run of ``item`` blocks."""

    HEADING = "heading"
    PARAGRAPH = "paragraph"
    ITEM = "item"
    ROW = "row"
    CODE = "code"
    QUOTE = "quote"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table row, as a span of the document's text."""

    start: int
    end: int
    header: str = ""
    """Text of the column's header cell, or empty where the table has none."""
    called: str = ""
    """What the markup calls the column of a record that is no table ("review count"): words, or empty."""


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a document's text that means something else than its words alone."""

    start: int
    end: int
    kind: Literal["struck", "formula"]
    """``struck``: the page strikes it out, so it no longer holds. ``formula``: TeX between dollar signs."""


@dataclass(frozen=True, slots=True)
class Label:
    """Words that tell what stands at an offset of a document's text and are no part of it: "Phone" of a
    number that a link dials, the name of the tab that shows it, what is only read out before a price."""

    at: int
    words: str


@dataclass(frozen=True, slots=True)
class Block:
    """A structural unit of a document. ``document.text[start:end]`` is its text."""

    kind: BlockKind
    start: int
    end: int
    level: int = 0
    """Headings: 1 to 6. Items: depth of nesting from 1. Otherwise 0."""
    ordered: bool = False
    """Items: of a numbered list."""
    cells: tuple[Cell, ...] = ()
    """Rows: the cells in order, in the text separated by one tab."""
    is_header: bool = False
    """Rows: a row of column headers."""
    table: int = -1
    """Rows: number of the table within the document, from 0."""
    language: str = ""
    """Code: the programming language where the page says so."""
    anchor: str = ""
    """The nearest ``id`` at or above the block, for ``#fragment`` links; may be empty."""
    page: int = 0
    """PDF: page number from 1. Otherwise 0."""
    term: int = 0
    """Characters at its front that name what the rest tells (words set in bold), or the next block (a
    ``<dt>``, all of it). Otherwise 0."""
    number: int | None = None
    """Items of a numbered list: the number that the page shows; None where it has none."""
    marks: tuple[Mark, ...] = ()
    """In order, not overlapping."""
    place: str = ""
    """Of what is not the page's main text, where it stands: footer, menu, header, sidebar, comments, reviews,
    form, dialog, head, or ``page`` for anywhere else. Empty for main text."""
    post: int = -1
    """Number of the post in :attr:`Document.posts` that it is of; -1 where the page binds it to none."""
    labels: tuple[Label, ...] = ()
    """In order."""


@dataclass(frozen=True, slots=True)
class Post:
    """One post of a thread, as the page's markup binds it to who wrote it."""

    author: str
    when: str = ""
    """When it was written, as the page shows it; may be empty."""
    accepted: bool = False
    """Whether the page marks it as the accepted answer."""
    votes: int = 0
    """What the page gives as its votes or likes."""
    opens: bool = False
    """Whether it is what the thread begins with."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link of the page. ``start`` and ``end`` locate its anchor text in the document's text."""

    url: str
    """Absolute URL."""
    text: str
    start: int = -1
    """-1 where the anchor is not part of the readable text (navigation, footer)."""
    end: int = -1


@dataclass(frozen=True, slots=True)
class Look:
    """How something of the page looks: its classes and colours, which may say what no word does."""

    text: str
    """Its own words, or those that a sign without words stands by."""
    look: str
    group: int = -1
    """Number of the group of like elements (days, rows) of which it is one; -1: a sign without words."""
    among_plain: bool = False
    """Whether others of its group have no looks."""


@dataclass(frozen=True, slots=True)
class Part:
    """One page of an article that stands on several: ``text[start:end]`` of the joined document."""

    url: str
    start: int
    end: int
    page: Page | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Document:
    """The readable text of a page and its structure; of several pages where one article stands on them."""

    url: str
    text: str
    blocks: tuple[Block, ...] = ()
    """In order, not overlapping; between them only white space."""
    title: str = ""
    author: str = ""
    date: str = ""
    """ISO 8601 date of publication, or empty."""
    language: str = ""
    """BCP 47 tag, or empty where the page does not say and none was detected."""
    links: tuple[Link, ...] = ()
    hidden: tuple[str, ...] = ()
    """Text that the page hides from people; never part of ``text``."""
    beside: tuple[str, ...] = ()
    """What people see beside the text, in order: controls with their state, what images say, and text that
    the markup says is not shown until something happens."""
    looks: tuple[Look, ...] = ()
    """How signs without words look, and the like elements of groups, in order."""
    kind: str = "article"
    """article, documentation, forum, product, listing, collection, service or application."""
    kept: float = 1.0
    """Share of the visible text of the page that ``text`` holds, 0 to 1."""
    notes: tuple[str, ...] = ()
    rest: Document | None = field(default=None, hash=False)
    """Everything else that a person can see (author lines, footers, sidebars, menus): a document of its own
    whose blocks say where they stand; the headings above are repeated in it. None where there is nothing."""
    near: Document | None = field(default=None, hash=False)
    """Of ``rest`` what stands in the same elements as ``text`` and in none that has a name (a footer, a
    menu): links below an article, captions. None where there is nothing."""
    head: Document | None = field(default=None, hash=False)
    """What the page says of itself and does not show: the title of its window, a heading, and the description
    that it gives to search engines, a paragraph, both with ``head`` as their place. None where there is
    neither."""
    page: Page | None = field(default=None, compare=False)
    """Where it came from; None for a document made from bytes alone."""
    next_url: str = ""
    """Where the article goes on; empty where it ends here. Known to be its next page by link, address and
    shape only: :func:`browseagent.read.continuation` looks at the page itself."""
    parts: tuple[Part, ...] = ()
    """The pages that the text stands on, in order; empty where it is one."""
    posts: tuple[Post, ...] = ()
    """Of a thread its posts, in the order of the page; empty where the markup does not bind them."""
    replies: int | None = None
    """How many posts follow the first, where the page's markup says so: those on its other pages too."""

    @property
    def omitted(self) -> tuple[str, ...]:
        """Visible text that was left out of ``text``, piece by piece: so that a comparison can tell text that
        is new from text that was only judged otherwise before."""
        if self.rest is None:
            return ()
        return tuple(self.rest.block_text(block) for block in self.rest.blocks if block.place)

    def part_at(self, offset: int) -> Part | None:
        """The page that a place in the text stands on; None where the whole document is one page."""
        return next((part for part in reversed(self.parts) if part.start <= offset), None)

    def block_text(self, block: Block) -> str:
        """The text of one block."""
        return self.text[block.start : block.end]

    @property
    def markdown(self) -> str:
        """The document as Markdown; tables, lists, code, quotes and links are kept."""
        from browseagent.read.markdown import to_markdown

        return to_markdown(self)


@dataclass(frozen=True, slots=True)
class Passage:
    """A scored span of a document; never a copy of its text."""

    document: Document
    start: int
    end: int
    score: float = 0.0

    @property
    def text(self) -> str:
        """The words of the passage, as they stand in the document."""
        return self.document.text[self.start : self.end]
