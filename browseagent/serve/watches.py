"""The Watches pages: the list, and one watch with its history, answers and alerts. ``/watches…``."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from browseagent.forms import watch_shapes
from browseagent.forms import watches as watch_forms
from browseagent.records.counted import counted
from browseagent.serve.api import warm_of
from browseagent.serve.chart import Chart, chart
from browseagent.serve.feeds import feed_of
from browseagent.serve.html import page
from browseagent.serve.shots import pairs
from browseagent.serve.watching import entry_of
from browseagent.store.watch_entries import Entry, Standing
from browseagent.watch.records import State

router = APIRouter(include_in_schema=False)
PER_PAGE = 50
EVENTS = 50
"""Events of a watch that are shown at first."""
_MOST_ANSWERS = 2000
_DONE = {
    "saved": "Saved.",
    "checked": "Checked. What is to be told goes out by `watch run`, or by a server with --with-watches.",
}


@router.get("/watches")
async def listing(request: Request, q: str = "", state: str = "", start: int = 0) -> Response:
    """The watches and how they stand."""
    warm = warm_of(request)
    start = min(max(0, start), 2**31)
    found = await asyncio.to_thread(
        lambda: warm.kept.book.listed(q.split(), state, start=start, most=PER_PAGE)
    )
    rows = [
        (entry, health(entry), bool(entry.failures or entry.in_trouble or entry.dead))
        for entry in found.entries
    ]
    return page(
        request, "watches.html", rows=rows, total=found.total, q=q, state=state, start=start,
        per_page=PER_PAGE, states=[*(each.value for each in State), "trouble"], feed=feed_of(warm),
    )  # fmt: skip


@router.get("/watches/{name:path}")
async def show(request: Request, name: str, events: int = EVENTS, done: str = "") -> Response:
    """One watch."""
    warm = warm_of(request)
    entry = await asyncio.to_thread(entry_of, warm, name)
    limit = max(1, min(events, 1000))
    happened = await asyncio.to_thread(lambda: warm.kept.book.history(name, limit=limit))
    looks = await asyncio.to_thread(warm.kept.book.snapshots, name)
    shots, pictured = await asyncio.to_thread(pairs, warm, entry.id, happened)
    answers = watch_forms.answers(name, happened)["answers"][-_MOST_ANSWERS:]
    return page(
        request, "watch.html", entry=entry, shown=watch_forms.entry(entry), health=health(entry),
        events=[watch_forms.event(each) for each in happened], more=len(happened) == limit, limit=limit,
        versions={look.id: look.version for look in looks}, answers=answers[::-1],
        charts=charts(answers), feed=feed_of(warm, name), done=_DONE.get(done, ""), shots=shots,
        pictured=pictured,
    )  # fmt: skip


def health(entry: Entry | Standing) -> str:
    """What is to be said of a watch that does not do well; empty where all is well."""
    said = []
    if not entry.enabled:
        said.append("switched off")
    if entry.failures:
        said.append(f"{counted(entry.failures, 'failure')} in a row")
    if entry.in_trouble and not entry.failures:
        said.append("not seen for long")
    if entry.dead:
        said.append(f"{counted(entry.dead, 'alert')} not taken")
    if entry.waiting:
        said.append(f"{entry.waiting} to be sent")
    if entry.pending:
        said.append(f"{entry.pending} to be judged")
    return ", ".join(said)


def charts(answers: Sequence[watch_shapes.DatedAnswer]) -> list[Chart]:
    """A chart for each standing question whose answers are numbers."""
    named: dict[str, list[tuple[datetime, float, str]]] = {}
    for each in answers:
        value: Any = each["value"]
        if each["status"] == "found" and isinstance(value, (int, float)) and not isinstance(value, bool):
            at = datetime.fromisoformat(each["at"])
            named.setdefault(each["question"], []).append((at, float(value), each["text"]))
    return [drawn for question, values in named.items() if (drawn := chart(question, values)) is not None]
