"""What is done from time to time, once in the cluster: Procrastinate queues each of them once for its
moment."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from procrastinate import App

from browseagent.store.cluster import SILENT, Cluster
from browseagent.store.watch_book import WatchBook
from browseagent.worker.queue import DUTIES, take_up

_SLICE = 200


@dataclass(frozen=True, slots=True)
class Duties:
    """The cluster's duties."""

    cluster: Cluster
    book: WatchBook
    now: Callable[[], datetime]
    silent: float = SILENT.total_seconds()
    """Seconds without a sign of life after which a worker's jobs are taken up again."""
    look_for_dead: str = "* * * * * */10"
    """When that is looked for, as cron has it, with seconds at the end."""

    def register(self, app: App) -> None:
        """Makes them periodic tasks of a queue. None waits twice; but for the first one, which frees what
        dead workers held, none runs twice at once."""

        async def dead(timestamp: int, **_: Any) -> None:
            await take_up(app, self.silent)

        app.periodic(cron=self.look_for_dead)(
            app.task(name="take-up", queue=DUTIES, queueing_lock="take-up")(dead)
        )
        for name, cron, duty in (
            ("tidy", "*/5 * * * *", self.tidy),
            ("mend", "7 * * * *", self.mend),
            ("retention", "37 3 * * *", self.retention),
        ):
            task = app.task(name=name, queue=DUTIES, lock=name, queueing_lock=name)
            app.periodic(cron=cron)(task(duty))

    async def tidy(self, timestamp: int, **_: Any) -> None:
        """Forgets workers that died and hosts that nobody asks."""
        await asyncio.to_thread(self.cluster.tidy, self.now())

    async def mend(self, timestamp: int, **_: Any) -> None:
        """Due times of a clock that was set back."""
        await asyncio.to_thread(self.cluster.mend, self.now())

    async def retention(self, timestamp: int, **_: Any) -> None:
        """Snapshots that grew too old with no change since. (After a change its watch is looked at
        anyway.)"""
        last = 0
        while found := await asyncio.to_thread(self.cluster.crowded, last, limit=_SLICE):
            for number, name in found:
                await asyncio.to_thread(self.book.prune, name, self.now())
                last = number
