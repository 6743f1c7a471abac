"""What the rest of the program asks of the page store.

:class:`PageStore` is implemented by :class:`browseagent.store.pages.SqlPageStore`. Calls are short
and synchronous; the agent makes them through ``asyncio.to_thread``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from browseagent.records import Page


@dataclass(frozen=True, slots=True)
class Version:
    """One stored version of a page, without its bytes."""

    id: int
    url: str
    sha256: str
    """Hash of the content (see :attr:`Page.sha256`)."""
    first_seen: datetime
    last_seen: datetime
    """When it was last confirmed to be current, by a fetch or a 304."""
    status: int | None
    bytes: int
    """Size on disk of its body, DOM and visible text, compressed; shared parts count in each."""
    title: str = ""
    """As the markup gives it; may be empty."""
    via: str = ""
    """How it was had when it was last fetched whole: ``http``, ``chromium`` or ``file``."""
    variant: str = ""
    """How it was asked for (:meth:`browseagent.session.Session.variant`); empty: with nothing special."""


class PageStore(Protocol):
    """Versions of pages, and what was derived from them. Pages of one URL that different sessions had
    (``variant``) have nothing to do with each other."""

    def latest(self, url: str, *, variant: str = "", as_of: datetime | None = None) -> Page | None:
        """The stored page that was current at ``as_of`` (default: now); ``fetched_at`` is when it
        was last confirmed. None where nothing is stored for that time."""
        ...

    def put(self, page: Page, *, variant: str = "") -> Version:
        """Stores a readable page. The same content again makes no new version, but confirms it."""
        ...

    def confirm(self, url: str, at: datetime, *, variant: str = "") -> Page | None:
        """Notes that the latest version is still current (a 304), and gives it back."""
        ...

    def history(self, url: str, *, variant: str | None = None) -> list[Version]:
        """All versions of a page, newest first; those of one variant where it is named."""
        ...

    def derived(self, key: str) -> bytes | None:
        """What was derived earlier under this key (content hash, extractor version, …)."""
        ...

    def put_derived(self, key: str, value: bytes, *, sha256: str) -> None:
        """Keeps something derived from the content with that hash; it is dropped with it."""
        ...
