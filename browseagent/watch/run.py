"""Runs what is due, for as long as the program runs or for one pass.

Several processes may run side by side on one database: a watch is claimed with a lease, so that each
check is made once. Every check is a task of its own with a deadline; one that raises or hangs is
recorded as failed and delays no other.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

from browseagent.errors import BrowseAgentError
from browseagent.watch.check import Checked, Checker
from browseagent.watch.health import after_check
from browseagent.watch.letters import notice_letters
from browseagent.watch.outbox import Courier, Sent
from browseagent.watch.port import Claim, LostClaimError, Observation, WatchStore
from browseagent.watch.records import State, Watch
from browseagent.watch.schedule import following, interval_of, schedule_of

_MENDED_EVERY = timedelta(minutes=10)
"""How often due times are compared with the clock."""
_NAP = 15.0
"""Longest wait between two looks at the database: another process may add a watch."""
_JUDGING = 240.0
"""Seconds that a check has beyond its page's deadlines, for a model on a slow machine."""
LEASE = 90.0
"""Seconds for which a watch is claimed. Renewed while its check runs: after a crash it is soon free."""


class RunStore(WatchStore, Protocol):
    """What running asks of the database beyond the checks."""

    def mend(self, now: datetime, *, catch_up: bool = False) -> int:
        """Corrects due times: those of a clock that was set back, and at a start those missed."""
        ...

    def renew(self, tokens: Collection[str], until: datetime) -> None:
        """Lengthens the leases of these claims, as far as they still stand."""
        ...

    def next_due(self) -> datetime | None:
        """When the next watch is due; None where there is none."""
        ...


@dataclass(frozen=True, slots=True)
class Broken:
    """A check that came to nothing by a fault of ours, a hang, or a lost claim."""

    watch: Watch
    reason: str


@dataclass(frozen=True, slots=True)
class Options:
    """How much is done at once."""

    owner: str
    at_once: int = 4
    per_host: int = 1
    lease: float = LEASE


def deadline_of(watch: Watch) -> float:
    """Seconds after which a check is given up."""
    looks = 2 if watch.confirm is not None else 1
    return looks * (watch.timeout + 30.0) + (watch.confirm or 0.0) + _JUDGING


async def one_check(
    checker: Checker,
    store: WatchStore,
    claim: Claim,
    now: Callable[[], datetime],
    most: Callable[[Watch], float] = deadline_of,
) -> Checked | Broken:
    """One check with a deadline, whatever comes of it. One that comes to nothing is recorded as failed,
    unless somebody else took it over."""
    try:
        async with asyncio.timeout(most(claim.watch)):
            return await checker.check(claim)
    except LostClaimError:
        return Broken(claim.watch, "another process took it over")
    except TimeoutError:
        return await broken(store, claim, f"the check did not end within {most(claim.watch):g} s", now())
    except Exception as error:  # noqa: BLE001  whatever breaks one check must not end the others
        return await broken(store, claim, f"{type(error).__name__}: {error}", now())


async def broken(store: WatchStore, claim: Claim, reason: str, now: datetime) -> Broken:
    """Records a check that came to nothing as failed, as it would a page that did not come."""
    watch = claim.watch
    schedule = schedule_of(watch)
    health, notice = after_check(watch, claim.health, State.FAILED, reason, now, interval_of(schedule, now))
    observation = Observation(
        at=now,
        state=State.FAILED,
        reason=reason,
        memory=None,
        seen=None,
        health=health,
        notice=notice,
        letters=notice_letters(watch, notice, State.FAILED.value, now) if notice else (),
        due=following(schedule, claim.due, now),
    )
    try:
        await asyncio.to_thread(store.observe, claim, observation)
    except LostClaimError:
        pass  # somebody else is at it, and will say how it goes
    except Exception as error:  # noqa: BLE001  the database itself fails: said, and the lease runs out
        reason = f"{reason}; and it could not be recorded: {error}"
    return Broken(watch, reason)


class Runner:
    """Checks what is due and sends what is to be sent. ``told`` hears of every check and every message."""

    def __init__(
        self,
        store: RunStore,
        checker: Checker,
        courier: Courier,
        options: Options,
        *,
        now: Callable[[], datetime],
        told: Callable[[Checked | Broken | Sent], None] = lambda _: None,
        after: Callable[[Checked], Awaitable[None]] | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        most: Callable[[Watch], float] = deadline_of,
    ) -> None:
        self._store, self._checker, self._courier = store, checker, courier
        self._options, self._now, self._told, self._after = options, now, told, after
        self._sleep, self._most = sleep, most
        self._running: dict[asyncio.Task[None], Claim] = {}
        self._mended: datetime | None = None
        self._changed = asyncio.Event()

    async def run(self) -> None:
        """Goes on until it is cancelled; then running checks are given back, so that they are due at once
        for who comes next."""
        await asyncio.to_thread(self._store.mend, self._now(), catch_up=True)
        self._mended = self._now()
        beat = asyncio.create_task(self._beat())
        try:
            while True:
                await self._mend()
                started = await self._start()
                sent = await self._deliver()
                if not started and not sent:
                    await self._wait()
        finally:
            beat.cancel()
            await self._give_back()

    async def once(self) -> int:
        """Checks everything that is due now, once, sends what is to be sent, and ends; how many checks."""
        began = self._now()
        await asyncio.to_thread(self._store.mend, self._now())
        count = 0
        beat = asyncio.create_task(self._beat())
        try:
            while True:
                started = await self._start(began)
                count += started
                if not self._running:
                    if not started:
                        break
                    continue
                await asyncio.wait(self._running, return_when=asyncio.FIRST_COMPLETED)
        finally:
            beat.cancel()
            await self._give_back()
        while await self._deliver():
            pass
        return count

    async def _beat(self) -> None:
        """Renews the leases of what runs."""
        while True:
            await self._sleep(self._options.lease / 3)
            tokens = [claim.token for claim in self._running.values()]
            if tokens:
                until = self._now() + timedelta(seconds=self._options.lease)
                try:
                    await asyncio.to_thread(self._store.renew, tokens, until)
                except BrowseAgentError as error:  # busy or full just now: two more beats before it runs out
                    self._told(Sent("database", "", error.message))

    async def _mend(self) -> None:
        now = self._now()
        if self._mended is None or not timedelta(0) <= now - self._mended < _MENDED_EVERY:
            await asyncio.to_thread(self._store.mend, now)
            self._mended = now

    async def _start(self, due_by: datetime | None = None) -> int:
        """Claims as much as may run at once of what is due, and starts it; how many."""
        free = self._options.at_once - len(self._running)
        if free <= 0:
            return 0
        hosts = Counter(host_of(claim.watch) for claim in self._running.values())
        claims = await asyncio.to_thread(
            self._store.claim,
            self._options.owner,
            self._now(),
            seconds=self._options.lease,
            limit=free,
            busy={host for host, count in hosts.items() if count >= self._options.per_host},
            per_host=self._options.per_host,
            due_by=due_by,
        )
        for claim in claims:
            task = asyncio.create_task(self._one(claim))
            self._running[task] = claim
            task.add_done_callback(self._done)
        return len(claims)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._running.pop(task, None)
        self._changed.set()
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error  # a fault in recording a fault: the loop's handler says it

    async def _one(self, claim: Claim) -> None:
        came = await one_check(self._checker, self._store, claim, self._now, self._most)
        self._told(came)
        if self._after is not None and isinstance(came, Checked):
            await self._after(came)

    async def _deliver(self) -> int:
        try:
            sent = await self._courier.deliver()
        except Exception as error:  # noqa: BLE001  a database that is busy or full now may not be in a minute
            self._told(Sent("outbox", "", f"{type(error).__name__}: {error}"))
            return 0
        for each in sent:
            self._told(each)
        return len(sent)

    async def _wait(self) -> None:
        """Until a check ends, something falls due, or a while has passed."""
        self._changed.clear()
        due = await asyncio.to_thread(self._store.next_due)
        seconds = _NAP if due is None else (due - self._now()).total_seconds()
        waiting = asyncio.ensure_future(self._changed.wait())
        nap = asyncio.ensure_future(self._sleep(min(max(seconds, 0.2), _NAP)))
        try:
            await asyncio.wait({waiting, nap}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
            nap.cancel()

    async def _give_back(self) -> None:
        """Ends what runs and gives its claims back."""
        claims = list(self._running.values())
        tasks = list(self._running)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for claim in claims:
            await asyncio.to_thread(self._store.release, claim, claim.due)


def host_of(watch: Watch) -> str:
    """The host that a watch asks."""
    return urlsplit(watch.url).hostname or ""
