"""The web room, imported and opened when the first page has to come from the network.

Half a second of imports (httpx, Playwright) that a question about a stored page does not need.
"""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from browseagent.records import Page
from browseagent.web.port import ProfileStore, Request

if TYPE_CHECKING:
    from browseagent.web.fetch import Web


class LateWeb:
    """A :class:`~browseagent.web.port.Fetcher`: a ``browseagent.web.fetch.Web`` from its first fetch on.

    An async context manager; closing it closes what was opened.
    """

    def __init__(self, *, chromium: Path | None = None, profiles: ProfileStore | None = None) -> None:
        self._chromium = chromium
        self._profiles = profiles
        self._web: Web | None = None

    async def __aenter__(self) -> LateWeb:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._web is not None:
            await self._web.aclose()

    async def fetch(self, request: Request) -> Page:
        """The page, within ``request.timeout`` seconds. Raises only on cancellation."""
        if self._web is None:
            from browseagent.web.fetch import Web

            self._web = Web(chromium=self._chromium, profiles=self._profiles)
        return await self._web.fetch(request)
