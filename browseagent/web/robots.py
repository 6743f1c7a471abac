"""robots.txt: what a site asks of programs (RFC 9309)."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from protego import Protego

from browseagent.session import Session
from browseagent.web.port import Request
from browseagent.web.response import Response

if TYPE_CHECKING:
    from browseagent.web.http import HttpFetcher

AGENT = "browseagent"
"""The name by which a robots.txt may address us."""
SECONDS = 5.0
"""For a robots.txt to come; one that does not come in this time is taken as unreachable."""
_LONGEST = 500_000  # RFC 9309 asks to read at least 500 KiB.


@dataclass(frozen=True, slots=True)
class Rules:
    """What a robots.txt says about one URL."""

    allowed: bool = True
    delay: float | None = None
    """Seconds between requests that it asks for."""


@dataclass(slots=True)
class Robots:
    """The rules of every site met in this run. Each file is fetched once."""

    http: HttpFetcher
    _files: dict[tuple[str, Session], asyncio.Task[Protego | None]] = field(default_factory=dict)

    async def rules(self, url: str, *, typed: bool, session: Session) -> Rules:
        """The rules for a URL. Where the site has no file, everything is allowed; where its server fails
        to say (5xx), nothing is. Asked for by the session's way, without what tells who asks."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        asked = (site, session.stranger)
        task = self._files.get(asked)
        if task is None:
            task = self._files[asked] = asyncio.ensure_future(self._fetch(*asked, typed))
        # Shielded: several pages share one fetch, and one that is given up ends no other's.
        parsed = await asyncio.shield(task)
        if parsed is None:
            return Rules(allowed=False)
        return Rules(bool(parsed.can_fetch(url, AGENT)), parsed.crawl_delay(AGENT))

    async def _fetch(self, site: str, session: Session, typed: bool) -> Protego | None:
        deadline = asyncio.get_running_loop().time() + SECONDS
        request = Request(f"{site}/robots.txt", via="http", timeout=SECONDS, trusted=typed, session=session)
        response = await self.http.fetch(request, deadline)
        return None if _failed(response) else Protego.parse(_text(response))

    async def aclose(self) -> None:
        """Ends fetches still under way."""
        for task in self._files.values():
            task.cancel()
        await asyncio.gather(*self._files.values(), return_exceptions=True)


def _failed(response: Response) -> bool:
    return response.status is not None and response.status >= 500


def _text(response: Response) -> str:
    """The rules; empty (all is allowed) where there is no file, or the site cannot be reached at all: then
    the page itself will say so."""
    if response.status is None or response.status >= 300:
        return ""
    return response.body[:_LONGEST].decode("utf-8", "replace")
