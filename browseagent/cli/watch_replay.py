"""``watch replay``: how people tune a watch without waiting."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from browseagent.cli import json_output, watch_json, watch_render
from browseagent.cli.clean import one_line
from browseagent.cli.execute import run_async
from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.options import Duration, Reading
from browseagent.cli.progress import Shown
from browseagent.cli.watch_file import stored
from browseagent.cli.watch_options import check_options
from browseagent.cli.watch_world import Kept, now, open_checker, open_kept
from browseagent.errors import UsageError
from browseagent.watch.definitions import checked, read_toml
from browseagent.watch.records import Verdict, Watch
from browseagent.watch.replay import OldLook, replay


@click.command("replay")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--since", type=Duration(), default=None, help="Snapshots that are not older, such as 30d.")
@click.option(
    "--rules", type=click.Path(path_type=Path, exists=True, dir_okay=False), help="Other settings (TOML)."
)
@check_options()
@pass_invocation
def command(
    invocation: Invocation, names: tuple[str, ...], since: float | None, rules: Path | None, reading: Reading
) -> int:
    """Run the snapshots of watches (default: all) through today's settings, or those of --rules, offline,
    and say what would have been sent. Nothing is saved or sent."""
    with open_kept(reading.settings) as kept:
        watches = _rules(kept, names, rules)
        oldest = None if since is None else now() - timedelta(seconds=since)
        found = run_async(lambda: _replay(invocation, reading, kept, watches, oldest))
    if reading.json:
        invocation.streams.write(json_output.dumps(_document(found)))
        return 0
    for name, results in found.items():
        count = sum(verdict.alert for _, verdict in results)
        head = f"{one_line(name)}: {len(results)} changes, {count} alerts would have been sent"
        invocation.streams.write(head)
        for look, verdict in results:
            told = "alert" if verdict.alert else "no alert"
            invocation.streams.write(f"{look.at.astimezone():%Y-%m-%d %H:%M:%S}  ({told})")
            invocation.streams.print(lambda console, v=verdict: watch_render.verdict(console, v))  # type: ignore[misc]
    return 0


def _rules(kept: Kept, names: tuple[str, ...], rules: Path | None) -> list[Watch]:
    """The watches to replay, by the settings to replay them by."""
    entries = kept.book.entries(names)
    if rules is None:
        return [entry.watch for entry in entries]
    try:
        new = read_toml(rules.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{rules} cannot be read: {error}") from error
    watches = checked(new, stored(kept))
    return [watches[entry.watch.name] for entry in entries]


async def _replay(
    invocation: Invocation, reading: Reading, kept: Kept, watches: list[Watch], oldest: datetime | None
) -> dict[str, list[tuple[OldLook, Verdict]]]:
    found = {}
    with Shown(invocation.streams, quiet=reading.quiet, verbose=reading.verbose) as shown:
        async with open_checker(invocation, reading.settings, kept, shown) as checker:
            for watch in watches:
                looks = []
                for snapshot in reversed(kept.book.snapshots(watch.name)):
                    page = kept.store.snapshot_page(snapshot.id)
                    if page is not None and (oldest is None or snapshot.at >= oldest):
                        looks.append(OldLook(snapshot.id, snapshot.at, page))
                found[watch.name] = await replay(watch, looks, checker)
    return found


def _document(found: dict[str, list[tuple[OldLook, Verdict]]]) -> dict[str, Any]:
    """``browseagent.watch-replay/1``."""
    watches = [
        {
            "watch": name,
            "alerts": sum(verdict.alert for _, verdict in results),
            "events": [
                {"snapshot": look.id, "at": look.at.isoformat(), **watch_json.judged(verdict)}
                for look, verdict in results
            ],
        }
        for name, results in found.items()
    ]
    return {"schema": "browseagent.watch-replay/1", "watches": watches, "error": None}
