"""The shapes of the public JSON forms, as types: what builds a form is checked against them, and their JSON
Schemas are published from them (``tools/schemas.py`` writes ``schemas.json``).

Every key is always present. Offsets count Unicode code points into the document's text; times are ISO 8601.
"""

from __future__ import annotations

from typing import Any, Literal, NotRequired

from typing_extensions import TypedDict


class Error(TypedDict):
    """What went wrong, and what to do next."""

    kind: str
    message: str
    hint: str
    url: str


class Quote(TypedDict):
    """Words of a page: ``document.text[start:end] == text``, or of ``rest.text`` where there is a ``place``
    (the page's footer, say); ``link`` opens the page at them."""

    text: str
    start: int
    end: int
    url: str
    link: str
    place: str


class Quotes(TypedDict):
    """``browseagent.quotes/1``: where words that were looked for stand on a page; none where they do not."""

    schema: Literal["browseagent.quotes/1"]
    url: str
    text: str
    quotes: list[Quote]
    error: Error | None


class Page(TypedDict):
    """A page without its bytes."""

    url: str
    final_url: str
    outcome: str
    status: int | None
    via: str
    fetched_at: str
    age_s: float
    sha256: str
    title: str
    chars: int
    reason: str | None
    hint: str | None
    notes: list[str]


class Model(TypedDict):
    """Which model it was."""

    name: str
    digest: str
    prompts: dict[str, str]
    note: str
    usage: dict[str, Any] | None
    measured: bool
    """Whether its confidence was fitted on questions with known answers."""


class Alternative(TypedDict):
    """Another likely answer, and where it stands."""

    text: str
    quote: Quote


class Point(TypedDict):
    """A sentence and what carries it."""

    text: str
    support: Literal["quote", "entailed", "unsupported"]
    quotes: list[Quote]


class Leaf(TypedDict):
    """One value of a typed answer."""

    path: str
    value: Any
    status: str
    quote: Quote | None


class Answer(TypedDict):
    """``browseagent.answer/1``; ``value``, ``leaves`` and ``missing`` for a typed answer, ``line`` for one of
    many, ``typed`` in a chat."""

    schema: Literal["browseagent.answer/1"]
    question: str
    status: Literal["answered", "not_found", "failed"]
    answer: str | None
    confidence: float
    quotes: list[Quote]
    closest: list[Quote]
    alternatives: list[Alternative]
    perhaps: Alternative | None
    sentences: list[Point]
    pages: list[Page]
    model: Model
    timings: dict[str, float]
    stopped: str
    error: Error | None
    value: NotRequired[Any]
    leaves: NotRequired[list[Leaf]]
    missing: NotRequired[list[str]]
    line: NotRequired[int]
    typed: NotRequired[str]


class Source(TypedDict):
    """A page of a chat."""

    url: str
    title: str


class Chat(TypedDict):
    """``browseagent.chat/1``: the answers in order."""

    schema: Literal["browseagent.chat/1"]
    sources: list[Source]
    answers: list[Answer]
    error: Error | None


class Coverage(TypedDict):
    """How much of the pages was read."""

    chars: int
    chars_read: int
    passages: int
    passages_read: int


class Summary(TypedDict):
    """``browseagent.summary/1``."""

    schema: Literal["browseagent.summary/1"]
    points: list[Point]
    coverage: Coverage
    pages: list[Page]
    model: Model
    timings: dict[str, float]
    error: Error | None


class Cell(TypedDict):
    """A cell of a table's row, as a span."""

    start: int
    end: int
    header: str


class Block(TypedDict):
    """A block of a document, as a span of its text."""

    kind: str
    start: int
    end: int
    level: int
    ordered: bool
    cells: list[Cell]
    is_header: bool
    table: int
    language: str
    anchor: str
    page: int
    place: str


class Link(TypedDict):
    """A link of a document."""

    url: str
    text: str
    start: int
    end: int


class Part(TypedDict):
    """A page of an article that stands on several."""

    url: str
    start: int
    end: int


class Rest(TypedDict):
    """What is seen beside a document's main text; blocks without a place are headings of that."""

    text: str
    blocks: list[Block]
    links: list[Link]


class Document(TypedDict):
    """``browseagent.document/1``; ``rest`` where it was asked for (``read --all``)."""

    schema: Literal["browseagent.document/1"]
    url: str
    title: str
    author: str
    date: str
    language: str
    text: str
    markdown: str
    blocks: list[Block]
    links: list[Link]
    rest: Rest | None
    hidden: list[str]
    parts: list[Part]
    kind: str
    kept: float
    notes: list[str]
    page: Page | None
    error: Error | None


class CrawlFailure(TypedDict):
    """A page that a crawl could not read."""

    url: str
    outcome: str
    reason: str


class Crawl(TypedDict):
    """``browseagent.crawl/1``."""

    schema: Literal["browseagent.crawl/1"]
    url: str
    ended: str
    resumed: bool
    read: int
    failed: int
    waiting: int
    failures: list[CrawlFailure]
    error: Error | None


class Hunk(TypedDict):
    """A difference between two texts; ``noise`` says why it is none that counts."""

    before: str
    after: str
    kind: str
    where: str
    noise: NotRequired[str]


class Failure(TypedDict):
    """``browseagent.error/1``: of a command whose document has no form for coming to nothing."""

    schema: Literal["browseagent.error/1"]
    error: Error | None
