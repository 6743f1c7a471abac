"""Groups whose commands are imported when they are used, and the examples under every command's help."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

import click
from click.shell_completion import CompletionItem

from browseagent.cli.invocation import Invocation

_WHOLE = 1000
"""Letters: no command's first sentence is as long."""


@dataclass(frozen=True, slots=True)
class Command:
    """Where a command is written, and what the overview says of it."""

    module: str
    attribute: str
    summary: str
    waits: bool = False
    """Whether it shows a line of progress on a terminal."""


class LazyGroup(click.Group):
    """A group that imports a command's module only to run it or to show its own help."""

    def __init__(self, *args: Any, table: Mapping[str, Command], **more: Any) -> None:
        super().__init__(*args, **more)
        self.table = table
        self.place: tuple[str, ...] = ()
        """The names of the groups that this one is in, and its own; of the program: none."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.table)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        entry = self.table.get(cmd_name)
        if entry is None:
            return None
        command = getattr(import_module(f"browseagent.cli.commands.{entry.module}"), entry.attribute)
        assert isinstance(command, click.Command)
        return with_examples(command, (*self.place, cmd_name))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        entry = self.table.get(args[0])
        if entry is not None and entry.waits and (invocation := ctx.find_object(Invocation)) is not None:
            invocation.begin()
        try:
            return super().resolve_command(ctx, args)
        except click.exceptions.NoSuchCommand as error:  # click looks for the like in what it has imported
            raise click.exceptions.NoSuchCommand(args[0], possibilities=self.table, ctx=ctx) from error

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, entry.summary) for name, entry in self.table.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        names = [
            CompletionItem(name, help=entry.summary)
            for name, entry in self.table.items()
            if name.startswith(incomplete)
        ]
        return names + click.Command.shell_complete(self, ctx, incomplete)


def with_examples(command: click.Command, place: tuple[str, ...]) -> click.Command:
    """The command with its examples at the end of its help, and those in it with theirs."""
    from browseagent.cli.examples import EXAMPLES, in_lines

    if isinstance(command, LazyGroup):
        command.place = place
    elif isinstance(command, click.Group):
        for name, each in command.commands.items():
            with_examples(each, (*place, name))
            each.short_help = each.get_short_help_str(_WHOLE)  # click cuts it at 45 letters
    if examples := EXAMPLES.get(" ".join(place)):
        lines = (line for each in examples for line in in_lines(f"browseagent {each}"))
        command.epilog = "\n".join(["\b", "Examples:", *(f"  {line}" for line in lines)])
    return command
