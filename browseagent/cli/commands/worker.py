"""``browseagent worker``."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlsplit

import click

from browseagent.cli.invocation import Invocation, pass_invocation, run_async
from browseagent.cli.options.reading import Reading
from browseagent.cli.options.watch import check_options
from browseagent.cli.show import watches as watch_render
from browseagent.cli.show.progress import Shown
from browseagent.durable import this_process
from browseagent.errors import StoreError, UsageError
from browseagent.session_values import browser_url
from browseagent.web.find_chromium import on_this_machine

_QUEUES = ("checks", "pages", "answers")


def _queues(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    named = tuple(dict.fromkeys(word.strip() for word in value.split(",") if word.strip()))
    if not named or set(named) - set(_QUEUES):
        raise click.BadParameter(f"name some of {', '.join(_QUEUES)}, with commas between")
    return named


def _browsers(_context: click.Context, _parameter: click.Parameter, value: str) -> tuple[str, ...]:
    try:
        named = [browser_url(word.strip()) for word in value.split(",") if word.strip()]
    except ValueError as error:
        raise click.BadParameter(str(error)) from error
    return tuple(dict.fromkeys(named))


@click.command()
@click.option(
    "--queues",
    default=",".join(_QUEUES),
    show_default=True,
    callback=_queues,
    help="What it takes: checks of watches, pages of `crawl --later`, checks that put questions to a model.",
)
@click.option("--concurrency", type=click.IntRange(1, 64), default=4, show_default=True, help="Jobs at once.")
@click.option("--database", metavar="URL", help="The database that workers share, postgresql://…")
@click.option(
    "--browsers",
    default="",
    metavar="URLS",
    callback=_browsers,
    help="Browsers that run already, by turns: ws://… of a Playwright server, http://… of a Chromium's "
    "DevTools; commas between.",
)
@click.option(
    "--ungated-browsers",
    is_flag=True,
    help="Also browsers on other machines, whose connections no gate of ours sees.",
)
@check_options()
@pass_invocation
def worker(
    invocation: Invocation,
    queues: tuple[str, ...],
    concurrency: int,
    database: str | None,
    browsers: tuple[str, ...],
    ungated_browsers: bool,
    reading: Reading,
) -> int:
    """Check watches, store sites and send alerts together with other workers, on this machine and on others,
    until Ctrl-C or SIGTERM (exit status 130). What is under way then is due at once for the others.

    They share a PostgreSQL database. One check of a host is under way at a time, among all of them. See
    docs/workers.md.
    """
    if reading.json:
        raise UsageError(
            "--json cannot be used here: it does not end with one document",
            hint="`watch history --json` gives what it found.",
        )
    for address in () if ungated_browsers else browsers:
        if not on_this_machine(address):
            raise UsageError(
                f"the browser at {urlsplit(address).hostname} runs on another machine: it cannot reach our "
                "gate, which keeps pages off private networks",
                hint="Run workers where the browsers are, or say --ungated-browsers and shut those machines "
                "off with a firewall.",
            )
    settings = replace(reading.settings, database=database or reading.settings.database, browsers=browsers)
    run_async(lambda: _work(invocation, replace(reading, settings=settings), queues, concurrency))
    return 0


async def _work(invocation: Invocation, reading: Reading, queues: tuple[str, ...], concurrency: int) -> None:
    streams = invocation.streams

    shown = Shown(streams, quiet=True, verbose=reading.verbose)
    try:
        from browseagent.wiring_workers import open_worker
        from browseagent.worker.work import WorkerOptions
    except ModuleNotFoundError as error:
        raise workers_missing(error) from error
    options = WorkerOptions(this_process(), queues, concurrency)
    async with open_worker(
        reading.settings,
        lambda: invocation.open_agent(reading.settings, shown),
        options,
        told=watch_render.teller(streams, quiet=reading.quiet),
        write=streams.write,
    ) as work:
        await work.run()


def workers_missing(error: ModuleNotFoundError) -> Exception:
    """What is to be told where a package that workers need is missing; else the error as it is."""
    if error.name not in ("procrastinate", "psycopg", "psycopg_pool"):
        return error
    hint = "pip install 'browseagent[workers]'"
    return StoreError(f"{error.name}, which workers need, is not installed", hint=hint)
