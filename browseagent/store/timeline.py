"""Where an observation belongs among the versions of a page. Pure: no database, no clock.

A version is a span of time in which a URL had one content. Observations mostly arrive in the order
of their times; with two processes at work one may arrive late.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


class Span(Protocol):
    """What is known of a version here."""

    @property
    def id(self) -> int: ...
    @property
    def sha256(self) -> str: ...
    @property
    def first_seen(self) -> datetime: ...
    @property
    def last_seen(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Extend:
    """The content is that of version ``id``, which now spans these times."""

    id: int
    first_seen: datetime
    last_seen: datetime
    newest: bool
    """Whether this observation is the version's newest, so that its headers are the ones to keep."""


@dataclass(frozen=True, slots=True)
class Insert:
    """The content is new at this time. ``split`` names a version that was seen before and after
    that time: it ends where it began, and begins again where it ended."""

    at: datetime
    split: int | None = None


def place(before: Span | None, after: Span | None, sha256: str, at: datetime) -> Extend | Insert:
    """What to do with content ``sha256`` seen ``at``.

    ``before`` is the URL's newest version first seen at or before that time, ``after`` its oldest
    version first seen later.
    """
    if before is not None and before.sha256 == sha256:
        newest = at >= before.last_seen
        return Extend(before.id, before.first_seen, max(at, before.last_seen), newest)
    inside = before is not None and before.last_seen > at
    if after is not None and after.sha256 == sha256 and not inside:
        return Extend(after.id, at, after.last_seen, newest=False)
    return Insert(at, before.id if before is not None and inside else None)
