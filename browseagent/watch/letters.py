"""What an alert says, and when it goes out. Pure.

An alert is a JSON object ``browseagent.alert/1``; every target is given it, or a text made of it.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from browseagent.records import Hunk
from browseagent.watch.codec import answer_json, dump_hunk
from browseagent.watch.health import Notice
from browseagent.watch.port import Letter, PendingEvent
from browseagent.watch.records import Verdict, Watch
from browseagent.watch.schedule import next_due, schedule_of

_MOST = 20
_LONGEST = 2000
"""Differences of an alert, and characters of each side; the history has all of it."""


def change_letters(watch: Watch, event: PendingEvent, verdict: Verdict, now: datetime) -> tuple[Letter, ...]:
    """The letters about a change; none where nobody is to be told."""
    if not verdict.alert:
        return ()
    changes = verdict.told
    payload = {
        **_about(watch, event.kind, event.at),
        "state": verdict.state.value,
        "summary": verdict.summary,
        "reason": verdict.reason,
        "judged": verdict.judged,
        "changes": [dump_hunk(_shortened(hunk)) for hunk in changes[:_MOST]],
        "changes_left_out": max(0, len(changes) - _MOST),
        "answers": [answer_json(each) for each in verdict.answers],
    }
    return _letters(watch, payload, now)


def notice_letters(watch: Watch, notice: Notice, state: str, now: datetime) -> tuple[Letter, ...]:
    """The letters about trouble with the watch itself, or about its end."""
    payload = {
        **_about(watch, notice.kind, now),
        "state": state,
        "summary": notice.summary,
        "reason": notice.reason,
        "judged": True,
        "changes": [],
        "changes_left_out": 0,
        "answers": [],
    }
    return _letters(watch, payload, now)


def _about(watch: Watch, kind: str, at: datetime) -> dict[str, Any]:
    return {
        "schema": "browseagent.alert/1",
        "kind": kind,
        "watch": watch.name,
        "group": watch.group,
        "tags": list(watch.tags),
        "url": watch.url,
        "at": at.isoformat(),
    }


def _letters(watch: Watch, payload: dict[str, Any], now: datetime) -> tuple[Letter, ...]:
    at, batch = now, ""
    if watch.digest is not None:
        daily = Watch(watch.name, watch.url, None, watch.digest, watch.timezone)
        at = next_due(schedule_of(daily), now)
        batch = f"digest {at.isoformat()}"
    return tuple(Letter(target, payload, at, batch) for target in dict.fromkeys(watch.notify))


def _shortened(hunk: Hunk) -> Hunk:
    def short(text: str) -> str:
        return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"

    return replace(hunk, before=short(hunk.before), after=short(hunk.after), where=short(hunk.where))
