"""``watch list``, ``show``, ``history`` and ``diff``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

import click

from browseagent.agent.events import Telling
from browseagent.cli.commands.watch_edit import stored
from browseagent.cli.completing import watches
from browseagent.cli.invocation import Invocation, pass_invocation, run_async
from browseagent.cli.options import json_option
from browseagent.cli.options.reading import Duration, Moment, Reading
from browseagent.cli.options.watch import check_options
from browseagent.cli.show import results as render
from browseagent.cli.show import watches as watch_render
from browseagent.cli.show.progress import Shown
from browseagent.cli.show.streams import one_line
from browseagent.errors import UsageError, why_unread
from browseagent.forms import results as forms
from browseagent.forms import watches as watch_forms
from browseagent.records import Hunk, Page
from browseagent.records.clock import utc_now
from browseagent.store.watch_book import Chosen, EventEntry, SnapshotEntry
from browseagent.watch import replay as old_looks
from browseagent.watch.definitions import checked, read_toml
from browseagent.watch.records import Verdict, Watch
from browseagent.watch.replay import OldLook
from browseagent.wiring import Kept, open_checker, open_kept


@click.command("list")
@click.option("--tag", help="Only watches with this tag.")
@json_option
@pass_invocation
def list_(invocation: Invocation, tag: str | None, json: bool) -> int:
    """List the watches: state, last change, next check, health."""
    with open_kept() as kept:
        found = kept.book.chosen(tag=tag or "")
    if json:
        invocation.streams.write(forms.dumps(watch_forms.listing(found)))
    elif found.entries:
        invocation.streams.print(lambda console: watch_render.table(console, found.entries, utc_now()))
    watch_render.unreadable(invocation.streams, found)
    if not json and not found.entries and not found.unreadable:
        invocation.streams.tell("There are no watches; `browseagent watch add URL` adds one.")
    return 0


@click.command()
@click.argument("name", shell_complete=watches)
@click.option("--as-of", type=Moment(), help="Print the page as the watch had seen it then.")
@click.option("--snapshot", type=int, help="Print the page of this snapshot.")
@json_option
@pass_invocation
def show(invocation: Invocation, name: str, as_of: datetime | None, snapshot: int | None, json: bool) -> int:
    """Show a watch: its settings, how it stands, what is taken for noise on its page, its snapshots; or a
    page that it kept."""
    from browseagent.cli.commands.read import rendered
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
        invocation.streams.write(forms.dumps(watch_forms.shown(entry, snapshots, noise)))
    else:
        invocation.streams.print(
            lambda console: watch_render.about(console, entry, snapshots, noise, utc_now())
        )
    return 0


@click.command()
@click.argument("name", shell_complete=watches)
@click.option("-n", "limit", type=click.IntRange(min=1), default=20, help="How many.  [default: 20]")
@json_option
@pass_invocation
def history(invocation: Invocation, name: str, limit: int, json: bool) -> int:
    """What happened to a watch, newest first: changes with their words, troubles, and who was told."""
    with open_kept() as kept:
        found = kept.book.history(name, limit=limit)
    if json:
        invocation.streams.write(forms.dumps(watch_forms.history(name, found)))
    elif found:
        invocation.streams.print(lambda console: watch_render.events(console, found))
    else:
        invocation.streams.tell(f"Nothing has happened to {one_line(name)} yet.")
    return 0


@click.command()
@click.argument("name", shell_complete=watches)
@click.argument("before", type=int, required=False)
@click.argument("after", type=int, required=False)
@json_option
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
            seen = render.counted(len(snapshots), "snapshot")
            raise UsageError(f"{name} has only {seen}", hint="There is nothing to compare.")
        old = _chosen(name, snapshots, None, before) if before is not None else snapshots[1]
        new = _chosen(name, snapshots, None, after) if after is not None else snapshots[0]
        documents = [read_watched(_page(kept, name, each), entry.watch) for each in (old, new)]
    ignore = [re.compile(pattern) for pattern in entry.watch.ignore]
    changes = compare(documents[0], documents[1], ignore).differences
    if json:
        invocation.streams.write(forms.dumps(watch_forms.diff(name, old, new, changes)))
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


@click.command("replay")
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=watches)
@click.option("--since", type=Duration(), default=None, help="Snapshots that are not older, such as 30d.")
@click.option(
    "--rules", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Other settings (TOML)."
)
@check_options()
@pass_invocation
def replay(
    invocation: Invocation, names: tuple[str, ...], since: float | None, rules: Path | None, reading: Reading
) -> int:
    """Run the snapshots of watches (default: all) through today's settings, or those of --rules, offline,
    and say what would have been sent. Nothing is saved or sent."""
    with open_kept(reading.settings) as kept:
        watches = _rules(invocation, kept, names, rules)
        oldest = None if since is None else utc_now() - timedelta(seconds=since)
        found = run_async(lambda: _replay(invocation, reading, kept, watches, oldest))
    if reading.json:
        invocation.streams.write(forms.dumps(watch_forms.replayed(found)))
        return 0
    for name, results in found.items():
        count = sum(verdict.alert for _, verdict in results)
        head = (
            f"{one_line(name)}: {render.counted(len(results), 'change')}, "
            f"{render.counted(count, 'alert')} would have been sent"
        )
        invocation.streams.write(head)
        for look, verdict in results:
            told = "alert" if verdict.alert else "no alert"
            invocation.streams.write(f"{look.at.astimezone():%Y-%m-%d %H:%M:%S}  ({told})")
            invocation.streams.print(lambda console, v=verdict: watch_render.verdict(console, v))  # type: ignore[misc]
    return 0


def _rules(invocation: Invocation, kept: Kept, names: tuple[str, ...], rules: Path | None) -> list[Watch]:
    """The watches to replay, by the settings to replay them by."""
    found = Chosen(kept.book.entries(names), []) if names else kept.book.chosen()
    if rules is None:
        watch_render.unreadable(invocation.streams, found)
        return [entry.watch for entry in found.entries]
    try:
        new = read_toml(rules.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{rules} cannot be read: {why_unread(error)}") from error
    watches = checked(new, stored(kept))
    wanted = [entry.watch.name for entry in found.entries]
    wanted += [each.name for each in found.unreadable if each.name in watches]  # the rules may mend them
    return [watches[name] for name in wanted]


async def _replay(
    invocation: Invocation, reading: Reading, kept: Kept, watches: list[Watch], oldest: datetime | None
) -> dict[str, list[tuple[OldLook, Verdict]]]:
    found = {}
    with Shown(invocation.streams, quiet=reading.quiet, verbose=reading.verbose) as shown:
        async with open_checker(
            reading.settings, kept, lambda: invocation.open_agent(reading.settings, shown)
        ) as checker:
            tell = Telling(shown)
            for watch in watches:
                tell("replay", f"replaying {watch.name}, {watch.url}")
                looks = []
                for snapshot in reversed(kept.book.snapshots(watch.name)):
                    page = kept.store.snapshot_page(snapshot.id)
                    if page is not None and (oldest is None or snapshot.at >= oldest):
                        looks.append(OldLook(snapshot.id, snapshot.at, page))
                found[watch.name] = await old_looks.replay(watch, looks, checker)
    return found
