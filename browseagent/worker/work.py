"""One worker: it queues what is due, takes jobs, checks, sends, and does its part of the cluster's duties.

Whatever ends it, nothing is lost: a check that began is made anew by another worker when the lease of its
watch has run out, or at once where this one could still say so (SIGTERM).
"""

from __future__ import annotations

import asyncio
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from procrastinate import App, JobContext

from browseagent.errors import BrowseAgentError
from browseagent.store.cluster import Begun, Cluster
from browseagent.watch.check import Checked, Checker
from browseagent.watch.outbox import Courier, Sent
from browseagent.watch.port import Claim, WatchStore
from browseagent.watch.run import LEASE, Broken, broken, one_check
from browseagent.worker import duties
from browseagent.worker.queue import (
    ANSWERS,
    ATTEMPTS,
    CHECK,
    CHECKS,
    CRAWL,
    DUTIES,
    HEARTBEAT,
    QUEUES,
    Patience,
    StoreQueue,
)

BATCH = 8
"""Watches that are claimed in one transaction: it locks them for a few ms."""
_LONGEST_PAUSE = 30.0
_ENDED_EACH_TIME = "the program ended whenever it was checked"
Told = Callable[[Checked | Broken | Sent], None]


@dataclass(frozen=True, slots=True)
class WorkerOptions:
    """What one worker does, and how much at once."""

    name: str
    queues: tuple[str, ...] = QUEUES
    concurrency: int = 4
    lease: float = LEASE
    heartbeat: float = HEARTBEAT
    look_every: float = 0.5
    """Seconds between two looks for what is due."""
    send_every: float = 2.0
    tell_every: float = 10.0


@dataclass(frozen=True, slots=True)
class Parts:
    """What a worker works with. ``open_queue`` opens the queue anew: its database may have gone away."""

    cluster: Cluster
    store: WatchStore
    checker: Checker
    courier: Courier
    open_queue: Callable[[], App]
    crawl: Callable[[str, dict[str, Any]], Awaitable[None]]
    after: Callable[[Checked], Awaitable[None]]
    duties: duties.Duties
    now: Callable[[], datetime]
    browsers: Callable[[], dict[str, int]] = dict
    """How many browsers elsewhere are busy, idle and lost."""


@dataclass(slots=True)
class Worker:
    """A worker. ``told`` hears of every check and every message."""

    parts: Parts
    options: WorkerOptions
    told: Told = lambda _: None
    _begun: dict[asyncio.Task[Any], Begun] = field(default_factory=dict)
    _outcomes: Counter[str] = field(default_factory=Counter)
    _times: deque[datetime] = field(default_factory=lambda: deque(maxlen=10_000))
    _ended: int = 0
    """Checks since the last look for what is due, and after how many there is room for more."""
    _hurry: float = 0
    _room: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        """Goes on until it is cancelled; then what runs is given back, due at once for another. Raises
        StoreError where the database cannot be prepared."""
        queue = StoreQueue(self.options.concurrency * 4)
        await asyncio.to_thread(self.parts.cluster.prepare, queue)
        steps: list[tuple[Callable[[], Awaitable[object]], float]] = [
            (self._take_jobs, 1.0),
            (self._keep, self.options.lease / 3),
            (self._tell, self.options.tell_every),
            (self._send, self.options.send_every),
        ]
        if {CHECKS, ANSWERS} & set(self.options.queues):
            steps.append((lambda: self._feed(queue), 0.0))
        try:
            async with asyncio.TaskGroup() as group:
                for step, pause in steps:
                    group.create_task(self._again_and_again(step, pause))
        finally:
            with suppress(BrowseAgentError):  # the database is gone; the row is forgotten in minutes
                await asyncio.to_thread(self.parts.cluster.leave, self.options.name)

    async def _again_and_again(self, step: Callable[[], Awaitable[object]], pause: float) -> None:
        """A step, over and over; after a failure (the database went away) with a pause that grows."""
        failures = 0
        while True:
            try:
                await step()
                failures = 0
            except Exception as error:  # noqa: BLE001  one thing that fails must not end the others
                failures += 1
                self.told(Sent("database", "", f"{type(error).__name__}: {error}"))
                await asyncio.sleep(min(2.0**failures / 2, _LONGEST_PAUSE))
            await asyncio.sleep(pause)

    # --- what is due, and jobs

    async def _feed(self, queue: StoreQueue) -> None:
        limit = min(BATCH, queue.most)
        self._ended, self._hurry = 0, limit / 2
        self._room.clear()
        put = await asyncio.to_thread(self.parts.cluster.feed, self.parts.now(), queue, limit=limit)
        if put == limit:
            return
        try:
            # When checks end there is room again; where nothing is due nobody hurries.
            async with asyncio.timeout(self.options.look_every):
                await (asyncio.Event() if put == 0 else self._room).wait()
        except TimeoutError:
            pass

    async def _take_jobs(self) -> None:
        app = self.parts.open_queue()
        app.task(name=CHECK, retry=Patience(), pass_context=True)(self._check)
        app.task(name=CRAWL, retry=Patience())(self._crawl)
        self.parts.duties.register(app)
        async with app.open_async():
            await app.run_worker_async(
                queues=[*self.options.queues, DUTIES],
                name=self.options.name,
                concurrency=self.options.concurrency,
                delete_jobs="always",
                install_signal_handlers=False,
                worker_middleware=[self._said],
                shutdown_graceful_timeout=0,
                fetch_job_polling_interval=2.0,
                update_heartbeat_interval=self.options.heartbeat,
                stalled_worker_timeout=self.options.heartbeat * 12,
            )

    async def _said(self, job: Callable[[], Awaitable[Any]], context: JobContext, _worker: object) -> Any:
        """A job; what it raises is told, and goes on to the queue, which tries it again."""
        try:
            return await job()
        except Exception as error:
            self.told(Sent(context.job.task_name, "", f"{type(error).__name__}: {error}"))
            raise

    async def _check(self, context: JobContext, /, watch: int, token: str, host: str, **_: Any) -> None:
        parts, now = self.parts, self.parts.now
        begun = await asyncio.to_thread(parts.cluster.start, watch, token, now(), seconds=self.options.lease)
        task = asyncio.current_task()
        assert task is not None
        ended = begun is None
        try:
            if begun is not None:
                self._begun[task] = begun
                if context.job.attempts >= ATTEMPTS:
                    came: Checked | Broken = await broken(parts.store, begun.claim, _ENDED_EACH_TIME, now())
                else:
                    came = await one_check(parts.checker, parts.store, begun.claim, now)
                ended = True
                self._told(came)
                if isinstance(came, Checked):
                    await parts.after(came)
        finally:
            self._begun.pop(task, None)
            given_back = None if ended or begun is None else begun.claim
            held = (host, token) if begun is None else (begun.host, begun.claim.token)
            await asyncio.shield(asyncio.to_thread(self._end, given_back, *held))
            self._ended += 1
            if self._ended >= self._hurry:
                self._room.set()

    def _end(self, given_back: Claim | None, host: str, token: str) -> None:
        """Frees the host of a check, and its watch where it did not come to its end."""
        if given_back is not None:
            self.parts.store.release(given_back, given_back.due)
        self.parts.cluster.let_go(host, token, self.parts.now())

    async def _crawl(self, start: str, bounds: dict[str, Any], **_: Any) -> None:
        await self.parts.crawl(start, bounds)

    def _told(self, came: Checked | Broken) -> None:
        self._outcomes[came.state.value if isinstance(came, Checked) else "broken"] += 1
        self._times.append(self.parts.now())
        self.told(came)

    # --- beside the checks

    async def _keep(self) -> None:
        begun = list(self._begun.values())
        if begun:
            until = self.parts.now() + timedelta(seconds=self.options.lease)
            await asyncio.to_thread(self.parts.cluster.keep, begun, until)

    async def _send(self) -> None:
        for each in await self.parts.courier.deliver():
            self.told(each)

    async def _tell(self) -> None:
        now = self.parts.now()
        minute = sum(1 for at in self._times if now - at < timedelta(minutes=1))
        figures = {
            "queues": list(self.options.queues),
            "concurrency": self.options.concurrency,
            "running": len(self._begun),
            "checks_a_minute": minute,
            "outcomes": dict(self._outcomes),
            "browsers": self.parts.browsers(),
        }
        await asyncio.to_thread(self.parts.cluster.tell, self.options.name, figures, now)
