"""Every outcome, on the fixture sites, by HTTP alone and by what the program does by itself."""

from __future__ import annotations

import asyncio
import gzip
import time

import brotli
import pytest
from backports import zstd

from browseagent.records import Outcome, Via
from browseagent.web import Request, Web
from browseagent.web.outcome import judge
from browseagent.web.response import Response
from fixtures.server import FixtureServer

BY_HTTP = {
    "/cases/plain-article.html": "ok",
    "/cases/unclosed.html": "ok",
    "/cases/about-404.html": "ok",
    "/cases/about-captchas.html": "ok",
    "/cases/about-cookies.html": "ok",
    "/cases/about-login.html": "ok",
    "/cases/about-paywalls.html": "ok",
    "/cases/html-as-text": "ok",
    "/cases/html-as-octets": "ok",
    "/cases/no-type": "ok",
    "/cases/pdf-as-html.html": "ok",
    "/cases/download": "ok",
    "/news/harbour-wall.html": "ok",
    "/news/feed.rss": "ok",
    "/cases/empty.html": "empty",
    "/cases/images-only.html": "empty",
    "/cases/empty-shell.html": "empty",
    "/cases/paywall-teaser.html": "truncated",
    "/news/quota-investigation.html": "truncated",
    "/cases/soft-404.html": "not_found",
    "/cases/soft-404-product.html": "not_found",
    "/nowhere/at-all": "not_found",
    "/cases/gone.html": "gone",
    "/cases/error-500.html": "http_error",
    "/cases/error-503-long.html": "http_error",
    "/cases/error-429.html": "blocked",
    "/cases/redirect-loop.html": "http_error",
    "/cases/redirect-self.html": "http_error",
    "/cases/redirect-long-1.html": "http_error",
    "/cases/redirect-empty.html": "http_error",
    "/cases/members.html": "login",
    "/cases/members-401.html": "login",
    "/cases/members-redirect.html": "login",
    "/cases/bot-challenge.html": "blocked",
    "/cases/captcha-wall.html": "blocked",
    "/cases/access-denied.html": "blocked",
    "/cases/consent-wall.html": "consent",
    "/cases/redirect-file.html": "policy",
    "/cases/redirect-javascript.html": "policy",
    "/cases/redirect-metadata.html": "policy",
    "/cases/redirect-private.html": "policy",
    "/cases/redirect-loopback-2.html": "policy",
    "/cases/reset.html": "unreachable",
    "/cases/oversize.html": "too_large",
    "/cases/oversize.bin": "too_large",
    "/cases/endless-fast.html": "too_large",
    "/cases/gzip-bomb.html": "too_large",
    "/cases/picture.png": "unsupported",
    "/cases/picture.html": "unsupported",
    "/cases/archive.zip": "unsupported",
}


@pytest.mark.parametrize(("path", "outcome"), BY_HTTP.items())
async def test_outcome_by_http(site: FixtureServer, web: Web, path: str, outcome: str) -> None:
    """A page that came by plain HTTP gets its true outcome, and one that is not ok says why."""
    page = await web.fetch(Request(site.url(path), via="http", timeout=10))
    assert page.outcome == outcome, page.reason
    assert page.outcome is Outcome.OK or (page.reason and page.reason.endswith(".") and page.hint)


@pytest.mark.parametrize("path", ["/cases/hang.html", "/cases/hang-half.html", "/cases/slow-drip.html"])
async def test_deadline_by_http(site: FixtureServer, web: Web, path: str) -> None:
    """A server that does not answer, or never ends its answer, is a time-out within the deadline."""
    page = await web.fetch(Request(site.url(path), via="http", timeout=1.0))
    assert page.outcome in (Outcome.TIMEOUT, Outcome.TRUNCATED)


async def test_redirects_and_headers_are_kept(site: FixtureServer, web: Web) -> None:
    """Redirects come back in order, the final status and lower-case headers with them."""
    page = await web.fetch(Request(site.url("/cases/redirect-chain.html#tides"), via="http"))
    assert page.redirects[0] == site.url("/cases/redirect-chain.html#tides")
    assert page.final_url == site.url("/cases/plain-article.html#tides")
    assert len(page.redirects) == 6
    assert page.status == 200
    assert page.header("Content-Type") is not None
    assert all(name == name.lower() for name, _ in page.headers)


async def test_validators_bring_a_304(site: FixtureServer, web: Web) -> None:
    """With the ETag of a stored version the server is asked whether it changed, and answers 304."""
    first = await web.fetch(Request(site.url("/cases/plain-article.html"), via="http"))
    again = await web.fetch(
        Request(site.url("/cases/plain-article.html"), etag=first.header("etag"), timeout=10)
    )
    assert (again.status, again.outcome, again.body) == (304, Outcome.OK, b"")


@pytest.mark.parametrize(
    "url", ["ftp://127.0.0.1/", "http://", "javascript:alert(1)", "file:///etc/passwd", "x"]
)
async def test_what_is_no_web_address(web: Web, url: str) -> None:
    """Only http and https are fetched; nothing else raises, and nothing else is opened."""
    page = await web.fetch(Request(url))
    assert page.outcome is Outcome.UNREACHABLE
    assert page.reason is not None
    assert "no http or https URL" in page.reason


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip"])
async def test_compressed_bodies(fresh_site: FixtureServer, web: Web, encoding: str) -> None:
    """A page that comes compressed is read; one that bursts is not; both are what was asked for."""
    pack = {"br": brotli.compress, "zstd": zstd.compress, "gzip": gzip.compress}[encoding]
    coded = {"Content-Encoding": encoding}
    prose = "<p>The ferry leaves from Coal Quay at ten past seven and at noon, and not on Sundays.</p>"
    fresh_site.set_page("/packed.html", pack(f"<h1>Ferry</h1>{prose * 30}".encode()), headers=coded)
    fresh_site.set_page("/bomb.html", pack(bytes(150_000_000)), headers=coded)
    page = await web.fetch(Request(fresh_site.url("/packed.html"), via="http"))
    assert (page.outcome, b"Coal Quay" in page.body) == (Outcome.OK, True)
    assert encoding in fresh_site.requests_for("/packed.html")[0].headers["accept-encoding"]
    bomb = await web.fetch(Request(fresh_site.url("/bomb.html"), via="http"))
    assert bomb.outcome is Outcome.TOO_LARGE


BY_ITSELF = {
    "/app/index.html": "ok",
    "/shop/lantern.html": "ok",
    "/cases/lazy-sections.html": "ok",
    "/cases/shadow-root.html": "ok",
    "/cases/iframes.html": "ok",
    "/cases/goes-elsewhere.html": "ok",
    "/cases/opens-popups.html": "ok",
    "/cases/opens-dialogs.html": "ok",
    "/cases/before-unload.html": "ok",
    "/cases/never-still.html": "ok",
    "/cases/busy-network.html": "ok",
    "/cases/throws.html": "ok",
    "/cases/empty-shell.html": "empty",
    "/cases/bot-challenge.html": "blocked",
}


AT_ONCE = 4
"""Pages that a test opens together where they mostly wait."""


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
async def test_pages_that_need_a_browser(site: FixtureServer, one_web: Web) -> None:
    """Pages whose text comes by script are read by Chromium without being told to, and say why."""
    paths = list(BY_ITSELF)
    for first in range(0, len(paths), AT_ONCE):
        some = paths[first : first + AT_ONCE]
        fetches = (one_web.fetch(Request(site.url(path), timeout=60)) for path in some)
        for path, page in zip(some, await asyncio.gather(*fetches), strict=True):
            assert (path, page.outcome, page.via) == (path, BY_ITSELF[path], Via.CHROMIUM), page.reason
            assert any("browser was used" in note for note in page.how)


BY_CHROMIUM = {
    "/cases/plain-article.html": "ok",
    "/cases/about-captchas.html": "ok",
    "/cases/about-login.html": "ok",
    "/cases/captcha-wall.html": "blocked",
    "/cases/consent-wall.html": "consent",
    "/cases/members.html": "login",
    "/cases/members-401.html": "login",
    "/cases/soft-404.html": "not_found",
    "/nowhere/at-all": "not_found",
    "/cases/gone.html": "gone",
    "/cases/error-500.html": "http_error",
    "/cases/redirect-loop.html": "http_error",
    "/cases/redirect-metadata.html": "policy",
    "/cases/redirect-file.html": "policy",
    "/cases/reset.html": "unreachable",
    "/cases/empty.html": "empty",
    "/cases/paywall-teaser.html": "truncated",
    "/cases/download": "ok",
    "/cases/archive.zip": "unsupported",
    "/cases/picture.png": "unsupported",
    "/council/pier-closure.pdf": "ok",
    "/cases/bot-challenge.html": "blocked",
    "/cases/access-denied.html": "blocked",
    "/cases/members-redirect.html": "login",
    "/cases/redirect-self.html": "http_error",
    "/cases/redirect-long-1.html": "http_error",
    "/cases/oversize.html": "too_large",
    "/cases/images-only.html": "empty",
    "/news/quota-investigation.html": "truncated",
}


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
async def test_outcome_by_chromium(site: FixtureServer, one_web: Web) -> None:
    """A page that came through Chromium gets the same true outcome as by HTTP."""
    for path, outcome in BY_CHROMIUM.items():
        page = await one_web.fetch(Request(site.url(path), via="chromium", timeout=60))
        assert (path, page.outcome) == (path, outcome), page.reason


@pytest.mark.browser
async def test_a_bomb_is_not_unpacked_whole_by_chromium(site: FixtureServer, web: Web) -> None:
    """200 MB in a few kB: too large, or on a slow machine stopped on the way; never read as a page."""
    page = await web.fetch(Request(site.url("/cases/gzip-bomb.html"), via="chromium", timeout=20))
    assert page.outcome in ("too_large", "truncated", "timeout")
    assert len(page.body) + len(page.dom or "") < web.limits.dom_chars


DEADLINE, GRACE = 2.0, 2.0
"""Seconds that a page gets of a browser that runs, and those that a busy machine may wake later than that
(a deadline that does not hold holds up for minutes)."""


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    "path",
    [
        "/cases/hang.html",
        "/cases/hang-half.html",
        "/cases/blocks-at-once.html",
        "/cases/blocks-thread.html",
        "/cases/dialog-for-ever.html",
        "/cases/floods-console.html",
        "/cases/reloads-itself.html",
        "/cases/slow-script.html",
        "/cases/many-nodes.html",
    ],
)
async def test_deadline_by_chromium(site: FixtureServer, one_web: Web, path: str) -> None:
    """The deadline holds against pages that hang, block their own thread, flood, or never settle; before and
    after each the browser reads a page as it should."""
    plain = Request(site.url("/cases/plain-article.html"), via="chromium", timeout=60.0)
    assert (await one_web.fetch(plain)).outcome is Outcome.OK
    began = time.monotonic()
    page = await one_web.fetch(Request(site.url(path), via="chromium", timeout=DEADLINE))
    assert time.monotonic() - began < DEADLINE + GRACE
    assert isinstance(page.outcome, Outcome)
    assert (await one_web.fetch(plain)).outcome is Outcome.OK


REOPENS = "Gull Island reopens to walkers on 4 April after the nesting season, the warden said."
BOAT = "The boat from Mure quay takes forty minutes and costs 22 kroner for adults."
FORM = (
    "<div id=cmp role=dialog aria-modal=true class=cookie-consent><h2>We value your privacy</h2><p>We and "
    "our 842 "
    "partners store and/or access information on a device, such as cookies, and process personal data "
    "such as "
    "unique identifiers.</p><button>Accept all</button><button>Reject all</button></div>"
)


@pytest.mark.parametrize(
    ("page", "outcome"),
    [
        (f"<article><h1>Gull Island reopens</h1><p>{REOPENS}</p><p>{BOAT}</p></article>", "ok"),
        ("<h1>鸥岛重新开放</h1><p>" + "鸥岛将于四月四日向步行者重新开放，管理员昨天说。" * 5 + "</p>", "ok"),
        ("<h1>The Gull</h1><p>News from the island since 1921.</p><a href=/i>Imprint</a>", "consent"),
        ("", "consent"),
    ],
)  # fmt: skip
def test_a_consent_form_over_an_article_hides_nothing_from_http(page: str, outcome: str) -> None:
    """What stands in the page behind a dialog is read; a form with nothing but a site's name behind it
    is a wall."""
    for body in (f"{page}{FORM}", f"{FORM}{page}"):
        markup = (
            f"<!doctype html><html lang=en><head><title>The Gull</title></head><body>{body}</body></html>"
        )
        response = Response("https://a.example/", "https://a.example/", Via.HTTP, 200, body=markup.encode())
        assert judge(response).outcome == outcome
