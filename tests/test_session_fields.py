"""One table says what a session can say; the record, the command line, watches and the manual follow it."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import click
import pytest

from browseagent.cli.program import program
from browseagent.config import HELP, Settings
from browseagent.errors import UsageError
from browseagent.serve.bodies import Options
from browseagent.serve.local import ASKED
from browseagent.session import Session
from browseagent.session_fields import FIELDS, WATCHED
from browseagent.watch.settings import KEYS, session_of, watch_of

WRITTEN = {
    "profile": "work",
    "headers": ["X-Key: 7"],
    "user_agent": "Station 3",
    "proxy": "http://127.0.0.1:3128",
    "locale": "de-AT",
    "clicks": ["#more"],
    "wait_for": ".price",
}


def options(*path: str) -> dict[str, click.Option]:
    """The options of a command by their flag."""
    command: click.Command = program
    for name in path:
        assert isinstance(command, click.Group)
        found = command.get_command(click.Context(command), name)
        assert found is not None
        command = found
    return {each.opts[0]: each for each in command.params if isinstance(each, click.Option)}


def test_the_table_has_every_field_once() -> None:
    """Each field of the record is described, and each option is that of one field."""
    assert set(FIELDS) == {each.name for each in fields(Session)}
    assert len({field.option for field in FIELDS.values()}) == len(FIELDS)


def test_commands_and_watches_take_the_options_of_the_table() -> None:
    """`ask` has all of them and `watch add` those of watches, with the same help; the manual names each."""
    manual = Path(__file__).parent.parent.joinpath("docs/sessions.md").read_text("utf-8")
    asking, watching = options("ask"), options("watch", "add")
    for name, field in FIELDS.items():
        assert asking[field.option].help == field.help
        assert field.option in manual
        if name in WATCHED:
            assert watching[field.option].help == field.help
        elif name != "timezone":  # a watch's own is that of its schedule
            assert field.option not in watching


def test_the_server_and_the_command_line_take_the_same_settings() -> None:
    """What a request may say of how pages are got is a setting, and is told in the words of the option."""
    asking, watching = options("ask"), options("watch", "add")
    settings = {each.name for each in fields(Settings)}
    assert set(Options.model_fields) == set(ASKED)  # of a running server nothing else is asked for one run
    for name, field in Options.model_fields.items():
        assert name in settings
        assert field.description == HELP[name] == asking[f"--{name.replace('_', '-')}"].help
    for name in ("via", "timeout"):
        assert watching[f"--{name}"].help == HELP[name]


def test_a_watch_says_what_the_table_lets_it_say() -> None:
    """Each such field is a setting of a watch and goes into its session; others are not known to it."""
    assert set(WRITTEN) == set(WATCHED)
    assert set(WATCHED) <= set(KEYS)
    session = session_of(watch_of("w", {"url": "https://example.org/", **WRITTEN}))
    assert session == Session(
        profile="work",
        headers=(("X-Key", "7"),),
        user_agent="Station 3",
        proxy="http://127.0.0.1:3128",
        locale="de-AT",
        clicks=("#more",),
        wait_for=".price",
    )
    for name in ("viewport", "browser_url", "media"):
        with pytest.raises(UsageError, match="not known"):
            watch_of("w", {"url": "https://example.org/", name: "x"})
