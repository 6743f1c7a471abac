"""``watch run``: what checks watches day and night, or once for cron and systemd."""

from __future__ import annotations

import asyncio

import click

from browseagent.cli import watch_render
from browseagent.cli.execute import run_async
from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.options import Reading
from browseagent.cli.progress import Shown
from browseagent.cli.watch_options import check_options
from browseagent.cli.watch_world import Kept, now, open_checker, open_kept
from browseagent.durable import this_process
from browseagent.errors import UsageError
from browseagent.watch.check import Checked
from browseagent.watch.notify.senders import Senders
from browseagent.watch.outbox import Courier, Sent
from browseagent.watch.run import Broken, Options, Runner


@click.command()
@click.option("--due", is_flag=True, help="Check what is due now, send what is to be sent, and end.")
@click.option("--at-once", type=click.IntRange(1, 64), default=4, help="Checks at once.  [default: 4]")
@click.option("--per-host", type=click.IntRange(1, 16), default=1, help="Of one host.  [default: 1]")
@check_options()
@pass_invocation
def run(invocation: Invocation, due: bool, at_once: int, per_host: int, reading: Reading) -> int:
    """Check the watches when they are due, until Ctrl-C (exit status 130). One line a check goes to
    standard error. What is being checked when it ends is due at once for the next run.

    Several may run side by side on one database, and beside `watch run --due`.
    """
    if reading.json:
        raise UsageError(
            "--json cannot be used here: it does not end with one document",
            hint="`watch history --json` gives what it found.",
        )
    options = Options(this_process(), at_once, per_host)
    with open_kept(reading.settings) as kept:
        run_async(lambda: _run(invocation, reading, kept, options, once=due))
    return 0


async def _run(invocation: Invocation, reading: Reading, kept: Kept, options: Options, *, once: bool) -> None:
    streams = invocation.streams

    def told(event: Checked | Broken | Sent) -> None:
        trouble = isinstance(event, Broken) or (isinstance(event, Sent) and event.error)
        if trouble or not reading.quiet:
            streams.tell(watch_render.live(event, now()))

    async def after(checked: Checked) -> None:
        if checked.event is not None:
            await asyncio.to_thread(kept.book.prune, checked.watch.name, now())

    senders = Senders(streams.write, secret=reading.settings.webhook_secret)
    courier = Courier(kept.outbox, senders, owner=options.owner, now=now)
    shown = Shown(streams, quiet=True, verbose=reading.verbose)
    async with open_checker(invocation, reading.settings, kept, shown) as checker:
        runner = Runner(kept.store, checker, courier, options, now=now, told=told, after=after)
        await (runner.once() if once else runner.run())
