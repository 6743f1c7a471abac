"""Work that takes long: bounded queues, clients that leave, and a server that is stopped."""

from __future__ import annotations

import asyncio
import os
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from browseagent.serve.options import ServeOptions
from browseagent.serve.work import Busy, Desk, Stopping
from fixtures.server import FixtureServer
from tests.serve.serving import PAGE, QUESTION, STARTS, Serving, SlowModel, serving


async def test_a_desk_is_bounded() -> None:
    """So many at once, so many waiting; the next is told when to come; those who waited come in turn."""
    desk, go_on = Desk(1, 1), asyncio.Event()

    async def work() -> None:
        async with desk.turn():
            await go_on.wait()

    tasks = [asyncio.ensure_future(work()) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Busy) as busy:
        desk.check()
    assert busy.value.after >= 1 and (desk.running, desk.waiting) == (1, 1)
    go_on.set()
    await asyncio.gather(*tasks)
    assert (desk.running, desk.waiting, desk.done) == (0, 0, 2)


async def test_a_turn_is_held_until_the_model_is_done() -> None:
    """Work that was cancelled keeps its turn until what nothing can stop has ended."""
    computed = asyncio.Event()

    async def settled() -> None:
        await computed.wait()

    desk = Desk(1, 1, settled)

    async def work() -> None:
        async with desk.turn():
            await asyncio.sleep(60)

    task = asyncio.ensure_future(work())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])
    assert desk.running == 1
    computed.set()
    await desk.stop()
    assert desk.running == 0
    with pytest.raises(Stopping):
        desk.check()


@pytest.mark.skipif(sys.platform != "linux", reason="looks at this process's own sockets in /proc")
def test_small_replies_go_out_at_once(server: Serving) -> None:
    """The server's end of a connection has TCP_NODELAY: without it each reply waits some 40 ms for the
    client's acknowledgement of its head."""
    with socket.create_connection(("127.0.0.1", server.port)) as client:
        client.sendall(f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n".encode())
        assert client.recv(65536).startswith(b"HTTP/1.1 200 ")
        found = [
            end.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
            for end in _sockets()
            if _peer(end) == client.getsockname()
        ]
    assert found == [1]


def _sockets() -> Iterator[socket.socket]:
    """Copies of the sockets of this process, each closed after its turn."""
    for each in list(Path("/proc/self/fd").iterdir()):
        with suppress(OSError):
            if str(each.readlink()).startswith("socket:"):
                with socket.socket(fileno=os.dup(int(each.name))) as copy:
                    yield copy


def _peer(end: socket.socket) -> object:
    try:
        return end.getpeername()
    except OSError:
        return None


def _ask(server: Serving, url: str) -> socket.socket:
    body = f'{{"question": "{QUESTION}", "sources": ["{url}"]}}'
    head = f"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Type: application/json\r\n"
    connection = socket.create_connection(("127.0.0.1", server.port), timeout=STARTS)
    connection.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode())
    return connection


def test_full_queues_and_a_client_that_leaves(tmp_path: Path, site: FixtureServer) -> None:
    """429 with Retry-After, for a stream too; whoever leaves while the model computes frees its turn when
    that is done, and nothing more is begun for it."""
    model = SlowModel()
    options = ServeOptions(port=0, allow_private=True, at_once=1, waiting=0)
    with serving(tmp_path, options, model) as server:
        connection = _ask(server, site.url(PAGE))
        assert model.begun.wait(STARTS)
        body = {"question": QUESTION, "sources": [site.url(PAGE)]}
        for accept in ("application/json", "text/event-stream"):
            reply = server.client.post("/v1/ask", json=body, headers={"Accept": accept})
            assert reply.status_code == 429 and int(reply.headers["retry-after"]) >= 1
        connection.close()
        time.sleep(2)
        assert server.client.post("/v1/ask", json=body).status_code == 429
        model.go_on.set()
        until = time.monotonic() + STARTS
        while (reply := server.client.post("/v1/ask", json=body)).status_code == 429:
            assert time.monotonic() < until
        assert reply.status_code == 200, reply.text


def test_what_runs_is_finished_when_it_is_stopped(tmp_path: Path, site: FixtureServer) -> None:
    """A request that is being answered gets its answer; then the server ends."""
    model = SlowModel()
    with serving(tmp_path, model=model) as server, _ask(server, site.url(PAGE)) as connection:
        assert model.begun.wait(STARTS)
        server.stopping.set()
        time.sleep(1)
        assert not server.ended.is_set()
        model.go_on.set()
        got = connection.recv(65536)
    assert got.startswith(b"HTTP/1.1 200")


def test_one_server_checks_the_watches(tmp_path: Path) -> None:
    """A second server of the same store says that another does, and serves all the same."""
    options = ServeOptions(port=0, with_watches=True)
    with serving(tmp_path, options) as first, serving(tmp_path, options) as second:
        assert second.client.get("/v1/watches").status_code == 200
        assert first.said == [] and "another server" in second.said[0]
