"""What the smaller commands print with ``--json``. Pure: records in, dictionaries out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast

from browseagent.forms import command_shapes as shapes
from browseagent.forms import results

if TYPE_CHECKING:
    from browseagent.answer.answer_diff import AnswerDiff
    from browseagent.answer.measure import Figures
    from browseagent.model.reader_card import ReaderCard
    from browseagent.model.writer_card import WriterCard
    from browseagent.records import PageReport
    from browseagent.store.asked import Asked
    from browseagent.store.backup import Backup
    from browseagent.store.listing import Cleared
    from browseagent.watch.definitions import Definitions, Step
    from browseagent.watch.plan import Planned


def cleared(done: Cleared) -> shapes.Cleared:
    """``browseagent.cleared/1``."""
    return {
        "schema": "browseagent.cleared/1",
        "versions": done.versions,
        "bytes": done.bytes,
        "held": done.held,
        "error": None,
    }


def forgotten(count: int) -> shapes.Forgotten:
    """``browseagent.forgotten/1``."""
    return {"schema": "browseagent.forgotten/1", "questions": count, "error": None}


def asked(found: Sequence[Asked]) -> shapes.AskedBefore:
    """``browseagent.asked/1``."""
    questions: list[shapes.AskedEntry] = [
        {
            "id": each.id,
            "at": each.at.isoformat(),
            "question": each.question,
            "status": each.status,
            "answer": each.answer,
            "model": each.model,
            "sources": [page["url"] for page in each.document["pages"]],
        }
        for each in found
    ]
    return {"schema": "browseagent.asked/1", "questions": questions, "error": None}


def answer_diff(found: AnswerDiff, model: str = "") -> shapes.AnswerDiff:
    """``browseagent.answer-diff/1``. ``model`` names the model where an answer does not."""
    error = found.before.error or found.after.error
    return {
        "schema": "browseagent.answer-diff/1",
        "question": found.question,
        "changed": error is None and found.changed,
        "before_at": found.before_at.isoformat(),
        "before": results.answer(found.before, model),
        "after_at": found.after_at.isoformat(),
        "after": results.answer(found.after, model),
        "error": results.error(error),
    }


def recorded(folder: str, files: Mapping[str, int], page: PageReport) -> shapes.Recording:
    """``browseagent.recording/1``. ``files`` gives the bytes of each by its name."""
    return {
        "schema": "browseagent.recording/1",
        "folder": folder,
        "files": [{"name": name, "bytes": size} for name, size in files.items()],
        "page": results.page(page),
        "error": None,
    }


def backed_up(file: str, made: Backup) -> shapes.BackedUp:
    """``browseagent.backup/1``."""
    return {
        "schema": "browseagent.backup/1",
        "file": file,
        "made_at": made.made_at.isoformat(),
        "bytes": made.bytes,
        "secrets": made.secrets,
        "pages": made.held.pages,
        "versions": made.held.versions,
        "watches": made.held.watches,
        "questions": made.held.questions,
        "left_out": [{"name": name, "what": what} for name, what in made.left_out],
        "error": None,
    }


def doctor(looks: Sequence[shapes.Look], *, ready: bool) -> shapes.Doctor:
    """``browseagent.doctor/1``."""
    return {"schema": "browseagent.doctor/1", "ready": ready, "checks": list(looks), "error": None}


def models(embedded: Mapping[str, Any], cards: Iterable[WriterCard]) -> shapes.Models:
    """``browseagent.models/1``."""
    measured = [{"name": each.model, **asdict(each), "may_write": each.may_write} for each in cards]
    return {"schema": "browseagent.models/1", "models": [dict(embedded), *measured], "error": None}


def reader(card: ReaderCard) -> shapes.Reader:
    """``browseagent.reader/1``."""
    return cast("shapes.Reader", {"schema": "browseagent.reader/1", **asdict(card), "error": None})


def evaluated(model: str, data: str, found: Figures) -> shapes.Eval:
    """``browseagent.eval/1``."""
    head = {"schema": "browseagent.eval/1", "model": model, "data": data}
    return cast("shapes.Eval", {**head, **asdict(found), "error": None})


def writer(card: WriterCard) -> shapes.Writer:
    """``browseagent.writer/1``."""
    whole = {"schema": "browseagent.writer/1", **asdict(card), "may_write": card.may_write, "error": None}
    return cast("shapes.Writer", whole)


def removed(names: Iterable[str]) -> shapes.Removed:
    """``browseagent.removed/1``."""
    return {"schema": "browseagent.removed/1", "watches": list(dict.fromkeys(names)), "error": None}


def pinned(name: str, snapshot: int, *, pinned: bool) -> shapes.Pinned:
    """``browseagent.pinned/1``."""
    return {
        "schema": "browseagent.pinned/1",
        "watch": name,
        "snapshot": snapshot,
        "pinned": pinned,
        "error": None,
    }


def resent(count: int) -> shapes.Resent:
    """``browseagent.resent/1``."""
    return {"schema": "browseagent.resent/1", "alerts": count, "error": None}


def exported(found: Definitions) -> shapes.WatchFile:
    """``browseagent.watch-file/1``."""
    return {
        "schema": "browseagent.watch-file/1",
        "defaults": dict(found.defaults),
        "groups": {name: dict(settings) for name, settings in found.groups.items()},
        "watches": {name: dict(settings) for name, settings in found.watches.items()},
        "error": None,
    }


def groups(
    settings: Mapping[str, Mapping[str, Any]], members: Mapping[str, Sequence[str]]
) -> shapes.WatchGroups:
    """``browseagent.watch-groups/1``."""
    listed: list[shapes.WatchGroup] = [
        {"name": name, "settings": dict(settings[name]), "watches": list(members[name])}
        for name in sorted(settings)
    ]
    return {"schema": "browseagent.watch-groups/1", "groups": listed, "error": None}


def due_times(name: str, checks: Sequence[Planned]) -> shapes.WatchNext:
    """``browseagent.watch-next/1``."""
    times: list[shapes.DueTime] = [
        {
            "at": each.at.isoformat(),
            "local": each.local.isoformat(),
            "note": each.note,
            "alerts_at": each.alerts.isoformat(),
        }
        for each in checks
    ]
    return {"schema": "browseagent.watch-next/1", "watch": name, "times": times, "error": None}


def imported(
    steps: Sequence[Step], left_out: Sequence[tuple[str, str]], *, dry_run: bool
) -> shapes.WatchImport:
    """``browseagent.watch-import/1``."""
    return {
        "schema": "browseagent.watch-import/1",
        "dry_run": dry_run,
        "steps": [{"do": each.kind, "what": each.what, "name": each.name} for each in steps],
        "left_out": [{"watch": name, "what": what} for name, what in left_out],
        "error": None,
    }
