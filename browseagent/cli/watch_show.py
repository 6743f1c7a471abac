"""``watch list``, ``show``, ``history`` and ``diff``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

import click

from browseagent.cli import json_output, watch_json, watch_render
from browseagent.cli.clean import one_line
from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.options import Moment
from browseagent.cli.watch_world import Kept, now, open_kept
from browseagent.errors import UsageError
from browseagent.records import Hunk, Page
from browseagent.store.watch_book import EventEntry, SnapshotEntry

_json_option = click.option("--json", is_flag=True, help="Print one JSON document.")


@click.command("list")
@click.option("--tag", help="Only watches with this tag.")
@_json_option
@pass_invocation
def list_(invocation: Invocation, tag: str | None, json: bool) -> int:
    """List the watches: state, last change, next check, health."""
    with open_kept() as kept:
        entries = kept.book.entries(tag=tag)
    if json:
        invocation.streams.write(json_output.dumps(watch_json.listing(entries)))
    elif entries:
        drawn = invocation.streams.drawn(lambda console: watch_render.table(console, entries, now()))
        # A table pads its last column.
        invocation.streams.write("\n".join(line.rstrip() for line in drawn.splitlines()))
    else:
        invocation.streams.tell("There are no watches; `browseagent watch add URL` adds one.")
    return 0


@click.command()
@click.argument("name")
@click.option("--as-of", type=Moment(), help="Print the page as the watch had seen it then.")
@click.option("--snapshot", type=int, help="Print the page of this snapshot.")
@_json_option
@pass_invocation
def show(invocation: Invocation, name: str, as_of: datetime | None, snapshot: int | None, json: bool) -> int:
    """Show a watch: its settings, how it stands, what is taken for noise on its page, its snapshots; or a
    page that it kept."""
    from browseagent.cli.read import rendered
    from browseagent.watch.reading import read_watched

    with open_kept() as kept:
        (entry,) = kept.book.entries([name])
        snapshots = kept.book.snapshots(name)
        noise = taken_for_noise(kept.book.history(name))
        if as_of is None and snapshot is None:
            page = None
        else:
            chosen = _chosen(name, snapshots, as_of, snapshot)
            page = _page(kept, name, chosen)
    if page is not None:
        invocation.streams.write(rendered(read_watched(page, entry.watch), "json" if json else "md"))
    elif json:
        invocation.streams.write(json_output.dumps(watch_json.shown(entry, snapshots, noise)))
    else:
        invocation.streams.print(lambda console: watch_render.about(console, entry, snapshots, noise, now()))
    return 0


@click.command()
@click.argument("name")
@click.option("-n", "limit", type=click.IntRange(min=1), default=20, help="How many.  [default: 20]")
@_json_option
@pass_invocation
def history(invocation: Invocation, name: str, limit: int, json: bool) -> int:
    """What happened to a watch, newest first: changes with their words, troubles, and who was told."""
    with open_kept() as kept:
        found = kept.book.history(name, limit=limit)
    if json:
        invocation.streams.write(json_output.dumps(watch_json.history(name, found)))
    elif found:
        invocation.streams.print(lambda console: watch_render.events(console, found))
    else:
        invocation.streams.tell(f"Nothing has happened to {one_line(name)} yet.")
    return 0


@click.command()
@click.argument("name")
@click.argument("before", type=int, required=False)
@click.argument("after", type=int, required=False)
@_json_option
@pass_invocation
def diff(invocation: Invocation, name: str, before: int | None, after: int | None, json: bool) -> int:
    """Compare two snapshots of a watch (by number, see `watch show`; default: the last two)."""
    import re

    from browseagent.watch.compare import compare
    from browseagent.watch.reading import read_watched

    with open_kept() as kept:
        (entry,) = kept.book.entries([name])
        snapshots = kept.book.snapshots(name)
        if before is None and len(snapshots) < 2:
            raise UsageError(
                f"{name} has only {len(snapshots)} snapshots", hint="There is nothing to compare."
            )
        old = _chosen(name, snapshots, None, before) if before is not None else snapshots[1]
        new = _chosen(name, snapshots, None, after) if after is not None else snapshots[0]
        documents = [read_watched(_page(kept, name, each), entry.watch) for each in (old, new)]
    ignore = [re.compile(pattern) for pattern in entry.watch.ignore]
    changes = compare(documents[0], documents[1], ignore).differences
    if json:
        invocation.streams.write(json_output.dumps(watch_json.diff(name, old, new, changes)))
    elif changes:
        invocation.streams.print(lambda console: watch_render.hunks(console, changes))
    else:
        invocation.streams.tell(f"The text of snapshots {old.id} and {new.id} is the same.")
    return 0


def taken_for_noise(events: Sequence[EventEntry]) -> list[Hunk]:
    """What was taken for noise at the last looks, one example of each."""
    found: dict[tuple[str, str], Hunk] = {}
    for event in events:
        for hunk in event.verdict.changes if event.verdict is not None else ():
            if hunk.noise:
                found.setdefault((hunk.where, hunk.noise), hunk)
    return list(found.values())


def _chosen(
    name: str, snapshots: list[SnapshotEntry], as_of: datetime | None, number: int | None
) -> SnapshotEntry:
    """A snapshot by number, or the one that was current at a time."""
    for each in snapshots:
        if each.id == number or (number is None and as_of is not None and each.at <= as_of):
            return each
    what = f"no snapshot {number}" if number is not None else f"no snapshot as old as {as_of:%Y-%m-%d %H:%M}"
    raise UsageError(f"{name} has {what}", hint=f"`browseagent watch show {name}` lists them.")


def _page(kept: Kept, name: str, snapshot: SnapshotEntry) -> Page:
    page = kept.store.snapshot_page(snapshot.id)
    if page is None:
        raise UsageError(f"snapshot {snapshot.id} of {name} was dropped meanwhile", hint="Try again.")
    return page
