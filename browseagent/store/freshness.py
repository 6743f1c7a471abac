"""Whether a stored page will do. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

from browseagent.config import Settings
from browseagent.records import Page


class Plan(Enum):
    """What to do for a URL."""

    USE = "use the stored page"
    REVALIDATE = "ask the server whether the stored page is still current"
    FETCH = "fetch the page"
    MISSING = "nothing is stored, and the network may not be used"


@dataclass(frozen=True, slots=True)
class Validators:
    """What a conditional request names (RFC 9110, section 13)."""

    etag: str | None
    last_modified: str | None


def plan(stored: Page | None, settings: Settings, now: datetime) -> Plan:
    """What to do, given what is stored, the settings, and the time."""
    if settings.offline or settings.as_of is not None:
        return Plan.MISSING if stored is None else Plan.USE
    if stored is None:
        return Plan.FETCH
    if not settings.fresh and now - stored.fetched_at <= timedelta(seconds=settings.max_age):
        return Plan.USE
    found = validators(stored)
    return Plan.REVALIDATE if found.etag or found.last_modified else Plan.FETCH


def validators(stored: Page) -> Validators:
    """The validators of a stored page. A rendered page has none: a script's data may have changed
    though the server would call the document itself current."""
    if stored.dom is not None:
        return Validators(None, None)
    return Validators(stored.header("etag"), stored.header("last-modified"))
