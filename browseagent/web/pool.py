"""Several browsers that run already, by turns."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

FIRST_REST = 5.0
"""Seconds for which a browser that was lost is left out; twice as long each time that it is not back."""
LONGEST_REST = 300.0


class Pool:
    """Several browsers that run already, of which each page takes the least busy one. One that cannot be had
    is left out for a while, and then tried again by one page."""

    def __init__(self, addresses: Sequence[str], now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._open = dict.fromkeys(addresses, 0)
        self._rests: dict[str, tuple[float, float]] = {}
        """Of those that were lost: until when each is left out, and for how long it was."""

    def __bool__(self) -> bool:
        return bool(self._open)

    def by_turns(self) -> list[str]:
        """Those that can be tried, the least busy first; where all are left out, the one whose rest ends
        first."""
        now = self._now()
        well = [each for each in self._open if self._rests.get(each, (0.0, 0.0))[0] <= now]
        if well:
            return sorted(well, key=lambda each: self._open[each])
        return sorted(self._open, key=lambda each: self._rests[each][0])[:1]

    @contextmanager
    def using(self, address: str) -> Iterator[None]:
        """A page is open in one of them."""
        self._open[address] += 1
        if address in self._rests:  # one page finds out whether it is back, others pass it by meanwhile
            _, rest = self._rests[address]
            self._rests[address] = (self._now() + rest, rest)
        try:
            yield
        finally:
            self._open[address] -= 1

    def lost(self, address: str) -> None:
        """It could not be had."""
        _, last = self._rests.get(address, (0.0, FIRST_REST / 2))
        rest = min(last * 2, LONGEST_REST)
        self._rests[address] = (self._now() + rest, rest)

    def well(self, address: str) -> None:
        """It was had."""
        self._rests.pop(address, None)

    def states(self) -> dict[str, int]:
        """How many are busy, idle, lost."""
        found = {"busy": 0, "idle": 0, "lost": 0}
        for address, pages in self._open.items():
            found["lost" if address in self._rests else "busy" if pages else "idle"] += 1
        return found
