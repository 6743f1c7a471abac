"""The shapes of what the smaller commands print with ``--json``, see :mod:`browseagent.forms.shapes`."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

from browseagent.forms.shapes import Answer, Error, Page


class Cleared(TypedDict):
    """``browseagent.cleared/1``: of ``cache clear``; ``held`` versions stay because a watch needs them."""

    schema: Literal["browseagent.cleared/1"]
    versions: int
    bytes: int
    held: int
    error: Error | None


class Forgotten(TypedDict):
    """``browseagent.forgotten/1``: of ``history clear``."""

    schema: Literal["browseagent.forgotten/1"]
    questions: int
    error: Error | None


class AskedEntry(TypedDict):
    """A question that was asked before."""

    id: int
    at: str
    question: str
    status: str
    answer: str | None
    model: str
    sources: list[str]


class AskedBefore(TypedDict):
    """``browseagent.asked/1``: newest first."""

    schema: Literal["browseagent.asked/1"]
    questions: list[AskedEntry]
    error: Error | None


class AnswerDiff(TypedDict):
    """``browseagent.answer-diff/1``: what an answer was and is; of ``ask --since`` and ``history diff``."""

    schema: Literal["browseagent.answer-diff/1"]
    question: str
    changed: bool
    before_at: str
    before: Answer
    after_at: str
    after: Answer
    error: Error | None


class LeftOutOfBackup(TypedDict):
    """A secret that a backup does not hold."""

    name: str
    what: str


class BackedUp(TypedDict):
    """``browseagent.backup/1``: of ``backup`` and ``restore``."""

    schema: Literal["browseagent.backup/1"]
    file: str
    made_at: str
    bytes: int
    secrets: bool
    pages: int
    versions: int
    watches: int
    questions: int
    left_out: list[LeftOutOfBackup]
    error: Error | None


class RecordedFile(TypedDict):
    """A file of a recording."""

    name: str
    bytes: int


class Recording(TypedDict):
    """``browseagent.recording/1``: of ``record``; the folder is a source from then on."""

    schema: Literal["browseagent.recording/1"]
    folder: str
    files: list[RecordedFile]
    page: Page
    error: Error | None


class Look(TypedDict):
    """One thing that ``doctor`` looked at."""

    name: str
    ok: bool
    required: bool
    found: str
    detail: str
    fix: str


class Doctor(TypedDict):
    """``browseagent.doctor/1``."""

    schema: Literal["browseagent.doctor/1"]
    ready: bool
    checks: list[Look]
    error: Error | None


class Models(TypedDict):
    """``browseagent.models/1``: the embedded model first, then those that were measured, by their cards."""

    schema: Literal["browseagent.models/1"]
    models: list[dict[str, Any]]
    error: Error | None


class Reader(TypedDict):
    """``browseagent.reader/1``: the card of the embedded reader."""

    schema: Literal["browseagent.reader/1"]
    base: str
    sha256: str
    examples_sha256: str
    command: str
    settings: dict[str, Any]
    sources: list[dict[str, Any]]
    figures: dict[str, float]
    notes: str
    error: Error | None


class Eval(TypedDict):
    """``browseagent.eval/1``: what a model reached on a file of questions; shares are 0 to 1."""

    schema: Literal["browseagent.eval/1"]
    model: str
    data: str
    f1: float
    answered: float
    f1_if_answered: float
    refused_foreign: float
    refused_unanswerable: float
    calibration_error: float
    error: Error | None


class Writer(TypedDict):
    """``browseagent.writer/1``: the card of a model that writes; shares are 0 to 1."""

    schema: Literal["browseagent.writer/1"]
    model: str
    base_url: str
    measured_at: str
    cases: int
    cases_sha256: str
    right: float
    precision: float
    refused: float
    carried: float
    obeyed: float
    failed: float
    seconds: float
    by_kind: dict[str, float]
    may_write: bool
    error: Error | None


class Removed(TypedDict):
    """``browseagent.removed/1``: watches that were forgotten."""

    schema: Literal["browseagent.removed/1"]
    watches: list[str]
    error: Error | None


class Pinned(TypedDict):
    """``browseagent.pinned/1``."""

    schema: Literal["browseagent.pinned/1"]
    watch: str
    snapshot: int
    pinned: bool
    error: Error | None


class Resent(TypedDict):
    """``browseagent.resent/1``: how many alerts get another try."""

    schema: Literal["browseagent.resent/1"]
    alerts: int
    error: Error | None


class WatchFile(TypedDict):
    """``browseagent.watch-file/1``: all watches as ``watch export`` writes them."""

    schema: Literal["browseagent.watch-file/1"]
    defaults: dict[str, Any]
    groups: dict[str, dict[str, Any]]
    watches: dict[str, dict[str, Any]]
    error: Error | None


class WatchGroup(TypedDict):
    """Settings that several watches share."""

    name: str
    settings: dict[str, Any]
    watches: list[str]


class WatchGroups(TypedDict):
    """``browseagent.watch-groups/1``."""

    schema: Literal["browseagent.watch-groups/1"]
    groups: list[WatchGroup]
    error: Error | None


class DueTime(TypedDict):
    """When a watch is due, in its own time zone too, and when what it tells goes out."""

    at: str
    local: str
    note: str
    alerts_at: str


class WatchNext(TypedDict):
    """``browseagent.watch-next/1``."""

    schema: Literal["browseagent.watch-next/1"]
    watch: str
    times: list[DueTime]
    error: Error | None


class ImportStep(TypedDict):
    """What an import does to a watch or a group."""

    do: str
    what: str
    name: str


class LeftOut(TypedDict):
    """What an import could not carry over."""

    watch: str
    what: str


class WatchImport(TypedDict):
    """``browseagent.watch-import/1``."""

    schema: Literal["browseagent.watch-import/1"]
    dry_run: bool
    steps: list[ImportStep]
    left_out: list[LeftOut]
    error: Error | None
