"""The records of a watch: what a person asked for, what was found, and what came of it. All frozen.

A :class:`Watch` says what is looked at, when, and what is worth an alert. A check gives a
:class:`State`; a standing :class:`Question` gives a :class:`StandingAnswer` with a typed
:class:`Value`; a :class:`Verdict` says what changed and whether anybody is to be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

from browseagent.answer.typed.records import Value as Value
from browseagent.answer.typed.records import ValueKind as ValueKind
from browseagent.records import Hunk, Quote


class State(StrEnum):
    """What a check found."""

    NEW = "new"
    """The first good look; silent."""
    UNCHANGED = "unchanged"
    CHANGED = "changed"
    UNVERIFIED = "unverified"
    """Something came, but it cannot be trusted to be the page (blank, cut short, another language)."""
    BLOCKED = "blocked"
    """A wall: bot check, login, consent, robots.txt, a policy of ours."""
    FAILED = "failed"
    """The page could not be had."""

    @property
    def good(self) -> bool:
        """Whether the page itself was seen."""
        return self in (State.NEW, State.UNCHANGED, State.CHANGED)


class AnswerStatus(StrEnum):
    """What became of a standing question at one look. ``unknown`` and ``invalid`` never flip a state."""

    FOUND = "found"
    ABSENT = "absent"
    """The page was read and does not say."""
    UNKNOWN = "unknown"
    """It could not be told: the model failed, or was not sure either way."""
    INVALID = "invalid"
    """Words were found, but they are no value of the type that was asked for."""


@dataclass(frozen=True, slots=True)
class Question:
    """A standing question. ``name`` is what predicates call its value."""

    text: str
    kind: ValueKind = ValueKind.TEXT
    choices: tuple[str, ...] = ()
    name: str = "value"


@dataclass(frozen=True, slots=True)
class StandingAnswer:
    """What a question got at one look, and the last value that was found before."""

    question: Question
    status: AnswerStatus
    value: Value | None = None
    """Set where ``status`` is found."""
    previous: Value | None = None
    quote: Quote | None = None
    """The words that prove the value; where it is invalid, the words that were found instead."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Window:
    """Part of a day by the wall clock, in minutes after midnight; over midnight where end <= start."""

    start: int
    end: int

    @property
    def minutes(self) -> int:
        """Its length on a day without a clock change."""
        return (self.end - self.start) % 1440 or 1440

    def holds(self, minute: int) -> bool:
        """Whether a minute of the day lies in it."""
        return (minute - self.start) % 1440 < self.minutes


@dataclass(frozen=True, slots=True)
class Watch:
    """What a person asked for, groups and defaults already filled in. Durations are in seconds."""

    name: str
    url: str
    every: float | None = 3600.0
    """Between two checks; None where ``cron`` says when."""
    cron: str | None = None
    timezone: str = "UTC"
    between: Window | None = None
    select: str | None = None
    """CSS selector of the part that is watched."""
    exclude: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    """Regular expressions; what they match is no change."""
    strict: bool = False
    """Take nothing for noise."""
    only: Literal["added", "removed"] | None = None
    questions: tuple[Question, ...] = ()
    when: str | None = None
    """Predicate over the answers (:mod:`browseagent.watch.predicate`)."""
    about: str | None = None
    """Which changes matter, in words."""
    notify: tuple[str, ...] = ()
    digest: str | None = None
    """Cron expression: alerts wait and go out together then."""
    tags: tuple[str, ...] = ()
    confirm: float | None = None
    """Look again after so long before a change counts."""
    via: Literal["auto", "http", "chromium"] = "auto"
    profile: str | None = None
    headers: tuple[str, ...] = field(default=(), repr=False)
    """``Name: value``, sent to the site of ``url`` alone. They may be secret."""
    basic: str | None = field(default=None, repr=False)
    """The user and the password that stood in the address, as HTTP's basic scheme writes them."""
    user_agent: str | None = None
    proxy: str | None = field(default=None, repr=False)
    locale: str | None = None
    clicks: tuple[str, ...] = ()
    """CSS selectors of what is clicked, in order, before the page is read."""
    wait_for: str | None = None
    timeout: float = 30.0
    fail_after: int = 3
    """Failures in a row after which an alert is due."""
    keep: int = 50
    """Snapshots that are kept at least; see :mod:`browseagent.watch.retention`."""
    keep_for: float | None = None
    keep_bytes: int | None = None
    screenshots: int | None = None
    """Got through a browser, with a picture of each snapshot: the newest, up to so many megabytes in all."""
    group: str | None = None
    enabled: bool = True
    public: bool = False
    """Got as what a page names is: never from a private network. Of a watch that was made over HTTP."""

    @property
    def takes_noise(self) -> bool:
        """Whether noise may hold a difference back: never where somebody said where or what to look for."""
        return not (self.strict or self.select or self.about)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a look that differs amounts to."""

    state: State
    changes: tuple[Hunk, ...] = ()
    """Every difference, also those that nobody is told of."""
    answers: tuple[StandingAnswer, ...] = ()
    summary: str = ""
    alert: bool = False
    reason: str = ""
    """Why there is an alert, or why there is none."""
    judged: bool = True
    """Whether ``about`` was judged; False: it could not be, and the plain change goes out."""
    holds: bool | None = None
    """Whether the predicate holds after this look; None: never known yet."""
    told: tuple[Hunk, ...] = ()
    """The differences that passed every filter: what an alert tells. Not kept."""

    @property
    def kind(self) -> Literal["text", "noise"]:
        """``noise`` where nothing else differs."""
        return "noise" if self.changes and all(hunk.noise for hunk in self.changes) else "text"


Settings = Mapping[str, object]
"""A watch, a group or the defaults as in a TOML file: see :mod:`browseagent.watch.settings`."""
