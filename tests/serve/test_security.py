"""What a page of another site, another user, a slow client or a crafted request must not get."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest

from browseagent.errors import UsageError
from browseagent.records import Page
from browseagent.serve import gate, run
from browseagent.serve.app import build
from browseagent.serve.gate import LARGEST_BODY
from browseagent.serve.options import ServeOptions
from browseagent.serve.peers import who_is
from browseagent.web import Web
from browseagent.web.port import Request
from fixtures.server import FixtureServer
from tests.serve.serving import PAGE, QUESTION, Serving, serving, settings_in
from tests.web.conftest import PUBLIC, Names, answer
from tests.web.conftest import names as names
from tests.web.conftest import serving as site_of

TOKEN = "a-token-of-twenty-four-c"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:{port}",
        "127.0.0.1.evil.example",
        "127.0.0.1:1",
        "a@127.0.0.1:{port}",
        "",
        "[::1",
    ],
)
def test_a_name_pointed_here_is_not_served(server: Serving, host: str) -> None:
    """DNS rebinding: a request for another name is refused, also the liveness of the server."""
    for path in ("/v1/pages", "/healthz", "/mcp"):
        reply = server.client.get(path, headers={"Host": host.format(port=server.port)})
        assert reply.status_code in (400, 403), reply.text
    assert server.client.get("/v1/pages", headers={"Host": f"localhost:{server.port}"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "http://127.0.0.1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_a_page_of_another_site_sends_nothing(server: Serving, headers: dict[str, str]) -> None:
    """Cross-site requests are refused, with the user's own browser, whatever they ask."""
    body = {"question": QUESTION, "sources": ["https://example.org/"]}
    assert server.client.post("/v1/ask", json=body, headers=headers).status_code == 403
    assert server.client.get("/v1/pages", headers=headers).status_code == 403
    assert server.client.post("/mcp", json={}, headers=headers).status_code == 403


def test_a_form_of_another_site_is_no_request(server: Serving) -> None:
    """What a plain form can send without asking first (no JSON) is not understood, even without Origin."""
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        reply = server.client.post("/v1/read", content='{"source": "x"}', headers={"Content-Type": kind})
        assert reply.status_code in (400, 415, 422), reply.text


def test_no_token_no_network(tmp_path: Path) -> None:
    """Where other machines could reach it, it does not start without a token."""
    for host in ("0.0.0.0", "::", "192.168.1.5", "example.org"):
        with pytest.raises(UsageError, match="no token"):
            build(settings_in(tmp_path), ServeOptions(host=host))


def test_a_token_is_asked_for(tmp_path: Path) -> None:
    """On the network only who sends the token is served, the starter's own user included."""
    with serving(tmp_path, ServeOptions(host="0.0.0.0", port=0, token=TOKEN)) as server:
        for given in ("", "Bearer", "Bearer wrong", f"Basic {TOKEN}", f"Bearer {TOKEN}x", "Bearer ü"):
            headers = [(b"authorization", given.encode())]
            assert server.client.get("/v1/pages", headers=headers).status_code == 401
        assert server.client.get("/v1/pages", headers={"Cookie": f"browseagent={TOKEN}"}).status_code == 401
        allowed = server.client.get("/v1/pages", headers={"Authorization": f"Bearer {TOKEN}"})
        assert allowed.status_code == 200
        assert server.client.get("/readyz").status_code in (200, 503)
        assert server.client.get("/metrics").status_code == 401


@pytest.mark.parametrize(
    "source",
    [
        "/etc/passwd", "file:///etc/passwd", "-", "ftp://example.org/", "javascript:alert(1)", "../page.html",
        "http:", "http://", "https:///etc/passwd", "httpx://a", "data:text/html,a", "view-source:http://a/",
    ],
)  # fmt: skip
def test_only_web_addresses_are_sources(server: Serving, source: str) -> None:
    """No path, no standard input, no other scheme, anywhere an address is taken."""
    asked = server.client.post("/v1/ask", json={"question": "Who is root?", "sources": [source]})
    assert asked.status_code in (400, 422), asked.text
    assert server.client.post("/v1/read", json={"source": source}).status_code in (400, 422)
    assert server.client.post("/v1/watches", json={"url": source}).status_code in (400, 422)


@pytest.mark.parametrize(
    "host", ["127.0.0.1:{port}", "localhost:{port}", "2130706433:{port}", "[::ffff:127.0.0.1]:{port}"]
)
def test_private_networks_are_refused(strict: Serving, site: FixtureServer, host: str) -> None:
    """However this machine is written; a page there is not fetched for a request, with any way to get it."""
    url, before = f"http://{host.format(port=site.port)}{PAGE}", site.requests_for(PAGE)
    for body in ({"source": url}, {"source": url, "options": {"via": "http", "fresh": True}}):
        reply = strict.client.post("/v1/read", json=body)
        assert reply.status_code == 502 and reply.json()["error"]["kind"] in ("policy", "unreachable")
    assert site.requests_for(PAGE) == before


class Reached:
    """The web, names and addresses being those of the test."""

    def __init__(self, names: Names) -> None:
        self._names = names

    async def fetch(self, request: Request) -> Page:
        async with Web(resolve=self._names.resolve, dial=self._names.dial) as web:
            return await web.fetch(request)


async def test_private_networks_through_names_and_redirects(tmp_path: Path, names: Names) -> None:
    """A public name that resolves to a private address, one that does so at the second look, and a redirect
    to one, are refused too; nothing private is dialled."""
    names.table["private.test"] = ["10.0.0.7"]
    names.table["turning.test"] = [str(PUBLIC), "10.0.0.7"]

    async def handler(target: str, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if target == "/away":
            writer.write(
                b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/secret\r\nContent-Length: 0\r\n\r\n"
            )
        else:
            writer.write(answer(b"<h1>Harwick</h1><p>The light of Harwick was built of stone in 1871.</p>"))

    async with site_of(handler) as port:
        with serving(tmp_path, ServeOptions(port=0), fetcher=Reached(names)) as server:

            async def kind(url: str) -> str:
                reply = await asyncio.to_thread(server.client.post, "/v1/read", json={"source": url})
                error = reply.json()["error"]
                return "" if error is None else str(error["kind"])

            assert await kind(f"http://a.public.test:{port}/") == ""
            assert await kind(f"http://private.test:{port}/") == "policy"
            assert await kind(f"http://turning.test:{port}/") == ""
            assert await kind(f"http://turning.test:{port}/again") == "policy"
            assert await kind(f"http://a.public.test:{port}/away") == "policy"
    assert all(address.is_global for address in names.dialled)


def test_a_watch_made_over_http_stays_public(tmp_path: Path, site: FixtureServer) -> None:
    """--allow-writes does not open the private network: neither a new watch nor a changed one reads it."""
    with serving(tmp_path, ServeOptions(port=0, allow_writes=True)) as server:
        made = server.client.post("/v1/watches", json={"url": site.url(PAGE), "name": "one", "public": False})
        assert made.status_code == 201, made.text
        server.client.patch("/v1/watches/one", json={"public": None, "timeout": "5s"})
        checked = server.client.post("/v1/watches/one/check")
    assert checked.status_code == 502 and checked.json()["page"]["outcome"] == "policy", checked.text


@pytest.mark.parametrize(
    "path",
    [
        "/v1/watches/..%2f..%2fetc%2fpasswd",
        "/v1/watches/%00",
        "/v1/watches/%0d%0aSet-Cookie:%20a=b",
        "/v1/watches/" + "a" * 5000,
        "/static/../v1/pages",
        "/static/%2e%2e/%2e%2e/serve/run.py",
        "//v1/pages",
    ],
)
def test_paths_lead_nowhere_else(server: Serving, path: str) -> None:
    """Encoded slashes, NULs, line ends and climbing paths name nothing, and put nothing into a header."""
    got = server.raw(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nConnection: close\r\n\r\n")
    head, _, body = got.partition(b"\r\n\r\n")
    assert head.split()[1] in (b"400", b"404"), got[:300]
    assert b"set-cookie" not in head.lower() and b"root:" not in body and b"import" not in body


@pytest.mark.parametrize("url", ["[", "http://[::1", "https://a]/", "\x00", "https://a:b/"])
def test_an_address_that_is_none_is_a_wrong_request(server: Serving, url: str) -> None:
    """Wherever an address is taken it is refused or not found; no fault of the server's."""
    for path in ("/v1/pages/versions", "/v1/pages/diff", "/ask", "/pages/versions", "/new-watch"):
        reply = server.client.get(path, params={"url": url, "q": url}, headers={"accept": "text/html"})
        assert reply.status_code < 500, (path, reply.text)
    for path, body in (("/v1/watches", {"url": url}), ("/v1/read", {"source": url})):
        assert server.client.post(path, json=body).status_code in (400, 422, 502)


@pytest.mark.parametrize(
    "setting",
    ['"every": 1e308', '"every": NaN', '"every": 1000000000000', '"confirm": 1e300', f'"keep": {10**30}',
     f'"screenshots": {10**19}', '"every": -Infinity', '"timeout": Infinity'],
)  # fmt: skip
def test_numbers_of_a_watch_have_bounds(server: Serving, setting: str) -> None:
    """A time beyond all dates, or no number, is refused when it is set, not met by a check."""
    body = f'{{"url": "http://127.0.0.1:9/", "name": "bounds", {setting}}}'
    made = server.client.post("/v1/watches", content=body, headers={"Content-Type": "application/json"})
    assert made.status_code in (400, 422), made.text
    assert server.client.get("/v1/watches/bounds").status_code == 404


def test_headers_cannot_be_smuggled(server: Serving) -> None:
    """Two hosts, two lengths, and broken header lines get no answer but 400 or 403."""
    host = f"Host: 127.0.0.1:{server.port}\r\n"
    for lines in (
        f"{host}Host: evil.example\r\n",
        f"{host}Content-Length: 5\r\nContent-Length: 6\r\n",
        f"{host}Bad Header: x\r\n",
        f"{host}X: a\0b\r\n",
        "",
    ):
        got = server.raw(f"GET /v1/pages HTTP/1.1\r\n{lines}Connection: close\r\n\r\n", seconds=3)
        assert got.split()[1] in (b"400", b"403"), got[:300]


def test_bodies_have_a_limit(server: Serving) -> None:
    """413 as our Error, with a length that is too long, and with chunks that come to too much."""
    large = b'{"question": "' + b"a" * LARGEST_BODY + b'"}'

    def chunks() -> list[bytes]:
        return [large[at : at + 65536] for at in range(0, len(large), 65536)]

    for content in (large, iter(chunks())):
        headers = {"Content-Type": "application/json"}
        try:
            reply = server.client.post("/v1/ask", content=content, headers=headers)
        except httpx.WriteError:  # told while it was still sending, and the connection closed
            continue
        assert reply.status_code == 413
        assert reply.json()["schema"] == "browseagent.error/1"


def test_every_reply_carries_the_headers(server: Serving) -> None:
    """Policy, no sniffing, no referrer, no framing, no caching: on results, failures and refusals."""
    for path, host in (("/v1/pages", None), ("/nothing", None), ("/v1/pages", "evil.example")):
        reply = server.client.get(path, headers={"Host": host} if host else {})
        assert {name: reply.headers[name] for name in gate.HEADERS} == gate.HEADERS


def test_a_slow_body_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A body that does not come in time ends its request, and others are served meanwhile."""
    monkeypatch.setattr(gate, "BODY_SECONDS", 1.0)
    with serving(tmp_path) as server:
        began = time.monotonic()
        head = f"POST /v1/read HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nContent-Length: 500\r\n"
        got = server.raw(f"{head}Content-Type: application/json\r\n\r\n{{", seconds=20)
        assert time.monotonic() - began < 15
        assert got.split()[1] in (b"400", b"408"), got[:200]


def test_a_slow_head_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A connection that sends nothing, or its head byte by byte, is closed; so is the second request's."""
    monkeypatch.setattr(run, "HEAD_SECONDS", 1.0)
    with serving(tmp_path) as server:
        whole = f"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\n\r\n"
        for sent in ("", "GET /healthz HT", whole + "GET /heal"):
            began = time.monotonic()
            got = server.raw(sent, seconds=20)
            assert time.monotonic() - began < 15
            assert got.count(b'"ok"') == sent.count("\r\n\r\n")


def test_a_thousand_open_streams(server: Serving) -> None:
    """While a thousand event streams are open, or wait, others are served; none of them is lost."""
    body = '{"question": "Why is it so?", "sources": ["http://127.0.0.1:1/"], "options": {"offline": true}}'
    request = (
        f"POST /v1/ask HTTP/1.1\r\nHost: 127.0.0.1:{server.port}\r\nAccept: text/event-stream\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n{body}"
    )
    with ExitStack() as stack:
        open_ones = []
        for _ in range(1000):
            one = stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=60))
            one.sendall(request.encode())
            open_ones.append(one)
        assert server.client.get("/healthz").status_code == 200
        firsts = [one.recv(4096).split()[1] for one in open_ones]
        assert set(firsts) <= {b"200", b"429"} and firsts.count(b"200") >= 8
        assert server.client.get("/v1/pages").status_code == 200
    until = time.monotonic() + 60
    while "browseagent_work_running 0" not in server.client.get("/metrics").text:
        assert time.monotonic() < until


@pytest.mark.skipif(not hasattr(socket, "AF_NETLINK"), reason="only Linux tells whose a socket is")
@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_whose_connection_it_is(host: str) -> None:
    """Ours while it is open; not known once it is closed, when the system tells it as root's."""
    with socket.create_server(
        (host, 0), family=socket.AF_INET6 if ":" in host else socket.AF_INET
    ) as listening:
        ours = listening.getsockname()[:2]
        with socket.create_connection(ours) as connection:
            peer = connection.getsockname()[:2]
            accepted, _ = listening.accept()
            assert who_is(peer, ours) == "user"
        with accepted:
            assert who_is(peer, ours) == "unknown"
    assert who_is((host, 1), ours) == "unknown"


_ASKS = """
import sys, urllib.request, urllib.error
try:
    print(urllib.request.urlopen(sys.argv[1] + "/v1/pages", timeout=30).status)
except urllib.error.HTTPError as error:
    print(error.code)
"""


@pytest.mark.skipif(
    not hasattr(os, "getuid") or os.getuid() != 0 or shutil.which("setpriv") is None,
    reason="only root may start a process as another user",
)
def test_another_user_of_this_machine_is_refused(server: Serving) -> None:
    """The same request is served to who started the server, and 401 to another user."""
    python = Path(sys.executable).resolve()
    command = [str(python), "-I", "-c", _ASKS, server.url]
    own = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
    other = subprocess.run([*nobody, *command], capture_output=True, text=True, timeout=60, check=True)
    assert (own.stdout.strip(), other.stdout.strip()) == ("200", "401")
