"""``watch check`` and ``watch test``."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import click

from browseagent.agent.events import Telling
from browseagent.cli import completing
from browseagent.cli.failure import exit_status, tell_error
from browseagent.cli.invocation import Invocation, pass_invocation, run_async
from browseagent.cli.options.reading import Reading
from browseagent.cli.options.sources import url_of
from browseagent.cli.options.watch import check_options, watch_options
from browseagent.cli.show import watches as watch_render
from browseagent.cli.show.progress import Shown
from browseagent.cli.show.streams import one_line
from browseagent.durable import this_process
from browseagent.errors import UsageError
from browseagent.forms import results as forms
from browseagent.forms import watches as watch_forms
from browseagent.records.clock import utc_now
from browseagent.store.watch_book import Chosen
from browseagent.watch.check import Checked
from browseagent.watch.judge import Memory
from browseagent.watch.notify.senders import Senders
from browseagent.watch.outbox import Courier
from browseagent.watch.port import Seen
from browseagent.watch.records import State, Watch
from browseagent.watch.run import Options
from browseagent.watch.verdict import verdict
from browseagent.wiring import Kept, checked_now, open_checker, open_kept, running, with_zone


@click.command()
@click.argument("names", nargs=-1, metavar="NAME...", shell_complete=completing.watches)
@click.option("--all", "everything", is_flag=True, help="Every watch.")
@check_options()
@pass_invocation
def check(invocation: Invocation, names: tuple[str, ...], everything: bool, reading: Reading) -> int:
    """Check watches now, whatever their schedule says, and send what is to be sent.

    The exit status is that of the first page that could not be seen; 2 where a watch's settings cannot be
    read.
    """
    if everything == bool(names):
        raise UsageError("give the names of watches, or --all")
    with open_kept(reading.settings) as kept:
        chosen = Chosen(kept.book.entries(names), []) if names else kept.book.chosen()
        watch_render.unreadable(invocation.streams, chosen)
        checking = [entry.watch for entry in chosen.entries]
        found, told = run_async(lambda: _check(invocation, reading, kept, checking))
        left = kept.outbox.left(names)
    if reading.json:
        documents = [watch_forms.check(each) for each in found]
        whole = documents[0] if len(documents) == 1 else {
            "schema": "browseagent.checks/1", "checks": documents, "error": None,
        }  # fmt: skip
        invocation.streams.write(forms.dumps(whole))
    else:
        for each in found:
            _print(invocation, each, told)
    if left.first is not None and not reading.quiet:
        invocation.streams.tell(watch_render.left(left.count, left.first, utc_now()))
    return _status(invocation, found) or (UsageError.exit_status if chosen.unreadable else 0)


@click.command()
@click.argument("target", metavar="NAME_OR_URL", shell_complete=completing.watches)
@click.option("--text", is_flag=True, help="Print the text that is watched too.")
@watch_options
@check_options("via", "timeout")
@pass_invocation
def test(invocation: Invocation, target: str, text: bool, settings: dict[str, Any], reading: Reading) -> int:
    """Look at a page as a watch would, and show what would come of it. Nothing is saved or sent.

    NAME_OR_URL is a watch, compared with what it has seen, or the URL of one to be. Options given here
    replace those of the watch.
    """
    with open_kept(reading.settings) as kept:
        return tried(invocation, reading, kept, *_to_test(kept, target, settings), text=text)


def tried(
    invocation: Invocation, reading: Reading, kept: Kept, watch: Watch, memory: Memory, *, text: bool
) -> int:
    """Looks at a page as a watch would that remembers so much, and prints what would come of it; the exit
    status."""
    result = run_async(lambda: _test(invocation, reading, kept, watch, memory))
    if reading.json:
        document = watch_forms.trial(result)
        invocation.streams.write(forms.dumps(document))
    else:
        if text and result.document:
            invocation.streams.write(result.document.text)
        _print(invocation, result)
    return _status(invocation, [result])


async def _check(
    invocation: Invocation, reading: Reading, kept: Kept, watches: list[Watch]
) -> tuple[list[Checked], set[str]]:
    """What was found, and the keys of the events whose alerts went to standard output."""
    found, told = [], set[str]()
    with Shown(invocation.streams, quiet=reading.quiet, verbose=reading.verbose) as shown:
        async with open_checker(
            reading.settings, kept, lambda: invocation.open_agent(reading.settings, shown)
        ) as checker:
            tell = Telling(shown)
            for number, watch in enumerate(watches, start=1):
                tell("check", _checking(watch, f" {number} of {len(watches)}" if len(watches) > 1 else ""))
                found.append(await checked_now(kept, checker, watch.name))
    # With --json standard output is one document; an alert for it goes to standard error.
    write = invocation.streams.tell if reading.json else invocation.streams.write
    senders = Senders(write, secret=reading.settings.webhook_secret)
    courier = Courier(kept.outbox, senders, owner=this_process(), now=utc_now)
    async for sent in courier.deliver_all():
        if sent.error and not reading.quiet:
            invocation.streams.tell(watch_render.live(sent, utc_now()))
        if sent.target == "stdout":
            told.update(sent.events)
    return found, told


def _to_test(kept: Kept, target: str, settings: dict[str, Any]) -> tuple[Watch, Memory]:
    """The watch to test and what it remembers."""
    if target in kept.book.names():
        (entry,) = kept.book.entries([target])
        tried = kept.book.put(target, {**entry.own, **settings}, utc_now(), dry=True)
        return tried, entry.memory
    settings = with_zone({"url": url_of(target), **settings}, kept)
    return kept.book.put("test", settings, utc_now(), dry=True), Memory()


async def _test(
    invocation: Invocation, reading: Reading, kept: Kept, watch: Watch, memory: Memory
) -> Checked:
    with Shown(invocation.streams, quiet=reading.quiet, verbose=reading.verbose) as shown:
        async with open_checker(
            reading.settings, kept, lambda: invocation.open_agent(reading.settings, shown)
        ) as checker:
            Telling(shown)("check", _checking(watch))
            look = await checker.looker.look(watch, memory, Seen())
            state, judged = look.weighed.state, None
            if look.document is not None and state.good:
                answers, failed = await checker.looker.answers(watch, look.document, memory, memory.valued)
                ruling = await checker.ruling(watch, look.changes)
                judged = verdict(watch, state, look.changes, answers, memory, ruling=ruling, failed=failed)
    reason = judged.reason if judged and state is State.CHANGED else look.weighed.reason
    return Checked(watch, state, reason, look.page, look.document, judged)


def _checking(watch: Watch, which: str = "") -> str:
    return f"checking{which}: {watch.name}, {watch.url}"


def _status(invocation: Invocation, found: list[Checked]) -> int:
    troubles = [info for info in (each.trouble for each in found) if info is not None]
    for info in troubles:
        tell_error(invocation.streams, info)
    return exit_status(troubles[0]) if troubles else 0


def _print(invocation: Invocation, checked: Checked, told: Collection[str] = ()) -> None:
    """What a check came to; the alert of an event that was ``told`` of on standard output has said it."""
    streams = invocation.streams
    for event, judged in checked.caught_up:
        if event.key in told:
            continue
        streams.write(f"{event.at.astimezone():%Y-%m-%d %H:%M:%S}, judged now:")
        streams.print(lambda console, judged=judged: watch_render.verdict(console, judged))  # type: ignore[misc]
    if checked.event in told:
        streams.write(f"{one_line(checked.watch.name)}  {checked.state}: told")
        return
    streams.write(watch_render.came_to(checked))
    if checked.verdict is not None:
        found = checked.verdict
        streams.print(lambda console: watch_render.verdict(console, found))


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
    told = watch_render.teller(streams, quiet=reading.quiet)
    shown = Shown(streams, quiet=True, verbose=reading.verbose)
    async with open_checker(
        reading.settings, kept, lambda: invocation.open_agent(reading.settings, shown)
    ) as checker:
        await running(reading.settings, kept, checker, options, told=told, write=streams.write, once=once)
