"""The two doors to the network: names to addresses, addresses to connections.

Both are handed to the egress gate, so that tests can put public and forbidden names on loopback.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import threading
from collections.abc import Awaitable, Callable

from browseagent.web.addresses import Address

Resolver = Callable[[str], Awaitable[tuple[Address, ...]]]
"""Addresses of a host name, in the order to try them. Raises ``OSError`` where there is none."""

Dialer = Callable[[Address, int], Awaitable[tuple[asyncio.StreamReader, asyncio.StreamWriter]]]
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


async def system_dialer(address: Address, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A TCP connection to exactly that address; no name is looked up."""
    return await asyncio.open_connection(str(address), port, limit=2**18)
