"""The fixture server does what the tests of other rooms rely on."""

from __future__ import annotations

import gzip
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection

import httpx
import pytest

from fixtures.behaviours import (
    Blob,
    Bomb,
    Drip,
    Drop,
    Endless,
    Flaky,
    Gate,
    Hang,
    Merged,
    Negotiated,
    Redirect,
    Search,
    Serve,
    Template,
)
from fixtures.replies import SITES
from fixtures.server import FixtureServer
from fixtures.table import BEHAVIOURS


@pytest.fixture
def client(fresh_site: FixtureServer) -> Iterator[httpx.Client]:
    """A client of the server that follows no redirects and uses no proxy."""
    with httpx.Client(base_url=fresh_site.origin, trust_env=False, timeout=10) as opened:
        yield opened


def test_serves_a_page_with_validators_and_answers_304(client: httpx.Client) -> None:
    """A static page has an ETag and a Last-Modified date, and both spare a second body."""
    first = client.get("/news/harbour-wall.html")
    assert first.status_code == 200
    assert "£4.2 million" in first.text
    by_tag = client.get("/news/harbour-wall.html", headers={"If-None-Match": first.headers["etag"]})
    date = first.headers["last-modified"]
    by_date = client.get("/news/harbour-wall.html", headers={"If-Modified-Since": date})
    other = client.get("/news/harbour-wall.html", headers={"If-None-Match": '"other"'})
    assert (by_tag.status_code, by_date.status_code, other.status_code) == (304, 304, 200)
    assert by_tag.content == b""


def test_logs_every_request_in_order(client: httpx.Client, fresh_site: FixtureServer) -> None:
    """The log holds method, path with query, and headers by lower-case name."""
    client.get("/shop/camping.html?page=2", headers={"X-Test": "one"})
    client.head("/docs/")
    assert [(request.method, request.path) for request in fresh_site.log] == [
        ("GET", "/shop/camping.html?page=2"),
        ("HEAD", "/docs/"),
    ]
    assert fresh_site.log[0].headers["x-test"] == "one"
    assert len(fresh_site.requests_for("/docs/")) == 1


def test_compresses_for_who_takes_gzip(fresh_site: FixtureServer) -> None:
    """A page is gzipped only where the client says so."""
    connection = HTTPConnection("127.0.0.1", fresh_site.port, timeout=10)
    connection.request("GET", "/docs/configuration.html", headers={"Accept-Encoding": "gzip"})
    packed = connection.getresponse()
    body = packed.read()
    connection.request("GET", "/docs/configuration.html")
    plain = connection.getresponse().read()
    connection.close()
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(body) == plain


def test_state_changes_a_price_and_reset_brings_it_back(
    client: httpx.Client, fresh_site: FixtureServer
) -> None:
    """A test can drop a price while the server runs, and its ETag changes with it."""
    before = client.get("/shop/api/lantern.json")
    fresh_site.set_state("shop/lantern/price", 39.0)
    after = client.get("/shop/api/lantern.json")
    fresh_site.reset()
    again = client.get("/shop/api/lantern.json")
    assert (before.json()["price"], after.json()["price"], again.json()["price"]) == (44.5, 39.0, 44.5)
    assert before.headers["etag"] == again.headers["etag"] != after.headers["etag"]


def test_a_template_page_shows_state(client: httpx.Client, fresh_site: FixtureServer) -> None:
    """A page of /watch/ shows its default, then what a test set."""
    assert "On time" in client.get("/watch/ferry-status.html").text
    fresh_site.set_state("watch/ferry/status", "Cancelled")
    assert "Cancelled" in client.get("/watch/ferry-status.html").text


def test_a_test_may_set_a_page(client: httpx.Client, fresh_site: FixtureServer) -> None:
    """A path can be given a body, or a behaviour, until the next reset."""
    fresh_site.set_page("/made/up.html", "<p>Made up</p>", status=418, headers={"X-Own": "1"})
    fresh_site.set_page("/made/moved.html", Redirect("/made/up.html", 307))
    made, moved = client.get("/made/up.html"), client.get("/made/moved.html")
    assert (made.status_code, made.text, made.headers["x-own"]) == (418, "<p>Made up</p>", "1")
    assert (moved.status_code, moved.headers["location"]) == (307, "/made/up.html")
    fresh_site.reset()
    assert client.get("/made/up.html").status_code == 404


def test_redirects_are_real(client: httpx.Client) -> None:
    """A chain of five different redirects ends at the article; the loop never does."""
    chain = client.get("/cases/redirect-chain.html", follow_redirects=True)
    assert [response.status_code for response in chain.history] == [301, 302, 303, 307, 308]
    assert chain.url.path == "/cases/plain-article.html"
    with pytest.raises(httpx.TooManyRedirects):
        client.get("/cases/redirect-loop.html", follow_redirects=True)


@pytest.mark.parametrize(
    ("path", "status", "header"),
    [
        ("/news/no-such-story.html", 404, None),
        ("/no/such/site", 404, None),
        ("/cases/gone.html", 410, None),
        ("/cases/error-500.html", 500, None),
        ("/cases/error-503.html", 503, "retry-after"),
        ("/cases/error-429.html", 429, "retry-after"),
        ("/cases/members-401.html", 401, "www-authenticate"),
        ("/news", 301, "location"),
        ("/../server.py", 404, None),
        ("/%2e%2e/server.py", 404, None),
    ],
)
def test_errors_have_their_status(
    fresh_site: FixtureServer, path: str, status: int, header: str | None
) -> None:
    """Errors come with the status and header that they are about, and no path leaves the sites."""
    connection = HTTPConnection("127.0.0.1", fresh_site.port, timeout=10)
    connection.request("GET", path)
    response = connection.getresponse()
    response.read()
    connection.close()
    assert response.status == status
    assert header is None or response.headers[header]


def test_flaky_page_recovers(client: httpx.Client) -> None:
    """The second request for a page that was busy gets it."""
    assert [client.get("/cases/recovers-503.html").status_code for _ in range(2)] == [503, 200]


def test_login_sets_the_cookie_that_opens_the_gate(client: httpx.Client) -> None:
    """Without a session there is a form, with one the members' page."""
    assert "password" in client.get("/cases/members.html").text
    client.post("/cases/login-submit", data={"user": "x", "password": "y"})
    assert "password" not in client.get("/cases/members.html").text


def test_markdown_for_who_asks(client: httpx.Client) -> None:
    """The documentation offers Markdown by content negotiation."""
    page = client.get("/docs/configuration", headers={"Accept": "text/html"})
    markdown = client.get("/docs/configuration", headers={"Accept": "text/markdown, text/html;q=0.9"})
    assert page.headers["content-type"].startswith("text/html")
    assert markdown.headers["content-type"].startswith("text/markdown")


def test_drip_comes_in_pieces(client: httpx.Client) -> None:
    """A dripping page arrives in chunks over time and is whole in the end."""
    started = time.monotonic()
    with client.stream("GET", "/cases/quick-drip.html") as response:
        pieces = list(response.iter_raw())
    assert len(pieces) > 3
    assert time.monotonic() - started > 0.1
    assert b"".join(pieces) == (SITES / "cases/slow-drip.html").read_bytes()


@pytest.mark.parametrize("path", ["/cases/hang.html", "/cases/hang-half.html", "/cases/endless.html"])
def test_what_never_ends_is_left_to_the_client(client: httpx.Client, path: str) -> None:
    """A silent, half or endless response runs until the client gives up."""
    started = time.monotonic()

    def read_all() -> None:
        with client.stream("GET", path, timeout=httpx.Timeout(0.4, read=0.03)) as response:
            for _ in response.iter_raw():
                assert time.monotonic() - started < 5

    with pytest.raises(httpx.ReadTimeout):
        read_all()
    assert time.monotonic() - started < 5


def test_broken_connections(client: httpx.Client) -> None:
    """A connection closed without an answer, and one closed within the body, are errors to a client."""
    for path in ("/cases/reset.html", "/cases/cut-short.html"):
        with pytest.raises(httpx.RemoteProtocolError):
            client.get(path)


def test_bomb_is_small_on_the_wire(client: httpx.Client) -> None:
    """The gzip bomb sends under 300 KB that unpack to 200 MB."""
    with client.stream("GET", "/cases/gzip-bomb.html") as response:
        assert int(response.headers["content-length"]) < 300_000


def test_listens_on_loopback_only_and_ends_with_hanging_clients() -> None:
    """The server ends at once though a client hangs on it, and its port is then closed."""
    server = FixtureServer()
    with server:
        waiting = socket.create_connection(("127.0.0.1", server.port), timeout=5)
        waiting.sendall(b"GET /cases/hang.html HTTP/1.1\r\nHost: x\r\n\r\n")
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", server.port), timeout=2)
        started = time.monotonic()
    assert time.monotonic() - started < 3
    waiting.close()
    with pytest.raises(OSError, match="refused"):
        socket.create_connection(("127.0.0.1", server.port), timeout=2)


def test_a_taken_port_is_an_error(site: FixtureServer) -> None:
    """Asked for a port that is in use, the server says so instead of taking another."""
    with pytest.raises(OSError, match="address already in use"), FixtureServer(site.port):
        pass


def test_every_file_of_the_table_is_there() -> None:
    """No entry of the behaviour table names a file that does not exist."""
    files: list[str] = []
    for behaviour in BEHAVIOURS.values():
        match behaviour:
            case Gate(file=file, otherwise=other) | Negotiated(file=file, markdown=other):
                files += [file, other]
            case Serve(file=file) | Template(file=file) | Merged(file=file):
                files.append(file)
            case Flaky(file=file) | Drip(file=file):
                files.append(file)
            case Search(folder=folder):
                assert (SITES / folder).is_dir()
            case Redirect() | Endless() | Hang() | Drop() | Bomb() | Blob():
                continue
    assert len(files) > 40
    assert [file for file in files if not (SITES / file).is_file()] == []


def test_the_readme_names_every_page() -> None:
    """Each page below the sites, and each path of the table, has its line in fixtures/README.md."""
    named = set(re.findall(r"`([^`\s]+)`", (SITES.parent / "README.md").read_text("utf-8")))
    kinds = {".html", ".pdf", ".md", ".rss", ".atom", ".zip", ".csv", ".txt"}
    paths = {f"/{file.relative_to(SITES)}" for file in SITES.rglob("*") if file.suffix in kinds}
    paths |= {path for path in BEHAVIOURS if "/api/" not in path}
    steps = re.compile(r"redirect-(chain|loop|long)-|\?page=1|/app/|/cases/(index\.html|login-submit)")
    missing = {path for path in paths if not steps.search(path) and path.removeprefix("/cases/") not in named}
    assert missing - named == set()


def test_a_person_can_start_it_and_end_it_with_ctrl_c() -> None:
    """Run as a script it prints its URL, serves, and ends with status 0 on an interrupt."""
    command = [sys.executable, str(SITES.parent / "server.py"), "--port", "0"]
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        # SIGINT may be ignored in the shell that runs the tests; the child must not inherit that.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    ) as process:
        try:
            assert process.stdout is not None
            announced = re.search(r"http://127\.0\.0\.1:\d+/", process.stdout.readline())
            assert announced
            assert "The Harbour Courier" in httpx.get(announced.group(), trust_env=False).text
            process.send_signal(signal.SIGINT)
            assert process.wait(10) == 0
        finally:
            process.kill()
