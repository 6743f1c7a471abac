"""``browseagent watch``: the group; each command is written in a module of its concern."""

from __future__ import annotations

from collections.abc import Mapping

import click

from browseagent.cli.lazy import Command, LazyGroup

_COMMANDS: Mapping[str, Command] = {
    "add": Command("watch_edit", "add", "Watch a page."),
    "list": Command("watch_show", "list_", "List the watches and how they stand."),
    "show": Command("watch_show", "show", "Show a watch, its settings and its alerts; --as-of its page."),
    "next": Command("watch_next", "next_", "When a watch is checked next, and its alerts go out."),
    "check": Command("watch_check", "check", "Check watches now.", waits=True),
    "run": Command("watch_check", "run", "Check what is due, for as long as it runs, or once with --due."),
    "test": Command("watch_check", "test", "Try a watch without saving anything.", waits=True),
    "history": Command("watch_show", "history", "What happened to a watch, with the words that changed."),
    "diff": Command("watch_show", "diff", "Compare two snapshots of a watch."),
    "replay": Command("watch_show", "replay", "Run old snapshots through other rules.", waits=True),
    "pin": Command("watch_edit", "pin", "Keep a snapshot for good."),
    "resend": Command("watch_edit", "resend", "Give alerts that could not be sent another try."),
    "remove": Command("watch_edit", "remove", "Forget watches and their history."),
    "group": Command("watch_group", "group", "Settings that several watches share: add, list, remove."),
    "import": Command(
        "watch_edit", "import_", "Take over watches from a TOML file, urlwatch, changedetection.io."
    ),
    "export": Command("watch_edit", "export", "Write all watches as one TOML file."),
}


@click.group(cls=LazyGroup, table=_COMMANDS)
def watch() -> None:
    """Watch pages on a schedule, and be told when they change.

    \b
    browseagent watch add https://example.org/lantern --every 15m \\
        --ask "What does it cost?" --type money --when "price < 50"
    browseagent watch run
    """
