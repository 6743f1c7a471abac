"""The one gate through which every connection goes, httpx's and Chromium's alike.

A forward proxy inside this process. Each page gets a port of its own, and by it the gate knows whose
connection it is: what that page may reach is decided in its :class:`~browseagent.web.lane.Lane`. The
gate resolves the name, checks the address and connects to that very address, so nobody else resolves
anything. TLS passes through unopened (CONNECT); plain HTTP is forwarded one request a connection.
Chromium follows redirects behind Playwright's back, which is why a route handler is no gate.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from types import TracebackType

from browseagent.web.dial import (
    Dialer,
    Remembering,
    Resolver,
    abort,
    system_dialer,
    system_resolver,
    through,
    tls_context,
)
from browseagent.web.forward import CHUNK, HeadError, RequestHead, read_head, request_head, response_head
from browseagent.web.lane import Lane, Refused, Streams
from browseagent.web.limits import Limits
from browseagent.web.policy import Origin, Policy
from browseagent.web.trouble import Trouble, TroubleKind

HEAD_SECONDS = 30.0
"""For a client to send its request's head; both clients send it at once."""
ACCEPT_TURNS = 3
"""Turns of the loop in which a connection that was taken gets to its handler: task, transport, call."""
TOKEN_HEADER = "x-browseagent-egress"
GATE_STATUSES = (400, 403, 502)
"""What the gate answers with where it does not connect."""
_STATUS = {TroubleKind.POLICY: "403 Forbidden", TroubleKind.URL: "400 Bad Request"}


@dataclass(frozen=True, slots=True)
class Passage:
    """A lane and the proxy URL that leads into it."""

    lane: Lane
    proxy: str


_Connections = dict[asyncio.Task[None], asyncio.StreamWriter]


class Egress:
    """Opens lanes. An async context manager: what is still open when it exits is closed."""

    def __init__(
        self,
        policy: Policy | None = None,
        *,
        limits: Limits | None = None,
        resolve: Resolver = system_resolver,
        dial: Dialer = system_dialer,
    ) -> None:
        self.policy = policy or Policy()
        self.limits = limits or Limits()
        self._resolve = Remembering(resolve)
        self._dial = dial
        self._connections: _Connections = {}
        self._personal: set[Origin] = set()

    async def __aenter__(self) -> Egress:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await _end(self._connections)
        await self._resolve.aclose()

    @asynccontextmanager
    async def lane(
        self,
        main: Origin | None,
        *,
        typed: bool,
        followed: bool = False,
        proxy: str = "",
        trackers: bool = False,
    ) -> AsyncIterator[Passage]:
        """A proxy port for one page, open as long as the block runs. ``followed``: a page of the same
        origin, which the person typed, named it; it may go where that page was found, no further. With
        ``proxy`` (a URL) what the gate lets pass leaves through that proxy, by address. ``trackers`` may be
        reached where the page may load them."""
        typed = typed or (followed and main in self._personal)
        dial = through(proxy, self._resolve, self._dial, tls_context()) if proxy else self._dial
        policy = replace(self.policy, refused_trackers=()) if trackers else self.policy
        lane = Lane(policy, self.limits, self._resolve, dial, main, typed, personal=self._personal)
        own: _Connections = {}

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.ensure_future(_serve(lane, reader, writer))
            for connections in (own, self._connections):
                connections[task] = writer
                task.add_done_callback(partial(_forget, connections))

        # Nothing here waits before the `try`: a cancellation in between would leave the port open.
        door = socket.create_server(("127.0.0.1", 0))
        server = await asyncio.start_server(accept, sock=door, start_serving=False, limit=2**18)
        try:
            await server.start_serving()
            yield Passage(lane, f"http://127.0.0.1:{door.getsockname()[1]}")
        finally:
            try:
                await accepted(door)
            finally:
                server.close()
                lane.end()
                await _end(own)


async def accepted(door: socket.socket) -> None:
    """Takes no more connections at a port, and waits until those that were taken have reached their handler:
    of a server that is closed in between asyncio loses the connection, which stays open."""
    asyncio.get_running_loop().remove_reader(door)
    for _ in range(ACCEPT_TURNS):
        await asyncio.sleep(0)


def _forget(connections: _Connections, task: asyncio.Task[None]) -> None:
    connections.pop(task, None)


async def _end(connections: _Connections) -> None:
    """Cancels the tasks of connections and waits until they have closed what they held."""
    pending = dict(connections)
    for task in pending:
        task.cancel()
    if pending:
        await asyncio.wait(pending, timeout=2.0)
    for writer in pending.values():  # also of a task that was cancelled before its first step
        abort(writer)
    await asyncio.sleep(0)  # an aborted transport closes its socket in the loop's next turn


async def _serve(lane: Lane, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection of a client: one request, or one tunnel."""
    upstream: Streams | None = None
    try:
        async with asyncio.timeout(HEAD_SECONDS):
            head = request_head(await read_head(reader))
        upstream = await lane.connect(head.origin)
        if head.method == "CONNECT":
            writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
            await _both_ways(lane, (reader, writer), upstream)
        else:
            await _forward(lane, head, (reader, writer), upstream)
    except Refused as refused:
        await _reply(writer, lane, refused.trouble)
    except HeadError as error:
        await _reply(writer, lane, Trouble(TroubleKind.URL, str(error)))
    except (OSError, TimeoutError, asyncio.IncompleteReadError):
        pass  # Either side went away; the other one sees its connection end.
    finally:
        for _, side in (s for s in ((reader, writer), upstream) if s is not None):
            abort(side) if side.transport.is_closing() else side.close()


async def _reply(writer: asyncio.StreamWriter, lane: Lane, trouble: Trouble) -> None:
    """Says why there is no connection, as a proxy does."""
    body = trouble.detail.encode()
    status = _STATUS.get(trouble.kind, "502 Bad Gateway")
    head = (
        f"HTTP/1.1 {status}\r\n{TOKEN_HEADER}: {lane.token}\r\nContent-Type: text/plain; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    try:
        writer.write(head.encode("ascii") + body)
        await writer.drain()
    except OSError:
        pass  # The client has gone; nobody is left to tell.


async def _both_ways(lane: Lane, client: Streams, upstream: Streams) -> None:
    """A tunnel: bytes both ways until either side has ended."""
    up = asyncio.ensure_future(_pump(client[0], upstream[1], None))
    down = asyncio.ensure_future(_pump(upstream[0], client[1], lane))
    try:
        await asyncio.wait({up, down}, return_when=asyncio.FIRST_COMPLETED)
        if up.done() and not down.done():
            # A client may close its sending half and still read; give the answer time to come.
            await asyncio.wait({down}, timeout=30.0)
    finally:
        for task in (up, down):
            task.cancel()
        await asyncio.gather(up, down, return_exceptions=True)


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, lane: Lane | None) -> None:
    """Bytes one way until the sender ends; counted where a lane is given."""
    while data := await reader.read(CHUNK):
        if lane is not None and not lane.count(len(data)):
            return
        writer.write(data)
        await writer.drain()
    if writer.can_write_eof():
        writer.write_eof()


async def _forward(lane: Lane, head: RequestHead, client: Streams, upstream: Streams) -> None:
    """One plain-HTTP request there and its response back; then the connection ends.

    What the client sends after its one request is never passed on: it could be meant for another host.
    """
    upstream[1].write(head.to_server())
    left = head.length
    while left > 0 and (data := await client[0].read(min(left, CHUNK))):
        left -= len(data)
        upstream[1].write(data)
        await upstream[1].drain()
    await upstream[1].drain()
    gone = asyncio.ensure_future(client[0].read(1))
    down = asyncio.ensure_future(_response(lane, head.origin, upstream[0], client[1]))
    try:
        await asyncio.wait({gone, down}, return_when=asyncio.FIRST_COMPLETED)
        if not down.done() and gone.result():
            await asyncio.wait({down})  # More bytes, not the client's end: they are dropped.
    finally:
        for task in (gone, down):
            task.cancel()
        ended = await asyncio.gather(gone, down, return_exceptions=True)
    if isinstance(ended[1], Refused):
        raise ended[1]


async def _response(
    lane: Lane, origin: Origin, upstream: asyncio.StreamReader, client: asyncio.StreamWriter
) -> None:
    try:
        head = response_head(await read_head(upstream))
        while head is None:  # 1xx: an interim response; neither client asked for one.
            head = response_head(await read_head(upstream))
    except (HeadError, OSError, asyncio.IncompleteReadError) as error:
        what = str(error) if isinstance(error, HeadError) else "closed the connection without an answer"
        trouble = Trouble(TroubleKind.PROTOCOL, f"{origin.host} {what}")
        lane.troubles[origin] = trouble
        raise Refused(trouble) from error
    client.write(head)
    await _pump(upstream, client, lane)
