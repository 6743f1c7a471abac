"""What the store says of itself: its pages, its size, and what clearing it did."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StoredPage:
    """What is stored of one URL, as one session saw it."""

    url: str
    title: str
    versions: int
    bytes: int
    """Compressed size of its versions; what they share with each other is counted in each."""
    last_seen: datetime
    held: bool
    """Whether a watch holds any of it."""
    variant: str = ""
    """How it was asked for (:meth:`browseagent.session.Session.variant`)."""


@dataclass(frozen=True, slots=True)
class StoreSize:
    """How much is stored."""

    pages: int
    versions: int
    bytes: int
    """What counts towards the size limit: all blobs and derived data, compressed."""
    file_bytes: int
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Cleared:
    """What ``clear`` did."""

    versions: int
    bytes: int
    held: int
    """Versions that it would have dropped, had nobody held them."""
