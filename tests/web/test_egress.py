"""The gate as a proxy: what it forwards, what it never forwards, what it ends."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import socket
import warnings

import pytest

from browseagent.web.dial import abort
from browseagent.web.egress import Egress
from browseagent.web.forward import HeadError, request_head, response_head
from browseagent.web.limits import Limits
from browseagent.web.policy import Origin
from tests.web.conftest import answer, serving


async def _talk(proxy: str, *messages: bytes) -> bytes:
    """Sends bytes to the proxy and reads until it ends the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(proxy.rpartition(":")[2]))
    with contextlib.suppress(ConnectionError):
        for message in messages:
            writer.write(message)
            await writer.drain()
    async with asyncio.timeout(5):
        got = await reader.read(-1)
    writer.close()
    return got


async def test_a_second_request_is_not_passed_on() -> None:
    """What a client sends after its request, perhaps meant for another host, does not reach this one."""
    seen: list[str] = []

    async def handler(target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(target)
        writer.write(answer(b"first"))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(0.5):
                seen.append((await reader.read(1000)).decode())

    async with serving(handler) as port, Egress() as egress:
        host = f"127.0.0.1:{port}"
        async with egress.lane(Origin("127.0.0.1", port), typed=True) as passage:
            got = await _talk(
                passage.proxy,
                f"GET http://{host}/one HTTP/1.1\r\nHost: {host}\r\n\r\n".encode(),
                b"GET http://169.254.169.254/ HTTP/1.1\r\nHost: 169.254.169.254\r\n\r\n",
            )
    assert b"first" in got
    assert b"Connection: close" in got
    assert [entry for entry in seen if entry] == ["/one"]


@pytest.mark.parametrize("cut", [0, 1, 9])
async def test_a_head_whose_lines_end_without_a_carriage_return(cut: int) -> None:
    """As small devices write them: it is read as browsers do, however it arrives."""

    async def handler(target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        whole = b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n<p>The gate is open</p>"
        for part in (whole[:cut], whole[cut:]):
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.01)

    async with serving(handler) as port, Egress() as egress:
        host = f"127.0.0.1:{port}"
        head = f"GET http://{host}/ HTTP/1.1\r\nHost: x\r\n\r\n".encode()
        async with egress.lane(Origin("127.0.0.1", port), typed=True) as passage:
            got = await _talk(passage.proxy, head)
    assert got.startswith(b"HTTP/1.1 200") and got.endswith(b"\r\n\r\n<p>The gate is open</p>")


async def test_bodies_are_forwarded() -> None:
    """A request's body arrives whole, and headers that concern the proxy alone do not."""
    got: list[bytes] = []

    async def handler(target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.append(await reader.readexactly(200_000))
        writer.write(answer(b"thanks"))

    async with serving(handler) as port, Egress() as egress:
        host = f"127.0.0.1:{port}"
        head = f"POST http://{host}/ HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n"
        async with egress.lane(Origin("127.0.0.1", port), typed=True) as passage:
            assert b"thanks" in await _talk(passage.proxy, head.encode(), b"x" * 200_000)
    assert got == [b"x" * 200_000]


@pytest.mark.parametrize(
    "head",
    [
        "GET / HTTP/1.1",
        "GET ftp://a/ HTTP/1.1",
        "GET http:///x HTTP/1.1",
        "get http://a/ HTTP/1.1",
        "CONNECT a:b HTTP/1.1",
        "CONNECT u@a:443 HTTP/1.1",
        "GET http://a/\r\nTransfer-Encoding: chunked HTTP/1.1",
        "nonsense",
    ],
)
def test_heads_that_are_refused(head: str) -> None:
    """What is no proxy request is refused, not guessed at."""
    with pytest.raises(HeadError):
        request_head([head])


def test_rewriting() -> None:
    """A request goes on in origin form with the URL's own host; connection headers end at the gate."""
    head = request_head(
        [
            "GET http://u:p@A.test:81?q#f HTTP/1.1",
            "Host: evil",
            "Proxy-Authorization: secret",
            "Connection: keep-alive",
            "X: 1",
        ]
    )
    assert head.origin == Origin("a.test", 81)
    assert head.to_server() == b"GET /?q HTTP/1.1\r\nHost: A.test:81\r\nX: 1\r\nConnection: close\r\n\r\n"
    with pytest.raises(HeadError):
        request_head(["POST http://a/ HTTP/1.1", "Transfer-Encoding: chunked"])
    assert response_head(["HTTP/1.1 103 Early Hints"]) is None
    assert response_head(["HTTP/1.1 200 OK", "Keep-Alive: 5", "A: b"]) == (
        b"HTTP/1.1 200 OK\r\nA: b\r\nConnection: close\r\n\r\n"
    )


async def test_page_budget() -> None:
    """A page that brings more than one page may bring is cut off, and the lane knows."""

    async def handler(target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        while True:
            writer.write(bytes(65536))
            await writer.drain()

    async with (
        serving(handler) as port,
        Egress(limits=Limits(page_bytes=1_000_000)) as egress,
        egress.lane(Origin("127.0.0.1", port), typed=True) as passage,
    ):
        head = f"GET http://127.0.0.1:{port}/ HTTP/1.1\r\n\r\n".encode()
        assert len(await _talk(passage.proxy, head)) < 1_100_000
        assert passage.lane.exhausted is not None
        assert b"502 Bad Gateway" in await _talk(passage.proxy, head)


async def test_nothing_is_left_open() -> None:
    """When a page's lane ends, its tunnels end, and its port is closed."""

    async def handler(target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(60)

    async with serving(handler) as port, Egress() as egress:
        async with egress.lane(Origin("127.0.0.1", port), typed=True) as passage:
            number = int(passage.proxy.rpartition(":")[2])
            reader, writer = await asyncio.open_connection("127.0.0.1", number)
            writer.write(f"CONNECT 127.0.0.1:{port} HTTP/1.1\r\n\r\n".encode())
            assert b"200" in await reader.readuntil(b"\r\n\r\n")
        async with asyncio.timeout(3):
            assert await reader.read() == b""
        writer.close()
        with pytest.raises(OSError, match="onnect"):
            await asyncio.open_connection("127.0.0.1", number)


@pytest.mark.parametrize("turns", range(5))
async def test_a_connection_that_comes_as_the_gate_closes_is_closed(turns: int) -> None:
    """What Chromium opens ahead may be taken in the very moment in which its page ends: no socket is left."""
    async with Egress() as egress, egress.lane(Origin("127.0.0.1", 9), typed=True) as passage:
        client = socket.create_connection(("127.0.0.1", int(passage.proxy.rpartition(":")[2])))
        for _ in range(turns):
            await asyncio.sleep(0)
    client.setblocking(False)
    with client, contextlib.suppress(ConnectionResetError):
        async with asyncio.timeout(5):
            assert await asyncio.get_running_loop().sock_recv(client, 100) == b""
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        gc.collect()


async def test_a_connection_that_has_ended_by_itself_can_be_aborted() -> None:
    """One that was closed with bytes waiting, and has sent them since, is no error to end."""
    writers: list[asyncio.StreamWriter] = []
    sent = asyncio.Event()

    async def client(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(bytes(10_000_000))
        assert writer.transport.get_write_buffer_size(), "all was sent at once: nothing to test"
        writer.close()
        writers.append(writer)
        sent.set()

    server = await asyncio.start_server(client, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        await sent.wait()
        async with asyncio.timeout(10):
            assert len(await reader.read(-1)) == 10_000_000
        assert writers[0].get_extra_info("socket").fileno() == -1
        abort(writers[0])
        abort(writer)
        await asyncio.sleep(0)
        abort(writer)
