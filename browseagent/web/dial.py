"""The two doors to the network: names to addresses, addresses to connections.

Both are handed to the egress gate, so that tests can put public and forbidden names on loopback.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Callable, Coroutine

from browseagent.web.addresses import Address

Resolver = Callable[[str], Coroutine[None, None, tuple[Address, ...]]]
"""Addresses of a host name, in the order to try them. Raises ``OSError`` where there is none."""

Dialer = Callable[[Address, int], Coroutine[None, None, tuple[asyncio.StreamReader, asyncio.StreamWriter]]]
"""A TCP connection to an address. Raises ``OSError``."""


async def system_resolver(host: str) -> tuple[Address, ...]:
    """What the operating system resolves a name to.

    Runs in a daemon thread of its own: a look-up that hangs in the C library can be neither
    cancelled nor joined, and must not hold up the end of the program (asyncio's own pool would).
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[tuple[Address, ...]] = loop.create_future()

    def settle(addresses: tuple[Address, ...], error: OSError | UnicodeError | None) -> None:
        if answer.done():
            return
        if error is None:
            answer.set_result(addresses)
        else:
            answer.set_exception(OSError(str(error)))

    def look_up() -> None:
        addresses: tuple[Address, ...] = ()
        trouble: OSError | UnicodeError | None = None
        try:
            found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
            texts = dict.fromkeys(str(entry[4][0]).split("%", 1)[0] for entry in found)
            addresses = tuple(ipaddress.ip_address(text) for text in texts)
        except (OSError, UnicodeError) as error:
            trouble = error
        if not loop.is_closed():
            loop.call_soon_threadsafe(settle, addresses, trouble)

    threading.Thread(target=look_up, name=f"resolve {host}", daemon=True).start()
    return await answer


REMEMBERED_SECONDS = 60.0
"""How long an answer is kept: the parts of one page, its robots.txt and its second try in a browser see
the same one; a watch that runs for days sees a host move."""


class Remembering:
    """A resolver that gives everybody the same answer for a while, and asks once for many that ask at
    once. Failures are not kept."""

    def __init__(self, resolve: Resolver) -> None:
        self._resolve = resolve
        self._answers: dict[str, tuple[float, asyncio.Task[tuple[Address, ...]]]] = {}

    async def __call__(self, host: str) -> tuple[Address, ...]:
        now = asyncio.get_running_loop().time()
        self._answers = {name: kept for name, kept in self._answers.items() if _keeps(kept, now)}
        if host not in self._answers:
            self._answers[host] = (now, asyncio.ensure_future(self._resolve(host)))
        # Shielded: one page that is given up takes the answer from no other.
        return await asyncio.shield(self._answers[host][1])

    async def aclose(self) -> None:
        """Ends look-ups that are under way."""
        tasks = [task for _, task in self._answers.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def _keeps(kept: tuple[float, asyncio.Task[tuple[Address, ...]]], now: float) -> bool:
    since, task = kept
    failed = task.done() and (task.cancelled() or task.exception() is not None)
    return not failed and now - since < REMEMBERED_SECONDS


async def system_dialer(address: Address, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A TCP connection to exactly that address; no name is looked up."""
    return await asyncio.open_connection(str(address), port, limit=2**18)
