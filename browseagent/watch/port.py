"""What the checks ask of the database, and the records that go to and fro.

:class:`WatchStore` is implemented by :class:`browseagent.store.watches.SqlWatchStore`. A check is two
transactions: :meth:`WatchStore.observe` commits what was seen (snapshot, baseline, pending event) and
:meth:`WatchStore.conclude` what was made of it (verdict, outbox). Whoever lost the claim in between,
because it took too long, is refused by both.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from browseagent.records import Page
from browseagent.watch.health import Health, Notice
from browseagent.watch.judge import Memory
from browseagent.watch.records import State, Verdict, Watch


class LostClaimError(Exception):
    """The claim ran out and somebody else took the watch: what was found is theirs to find again."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is known of the last response, so that the same one costs nothing: see RFC 9110, section 13."""

    sha256: str = ""
    """Hash of the content and of what reads it; empty: nothing is known."""
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class PendingEvent:
    """A change that was seen and committed, and not yet judged."""

    id: int
    key: str
    kind: str
    """new or changed."""
    at: datetime
    before: int | None
    """Snapshots, by number."""
    after: int
    note: str
    tries: int
    """How often judging it was begun."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A watch that is ours to check, until the lease ends."""

    id: int
    token: str
    """Changes with every claim; what is written with an old one is refused."""
    watch: Watch
    due: datetime
    memory: Memory
    seen: Seen
    health: Health
    pending: tuple[PendingEvent, ...] = ()


@dataclass(frozen=True, slots=True)
class Letter:
    """One alert to one target, as the outbox keeps it."""

    target: str
    payload: dict[str, Any]
    not_before: datetime
    batch: str = ""
    """Letters of one batch and target go out as one digest."""


@dataclass(frozen=True, slots=True)
class Observation:
    """The first transaction of a check."""

    at: datetime
    state: State
    reason: str
    memory: Memory | None
    seen: Seen | None
    """None: as they were."""
    health: Health
    keep: Page | None = None
    """The page of a snapshot; its number takes the place of THIS_LOOK in the memory."""
    variant: str = ""
    """The name of the session that had it (:meth:`browseagent.session.Session.variant`)."""
    language: str = ""
    chars: int = 0
    event: str = ""
    """``new`` or ``changed``: an event for the second transaction; empty: there is nothing to judge."""
    noise: Verdict | None = None
    """What differs, where that is noise alone: it goes into the history, and nobody is told."""
    before: int | None = None
    notice: Notice | None = None
    letters: tuple[Letter, ...] = ()
    """Those of the notice."""
    due: datetime | None = None
    """When the watch is due next, where the check ends here; None: it goes on."""


@dataclass(frozen=True, slots=True)
class Conclusion:
    """The second transaction of a check."""

    event: PendingEvent
    verdict: Verdict
    memory: Memory
    letters: tuple[Letter, ...]
    at: datetime
    due: datetime | None = None


class WatchStore(Protocol):
    """Watches, their claims and their events. Every method is short, and may raise StoreError."""

    def claim(
        self,
        owner: str,
        now: datetime,
        *,
        seconds: float,
        limit: int,
        busy: Collection[str] = (),
        per_host: int = 1,
        due_by: datetime | None = None,
    ) -> list[Claim]:
        """Up to ``limit`` watches that are due (``due_by`` a time, default: now), the longest due first,
        with a lease of ``seconds``; none of the hosts ``busy``, at most ``per_host`` of any other."""
        ...

    def claim_named(self, name: str, owner: str, now: datetime, *, seconds: float) -> Claim | None:
        """One watch, due or not; None where another process is at it. Raises UsageError where it
        is not known."""
        ...

    def observe(self, claim: Claim, observation: Observation) -> Claim:
        """Commits what was seen; the claim with its new memory and pending events. Raises LostClaimError."""
        ...

    def begin_judging(self, claim: Claim, event: PendingEvent) -> None:
        """Counts a try, before a model is asked that may take the process down. Raises LostClaimError."""
        ...

    def conclude(self, claim: Claim, conclusion: Conclusion) -> Claim:
        """Commits a verdict and its outbox rows. Raises LostClaimError."""
        ...

    def release(self, claim: Claim, due: datetime) -> None:
        """Gives a claim back; one that was lost already is left alone."""
        ...

    def snapshot_page(self, snapshot: int) -> Page | None:
        """The page of a snapshot; None where it is not kept any more."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """Letters that are ours to send as one message, until the lease ends."""

    ids: tuple[int, ...]
    token: str
    target: str
    key: str
    """The idempotency key: the same at every try, and for no other message."""
    payloads: tuple[dict[str, Any], ...]
    attempts: int
    """How often it was not taken before."""
    digest: bool = False


class Outbox(Protocol):
    """Letters that wait to be sent. Every method is short, and may raise StoreError."""

    def take(self, owner: str, now: datetime, *, seconds: float, limit: int) -> Sequence[Delivery]:
        """Messages that are due, with a lease of ``seconds``."""
        ...

    def sent(self, delivery: Delivery, now: datetime) -> None:
        """The message was taken by its target."""
        ...

    def failed(self, delivery: Delivery, error: str, again: datetime | None) -> None:
        """The message was not taken; it is tried ``again`` then, or never (None: a dead letter)."""
        ...
