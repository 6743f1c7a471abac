"""Sends what the outbox holds: at least once, with one key, again after a pause that grows, then no more."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from browseagent.errors import UsageError
from browseagent.watch.notify.message import Message, message_of
from browseagent.watch.notify.target import Target, parse_target
from browseagent.watch.port import Delivery, Outbox

ATTEMPTS = 16
"""Tries of one message. With the pauses below they span about a day and a half."""
_FIRST = 15.0
_LONGEST = 6 * 3600.0
LEASE = 180.0
"""Seconds for sending one message; every target has a shorter deadline of its own."""
_AT_ONCE = 20
SENDING = 600.0
"""Seconds for all that is due: a target that does not answer holds up twenty messages for some of them."""


class DeliveryError(Exception):
    """A target did not take a message. ``permanent``: it never will."""

    def __init__(self, message: str, *, permanent: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent


class Sender(Protocol):
    """Hands a message to a target."""

    async def send(self, target: Target, message: Message) -> None:
        """Returns once the target has taken it. Raises DeliveryError."""
        ...


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of one try."""

    target: str
    """As it may be shown."""
    subject: str
    error: str = ""
    dead: bool = False
    events: tuple[str, ...] = ()
    """Keys of the events that the target was told of."""


def pause_after(attempt: int, spread: float) -> float:
    """Seconds until the next try, after so many; doubled each time and spread by half either way, so
    that a receiver that comes back is not met by everything at once. ``spread`` is from 0 to 1."""
    return float(min(_FIRST * 2.0 ** min(attempt, 30), _LONGEST) * (0.5 + spread))


class Courier:
    """Sends due messages."""

    def __init__(
        self,
        outbox: Outbox,
        sender: Sender,
        *,
        owner: str,
        now: Callable[[], datetime],
        spread: Callable[[], float] = random.random,
    ) -> None:
        self._outbox = outbox
        self._sender = sender
        self._owner = owner
        self._now = now
        self._spread = spread

    async def deliver(self) -> list[Sent]:
        """Tries messages that are due now, some of them, all at once."""
        now = self._now()
        take = asyncio.to_thread(self._outbox.take, self._owner, now, seconds=LEASE, limit=_AT_ONCE)
        return list(await asyncio.gather(*(self._one(delivery) for delivery in await take)))

    async def deliver_all(self, seconds: float = SENDING) -> AsyncIterator[Sent]:
        """Tries every message that is due, some at once, until none is; after so many seconds no more are
        taken. One that failed is due later."""
        until = self._now() + timedelta(seconds=seconds)
        while self._now() < until and (sent := await self.deliver()):
            for each in sent:
                yield each

    async def _one(self, delivery: Delivery) -> Sent:
        message = message_of(delivery)
        try:
            target = parse_target(delivery.target)
        except UsageError as error:  # written by another version of the program
            return await self._failed(delivery, message, delivery.target, error.message, permanent=True)
        try:
            async with asyncio.timeout(LEASE * 0.8):
                await self._sender.send(target, message)
        except DeliveryError as error:
            return await self._failed(delivery, message, target.shown, str(error), permanent=error.permanent)
        except TimeoutError:
            return await self._failed(delivery, message, target.shown, "it took too long", permanent=False)
        except Exception as error:  # noqa: BLE001  one target's bug must not keep others from their alerts
            said = f"{type(error).__name__}: {error}"
            return await self._failed(delivery, message, target.shown, said, permanent=False)
        await asyncio.to_thread(self._outbox.sent, delivery, self._now())
        told = tuple(str(each["event"]) for each in delivery.payloads)
        return Sent(target.shown, message.subject, events=told)

    async def _failed(
        self, delivery: Delivery, message: Message, shown: str, error: str, *, permanent: bool
    ) -> Sent:
        dead = permanent or delivery.attempts + 1 >= ATTEMPTS
        pause = timedelta(seconds=pause_after(delivery.attempts, self._spread()))
        again = None if dead else self._now() + pause
        await asyncio.to_thread(self._outbox.failed, delivery, error, again)
        return Sent(shown, message.subject, error, dead)
