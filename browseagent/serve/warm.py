"""What a server keeps open between requests: one agent with its model, the web, the store, the watches."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from browseagent.agent.agent import Agent
from browseagent.agent.events import Event
from browseagent.config import Settings
from browseagent.durable import Locked, locked
from browseagent.errors import BrowseAgentError, UsageError
from browseagent.serve.options import ServeOptions
from browseagent.serve.work import Desk
from browseagent.store.port import PageStore
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
Say = Callable[[str], None]
OpenAgent = Callable[[Settings, PageStore], Agent]
_LOG = logging.getLogger("browseagent.serve")


def own_agent(settings: Settings, store: PageStore) -> Agent:
    """The agent over the store, everything else being opened by itself."""
    return Agent(settings=settings, store=store)


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
    """Why the model could not be loaded; it is tried again by the next question, and by ``/readyz``."""
    counts: dict[str, int] = field(default_factory=dict)
    """Of requests by outcome, for ``/metrics``."""

    def under(self, given: Mapping[str, Any], on_event: Callable[[Event], None] | None = None) -> Agent:
        """The agent for one request. Raises UsageError for options that are none."""
        return self.agent.under(settings_of(self.settings, self.options, given), on_event)

    async def load(self) -> None:
        """Loads the model, so that the first question need not wait for it."""
        try:
            await self.agent.load()
        except BrowseAgentError as error:
            self.failed = f"{error.message}: {error.hint}"
        else:
            self.failed = ""
        self.ready = not self.failed

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
async def opened(
    settings: Settings, options: ServeOptions, say: Say, open_agent: OpenAgent = own_agent
) -> AsyncIterator[Warm]:
    """Opens all parts, loads the model in the background, and closes them all, what runs being finished.
    ``say`` hears what the person who started the server should know; ``open_agent`` makes the agent."""
    from browseagent.wiring import open_checker

    async with AsyncExitStack() as stack:
        kept = stack.enter_context(open_kept(settings))
        agent = await stack.enter_async_context(open_agent(settings, kept.pages))
        desk = Desk(options.at_once, options.waiting, agent.settled)
        checker = await stack.enter_async_context(
            open_checker(settings, kept, lambda: _lent(agent, settings))
        )
        warm = Warm(settings, options, agent, kept, desk, checker)
        tasks = [_begun(warm.load(), "the model", say)]
        if options.with_watches and _held(stack, settings):
            tasks.append(_begun(running(settings, kept, checker), "the watches", say))
        elif options.with_watches:
            say("The watches are checked by another server of this data folder, so not by this one.")
        try:
            yield warm
        finally:
            await desk.stop()
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)


def _held(stack: AsyncExitStack, settings: Settings) -> bool:
    """Whether the watches of this store are ours to check, until the stack is closed."""
    name = hashlib.sha256(str(settings.store_place).encode()).hexdigest()[:12]
    try:
        stack.enter_context(locked(settings.home / f"watching-{name}.lock", 0))
    except Locked:
        return False
    return True


def _begun(work: Coroutine[Any, Any, None], name: str, say: Say) -> asyncio.Task[None]:
    """A task that works beside the requests; that it came to an end by an error is told."""

    def ended(task: asyncio.Task[None]) -> None:
        error = None if task.cancelled() else task.exception()
        if error is not None:
            _LOG.error("%s: stopped", name, exc_info=error)
            say(f"warning: {name}: {error}")

    task = asyncio.ensure_future(work)
    task.add_done_callback(ended)
    return task


@asynccontextmanager
async def _lent(agent: Agent, settings: Settings) -> AsyncIterator[Agent]:
    yield agent.under(settings)
