"""``browseagent store move``."""

from __future__ import annotations

import click

from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.show.streams import one_line
from browseagent.config import default_settings
from browseagent.records.counted import counted


@click.group()
def store() -> None:
    """Move what is kept (pages, watches with their history, questions) to another database."""


@store.command()
@click.option("--to", "target", required=True, metavar="URL", help="An empty database, postgresql://…")
@click.option("-q", "--quiet", is_flag=True, help="No progress.")
@pass_invocation
def move(invocation: Invocation, target: str, quiet: bool) -> int:
    """Copy all that is kept into another database, and compare the two.

    It may be ended at any moment: the same command goes on where it was. What is there stays as it is; end
    `watch run` and `serve` before, since what they write meanwhile is noticed at the end and makes it fail.
    Profiles stay in their folder.
    """
    from browseagent.store.database import Database
    from browseagent.store.move import move as moved

    streams = invocation.streams

    def told(table: str, rows: int) -> None:
        if not quiet:
            streams.tell(f"{table}: {rows}")

    source = Database(default_settings().store_place)
    try:
        into = Database(target)
        try:
            done = moved(source, into, told)
        finally:
            into.close()
    finally:
        source.close()
    for name, each in done.tables.items():
        if each.rows:
            streams.write(f"{name}: {counted(each.rows, 'row')}, {each.digest[:16]}")
    streams.write(f"All of it is in {one_line(into.shown)}, the same by count and hash.")
    streams.write("Use it with BROWSEAGENT_DATABASE.")
    return 0
