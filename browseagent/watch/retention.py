"""Which snapshots of a watch may go. Pure.

The last ``keep`` stay, and with ``keep_for`` those that are younger; beyond ``keep_bytes`` the oldest go
first, though never below two: a change needs its before and its after. What is pinned, what a later
look is compared with and what waits to be judged stays, whatever the numbers say. Pictures of snapshots
have a limit of their own.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from browseagent.watch.records import Watch

_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Kept:
    """A snapshot as retention sees it."""

    id: int
    at: datetime
    bytes: int
    pinned: bool


def expired(watch: Watch, snapshots: Sequence[Kept], needed: Collection[int], now: datetime) -> list[int]:
    """The snapshots to drop, the oldest first. ``needed`` names those that stay in any case."""
    newest_first = sorted(snapshots, key=lambda each: each.id, reverse=True)
    held = [each for each in newest_first if each.pinned or each.id in needed]
    total, out = sum(each.bytes for each in held), []
    for rank, each in enumerate(newest_first):
        if each in held:
            continue
        old = watch.keep_for is None or now - each.at > timedelta(seconds=watch.keep_for)
        heavy = watch.keep_bytes is not None and total + each.bytes > watch.keep_bytes
        if (rank >= watch.keep and old) or (heavy and rank >= _FEWEST):
            out.append(each.id)
        else:
            total += each.bytes
    return out[::-1]


def over(pictures: Sequence[Kept], most: int) -> list[int]:
    """The pictures to drop so that those of a watch are within ``most`` bytes, the oldest first; those of
    pinned snapshots stay, and count."""
    total, out = sum(each.bytes for each in pictures if each.pinned), list[int]()
    for each in sorted(pictures, key=lambda each: each.id, reverse=True):
        if each.pinned:
            continue
        if out or total + each.bytes > most:
            out.append(each.id)
        else:
            total += each.bytes
    return out[::-1]
