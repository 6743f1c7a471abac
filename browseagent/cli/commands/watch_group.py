"""``watch group``: settings that several watches share."""

from __future__ import annotations

from typing import Any

import click

from browseagent.cli.completing import groups
from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.options import json_option
from browseagent.cli.options.watch import watch_options
from browseagent.cli.show.streams import one_line
from browseagent.errors import UsageError
from browseagent.forms import commands as command_forms
from browseagent.forms import results as forms
from browseagent.records.clock import utc_now
from browseagent.watch.definitions import shown_lines
from browseagent.wiring import open_kept


@click.group()
def group() -> None:
    """Settings that several watches share (`watch add URL --group NAME`); a watch's own win over them."""


@group.command()
@click.argument("name", shell_complete=groups)
@watch_options
@pass_invocation
def add(invocation: Invocation, name: str, settings: dict[str, Any]) -> int:
    """Make a group of these settings, or give a group these in place of its own."""
    if not name.strip():
        raise UsageError("a group needs a name")
    if "group" in settings:
        raise UsageError("a group is of no other group")
    with open_kept() as kept:
        kept.book.put_group(name, settings, utc_now())
    invocation.streams.write(f"Group {one_line(name)}: `watch add URL --group {one_line(name)}` uses it.")
    return 0


@group.command("list")
@json_option
@pass_invocation
def list_(invocation: Invocation, json: bool) -> int:
    """List the groups, their settings and their watches."""
    with open_kept() as kept:
        groups = {name: settings for name, settings in kept.book.groups().items() if name}
        group_of = kept.book.names()
        members = {name: [each for each, of in group_of.items() if of == name] for name in groups}
    if json:
        invocation.streams.write(forms.dumps(command_forms.groups(groups, members)))
    elif groups:
        for name in sorted(groups):
            lines = [one_line(name), *map(one_line, shown_lines(groups[name]))]
            watches = ", ".join(map(one_line, members[name])) or "none"
            invocation.streams.write("\n  ".join([*lines, f"watches: {watches}"]))
    else:
        invocation.streams.tell("There are no groups; `browseagent watch group add NAME` makes one.")
    return 0


@group.command()
@click.argument("name", shell_complete=groups)
@pass_invocation
def remove(invocation: Invocation, name: str) -> int:
    """Forget a group that no watch belongs to."""
    with open_kept() as kept:
        if name not in kept.book.groups() or not name:
            raise UsageError(f"there is no group {name!r}", hint="`browseagent watch group list` lists them.")
        kept.book.remove_group(name)
    invocation.streams.write(f"Removed the group {one_line(name)}.")
    return 0
