"""Hosts that are not there, do not answer, or are not whom they say: by HTTP and through Chromium."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Literal

import pytest

from browseagent.records import Outcome
from browseagent.web import Request, Web
from tests.web.conftest import Names, answer, serving

pytestmark = pytest.mark.browser
Via = Literal["http", "chromium"]
BOTH: tuple[Via, Via] = ("http", "chromium")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A self-signed certificate with its key."""
    path = tmp_path_factory.mktemp("tls") / "own.pem"
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    files = ["-keyout", str(path), "-out", f"{path}.crt"]
    command = ["openssl", "req", *kind, "-subj", "/CN=a.public.test", *files]
    subprocess.run(command, check=True, capture_output=True)
    path.write_text(path.read_text() + Path(f"{path}.crt").read_text())
    return path


@pytest.fixture
async def secured(certificate: Path) -> AsyncIterator[int]:
    """A TLS server with that certificate; gives its port."""

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(answer(b"<h1>never read</h1>"))
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # The client did not like the certificate and went.
        finally:
            writer.close()

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server = await asyncio.start_server(respond, "127.0.0.1", 0, ssl=context)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


@pytest.mark.parametrize("via", BOTH)
async def test_a_name_that_nobody_knows(names: Names, via: Via) -> None:
    """A host without an address is said not to be found."""
    async with Web(resolve=names.resolve, dial=names.dial) as web:
        page = await web.fetch(Request("http://nowhere.test/", via=via, timeout=20))
    assert page.outcome is Outcome.UNREACHABLE
    assert "nowhere.test was not found (DNS" in (page.reason or "")
    assert "spelling" in (page.hint or "")


@pytest.mark.parametrize("via", BOTH)
async def test_a_port_where_nobody_listens(names: Names, via: Via) -> None:
    """A refused connection names host and port."""
    async with serving(_nothing) as port:
        pass
    async with Web(resolve=names.resolve, dial=names.dial) as web:
        page = await web.fetch(Request(f"http://a.public.test:{port}/", via=via, timeout=20))
    assert page.outcome is Outcome.UNREACHABLE
    assert f"a.public.test:{port} did not connect" in (page.reason or "")


@pytest.mark.parametrize("via", BOTH)
async def test_a_certificate_that_nobody_signed(names: Names, secured: int, via: Via) -> None:
    """A page behind such a certificate is not read, and the sentence says that it is the certificate."""
    async with Web(resolve=names.resolve, dial=names.dial) as web:
        page = await web.fetch(Request(f"https://a.public.test:{secured}/", via=via, timeout=20))
    assert page.outcome is Outcome.UNREACHABLE
    assert "secure connection to a.public.test" in (page.reason or "")
    assert "certificate" in (page.reason or "")
    assert b"never read" not in page.content


@pytest.mark.parametrize("via", BOTH)
async def test_a_server_without_tls(names: Names, via: Via) -> None:
    """https to a server that speaks plain HTTP fails in words."""

    async def respond(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(answer(b"<h1>plain</h1>", status="400 Bad Request"))
        writer.close()

    server = await asyncio.start_server(respond, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, Web(resolve=names.resolve, dial=names.dial) as web:
        page = await web.fetch(Request(f"https://a.public.test:{port}/", via=via, timeout=20))
    assert page.outcome is Outcome.UNREACHABLE
    assert "a.public.test" in (page.reason or "")


async def _nothing(_: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(answer(b"<h1>plain</h1>"))
