"""Nothing that a page names gets through to an address that is not public, by either way.

The gate is handed its resolver and dialer (``Names``): public names stand for 127.0.0.1, and every
connection to a forbidden address would arrive at the listener on 127.0.0.2, which must stay alone.
``docs/egress-tricks.md`` tells the same as a table.
"""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from browseagent.records import Outcome, Page
from browseagent.web import Policy, Request, Web
from browseagent.web.lane import Lane
from browseagent.web.limits import Limits
from browseagent.web.policy import Origin, not_public, parse_host, plain_host, split_authority
from tests.web.conftest import Listener, Names, answer, serving

SPELLINGS = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0x7f.1",
    "017700000001",
    "0177.0.0.1",
    "0177.0.0.0x1",
    "127.0.0.1.",
    "127.255.255.254",
    "0.0.0.0",
    "0",
    "10.1.2.3",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "100.64.0.1",
    "100.100.100.200",
    "169.254.169.254",
    "169.254.1.1",
    "168.63.129.16",
    "0xa9fea9fe",
    "2852039166",
    "224.0.0.1",
    "239.255.255.250",
    "255.255.255.255",
    "240.0.0.1",
    "198.18.0.1",
    "192.0.0.1",
    "192.88.99.1",
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:10.0.0.1]",
    "[::ffff:93.184.215.14]",
    "[::127.0.0.1]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::127.0.0.1]",
    "[64:ff9b::a00:1]",
    "[64:ff9b:1::a00:1]",
    "[2002:7f00:1::]",
    "[2002:a00:1::1]",
    "[2001:0:7f00:1::]",
    "[fe80::1]",
    "[fec0::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[ff02::1]",
    "[2001:db8::1]",
    "[3fff::1]",
]
NAMES = {
    "localhost": "127.0.0.1",
    "LOCALHOST": "127.0.0.1",
    "localhost.": "127.0.0.1",
    "inside.evil.test": "10.0.0.7",
    "metadata.google.internal": "169.254.169.254",
    "six.evil.test": "::1",
    "mapped.evil.test": "::ffff:127.0.0.1",
    "both.evil.test": "10.0.0.1 127.0.0.1",
    "127.0.0.1.nip.test": "127.0.0.1",
}


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_every_spelling_is_seen_through(spelling: str) -> None:
    """Whatever way an address is written, the gate sees the address and knows that it is not public."""
    address = parse_host(spelling)
    assert address is not None
    assert not_public(address)
    assert Policy().refuse_address(plain_host(spelling), address, granted=False)
    assert Policy().refuse_address(plain_host(spelling), address, granted=True) is None


@pytest.mark.parametrize("spelling", ["93.184.215.14", "8.8.8.8", "[2606:4700::1111]", "1.1"])
def test_public_addresses_pass(spelling: str) -> None:
    """Addresses of the public internet are not refused."""
    address = parse_host(spelling)
    assert address is not None
    assert not_public(address) is None


@pytest.mark.parametrize("authority", ["u@h:1", "h:99999", "h:0", "[::1", "a b", "", ":80", "h:80:80"])
def test_malformed_authorities(authority: str) -> None:
    """An authority with user information, a wrong port or stray characters is no origin."""
    assert split_authority(authority, 80) is None


def _web(names: Names, policy: Policy | None = None, limits: Limits | None = None) -> Web:
    names.table.update({host.lower().rstrip("."): [addresses] for host, addresses in NAMES.items()})
    return Web(resolve=names.resolve, dial=names.dial, policy=policy, limits=limits, delay=0.0)


async def test_untyped_urls_by_http(names: Names, forbidden: Listener) -> None:
    """A link that a page names to a forbidden address, in any spelling or name, is refused by httpx."""
    async with _web(names) as web:
        for host in (*SPELLINGS, *NAMES):
            page = await web.fetch(
                Request(f"http://{host}:{forbidden.port}/", via="http", trusted=False, timeout=5)
            )
            assert (host, page.outcome) in ((host, Outcome.POLICY), (host, Outcome.UNREACHABLE)), page.reason
    assert forbidden.visitors == []
    assert names.dialled == []


async def test_redirects_by_http(names: Names, forbidden: Listener) -> None:
    """A public page that redirects to a forbidden address is a policy refusal, typed or not."""

    async def handler(target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host = target.rpartition("?")[2]
        writer.write(answer(b"", f"Location: http://{host}:{forbidden.port}/x", status="302 Found"))

    async with serving(handler) as port, _web(names) as web:
        for host in (*SPELLINGS, *NAMES):
            page = await web.fetch(Request(f"http://a.public.test:{port}/?{host}", via="http", timeout=5))
            assert (host, page.outcome) in ((host, Outcome.POLICY), (host, Outcome.UNREACHABLE)), page.reason
    assert forbidden.visitors == []


async def test_what_the_person_typed_is_reached(names: Names, forbidden: Listener) -> None:
    """A private address that the person typed is fetched; that origin and no other is open to its page."""
    names.table["intranet.test"] = ["10.0.0.9"]
    async with _web(names) as web:
        page = await web.fetch(Request(f"http://intranet.test:{forbidden.port}/", via="http", timeout=5))
        assert page.outcome is Outcome.OK
    assert set(forbidden.visitors) == {"/", "/robots.txt"}


async def test_answer_that_changes_by_http(names: Names, forbidden: Listener) -> None:
    """A name that is public at the first look-up and private at the second is still dialled as public."""
    names.table["rebind.evil.test"] = ["93.184.215.14", "10.0.0.1"]

    async def handler(target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if target == "/":
            writer.write(answer(b"", "Location: /again", status="302 Found"))
        else:
            writer.write(answer(b"<p>the same server as before"))

    async with serving(handler, port=forbidden.port), _web(names) as web:
        page = await web.fetch(Request(f"http://rebind.evil.test:{forbidden.port}/", via="http", timeout=5))
    assert page.outcome is Outcome.OK
    assert b"same server" in page.body
    assert names.asked.count("rebind.evil.test") == 1
    assert forbidden.visitors == []


async def test_two_answers_at_once(names: Names, forbidden: Listener) -> None:
    """A typed name that resolves to a public and a private address is reached at the public one only."""
    names.table["two.evil.test"] = ["93.184.215.14 10.0.0.1"]
    async with _web(names) as web:
        page = await web.fetch(Request(f"http://two.evil.test:{forbidden.port}/", via="http", timeout=5))
    assert page.outcome is Outcome.UNREACHABLE  # Nobody listens at the public one's stand-in.
    assert forbidden.visitors == []


async def test_what_the_user_refuses(names: Names) -> None:
    """A host or network on the user's own list is refused even where it was typed."""
    policy = Policy(refused_hosts=("refused.public.test", "203.0.113.0/24"))
    async with _web(names, policy=policy) as web:
        for host in ("refused.public.test", "deep.refused.public.test", "203.0.113.9"):
            page = await web.fetch(Request(f"http://{host}/", via="http", timeout=5))
            assert (host, page.outcome) == (host, Outcome.POLICY)
    assert names.dialled == []


def _tricks(port: int) -> str:
    """A page that tries every way out of a browser, towards every kind of forbidden host."""
    hosts = [*SPELLINGS, *NAMES]
    script = (Path(__file__).parent / "tricks.js").read_text("utf-8")
    script = script.replace("HOSTS", json.dumps(hosts)).replace("PORT", str(port))
    text = "A page of the public internet that tries to reach what is not public. " * 5
    return (
        f"<!doctype html><title>Tricks</title><body><p>{text}</p><p id=end>Loading...</p>"
        f"<iframe name=frame></iframe><script>{script}</script>"
    )


async def _visit_tricks(names: Names, forbidden: Listener, policy: Policy) -> Page:
    async def handler(target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if target.startswith("/redirect?"):
            writer.write(answer(b"", f"Location: {target[10:]}", status="307 Temporary Redirect"))
        else:
            writer.write(answer(_tricks(forbidden.port).encode()))

    patient = Limits(settle=60.0)  # hundreds of requests take a busy machine more than the usual wait
    async with serving(handler) as port, _web(names, policy=policy, limits=patient) as web:
        return await web.fetch(Request(f"http://evil.public.test:{port}/", via="chromium", timeout=90))


@pytest.mark.browser
async def test_tricks_of_a_page_by_chromium(names: Names, forbidden: Listener) -> None:
    """Subresources, frames, fetches, sockets, workers, popups, beacons, WebRTC, WebTransport and redirects
    of a page in Chromium reach nothing that is not public: no TCP connection, no datagram, no look-up by
    Chromium itself."""
    page = await _visit_tricks(names, forbidden, Policy())
    assert page.dom is not None
    assert "all tricks tried" in page.dom
    assert "the secret" not in page.dom
    assert forbidden.visitors == []
    assert {str(address) for address in names.dialled} == {"93.184.215.14"}


@pytest.mark.browser
async def test_tricks_are_no_straw_men(names: Names, forbidden: Listener) -> None:
    """With the gate opened wide the same page does reach the listener by each kind of request, so the test
    above could have failed. WebRTC and WebTransport stay shut even then: they would go around the gate."""
    await _visit_tricks(names, forbidden, Policy(allow_private=True))
    seen = {visitor.partition("?")[0] for visitor in forbidden.visitors}
    for way in ("fetch", "beacon", "xhr", "socket", "events", "script", "style", "frame", "form", "popup"):
        assert f"/{way}" in seen, way
    for way in ("fetch-redirect", "frame-redirect", "script-redirect", "worker"):
        assert f"/{way}" in seen, way
    assert not any(visitor.startswith(("udp", "/transport")) for visitor in seen)


@pytest.mark.browser
async def test_navigations_by_chromium(names: Names, forbidden: Listener) -> None:
    """Redirects by status, header, meta element and script to a forbidden address get nowhere."""

    async def handler(target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        way, _, host = target[1:].partition("?")
        to = f"http://{host}:{forbidden.port}/{way}"
        if way.isdigit():
            writer.write(answer(b"", f"Location: {to}", status=f"{way} Moved"))
        elif way == "refresh":
            writer.write(answer(b"moving", f"Refresh: 0; url={to}"))
        elif way == "meta":
            writer.write(answer(f'<meta http-equiv=refresh content="0; url={to}">'.encode()))
        else:
            writer.write(answer(f"<body><script>location.href = {to!r}</script>".encode()))

    async with serving(handler) as port, _web(names) as web:
        for way in ("301", "307", "refresh", "meta", "script"):
            for host in ("127.0.0.1", "0x7f.1", "[::ffff:127.0.0.1]", "inside.evil.test", "localhost"):
                page = await web.fetch(
                    Request(f"http://evil.public.test:{port}/{way}?{host}", via="chromium", timeout=15)
                )
                assert (way, host, page.outcome) == (way, host, Outcome.POLICY), page.reason
                assert "the secret" not in (page.dom or "")
    assert forbidden.visitors == []


@pytest.mark.browser
async def test_answer_that_changes_by_chromium(names: Names, forbidden: Listener) -> None:
    """DNS rebinding: a page whose name turns private after it has loaded still talks to the public one."""
    names.table["rebind.evil.test"] = ["93.184.215.14", "127.0.0.1"]

    async def handler(target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if target == "/":
            writer.write(
                answer(
                    b"<p id=got>Loading...</p><script>setTimeout(() => fetch('/data').then(r => r.text())"
                    b".then(t => { document.getElementById('got').textContent = t }), 300)</script>"
                )
            )
        else:
            writer.write(answer(b"still the public server", content_type="text/plain"))

    async with serving(handler, port=forbidden.port), _web(names) as web:
        page: Page = await web.fetch(
            Request(f"http://rebind.evil.test:{forbidden.port}/", via="chromium", trusted=False, timeout=15)
        )
    assert page.visible_text == "still the public server"
    assert forbidden.visitors == []


def test_the_step_up_to_tls_is_granted() -> None:
    """Who types an address without TLS means its TLS form too; nothing else of that host."""
    names = Names()
    lane = Lane(Policy(), Limits(), names.resolve, names.dial, main=Origin("nas.test", 80), typed=True)
    assert lane.granted(Origin("nas.test", 443))
    assert not lane.granted(Origin("nas.test", 8080))
    assert not lane.granted(Origin("other.test", 80))


@pytest.mark.browser
async def test_navigation_over_tls_by_chromium(names: Names, forbidden: Listener) -> None:
    """A script that goes to a forbidden https address leaves Chromium on an error page of its own, which is
    a policy refusal and never text."""

    async def handler(target: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(answer(f"<script>location = 'https://10.0.0.1:{forbidden.port}/'</script>".encode()))

    async with serving(handler) as port, _web(names) as web:
        page = await web.fetch(Request(f"http://evil.public.test:{port}/", via="chromium", timeout=15))
    assert page.outcome is Outcome.POLICY, page.reason
    assert page.dom is None
    assert forbidden.visitors == []
