"""What a server keeps open between requests: one agent with its model, the web, the store, the watches."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from browseagent.agent.agent import Agent
from browseagent.agent.events import Event
from browseagent.config import Settings
from browseagent.errors import BrowseAgentError, UsageError
from browseagent.serve.options import ServeOptions
from browseagent.serve.work import Desk
from browseagent.wiring import Kept, open_kept, running

if TYPE_CHECKING:
    from browseagent.watch.check import Checker

OPTIONS = {
    "via": str,
    "max_age": float,
    "fresh": bool,
    "offline": bool,
    "as_of": datetime,
    "timeout": float,
    "max_pages": int,
    "site": bool,
}
"""What a request may say of how pages are got, as the options of the command line; durations in seconds.
Whatever writes files, sends credentials or runs commands is not among them."""
MOST_PAGES = 20
LONGEST = 120.0
"""Seconds for a page."""


@dataclass
class Warm:
    """The open parts. ``desk`` has the turns of what takes long."""

    settings: Settings
    options: ServeOptions
    agent: Agent
    kept: Kept
    desk: Desk
    checker: Checker
    ready: bool = False
    failed: str = ""
    """Why the model could not be loaded; it is tried again by the next question."""
    streams: int = 0
    """Event streams that are open."""
    counts: dict[str, int] = field(default_factory=dict)
    """Of requests by outcome, for ``/metrics``."""

    def under(self, given: Mapping[str, Any], on_event: Callable[[Event], None] | None = None) -> Agent:
        """The agent for one request. Raises UsageError for options that are none."""
        return self.agent.under(settings_of(self.settings, self.options, given), on_event)

    def count(self, outcome: str) -> None:
        """One more request that came to this."""
        self.counts[outcome] = self.counts.get(outcome, 0) + 1


def settings_of(settings: Settings, options: ServeOptions, given: Mapping[str, Any]) -> Settings:
    """The settings of one request: pages are got as what a page names is, unless the person who started the
    server said that it may read their own network. Raises UsageError."""
    for name in given:
        if name not in OPTIONS:
            raise UsageError(f"{name!r} is no option of a request", hint=f"One of: {', '.join(OPTIONS)}.")
    said = {name: value for name, value in given.items() if value is not None}
    if said.get("via", "auto") not in ("auto", "http", "chromium"):
        raise UsageError(f"via is {said['via']!r}", hint="One of: auto, http, chromium.")
    if not 1 <= said.get("max_pages", 1) <= MOST_PAGES:
        raise UsageError(f"max_pages is {said['max_pages']}", hint=f"At most {MOST_PAGES}.")
    if not 0 < said.get("timeout", 1.0) <= LONGEST:
        raise UsageError(
            f"timeout is {said['timeout']}", hint=f"More than 0 and at most {LONGEST:g} seconds."
        )
    if said.get("max_age", 0.0) < 0:
        raise UsageError("max_age is negative", hint="Seconds, 0 or more.")
    if said.get("as_of") is not None:
        said["offline"] = True
    return replace(settings, by_person=options.allow_private, trace=None, screenshot=None, **said)


@asynccontextmanager
async def opened(settings: Settings, options: ServeOptions) -> AsyncIterator[Warm]:
    """Opens all parts, loads the model in the background, and closes them all, what runs being finished."""
    from browseagent.wiring import open_checker

    async with AsyncExitStack() as stack:
        kept = stack.enter_context(open_kept(settings))
        agent = await stack.enter_async_context(Agent(settings=settings, store=kept.pages))
        desk = Desk(options.at_once, options.waiting)
        checker = await stack.enter_async_context(
            open_checker(settings, kept, lambda: _lent(agent, settings))
        )
        warm = Warm(settings, options, agent, kept, desk, checker)
        tasks = [asyncio.create_task(_load(warm))]
        if options.with_watches:
            tasks.append(asyncio.create_task(running(settings, kept, checker)))
        try:
            yield warm
        finally:
            await desk.stop()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)


@asynccontextmanager
async def _lent(agent: Agent, settings: Settings) -> AsyncIterator[Agent]:
    yield agent.under(settings)


async def _load(warm: Warm) -> None:
    """Loads the model, so that the first question need not wait for it."""
    with suppress(asyncio.CancelledError):
        try:
            await warm.agent.load()
        except BrowseAgentError as error:
            warm.failed = f"{error.message}: {error.hint}"
        warm.ready = True
