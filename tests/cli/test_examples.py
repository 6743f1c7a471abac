"""The examples under each command's help."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from browseagent.cli.examples import EXAMPLES
from browseagent.cli.program import program
from browseagent.config import default_settings
from fixtures.server import FixtureServer
from tests.command import Command

LONG = {
    "login",
    "mcp",
    "serve",
    "store move",
    "watch run",
    "worker",
    "model fetch",
    "model tune",
    "model eval",
}
"""Those that wait for a person, go on until they are stopped, need another machine, fetch, or compute for
minutes: it is shown that the program takes their examples."""


def commands(group: click.Group, place: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command that does something, with its full name."""
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        if isinstance(command, click.Group):
            yield from commands(command, f"{place}{name} ")
        else:
            yield place + name, command


def test_every_command_has_two_examples_at_the_end_of_its_help() -> None:
    """They are its own, they end its help, and its options take them."""
    told = dict(commands(program))
    assert set(told) == set(EXAMPLES)
    for name, command in told.items():
        shown = command.get_help(click.Context(command, info_name=name)).rstrip()
        _, _, last = shown.rpartition("Examples:")
        lines = [" ".join(line.split()) for line in last.strip().replace("\\\n", " ").splitlines()]
        assert lines == [f"browseagent {x}" for x in EXAMPLES[name]]


def test_the_program_takes_every_example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Their options and values are right ones, also of those that would go on."""
    monkeypatch.chdir(tmp_path)
    for file in (
        "secret.txt",
        "questions.jsonl",
        "browseagent-model.whl",
        "watches.toml",
        "kept.tar.gz",
        "all.tar.gz",
    ):
        Path(file).touch()
    for name, command in commands(program):
        for example in EXAMPLES[name]:
            words = shlex.split(example.removesuffix(" <questions.txt"))
            size = len(name.split())
            assert words[:size] == name.split()
            command.make_context(name, words[size:])


@pytest.mark.model
def test_the_examples_run(
    answering: Command,
    environment: dict[str, str],
    fresh_site: FixtureServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One after another, as a person would follow them; between two checks the lantern's price changes."""
    monkeypatch.chdir(tmp_path)
    Path("questions.txt").write_text("What does a single cost?\n", encoding="utf-8")
    home = Path(environment["BROWSEAGENT_HOME"])
    home.mkdir()
    (home / "models").symlink_to(default_settings().models_path)
    for name, examples in EXAMPLES.items():
        for example in () if name in LONG else examples:
            if example == "watch check --all --json":
                fresh_site.set_state("shop/lantern/price", 39.0)
            told = re.fullmatch(r"(.*?)(?: <(\S+))?", example)
            assert told is not None
            given = told[2]
            arguments = shlex.split(told[1].replace("https://example.org", fresh_site.url("").rstrip("/")))
            ended = answering(*arguments, stdin=Path(given).read_bytes() if given else b"")
            assert ended.status == 0, (example, ended)
