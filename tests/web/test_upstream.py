"""Upstream proxies behind the egress gate. The proxies here are real ones, on loopback."""

from __future__ import annotations

import asyncio
import base64
import ssl
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path

import pytest

from browseagent.records import Outcome
from browseagent.session import Session
from browseagent.web import Request, Web
from browseagent.web.dial import system_dialer, system_resolver, through
from fixtures.behaviours import Redirect
from fixtures.server import FixtureServer
from tests.web.conftest import PUBLIC, Listener, Names

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass
class Upstream:
    """A proxy that notes what it is asked for, and leads every connection to this machine."""

    user: str = ""
    refuses: bool = False
    asked: list[str] = field(default_factory=list)
    port: int = 0

    async def http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        target = head.split(" ")[1]
        self.asked.append(target)
        wanted = f"Basic {base64.b64encode(self.user.encode()).decode()}"
        if self.user and wanted not in head:
            writer.write(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n")
        elif self.refuses:
            writer.write(b"HTTP/1.1 403 Forbidden by the rules\r\n\r\n")
        else:
            writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
            await self.lead((reader, writer), int(target.rpartition(":")[2]))

    async def socks(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        _, count = await reader.readexactly(2)
        methods = await reader.readexactly(count)
        method = 2 if self.user else 0
        writer.write(bytes((5, method if method in methods else 255)))
        if self.user:
            name = await reader.readexactly((await reader.readexactly(2))[1])
            password = await reader.readexactly((await reader.readexactly(1))[0])
            writer.write(bytes((1, 0 if f"{name.decode()}:{password.decode()}" == self.user else 1)))
        _, _, _, kind = await reader.readexactly(4)
        assert kind in (1, 4), "an address is asked for, never a name"
        address = ip_address(await reader.readexactly(4 if kind == 1 else 16))
        port = int.from_bytes(await reader.readexactly(2), "big")
        self.asked.append(f"{address}:{port}")
        writer.write(bytes((5, 2 if self.refuses else 0, 0, 1, 127, 0, 0, 1, 0, 0)))
        if not self.refuses:
            await self.lead((reader, writer), port)

    async def lead(self, client: Streams, port: int) -> None:
        """The tunnel, until either end closes."""
        there = await asyncio.open_connection("127.0.0.1", port)

        async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while data := await reader.read(65536):
                writer.write(data)
                await writer.drain()
            writer.close()

        pairs = ((client[0], there[1]), (there[0], client[1]))
        ways = [asyncio.ensure_future(pump(*pair)) for pair in pairs]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            await asyncio.wait(ways, timeout=1.0)
        finally:
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)
            there[1].transport.abort()


@asynccontextmanager
async def running(
    upstream: Upstream, kind: str, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Upstream]:
    """Serves the proxy while the block runs."""
    tasks: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
    talk = upstream.socks if kind == "socks5" else upstream.http

    async def connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # The client went away, as clients do.
        finally:
            writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(connection(reader, writer))
        tasks[task] = writer

    server = await asyncio.start_server(accept, "127.0.0.1", 0, ssl=tls)
    upstream.port = server.sockets[0].getsockname()[1]
    try:
        yield upstream
    finally:
        server.close()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for writer in tasks.values():  # also of a task that was cancelled before its first step
            writer.transport.abort()
        await asyncio.sleep(0.02)  # aborted transports close their sockets in the loop's next turns


@pytest.mark.parametrize("kind", ["http", "socks5"])
@pytest.mark.parametrize("via", ["http", pytest.param("chromium", marks=pytest.mark.browser)])
async def test_everything_goes_through_it_by_address(
    names: Names, fresh_site: FixtureServer, kind: str, via: str
) -> None:
    """The gate resolves and judges, and asks the upstream for the address: of the page, of what it loads,
    of robots.txt. Nothing goes past it."""
    async with (
        running(Upstream(user="me:pass word"), kind) as upstream,
        Web(resolve=names.resolve, dial=names.dial) as web,
    ):
        # The test dialer puts on 127.0.0.2 what is not public, so the proxy has a public name.
        session = Session(proxy=f"{kind}://me:pass%20word@proxy.public.test:{upstream.port}")
        url = f"http://own.public.test:{fresh_site.port}/cases/iframes.html"
        page = await web.fetch(Request(url, via=via, timeout=60.0, session=session))  # type: ignore[arg-type]
        assert page.outcome is Outcome.OK, page.reason
        assert set(upstream.asked) == {f"{PUBLIC}:{fresh_site.port}"}
        assert len(upstream.asked) == len(fresh_site.log)
        assert set(names.dialled) == {PUBLIC}


@pytest.mark.parametrize("kind", ["http", "socks5"])
@pytest.mark.parametrize("via", ["http", pytest.param("chromium", marks=pytest.mark.browser)])
async def test_the_gate_still_holds(
    names: Names, fresh_site: FixtureServer, forbidden: Listener, kind: str, via: str
) -> None:
    """A redirect to a private address is refused before the upstream hears of it."""
    names.table["inside.test"] = ["10.0.0.7"]
    async with (
        running(Upstream(), kind) as upstream,
        Web(resolve=names.resolve, dial=names.dial) as web,
    ):
        fresh_site.set_page("/session/in", Redirect(f"http://inside.test:{forbidden.port}/secret"))
        session = Session(proxy=f"{kind}://proxy.public.test:{upstream.port}")
        url = f"http://own.public.test:{fresh_site.port}/session/in"
        page = await web.fetch(Request(url, via=via, timeout=60.0, session=session))  # type: ignore[arg-type]
        assert page.outcome is Outcome.POLICY, page.reason
        assert all(asked == f"{PUBLIC}:{fresh_site.port}" for asked in upstream.asked)
        assert forbidden.visitors == []


@pytest.mark.parametrize(
    ("kind", "upstream", "words"),
    [
        ("http", Upstream(refuses=True), "refused the connection: 403 Forbidden by the rules"),
        ("http", Upstream(user="me:other"), "wants a user name and a password"),
        ("socks5", Upstream(refuses=True), "its rules forbid it"),
        ("socks5", Upstream(user="me:other"), "does not accept the user name and the password"),
    ],
)
async def test_what_the_upstream_refuses_is_told_without_its_password(
    names: Names, site: FixtureServer, kind: str, upstream: Upstream, words: str
) -> None:
    """The page is unreachable, and the reason names the proxy and what it said."""
    async with running(upstream, kind), Web(resolve=names.resolve, dial=names.dial) as web:
        session = Session(proxy=f"{kind}://me:swordfish@proxy.public.test:{upstream.port}")
        url = f"http://own.public.test:{site.port}/index.html"
        page = await web.fetch(Request(url, via="http", session=session))
        assert page.outcome is Outcome.UNREACHABLE
        assert page.reason is not None
        assert words in page.reason and "proxy.public.test" in page.reason
        assert "swordfish" not in page.reason


async def test_a_proxy_that_is_not_there(web: Web, site: FixtureServer) -> None:
    """Is told as what cannot be reached; the page is not fetched past it."""
    site.reset()
    session = Session(proxy="http://127.0.0.1:9")
    page = await web.fetch(Request(site.url("/index.html"), via="http", session=session))
    assert page.outcome is Outcome.UNREACHABLE
    assert "the proxy http://127.0.0.1:9 cannot be reached" in (page.reason or "")
    assert site.log == []


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A folder with a certificate for this machine, and its key."""
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    made += ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1"]
    made += ["-keyout", "key.pem", "-out", "cert.pem"]
    subprocess.run(made, cwd=tmp_path, check=True, capture_output=True, timeout=60)
    return tmp_path


async def test_a_proxy_behind_tls(site: FixtureServer, certificate: Path) -> None:
    """https:// speaks to the proxy over TLS, and checks who it is."""
    served = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    served.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    trusting = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
    async with running(Upstream(), "http", tls=served) as upstream:
        proxy = f"https://127.0.0.1:{upstream.port}"
        dial = through(proxy, system_resolver, system_dialer, trusting)
        reader, writer = await dial(ip_address("127.0.0.1"), site.port)
        writer.write(b"GET /robots.txt HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert (await reader.readline()).startswith(b"HTTP/1.1 200")
        writer.close()
        strict = through(proxy, system_resolver, system_dialer, ssl.create_default_context())
        with pytest.raises(OSError, match=r"(?i)certificate"):
            await strict(ip_address("127.0.0.1"), site.port)
        await asyncio.sleep(0)
