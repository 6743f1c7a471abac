"""``watch add``, ``pin``, ``resend`` and ``remove``."""

from __future__ import annotations

from typing import Any

import click

from browseagent.cli import json_output, watch_json
from browseagent.cli.clean import one_line
from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.options import Reading
from browseagent.cli.sources import url_of
from browseagent.cli.watch_options import name_for, watch_options
from browseagent.cli.watch_world import now, open_kept, with_zone
from browseagent.config import default_settings
from browseagent.errors import UsageError
from browseagent.watch.durations import duration_text


@click.command()
@click.argument("url")
@click.option("--name", help="What to call it.  [default: from the URL]")
@click.option("--preview", is_flag=True, help="Show what would be watched, and add nothing.")
@click.option("--json", is_flag=True, help="Print one JSON document.")
@watch_options
@pass_invocation
def add(
    invocation: Invocation,
    url: str,
    name: str | None,
    preview: bool,
    json: bool,
    settings: dict[str, Any],
) -> int:
    """Watch the page at URL. Nothing is fetched yet: `watch run` or `watch check` does that."""
    if preview:
        from browseagent.cli.watch_check import tried

        reading = Reading(default_settings(), json, quiet=False, verbose=False)
        return tried(invocation, url, settings, reading, text=True)
    settings = {"url": url_of(url), **settings}
    with open_kept() as kept:
        settings = with_zone(settings, kept)
        taken = {entry.watch.name for entry in kept.book.entries()} if name is None else set()
        name = name or name_for(str(settings["url"]), taken)
        watch = kept.book.put(name, settings, now(), new=True)
        (entry,) = kept.book.entries([name])
    if json:
        invocation.streams.write(json_output.dumps(watch_json.shown(entry, [])))
        return 0
    how = f"at {watch.cron} ({watch.timezone})" if watch.cron else f"every {duration_text(watch.every or 0)}"
    invocation.streams.write(f"Watching {one_line(watch.url)} as {one_line(name)}, {how}.")
    if not watch.notify:
        invocation.streams.tell("note: without --notify nobody is told; `watch history` shows what changed.")
    return 0


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--json", is_flag=True, help="Print one JSON document.")
@pass_invocation
def remove(invocation: Invocation, names: tuple[str, ...], json: bool) -> int:
    """Forget watches: their settings, history, snapshots and unsent alerts."""
    with open_kept() as kept:
        kept.book.entries(names)  # all of them are known, or nothing is removed
        for name in dict.fromkeys(names):
            kept.book.remove(name)
    if json:
        document = {"schema": "browseagent.removed/1", "watches": list(dict.fromkeys(names)), "error": None}
        invocation.streams.write(json_output.dumps(document))
    else:
        invocation.streams.write("\n".join(f"Removed {one_line(name)}." for name in dict.fromkeys(names)))
    return 0


@click.command()
@click.argument("name")
@click.argument("snapshot", type=int)
@click.option("--off", is_flag=True, help="Let it go again.")
@click.option("--json", is_flag=True, help="Print one JSON document.")
@pass_invocation
def pin(invocation: Invocation, name: str, snapshot: int, off: bool, json: bool) -> int:
    """Keep a snapshot (its number is in `watch show`) whatever retention says."""
    with open_kept() as kept:
        kept.book.pin(name, snapshot, pinned=not off)
    if json:
        document = {"schema": "browseagent.pinned/1", "watch": name, "snapshot": snapshot, "pinned": not off}
        invocation.streams.write(json_output.dumps({**document, "error": None}))
        return 0
    invocation.streams.tell(f"Snapshot {snapshot} of {one_line(name)} {'may go' if off else 'stays'}.")
    return 0


@click.command()
@click.argument("name", required=False)
@click.option("--all", "everything", is_flag=True, help="Of all watches.")
@click.option("--json", is_flag=True, help="Print one JSON document.")
@pass_invocation
def resend(invocation: Invocation, name: str | None, everything: bool, json: bool) -> int:
    """Give alerts that could not be sent another try; `watch run` sends them."""
    if everything == (name is not None):
        raise UsageError("give the name of a watch, or --all")
    with open_kept() as kept:
        watch_id = None if name is None else kept.book.entries([name])[0].id
        count = kept.outbox.revive(watch_id, now())
    if json:
        document = {"schema": "browseagent.resent/1", "alerts": count, "error": None}
        invocation.streams.write(json_output.dumps(document))
        return 0
    invocation.streams.tell(f"{count} alert{'' if count == 1 else 's'} will be sent again.")
    return 0
