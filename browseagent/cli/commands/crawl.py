"""``browseagent crawl``: stores a site, so that questions on it need no network."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from browseagent.agent.frontier import canonical
from browseagent.cli.failure import exit_status, tell_error
from browseagent.cli.invocation import Invocation, Progress, pass_invocation, run_async
from browseagent.cli.options import json_option
from browseagent.cli.options import session as session_options
from browseagent.cli.options.reading import Duration
from browseagent.cli.options.session import Checked, Option, with_options
from browseagent.cli.options.sources import url_of
from browseagent.cli.show import results as render
from browseagent.cli.show.progress import Shown
from browseagent.cli.show.streams import one_line
from browseagent.config import Settings, default_settings
from browseagent.durable import Locked, locked
from browseagent.errors import UsageError
from browseagent.forms import results as forms
from browseagent.wiring import open_crawl

if TYPE_CHECKING:
    from browseagent.agent.crawl import Crawled
    from browseagent.agent.frontier import Bounds


MOST_PAGES = 500
"""Pages where --max-pages does not say: some ten minutes at one a second."""
_SHOWN_FAILURES = 10


def _pattern(text: str) -> str:
    """A regular expression. Raises ValueError for what is none."""
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"{text!r} is no regular expression: {error}") from None
    return text


_REGEX = Checked("regex", _pattern)
_OPTIONS: tuple[Option, ...] = (
    click.option(
        "--max-pages",
        type=click.IntRange(min=1),
        default=MOST_PAGES,
        help=f"Pages that are asked for at most.  [default: {MOST_PAGES}]",
    ),
    click.option("--include", type=_REGEX, multiple=True, help="Only addresses that match. May be repeated."),
    click.option("--exclude", type=_REGEX, multiple=True, help="No address that matches. May be repeated."),
    click.option(
        "--depth", type=click.IntRange(min=0), default=10, help="Links from URL to a page.  [default: 10]"
    ),
    click.option(
        "--per-pattern",
        type=click.IntRange(min=1),
        default=100,
        help="Addresses that differ only in their query's values or in a date.  [default: 100]",
    ),
    click.option("--later", is_flag=True, help="Leave it to `browseagent worker`, and end."),
    click.option("--restart", is_flag=True, help="Forget where an earlier run was."),
    json_option,
    click.option(
        "--via", type=click.Choice(["auto", "http", "chromium"]), help="How to get pages.  [default: auto]"
    ),
    click.option("--max-age", type=Duration(), help="Use a stored page up to this age.  [default: 1h]"),
    click.option("--fresh", is_flag=True, help="Ask the server even where a stored page is young enough."),
    click.option("--timeout", type=Duration(), help="Deadline of one page.  [default: 30s]"),
    click.option("-q", "--quiet", is_flag=True, help="No progress and no warnings."),
    click.option("-v", "--verbose", is_flag=True, help="Each step on standard error."),
    session_options.PROFILE,
    *session_options.WHO,
)


@click.command()
@click.argument("url")
@with_options(_OPTIONS)
@pass_invocation
def crawl(
    invocation: Invocation,
    /,
    url: str,
    later: bool,
    restart: bool,
    json: bool,
    quiet: bool,
    verbose: bool,
    **given: Any,
) -> int:
    """Store the pages of URL's site, so that `ask --site --offline` answers from them.

    Only pages of the same host, one request at a time, by robots.txt. It may be killed at any moment: the
    same command goes on where it was. A page that fails is told and ends nothing.
    """
    start = canonical(url_of(url))
    settings, bounds = _settings(given), _bounds(given)
    if later:
        _later(start, settings, bounds, {**given, "restart": restart, "json": json})
        invocation.streams.write("A worker will store it: `browseagent worker --queues pages`.")
        return 0
    made = session_options.new_profile(settings, settings.session.profile)
    if made and not quiet:
        invocation.streams.tell(made)
    lock = hashlib.sha256(start.encode()).hexdigest()[:16]
    settings.home.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        with (
            locked(settings.home / f"crawl-{lock}.lock", 0),
            Shown(invocation.streams, quiet=quiet, verbose=verbose) as shown,
        ):
            done = run_async(lambda: _crawl(start, settings, bounds, shown, anew=restart))
    except Locked as error:
        raise UsageError(f"{one_line(start)} is being crawled already", hint="Wait for it to end.") from error
    streams = invocation.streams
    if json:
        streams.write(forms.dumps(forms.crawled(done)))
    elif done.error is None:
        streams.write(_told(done))
    if not quiet and not json:
        told = done.error.url if done.error else None
        failures = [each for each in done.failures if each.url != told]
        for failure in failures[:_SHOWN_FAILURES]:
            streams.tell(one_line(f"{failure.outcome}: {failure.url}: {failure.reason}"))
        if len(failures) > _SHOWN_FAILURES:
            streams.tell(f"and {len(failures) - _SHOWN_FAILURES} more; --json lists them")
    if done.error is not None:
        tell_error(streams, done.error)
        return exit_status(done.error)
    return 0


def _later(start: str, settings: Settings, bounds: Bounds, given: Mapping[str, Any]) -> None:
    """Queues the crawl, which workers do by their own settings. Raises UsageError for what they cannot
    know."""
    kept = ("max_pages", "depth", "include", "exclude", "per_pattern")
    own = sorted(name for name, value in given.items() if value and name not in kept)
    if own:
        raise UsageError(
            f"--later cannot be used with --{own[0].replace('_', '-')}: workers have settings of their own"
        )
    try:
        from browseagent.wiring_workers import crawl_later
    except ModuleNotFoundError as error:
        from browseagent.cli.commands.worker import workers_missing

        raise workers_missing(error) from error
    crawl_later(settings, start, bounds)


async def _crawl(
    start: str, settings: Settings, bounds: Bounds, shown: Callable[[Progress], None], *, anew: bool
) -> Crawled:
    from browseagent.agent.events import Event

    began = time.monotonic()

    def tell(step: str, message: str, data: Mapping[str, object] | None = None) -> None:
        shown(Event(step, message, time.monotonic() - began, data or {}))

    async with open_crawl(start, bounds, settings, tell, anew=anew) as run:
        return await run.to_the_end()


def _told(done: Crawled) -> str:
    """How a crawl ended, for a person."""
    tally = done.tally
    pages = f"{render.counted(tally.read, 'page')} of {one_line(done.url)} stored"
    failed = f", {tally.failed} could not be read" if tally.failed else ""
    again = " (with an earlier run)" if done.resumed else ""
    left = f"; {tally.waiting} more are known: raise --max-pages to go on" if tally.waiting else ""
    return f"{pages}{failed}{again}{left}"


def _bounds(given: Mapping[str, Any]) -> Bounds:
    from browseagent.agent.frontier import Bounds

    names = ("max_pages", "depth", "include", "exclude", "per_pattern")
    return Bounds(**{name: given[name] for name in names})


def _settings(given: Mapping[str, Any]) -> Settings:
    """The settings that the options of reading say."""
    if given["timeout"] is not None and given["timeout"] <= 0:
        raise UsageError("--timeout must be longer than nothing", hint="For example --timeout 30s.")
    settings = default_settings()
    said = {name: given[name] for name in ("via", "max_age", "timeout") if given[name] is not None}
    names = ("profile", "user_agent", "contact", "proxy", "locale", "timezone", "viewport")
    who = {name: given[name] for name in names}
    session = session_options.session_of(settings.session, **who)
    if session.needs_browser and said.get("via") == "http":
        raise UsageError(f"{session.needs_browser} needs a browser, and --via http forbids it")
    return replace(settings, fresh=given["fresh"], session=session, **said)
