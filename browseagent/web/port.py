"""What the rest of the program asks of the web: one method; and what the web asks for, a place for profiles.

:class:`Fetcher` is implemented by :class:`browseagent.web.Web` (httpx and Chromium behind the
egress gate) and by :class:`browseagent.web.replay.Replay` (recorded fixtures; tests).
:class:`ProfileStore` is implemented by :class:`browseagent.store.profiles.Profiles`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

from browseagent.records import Elements, Page
from browseagent.session import Kept, Profile, Session


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
    session: Session = field(default_factory=Session)
    named: str = ""
    """Where a page named the URL: the URL that the person had named. The session's headers go to its
    origin only."""
    screenshot: Literal["", "png", "jpeg"] = ""
    """As what the page's picture is wanted too, if at all."""
    elements: Elements = field(default_factory=Elements)
    """What is to be read of it."""

    @property
    def owner(self) -> str:
        """The URL that the person named, to whose origin they gave their headers; may be empty."""
        return self.url if self.trusted else self.named


class Fetcher(Protocol):
    """Gets pages. Never raises for what goes wrong with a page: the page's outcome says it."""

    async def fetch(self, request: Request) -> Page:
        """The page, within ``request.timeout`` seconds. Raises only on cancellation, UsageError for a
        session that cannot be carried out, and StoreError for a profile that cannot be used."""
        ...


class ProfileStore(Protocol):
    """Cookies and storage between runs."""

    def load(self, name: str) -> Profile:
        """The profile of that name; a new one where there is none."""
        ...

    def merge(self, name: str, kept: Kept, *, login: bool = False) -> Profile:
        """Notes what a page changed, and gives the profile as it is now."""
        ...
