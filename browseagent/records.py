"""The records that flow through the program, in the order in which they flow.

A :class:`Page` is what came back from the web, a :class:`Document` is its readable text, a
:class:`Passage` is a scored span of a document, a :class:`Quote` is a span that was found again in
it, and an :class:`Answer` is made of quotes. All are frozen: a step makes a new record and never
changes an old one. This module imports nothing of ours and does no input or output.

All offsets are character offsets (Unicode code points) into ``Document.text``, half open.
All times are aware datetimes in UTC.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Literal


class Outcome(StrEnum):
    """What came of an attempt to get a page. Only ``ok`` and ``truncated`` may reach a model."""

    OK = "ok"
    EMPTY = "empty"
    TRUNCATED = "truncated"
    NOT_FOUND = "not_found"
    GONE = "gone"
    HTTP_ERROR = "http_error"
    LOGIN = "login"
    BLOCKED = "blocked"
    CONSENT = "consent"
    ROBOTS = "robots"
    POLICY = "policy"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    TOO_LARGE = "too_large"
    UNSUPPORTED = "unsupported"

    @property
    def readable(self) -> bool:
        """Whether the text of such a page may be read and answered from."""
        return self in (Outcome.OK, Outcome.TRUNCATED)


class Via(StrEnum):
    """How a page was had."""

    HTTP = "http"
    CHROMIUM = "chromium"
    FILE = "file"
    CACHE = "cache"


def route_of(url: str) -> str:
    """The fragment of an address where it names a page of its own: a view of a single-page application
    (``#/…``, ``#!…``, ``#View:mark=heron``). Empty where it only names a place on the page."""
    fragment = url.partition("#")[2].partition(":~:")[0]
    return fragment if fragment.startswith("!") or "/" in fragment or "=" in fragment else ""


@dataclass(frozen=True, slots=True)
class Page:
    """What came back for a URL, whether or not it was any good.

    A fetch that fails is a page too: its ``outcome`` says what happened, ``reason`` says it in one
    sentence for a person, ``hint`` says what to do next.
    """

    url: str
    """The URL asked for (for a file: its ``file:`` URI)."""
    final_url: str
    """The URL after redirects."""
    outcome: Outcome
    via: Via
    fetched_at: datetime
    status: int | None = None
    """HTTP status of the final response; None where there was none."""
    redirects: tuple[str, ...] = ()
    """Every URL on the way, the requested one first; empty where there was no redirect."""
    headers: tuple[tuple[str, str], ...] = ()
    """Response headers, names in lower case, repeats kept."""
    body: bytes = b""
    """The body as received, content-encoding undone."""
    dom: str | None = None
    """The document as Chromium rendered it, serialised; None where no browser was used."""
    visible_text: str | None = None
    """What the browser showed (``innerText`` of the body); None where no browser was used."""
    reason: str | None = None
    hint: str | None = None
    notes: tuple[str, ...] = ()
    """What a person should know, e.g. a consent layer was refused, or why a browser was used."""
    screenshot: bytes | None = field(default=None, repr=False, compare=False)
    """The page as it was read, as PNG, where that was asked for; never stored."""

    def header(self, name: str) -> str | None:
        """The first header of that name, or None."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key == wanted), None)

    @property
    def content_type(self) -> str:
        """The Content-Type as served, or an empty string."""
        return self.header("content-type") or ""

    @property
    def content(self) -> bytes:
        """The bytes that are read: the rendered DOM where there is one, else the body."""
        return self.body if self.dom is None else self.dom.encode("utf-8", "surrogatepass")

    @property
    def sha256(self) -> str:
        """Hash of :attr:`content`, in hexadecimal: the identity of a page version."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True)
class Elements:
    """Which elements of a page its document is made of, as CSS selectors. Chosen when a page is read, so
    one stored page serves every choice."""

    only: tuple[str, ...] = ()
    """These elements and nothing else; empty: the page's main content."""
    without: tuple[str, ...] = ()
    """Not these elements."""

    def __bool__(self) -> bool:
        return bool(self.only or self.without)


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


@dataclass(frozen=True, slots=True)
class Mark:
    """A stretch of a document's text that means something else than its words alone."""

    start: int
    end: int
    kind: Literal["struck", "formula"]
    """``struck``: the page strikes it out, so it no longer holds. ``formula``: TeX between dollar signs."""


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
    form, dialog, or ``page`` for anywhere else. Empty for main text."""


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
    kind: str = "article"
    """article, documentation, forum, product, listing, collection, service or application."""
    kept: float = 1.0
    """Share of the visible text of the page that ``text`` holds, 0 to 1."""
    notes: tuple[str, ...] = ()
    rest: Document | None = field(default=None, hash=False)
    """Everything else that a person can see (author lines, footers, sidebars, menus): a document of its own
    whose blocks say where they stand; the headings above are repeated in it. None where there is nothing."""
    page: Page | None = field(default=None, compare=False)
    """Where it came from; None for a document made from bytes alone."""
    next_url: str = ""
    """Where the article goes on; empty where it ends here. Known to be its next page by link, address and
    shape only: :func:`browseagent.read.continuation` looks at the page itself."""
    parts: tuple[Part, ...] = ()
    """The pages that the text stands on, in order; empty where it is one."""

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


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that were found on the page. Made by :mod:`browseagent.answer.quotes` and nothing else.

    ``document.text[start:end] == text``, always, and where there is a ``place`` it is ``document.rest`` that
    they stand in; ``link`` opens the page scrolled to the words.
    """

    text: str
    start: int
    end: int
    url: str
    link: str
    place: str = ""
    """Where on the page, if not in its main text; see :class:`Block`."""


@dataclass(frozen=True, slots=True)
class Alternative:
    """Another answer that the pages give, nearly as good as the one that was given."""

    text: str
    quote: Quote


@dataclass(frozen=True, slots=True)
class ErrorInfo:
    """A failure as data: what happened, where, and what to do next."""

    kind: str
    message: str
    hint: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a model that writes took, summed over its calls."""

    calls: int = 0
    prompt_tokens: int = 0
    completion_tokens: int = 0
    """0 where the server does not tell."""
    cost: float | None = None
    """In the currency of the price that was configured; None where none was."""

    def __add__(self, other: Usage) -> Usage:
        costs = [each for each in (self.cost, other.cost) if each is not None]
        return Usage(
            self.calls + other.calls,
            self.prompt_tokens + other.prompt_tokens,
            self.completion_tokens + other.completion_tokens,
            sum(costs) if costs else None,
        )


@dataclass(frozen=True, slots=True)
class Manner:
    """How a model that writes is to write, and what becomes of what the pages do not support."""

    language: str = ""
    """BCP 47 tag of the language to write in; empty: that of the question, or of the page."""
    style: Literal["", "bullets", "paragraph", "brief", "headline", "reply"] = ""
    keep_unsupported: bool = False
    """Show sentences that the check does not let through, marked as such, instead of dropping them."""


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """Which model answered, and what else the answer depends on."""

    name: str
    """As named on the command line: ``embedded``, ``hf:…``, ``gguf:…``, ``openai:…``."""
    digest: str = ""
    """SHA-256 of the weights, or empty where they are not ours to hash."""
    prompts: Mapping[str, str] = field(default_factory=dict)
    """Hash of each prompt that was used, by name."""
    note: str = ""
    """What a person should know of it, e.g. that it lacks its reader."""
    usage: Usage | None = None
    """What it took, where it writes."""
    measured: bool = True
    """Whether its confidence was fitted on questions with known answers; that of a model of one's own, or of
    any that no card tells of, says little."""


@dataclass(frozen=True, slots=True)
class PageReport:
    """What is said of a page beside an answer: the page without its bytes."""

    url: str
    final_url: str
    outcome: Outcome
    via: Via
    fetched_at: datetime
    status: int | None
    age_s: float
    sha256: str
    title: str
    chars: int
    reason: str | None = None
    hint: str | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Point:
    """One point of a summary, or one sentence that a model wrote, and the words on the page that carry it."""

    text: str
    support: Literal["quote", "entailed", "unsupported"]
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of a question. One of :class:`Answered`, :class:`NotFound`, :class:`Failed`."""

    question: str
    confidence: float = 0.0
    """Calibrated probability that the pages hold the answer and that this is it; 0 to 1."""
    closest: tuple[Quote, ...] = ()
    """The next best passages, best first: where nothing was found, what came nearest."""
    pages: tuple[PageReport, ...] = ()
    model: ModelInfo | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    """Seconds spent, by step."""
    stopped: str = ""
    """Why the controller stopped, in words."""

    status: ClassVar[Literal["answered", "not_found", "failed"]]

    @property
    def text(self) -> str:
        """The answer in words; empty where there is none."""
        return ""

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The words on the page that the answer rests on; empty where there is none."""
        return ()

    @property
    def error(self) -> ErrorInfo | None:
        """Why it failed; None where it did not."""
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered(Answer):
    """The pages hold the answer. There is at least one quote."""

    answer: str
    support: tuple[Quote, ...]
    alternatives: tuple[Alternative, ...] = ()
    """Other answers that are nearly as likely, best first: where the pages do not agree, or the
    question could mean either."""
    sentences: tuple[Point, ...] = ()
    """Where a model wrote the answer, its sentences and what carries each; else empty."""
    status: ClassVar[Literal["answered", "not_found", "failed"]] = "answered"

    def __post_init__(self) -> None:
        if not self.support:
            raise ValueError("an answer needs at least one quote")

    @property
    def text(self) -> str:
        return self.answer

    @property
    def quotes(self) -> tuple[Quote, ...]:
        return self.support


@dataclass(frozen=True, slots=True, kw_only=True)
class NotFound(Answer):
    """The pages were read and do not hold the answer, or not surely enough."""

    perhaps: Alternative | None = None
    """What was likeliest, where that is likely enough to be worth a look; it is no answer."""
    status: ClassVar[Literal["answered", "not_found", "failed"]] = "not_found"


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed(Answer):
    """No page could be read, or the model failed."""

    failure: ErrorInfo
    status: ClassVar[Literal["answered", "not_found", "failed"]] = "failed"

    @property
    def error(self) -> ErrorInfo | None:
        return self.failure


Length = Literal["short", "medium", "long"]
"""Of a summary."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the pages a summary was made from."""

    chars: int
    chars_read: int
    passages: int
    passages_read: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The points of one or more pages, in their order."""

    points: tuple[Point, ...]
    coverage: Coverage
    pages: tuple[PageReport, ...] = ()
    model: ModelInfo | None = None
    timings: Mapping[str, float] = field(default_factory=dict)
    error: ErrorInfo | None = None


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
