"""``watch next``: when a watch is checked, by its own wall clock."""

from __future__ import annotations

from itertools import islice

import click

from browseagent.cli.completing import watches
from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.options import json_option
from browseagent.cli.show.streams import one_line
from browseagent.forms import commands as command_forms
from browseagent.forms import results as forms
from browseagent.records.clock import utc_now
from browseagent.watch.plan import planned
from browseagent.wiring import open_kept


@click.command("next")
@click.argument("name", shell_complete=watches)
@click.option("-n", "count", type=click.IntRange(1, 1000), default=5, help="How many.  [default: 5]")
@json_option
@pass_invocation
def next_(invocation: Invocation, name: str, count: int, json: bool) -> int:
    """When a watch is checked next: its hours, changes of the clock, and when a digest goes out."""
    with open_kept() as kept:
        (entry,) = kept.book.entries([name])
    checks = list(islice(planned(entry.watch, entry.due_at, utc_now()), count))
    if json:
        invocation.streams.write(forms.dumps(command_forms.due_times(name, checks)))
        return 0
    watch = entry.watch
    if not watch.enabled:
        invocation.streams.tell(f"{one_line(name)} is switched off: nothing is checked until it is enabled.")
    zones = max(len(f"{each.local:%Z}") for each in checks)
    for each in checks:
        line = f"{each.local:%a %Y-%m-%d %H:%M:%S} {each.local.strftime('%Z'):<{zones}}"
        if watch.digest and each.alerts != each.at:
            line += f"  alerts at {each.alerts:%Y-%m-%d %H:%M}"
        invocation.streams.write(f"{line}  ({each.note})" if each.note else line.rstrip())
    return 0
