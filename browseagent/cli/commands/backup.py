"""``browseagent backup`` and ``browseagent restore``."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.options import json_option
from browseagent.cli.show import results as render
from browseagent.cli.show.streams import one_line
from browseagent.config import default_settings
from browseagent.forms import commands as command_forms
from browseagent.forms import results as forms

if TYPE_CHECKING:
    from browseagent.store.backup import Backup


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option(
    "--with-secrets",
    "secrets",
    is_flag=True,
    help="Headers, proxies' passwords, targets of alerts and profiles too.",
)
@json_option
@pass_invocation
def backup(invocation: Invocation, file: Path, secrets: bool, json: bool) -> int:
    """Write all that is kept (pages, watches with their history, questions) into FILE.

    It is of one moment, also while `watch run` goes on. Secrets are left out unless you ask for them; what
    was left out is named. Models are not in it: `model fetch` gets them again.
    """
    from browseagent.store.backup import back_up

    made = back_up(default_settings(), file.absolute(), secrets=secrets)
    if json:
        invocation.streams.write(forms.dumps(command_forms.backed_up(str(file), made)))
        return 0
    shown = one_line(str(file))
    invocation.streams.write(f"{_held(made)} are in {shown}, {render.size(made.bytes)}.")
    _tell_left_out(invocation, made)
    invocation.streams.tell(f"To put it back: browseagent restore {shlex.quote(shown)}")
    return 0


@click.command()
@click.argument("file", type=click.Path(exists=True, path_type=Path, dir_okay=False))
@click.option("--over", is_flag=True, help="Replace what is stored now, which is lost.")
@json_option
@pass_invocation
def restore(invocation: Invocation, file: Path, over: bool, json: bool) -> int:
    """Put a backup in place: all that it holds, and nothing else."""
    from browseagent.store.backup import restore as put_back

    found = put_back(default_settings(), file, over=over)
    if json:
        invocation.streams.write(forms.dumps(command_forms.backed_up(str(file), found)))
        return 0
    at = f"{found.made_at.astimezone():%Y-%m-%d %H:%M}"
    invocation.streams.write(f"Restored what was kept on {at}: {_held(found)}.")
    _tell_left_out(invocation, found)
    return 0


def _held(backup: Backup) -> str:
    held = backup.held
    pages = f"{render.counted(held.pages, 'page')} in {render.counted(held.versions, 'version')}"
    watches = render.counted(held.watches, "watch", "watches")
    return f"{pages}, {watches} and {render.counted(held.questions, 'question')}"


def _tell_left_out(invocation: Invocation, found: Backup) -> None:
    for name, what in found.left_out:
        invocation.streams.tell(f"not in the backup: {one_line(name)}: {one_line(what)}")
