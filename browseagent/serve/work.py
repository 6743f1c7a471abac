"""Work that takes long, in a bounded queue: so many at once, so many waiting, and whoever comes after that is
told when to come again. Work whose client has left ends; when the server stops, what runs is finished."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any

from browseagent.errors import BrowseAgentError

FINISHING = 30.0
"""Seconds that running work is given when the server stops."""


class Busy(BrowseAgentError):
    """Too much is waiting. ``after`` is in how many seconds it is worth trying again."""

    kind = "busy"

    def __init__(self, after: int) -> None:
        super().__init__("too many requests are waiting", hint=f"Try again in {after} s.")
        self.after = after


class Stopping(BrowseAgentError):
    """The server is being stopped: nothing new is begun."""

    kind = "stopping"

    def __init__(self) -> None:
        super().__init__("the server is stopping", hint="Try again when it has been started anew.")


async def _at_once() -> None:
    return


class Desk:
    """Lets in so many at once. ``seconds`` is what one took of late, for those who must come again.

    ``settled`` returns when work that was cancelled has really ended: a model computes in a thread, which
    nothing stops. Until then its turn is nobody else's."""

    def __init__(
        self, at_once: int, waiting: int, settled: Callable[[], Coroutine[Any, Any, None]] = _at_once
    ) -> None:
        self._settled = settled
        self._settling: set[asyncio.Future[None] | None] = set()
        self._turns = asyncio.Semaphore(at_once)
        self._at_once, self._most = at_once, at_once + waiting
        self._here = 0
        self._idle = asyncio.Event()
        self._idle.set()
        self._stopping = False
        self.seconds = 3.0
        self.done = 0
        self.turned_away = 0

    @property
    def waiting(self) -> int:
        """How many are let in and have not begun."""
        return max(0, self._here - self._at_once)

    @property
    def running(self) -> int:
        """How many are being done."""
        return min(self._here, self._at_once)

    def check(self) -> None:
        """Raises Busy or Stopping where nobody is let in now."""
        if self._stopping:
            raise Stopping
        if self._here >= self._most:
            self.turned_away += 1
            raise Busy(max(1, round(self.seconds * self._here / self._at_once)))

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """A turn, once it has come. Raises Busy, Stopping."""
        self.check()
        self._here += 1
        self._idle.clear()
        try:
            await self._turns.acquire()
        except asyncio.CancelledError:
            self._left()
            raise
        loop = asyncio.get_running_loop()
        began = loop.time()
        try:
            if self._stopping:
                raise Stopping
            yield
        except asyncio.CancelledError:
            # Who was cancelled cannot wait any more: the turn is given back for it.
            settling = asyncio.ensure_future(self._settled())
            self._settling.add(settling)
            settling.add_done_callback(self._ended)
            raise
        except BaseException:
            self._ended()
            raise
        self.seconds += 0.2 * (loop.time() - began - self.seconds)
        self.done += 1
        self._ended()

    def _ended(self, settling: asyncio.Future[None] | None = None) -> None:
        self._turns.release()
        self._left()
        self._settling.discard(settling)

    def _left(self) -> None:
        self._here -= 1
        if not self._here:
            self._idle.set()

    def close(self) -> None:
        """Lets nobody in any more; who waits is told so when a turn comes."""
        self._stopping = True

    async def stop(self) -> None:
        """Closes, and waits for what runs, for a while."""
        self.close()
        try:
            async with asyncio.timeout(FINISHING):
                await self._idle.wait()
        except TimeoutError:
            return
