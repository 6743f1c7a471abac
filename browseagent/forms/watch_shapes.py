"""The shapes of the public JSON forms of watches, see :mod:`browseagent.forms.shapes`."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

from browseagent.forms.shapes import Error, Hunk, Page, Quote


class StandingAnswer(TypedDict):
    """What a page says to a watch's standing question."""

    question: str
    name: str
    type: str
    status: Literal["found", "absent", "unknown", "invalid"]
    value: float | int | bool | str | None
    previous: float | int | bool | str | None
    unit: str
    text: str
    previous_text: str
    quote: Quote | None
    reason: str


class Judged(TypedDict):
    """What was found of a change."""

    changes: list[Hunk]
    answers: list[StandingAnswer]
    summary: str
    alert: bool
    judged: bool
    reason: str


class Check(Judged):
    """``browseagent.check/1``."""

    schema: Literal["browseagent.check/1"]
    watch: str
    state: Literal["new", "unchanged", "changed", "unverified", "blocked", "failed"]
    event: str | None
    kind: str | None
    page: Page
    error: Error | None


class Trial(Check):
    """What ``watch test`` prints: a check, and the text that is watched."""

    text: str


class Alert(TypedDict):
    """``browseagent.alert/1``: what is sent of an event; long changes are shortened, many left out."""

    schema: Literal["browseagent.alert/1"]
    kind: str
    watch: str
    group: str
    tags: list[str]
    url: str
    at: str
    state: str
    summary: str
    reason: str
    judged: bool
    changes: list[Hunk]
    changes_left_out: int
    answers: list[StandingAnswer]


class Digest(TypedDict):
    """``browseagent.digest/1``: alerts that were gathered."""

    schema: Literal["browseagent.digest/1"]
    key: str
    alerts: list[Alert]


class Checks(TypedDict):
    """``browseagent.checks/1``: several watches checked by one command."""

    schema: Literal["browseagent.checks/1"]
    checks: list[Check]
    error: Error | None


class WatchEntry(TypedDict):
    """A watch and how it stands."""

    name: str
    url: str
    settings: dict[str, Any]
    state: str | None
    reason: str
    checked_at: str | None
    good_at: str | None
    changed_at: str | None
    due_at: str | None
    failures: int
    in_trouble: bool
    checks: int
    pending: int
    waiting_alerts: int
    dead_alerts: int
    snapshots: int


class UnreadableWatch(TypedDict):
    """A watch whose stored settings cannot be read, and how they are mended."""

    name: str
    url: str
    error: Error


class Watches(TypedDict):
    """``browseagent.watches/1``."""

    schema: Literal["browseagent.watches/1"]
    watches: list[WatchEntry]
    unreadable: list[UnreadableWatch]
    error: Error | None


class Snapshot(TypedDict):
    """A look that is kept."""

    id: int
    version: int
    at: str
    language: str
    chars: int
    bytes: int
    pinned: bool


class Watch(TypedDict):
    """``browseagent.watch/1``."""

    schema: Literal["browseagent.watch/1"]
    watch: WatchEntry
    snapshots: list[Snapshot]
    noise: list[Hunk]
    error: Error | None


class SentAlert(TypedDict):
    """What was sent to whom, and what became of it."""

    target: str
    status: str
    error: str


class Event(Judged):
    """Something that happened to a watch."""

    id: int
    event: str
    kind: str
    pending: bool
    at: str
    before: int | None
    after: int | None
    alerts: list[SentAlert]


class WatchHistory(TypedDict):
    """``browseagent.watch-history/1``."""

    schema: Literal["browseagent.watch-history/1"]
    watch: str
    events: list[Event]
    error: Error | None


class DatedAnswer(StandingAnswer):
    """What a page said to a standing question, and when."""

    at: str
    event: str


class WatchAnswers(TypedDict):
    """``browseagent.watch-answers/1``: oldest first."""

    schema: Literal["browseagent.watch-answers/1"]
    watch: str
    answers: list[DatedAnswer]
    error: Error | None


class WatchDiff(TypedDict):
    """``browseagent.watch-diff/1``."""

    schema: Literal["browseagent.watch-diff/1"]
    watch: str
    before: Snapshot
    after: Snapshot
    changes: list[Hunk]
    error: Error | None


class ReplayedLook(Judged):
    """What other rules make of an old look."""

    snapshot: int
    at: str


class ReplayedWatch(TypedDict):
    """A watch under other rules."""

    watch: str
    alerts: int
    events: list[ReplayedLook]


class WatchReplay(TypedDict):
    """``browseagent.watch-replay/1``."""

    schema: Literal["browseagent.watch-replay/1"]
    watches: list[ReplayedWatch]
    error: Error | None
