"""What the rest of the program asks of the web: one method.

:class:`Fetcher` is implemented by :class:`browseagent.web.Web` (httpx and Chromium behind the
egress gate) and by :class:`browseagent.web.replay.Replay` (recorded fixtures; tests).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from browseagent.records import Page


@dataclass(frozen=True, slots=True)
class Request:
    """What to fetch and how. ``timeout`` is the deadline of the whole page in seconds."""

    url: str
    via: Literal["auto", "http", "chromium"] = "auto"
    timeout: float = 30.0
    etag: str | None = None
    """Validators of a stored version; with them a 304 may come back (``Page.status == 304``)."""
    last_modified: str | None = None
    trusted: bool = True
    """Whether a person typed the URL (True) or a page named it (False)."""
    followed: bool = False
    """Whether it was named by a page of the same origin, and a person typed that page's URL. Such a page
    may be where that one was, also at a private address; else it is as any link (``trusted`` is false)."""
    headers: tuple[tuple[str, str], ...] = field(default=())


class Fetcher(Protocol):
    """Gets pages. Never raises for what goes wrong with a page: the page's outcome says it."""

    async def fetch(self, request: Request) -> Page:
        """The page, within ``request.timeout`` seconds. Raises only on cancellation."""
        ...
