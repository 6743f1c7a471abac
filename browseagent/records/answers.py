"""What is said of pages: quotes, answers and summaries, the model and the pages that they are from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Literal

from browseagent.records.pages import Outcome, Via


@dataclass(frozen=True, slots=True)
class Quote:
    """Words that were found on the page. Made by :mod:`browseagent.answer.quotes` and nothing else.

    ``document.text[start:end] == text``, always, and where there is a ``place`` it is ``document.rest`` that
    they stand in, or ``document.head``; ``link`` opens the page scrolled to the words, if it shows them.
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
