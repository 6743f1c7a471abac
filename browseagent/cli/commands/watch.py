"""``browseagent watch``: the group; each command is written in a module of its concern."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

_COMMANDS: Mapping[str, tuple[str, str, str]] = {
    "add": ("watch_edit", "add", "Watch a page."),
    "list": ("watch_show", "list_", "List the watches and how they stand."),
    "show": ("watch_show", "show", "Show a watch, its settings and its alerts; --as-of its page."),
    "next": ("watch_next", "next_", "When a watch is checked next, and its alerts go out."),
    "check": ("watch_check", "check", "Check watches now."),
    "run": ("watch_check", "run", "Check what is due, for as long as it runs, or once with --due."),
    "test": ("watch_check", "test", "Try a watch without saving anything."),
    "history": ("watch_show", "history", "What happened to a watch, with the words that changed."),
    "diff": ("watch_show", "diff", "Compare two snapshots of a watch."),
    "replay": ("watch_show", "replay", "Run old snapshots through other rules."),
    "pin": ("watch_edit", "pin", "Keep a snapshot for good."),
    "resend": ("watch_edit", "resend", "Give alerts that could not be sent another try."),
    "remove": ("watch_edit", "remove", "Forget watches and their history."),
    "group": ("watch_group", "group", "Settings that several watches share: add, list, remove."),
    "import": ("watch_edit", "import_", "Take over watches from a TOML file, urlwatch, changedetection.io."),
    "export": ("watch_edit", "export", "Write all watches as one TOML file."),
}


class _LazyWatchGroup(click.Group):
    """Imports a command's module when it is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, attribute, _ = _COMMANDS[cmd_name]
        command = getattr(import_module(f"browseagent.cli.commands.{module}"), attribute)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, said) for name, (_, _, said) in _COMMANDS.items()])


@click.group(cls=_LazyWatchGroup)
def watch() -> None:
    """Watch pages on a schedule, and be told when they change.

    \b
    browseagent watch add https://example.org/lantern --every 15m --notify stdout \\
        --ask "What does it cost?" --type money --when "price < 50"
    browseagent watch run
    """
