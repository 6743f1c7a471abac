"""The doors to the network: names to addresses, addresses to connections, directly or through a proxy.

Both are handed to the egress gate, so that tests can put public and forbidden names on loopback.
"""

from __future__ import annotations

import asyncio
import base64
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable, Coroutine
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

import certifi

from browseagent.session_values import PROXY_PORTS
from browseagent.web.policy import Address

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


def tls_context() -> ssl.SSLContext:
    """Trust in the machine's own certificate store and in Mozilla's list."""
    context = ssl.create_default_context(cafile=certifi.where())
    context.load_default_certs()
    return context


Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
_SOCKS_REPLIES = {
    1: "it failed",
    2: "its rules forbid it",
    3: "the network cannot be reached",
    4: "the host cannot be reached",
    5: "the connection was refused",
    6: "it took too long",
    7: "it does not do that",
    8: "it does not know this kind of address",
}


def abort(writer: asyncio.StreamWriter) -> None:
    """Ends a connection at once, whatever it still had to send.

    asyncio's own abort raises on a transport that was closed while bytes waited and has sent them since
    (CPython's ``selector_events`` forgets its loop then): such a socket is closed already.
    """
    connection = writer.get_extra_info("socket")
    if connection is None or connection.fileno() != -1:
        writer.transport.abort()


def through(proxy: str, resolve: Resolver, dial: Dialer, tls: ssl.SSLContext) -> Dialer:
    """A dialer whose connections lead through the proxy of that URL. Whatever goes wrong with the proxy is
    an OSError that names it, without its password."""
    parts = urlsplit(proxy)
    host, port = parts.hostname or "", parts.port or PROXY_PORTS[parts.scheme]
    name = f"the proxy {parts.scheme}://{host}:{port}"
    user = (unquote(parts.username or ""), unquote(parts.password or ""))

    async def dialled(address: Address, target_port: int) -> Streams:
        reader, writer = await _reach(name, host, port, resolve, dial)
        try:
            if parts.scheme == "https":
                await writer.start_tls(tls, server_hostname=host)
            if parts.scheme == "socks5":
                await _socks(reader, writer, user, address, target_port)
            else:
                await _connect(reader, writer, user, address, target_port)
        except BaseException as error:  # also of a cancellation: nobody else knows this connection
            abort(writer)
            if isinstance(error, asyncio.IncompleteReadError | asyncio.LimitOverrunError):
                raise OSError(f"{name} broke off") from error
            if isinstance(error, OSError):
                raise OSError(f"{name}: {error.strerror or error}") from error
            raise
        return reader, writer

    return dialled


async def _reach(name: str, host: str, port: int, resolve: Resolver, dial: Dialer) -> Streams:
    """A connection to the proxy itself, which the person named: it may be anywhere."""
    try:
        addresses: tuple[Address, ...] = (ip_address(host),)
    except ValueError:
        addresses = await resolve(host)
    failure: OSError | None = None
    for address in addresses:
        try:
            return await dial(address, port)
        except OSError as error:
            failure = failure or error
    why = (failure.strerror or failure) if failure is not None else "it has no address"
    raise OSError(f"{name} cannot be reached: {why}")


async def _connect(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    user: tuple[str, str],
    address: Address,
    port: int,
) -> None:
    authority = f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"
    lines = [f"CONNECT {authority} HTTP/1.1", f"Host: {authority}"]
    if user[0]:
        lines.append(f"Proxy-Authorization: Basic {base64.b64encode(':'.join(user).encode()).decode()}")
    writer.write("\r\n".join((*lines, "", "")).encode("ascii"))
    await writer.drain()
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    version, _, said = head.partition("\r\n")[0].partition(" ")
    if not version.startswith("HTTP/1."):
        raise OSError("it does not speak HTTP")
    if not said.startswith("2"):
        wants = " (it wants a user name and a password)" if said.startswith("407") else ""
        raise OSError(f"it refused the connection: {said[:80]}{wants}")


async def _socks(
    reader: asyncio.StreamReader,
    writer: asyncio.StreamWriter,
    user: tuple[str, str],
    address: Address,
    port: int,
) -> None:
    """SOCKS5 (RFC 1928), with a user name and a password (RFC 1929) where there are any."""
    writer.write(b"\x05\x02\x00\x02" if user[0] else b"\x05\x01\x00")
    await writer.drain()
    version, method = await reader.readexactly(2)
    if version != 5:
        raise OSError("it does not speak SOCKS5")
    if method == 2 and user[0]:
        name, password = (part.encode()[:255] for part in user)
        writer.write(bytes((1, len(name))) + name + bytes((len(password),)) + password)
        await writer.drain()
        if (await reader.readexactly(2))[1] != 0:
            raise OSError("it does not accept the user name and the password")
    elif method != 0:
        raise OSError("it wants a user name and a password")
    kind = 4 if address.version == 6 else 1
    writer.write(bytes((5, 1, 0, kind)) + address.packed + port.to_bytes(2, "big"))
    await writer.drain()
    _, reply, _, bound = await reader.readexactly(4)
    if reply != 0:
        raise OSError(f"it did not connect: {_SOCKS_REPLIES.get(reply, f'reply {reply}')}")
    length = {1: 4, 4: 16}.get(bound) or (await reader.readexactly(1))[0]
    await reader.readexactly(length + 2)
