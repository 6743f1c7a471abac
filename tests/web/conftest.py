"""Servers and seams for tests of the web room. Everything is on loopback."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address

import pytest
import pytest_asyncio

from browseagent.web import Web
from browseagent.web.dial import system_dialer
from browseagent.web.egress import accepted
from browseagent.web.policy import Address

Handler = Callable[[str, asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]

PUBLIC = ip_address("93.184.215.14")
"""Stands for the public internet: the test dialer puts it on 127.0.0.1."""


@asynccontextmanager
async def serving(handler: Handler, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[int]:
    """A server that reads each request's head and hands its target to ``handler``; gives its port."""
    tasks: set[asyncio.Task[None]] = set()

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            await handler(head.split(b" ", 2)[1].decode(), reader, writer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # The client went away, as clients do.
        finally:
            writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(connection(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    door = socket.create_server((host, port))
    server = await asyncio.start_server(accept, sock=door)
    try:
        yield door.getsockname()[1]
    finally:
        await accepted(door)
        server.close()
        for task in list(tasks):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def answer(body: bytes, *headers: str, status: str = "200 OK", content_type: str = "text/html") -> bytes:
    """A whole HTTP response."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


@dataclass
class Listener:
    """Stands on a forbidden address and notes whoever gets through to it."""

    port: int = 0
    visitors: list[str] = field(default_factory=list)


@dataclass
class Names:
    """The gate's resolver and dialer in tests.

    ``*.public.test`` is a public address, dialled as 127.0.0.1. Every address that is not public is
    dialled as 127.0.0.2, where the forbidden listener stands: whatever wrongly passes the gate is seen.
    """

    table: dict[str, list[str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    dialled: list[Address] = field(default_factory=list)

    async def resolve(self, host: str) -> tuple[Address, ...]:
        self.asked.append(host)
        if host in self.table:
            answers = self.table[host]
            # The last answer stays; those before it are given once: an answer that changes.
            now = answers.pop(0) if len(answers) > 1 else answers[0]
            return tuple(ip_address(text) for text in now.split())
        if host.endswith("public.test"):
            return (PUBLIC,)
        raise OSError("name not known")

    async def dial(self, address: Address, port: int) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        self.dialled.append(address)
        return await system_dialer(ip_address("127.0.0.1" if address == PUBLIC else "127.0.0.2"), port)


@pytest.fixture
def names() -> Names:
    """A fresh resolver and dialer."""
    return Names()


@pytest.fixture
async def forbidden() -> AsyncIterator[Listener]:
    """A listener on 127.0.0.2 that nothing may reach, over TCP and UDP on one port."""
    listener = Listener()

    async def note(target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        listener.visitors.append(target)
        writer.write(answer(b"<h1>the secret</h1>", "Access-Control-Allow-Origin: *"))

    class Datagrams(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, addr: object) -> None:
            listener.visitors.append(f"udp {len(data)}")

    async with serving(note, "127.0.0.2") as port:
        listener.port = port
        udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        udp.bind(("127.0.0.2", port))
        udp.setblocking(False)
        transport, _ = await asyncio.get_running_loop().create_datagram_endpoint(Datagrams, sock=udp)
        try:
            yield listener
        finally:
            transport.close()


@pytest.fixture
async def web() -> AsyncIterator[Web]:
    """The web room as the program uses it."""
    async with Web() as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def one_web() -> AsyncIterator[Web]:
    """One for all tests of a module that read pages with it and change nothing of it: one start of a browser.
    They run in the module's loop (``pytest.mark.asyncio(loop_scope="module")``)."""
    async with Web() as opened:
        yield opened
