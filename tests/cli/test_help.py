"""Every command's ``--help``, as a terminal shows it."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

import click
import pytest

from browseagent.cli.examples import EXAMPLES, in_lines
from browseagent.cli.program import program

Context = click.Context


def contexts(command: click.Command, name: str, parent: Context | None = None) -> Iterator[Context]:
    """The program, its commands, and theirs."""
    context = Context(command, parent, name, **command.context_settings)
    yield context
    if isinstance(command, click.Group):
        for each in command.list_commands(context):
            found = command.get_command(context, each)
            assert found is not None
            yield from contexts(found, each, context)


def helps(width: int) -> dict[str, str]:
    """The help of every command on a terminal so wide."""
    found = {}
    for context in contexts(program, "browseagent"):
        context.terminal_width = width - 2  # what click leaves free of a terminal
        found[context.command_path] = context.get_help()
    return found


@pytest.mark.parametrize("width", [80, 120])
def test_no_help_is_wider_than_the_terminal(width: int) -> None:
    """Nothing overflows, so that no terminal breaks a line inside a word, and nothing is cut off."""
    wide = helps(1000)
    assert len(wide) > 50
    for path, text in helps(width).items():
        too_long = [line for line in text.splitlines() if len(line) > width]
        assert not too_long, (path, too_long)
        assert text.split() == wide[path].split(), path


def test_a_long_example_is_one_command_to_a_shell() -> None:
    """Shown in lines, pasted as it was written."""
    for pair in EXAMPLES.values():
        for example in pair:
            pasted = "\n".join(in_lines(f"browseagent {example}"))
            assert shlex.split(pasted.replace("\\\n", "")) == ["browseagent", *shlex.split(example)]


@pytest.mark.parametrize(
    ("command", "without"),
    [
        ("summarize", ("--max-pages", "--no-log")),
        ("brief", ("--max-pages", "--no-log")),
        ("read", ("--model", "--max-pages", "--no-log")),
        ("record", ("--model", "--max-age", "--fresh", "--max-pages", "--no-log")),
        ("watch check", ("--no-log",)),
    ],
)
def test_what_would_do_nothing_is_not_offered(command: str, without: tuple[str, ...]) -> None:
    """A common option that a command has no use for is not in its help, and still taken."""
    (context,) = (each for each in contexts(program, "browseagent") if each.command_path.endswith(command))
    words = context.get_help().split()
    assert not set(without) & set(words)
    taken = {name for each in context.command.params for name in each.opts}
    assert set(without) <= taken
