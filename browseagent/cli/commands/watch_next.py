"""``watch next``: when a watch is checked, by its own wall clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import islice

import click

from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.options import json_option
from browseagent.cli.show.streams import one_line
from browseagent.forms import commands as command_forms
from browseagent.forms import results as forms
from browseagent.records.clock import utc_now
from browseagent.watch.records import Watch
from browseagent.watch.schedule import next_due, schedule_of
from browseagent.wiring import open_kept


@click.command("next")
@click.argument("name")
@click.option("-n", "count", type=click.IntRange(1, 1000), default=5, help="How many.  [default: 5]")
@json_option
@pass_invocation
def next_(invocation: Invocation, name: str, count: int, json: bool) -> int:
    """When a watch is checked next: its hours, changes of the clock, and when a digest goes out."""
    with open_kept() as kept:
        (entry,) = kept.book.entries([name])
    moments = list(islice(_moments(entry.watch, entry.due_at, utc_now()), count))
    if json:
        invocation.streams.write(forms.dumps(command_forms.due_times(name, moments)))
        return 0
    watch = entry.watch
    if not watch.enabled:
        invocation.streams.tell(f"{one_line(name)} is switched off: nothing is checked until it is enabled.")
    for at, local, note, alerts in moments:
        told = f"  alerts at {alerts:%Y-%m-%d %H:%M}" if watch.digest and alerts != at else ""
        invocation.streams.write(f"{local:%a %Y-%m-%d %H:%M:%S %Z}{told}{f'  ({note})' if note else ''}")
    return 0


def _moments(
    watch: Watch, due: datetime, start: datetime
) -> Iterator[tuple[datetime, datetime, str, datetime]]:
    """Each check: the moment, the same by the watch's wall clock, what is to be known of it, and when its
    alerts would go out by that clock."""
    schedule = schedule_of(watch)
    at, before = max(due, start), start.astimezone(schedule.zone)
    digest = (
        None
        if watch.digest is None
        else schedule_of(replace(watch, every=None, cron=watch.digest, between=None))
    )
    while True:
        local = at.astimezone(schedule.zone)
        notes = []
        shift = (local.utcoffset() or timedelta()) - (before.utcoffset() or timedelta())
        if shift:
            way = "forward" if shift > timedelta() else "back"
            notes.append(f"the clock went {way} by {abs(shift) // timedelta(minutes=1)} minutes before")
        if watch.between is not None and local.date() != before.date():
            notes.append("first in the hours of its day")
        alerts = at if digest is None else next_due(digest, at)
        yield at, local, "; ".join(notes), alerts.astimezone(schedule.zone)
        before, at = local, next_due(schedule, at)
