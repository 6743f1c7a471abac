"""Tokens a minute that a server may be asked for, by everything that this process asks at once."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable

from browseagent.config import Server


class Budget:
    """A bucket that fills evenly and holds a minute's tokens. What is asked for is taken before it is known
    how much it will be, and corrected after it. ``None`` a minute: there is no bound."""

    def __init__(
        self,
        a_minute: int | None,
        *,
        now: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._a_minute, self._now, self._sleep = a_minute, now, sleep
        self._left = float(a_minute or 0)
        self._at = now()

    async def take(self, tokens: int) -> int:
        """Waits until there are so many, or as many as a whole minute has; how many were taken."""
        if self._a_minute is None:
            return 0
        tokens = min(tokens, self._a_minute)
        self._fill()
        # Whoever waits has taken already, so that those who come later wait for more.
        self._left -= tokens
        if self._left < 0:
            await self._sleep(-self._left * 60 / self._a_minute)
        return tokens

    def settle(self, taken: int, used: int) -> None:
        """Corrects what was taken by what it came to (0: the server does not say)."""
        if self._a_minute is not None and used:
            self._fill()
            self._left = min(self._left + taken - used, self._a_minute)

    def _fill(self) -> None:
        now = self._now()
        assert self._a_minute is not None
        self._left = min(self._left + (now - self._at) * self._a_minute / 60, self._a_minute)
        self._at = now


_budgets: dict[Server, Budget] = {}


def budget_of(server: Server) -> Budget:
    """The budget of a server, the same for everything that asks it."""
    if server not in _budgets:
        _budgets[server] = Budget(server.tokens_a_minute)
    return _budgets[server]
