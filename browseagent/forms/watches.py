"""What the watch commands print with ``--json``. Pure: records in, dictionaries out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from browseagent.agent.reports import report
from browseagent.forms import results as forms
from browseagent.forms import watch_shapes as shapes
from browseagent.records import Hunk
from browseagent.store.watch_book import Chosen, Entry, EventEntry, SnapshotEntry
from browseagent.watch.check import Checked
from browseagent.watch.codec import answer_json
from browseagent.watch.notify.target import parse_target
from browseagent.watch.records import State, Verdict
from browseagent.watch.replay import OldLook
from browseagent.watch.settings import shown_of


def check(checked: Checked) -> shapes.Check:
    """``browseagent.check/1``."""
    verdict = checked.verdict
    return {
        "schema": "browseagent.check/1",
        "watch": checked.watch.name,
        "state": checked.state.value,
        "event": checked.event,
        "kind": verdict.kind if verdict and checked.state is State.CHANGED else None,
        **judged(verdict),
        "page": forms.page(report(checked.page, checked.document)),
        "judged": verdict.judged if verdict else True,
        "reason": checked.reason,
        "error": forms.error(checked.trouble),
    }


def trial(tried: Checked) -> shapes.Trial:
    """``browseagent.check/1`` with the text that is watched."""
    return {**check(tried), "text": tried.document.text if tried.document else ""}


def entry(each: Entry) -> shapes.WatchEntry:
    """A watch and how it stands."""
    return {
        "name": each.watch.name,
        "url": each.watch.url,
        "settings": shown_of(each.watch),
        "state": each.state,
        "reason": each.reason,
        "checked_at": _time(each.checked_at),
        "good_at": _time(each.good_at),
        "changed_at": _time(each.changed_at),
        "due_at": _time(each.due_at),
        "failures": each.failures,
        "in_trouble": each.in_trouble,
        "checks": each.checks,
        "pending": each.pending,
        "waiting_alerts": each.waiting,
        "dead_alerts": each.dead,
        "snapshots": each.snapshots,
    }


def listing(found: Chosen) -> shapes.Watches:
    """``browseagent.watches/1``."""
    return {
        "schema": "browseagent.watches/1",
        "watches": [entry(each) for each in found.entries],
        "unreadable": [
            {"name": each.name, "url": each.url, "error": forms.error_of(each.wrong)}
            for each in found.unreadable
        ],
        "error": None,
    }


def shown(each: Entry, snapshots: Sequence[SnapshotEntry], noise: Sequence[Hunk] = ()) -> shapes.Watch:
    """``browseagent.watch/1``."""
    return {
        "schema": "browseagent.watch/1",
        "watch": entry(each),
        "snapshots": [snapshot(one) for one in snapshots],
        "noise": [forms.hunk(each) for each in noise],
        "error": None,
    }


def snapshot(each: SnapshotEntry) -> shapes.Snapshot:
    """A look that is kept."""
    return {
        "id": each.id,
        "version": each.version,
        "at": each.at.isoformat(),
        "language": each.language,
        "chars": each.chars,
        "bytes": each.bytes,
        "pinned": each.pinned,
    }


def event(each: EventEntry) -> shapes.Event:
    """Something that happened to a watch."""
    return {
        "id": each.id,
        "event": each.key,
        "kind": each.kind,
        "pending": each.pending,
        "at": each.at.isoformat(),
        "before": each.before,
        "after": each.after,
        **judged(each.verdict),
        "alerts": [
            {"target": _shown(target), "status": status, "error": error}
            for target, status, error in each.letters
        ],
    }


def judged(verdict: Verdict | None) -> shapes.Judged:
    """A verdict; empty where there is none yet."""
    return {
        "changes": [forms.hunk(each) for each in verdict.changes] if verdict else [],
        "answers": [answer_json(each) for each in verdict.answers] if verdict else [],
        "summary": verdict.summary if verdict else "",
        "alert": verdict.alert if verdict else False,
        "judged": verdict.judged if verdict else False,
        "reason": verdict.reason if verdict else "",
    }


def history(name: str, events: Sequence[EventEntry]) -> shapes.WatchHistory:
    """``browseagent.watch-history/1``."""
    return {
        "schema": "browseagent.watch-history/1",
        "watch": name,
        "events": [event(each) for each in events],
        "error": None,
    }


def answers(name: str, events: Sequence[EventEntry]) -> shapes.WatchAnswers:
    """``browseagent.watch-answers/1`` of a history, which is newest first."""
    found: list[shapes.DatedAnswer] = [
        {**answer_json(answer), "at": each.at.isoformat(), "event": each.key}
        for each in reversed(events)
        if each.verdict is not None
        for answer in each.verdict.answers
    ]
    return {"schema": "browseagent.watch-answers/1", "watch": name, "answers": found, "error": None}


def diff(name: str, before: SnapshotEntry, after: SnapshotEntry, changes: Sequence[Hunk]) -> shapes.WatchDiff:
    """``browseagent.watch-diff/1``."""
    return {
        "schema": "browseagent.watch-diff/1",
        "watch": name,
        "before": snapshot(before),
        "after": snapshot(after),
        "changes": [forms.hunk(each) for each in changes],
        "error": None,
    }


def replayed(found: Mapping[str, Sequence[tuple[OldLook, Verdict]]]) -> shapes.WatchReplay:
    """``browseagent.watch-replay/1``."""
    watches: list[shapes.ReplayedWatch] = [
        {
            "watch": name,
            "alerts": sum(verdict.alert for _, verdict in results),
            "events": [
                {"snapshot": look.id, "at": look.at.isoformat(), **judged(verdict)}
                for look, verdict in results
            ],
        }
        for name, results in found.items()
    ]
    return {"schema": "browseagent.watch-replay/1", "watches": watches, "error": None}


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


def _shown(target: str) -> str:
    return parse_target(target).shown
