"""Who we say that we are, and not asking a host too often: one request at a time for what pages name, a
pause between, and what the server itself asks for (429, 503, Retry-After)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime

from browseagent import __version__
from browseagent.session import Session
from browseagent.web.response import Response

LANGUAGES = "en-US,en;q=0.8,*;q=0.5"
"""What is asked for where nobody asked for anything else."""


def user_agent(contact: str = "") -> str:
    """An honest name for us, in the form that servers understand."""
    about = f"; +{contact}" if contact else ""
    return f"Mozilla/5.0 (compatible; browseagent/{__version__}{about})"


@dataclass(frozen=True, slots=True)
class Identity:
    """What is said where a session does not say otherwise."""

    user_agent: str
    languages: str
    """Accept-Language, the preferred language first."""

    def of(self, session: Session) -> Identity:
        """What is said in a session."""
        own = session.user_agent or (user_agent(session.contact) if session.contact else "")
        return Identity(own or self.user_agent, _languages(session.locale) or self.languages)

    @property
    def locale(self) -> str:
        """The preferred language, as a browser takes it."""
        return self.languages.partition(",")[0]


def _languages(locale: str) -> str:
    """``de-AT`` as ``de-AT,de;q=0.8,*;q=0.5``."""
    if not locale:
        return ""
    language = locale.partition("-")[0]
    general = "" if language == locale else f",{language};q=0.8"
    return f"{locale}{general},*;q=0.5"


DELAY = 1.0
"""Seconds between two requests to a host for pages that pages named, unless robots.txt asks for more."""
LONGEST_DELAY = 10.0
"""More than this is not waited for, whatever robots.txt or Retry-After say."""


def retry_after(response: Response, now: datetime) -> float | None:
    """Seconds that the server asks to wait before the next request; None where it asks for none."""
    if response.status not in (429, 503):
        return None
    value = response.header("retry-after").strip()
    if value.isdigit():
        return float(value)
    try:
        return max((parsedate_to_datetime(value) - now).total_seconds(), 0.0)
    except (ValueError, TypeError):
        return None


@dataclass(slots=True)
class _Host:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    free_at: float = 0.0


@dataclass(slots=True)
class Manners:
    """Whose turn it is, by host. Times are the event loop's."""

    delay: float = DELAY
    hosts: dict[str, _Host] = field(default_factory=dict)

    @asynccontextmanager
    async def turn(self, host: str, delay: float | None) -> AsyncIterator[None]:
        """Waits for the host to be free, holds it for the block, and for the delay after it."""
        entry = self.hosts.setdefault(host, _Host())
        loop = asyncio.get_running_loop()
        async with entry.lock:
            await asyncio.sleep(max(entry.free_at - loop.time(), 0.0))
            try:
                yield
            finally:
                pause = min(max(delay or 0.0, self.delay), LONGEST_DELAY)
                entry.free_at = max(entry.free_at, loop.time() + pause)

    def pause(self, host: str) -> None:
        """Notes that a host was asked just now: pages that pages name wait the usual delay."""
        entry = self.hosts.setdefault(host, _Host())
        entry.free_at = max(entry.free_at, asyncio.get_running_loop().time() + self.delay)

    def hold(self, host: str, seconds: float) -> None:
        """Keeps a host free of requests for as long as its server asked."""
        entry = self.hosts.setdefault(host, _Host())
        loop = asyncio.get_running_loop()
        entry.free_at = max(entry.free_at, loop.time() + min(seconds, 10 * LONGEST_DELAY))
