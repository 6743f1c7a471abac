"""Connections through an upstream proxy, behind the egress gate.

The gate goes on resolving and judging: what the upstream is asked for is the very address that the gate
let pass, never a name, so it cannot lead elsewhere. Everything is asked for as a tunnel (CONNECT, or
SOCKS5's CONNECT), plain HTTP too.
"""

from __future__ import annotations

import asyncio
import base64
import ssl
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from browseagent.session_values import PROXY_PORTS
from browseagent.web.addresses import Address
from browseagent.web.dial import Dialer, Resolver

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
            writer.transport.abort()
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
