"""Sessions against the fixture server: who we say that we are, what is done on pages, who gets what."""

from __future__ import annotations

import asyncio
import struct
from pathlib import Path

import pytest

from browseagent.errors import UsageError
from browseagent.records import Outcome, Page, Via
from browseagent.session import Cookie, Session
from browseagent.store.profiles import Profiles
from browseagent.web import Request, Web
from fixtures.behaviours import Echo, Redirect
from fixtures.replies import Request as Logged
from fixtures.server import FixtureServer
from tests.web.conftest import Names

HEADERS = (("Authorization", "Bearer swordfish"), ("X-Reader", "wilma"))
SECRETS = ("swordfish", "wilma", "open-sesame")


def told(page: Page) -> str:
    """The text of a page that was had, or why there is none."""
    return (page.dom or page.body.decode()) if page.outcome.readable else f"{page.outcome}: {page.reason}"


def from_host(site: FixtureServer, host: str) -> list[Logged]:
    """The requests that named this host."""
    return [request for request in list(site.log) if request.headers.get("host", "").startswith(host)]


def leaked(requests: list[Logged]) -> list[tuple[str, str, str]]:
    """Where anything secret came along with a request."""
    return [
        (request.path, name, value)
        for request in requests
        for name, value in request.headers.items()
        if any(secret in value for secret in SECRETS)
    ]


@pytest.fixture
async def public(names: Names) -> Web:
    """The web room where ``*.public.test`` is this machine."""
    return Web(resolve=names.resolve, dial=names.dial, delay=0.0)


@pytest.fixture
async def warm(web: Web, site: FixtureServer) -> Web:
    """The web room with its browser started, for tests in which the deadline of a page matters."""
    await web.fetch(Request(site.url("/session/public.html"), via="chromium", timeout=90.0))
    return web


@pytest.mark.parametrize("via", ["http", pytest.param("chromium", marks=pytest.mark.browser)])
async def test_who_we_say_that_we_are(web: Web, site: FixtureServer, via: str) -> None:
    """The user agent, with a contact or another one altogether, and the language arrive as given."""
    url = site.url("/session/echo.html")
    ask = {"url": url, "via": via, "timeout": 60.0}
    honest = told(await web.fetch(Request(**ask, session=Session(contact="me@example.org"))))  # type: ignore[arg-type]
    assert "browseagent/" in honest and "+me@example.org" in honest
    other = Session(user_agent="Weather Station 3", locale="de-AT")
    page = told(await web.fetch(Request(**ask, session=other)))  # type: ignore[arg-type]
    assert "user-agent: Weather Station 3" in page and "browseagent" not in page
    assert "accept-language: de-AT" in page


@pytest.mark.parametrize("via", ["http", pytest.param("chromium", marks=pytest.mark.browser)])
async def test_headers_go_to_the_origin_that_was_named(
    public: Web, fresh_site: FixtureServer, via: str
) -> None:
    """Not to subresources of another one, not over redirects to it, and not back again with httpx."""
    port = fresh_site.port
    own, other = f"http://own.public.test:{port}", f"http://other.public.test:{port}"
    fresh_site.set_state("other", other)
    fresh_site.set_page("/session/hop", Redirect(f"{other}/session/from-hop.json"))
    fresh_site.set_page("/session/hop-frame", Redirect(f"{other}/session/echo.html?hop-frame"))
    fresh_site.set_page("/session/from-frame.html", Echo())
    session = Session(headers=HEADERS)
    async with public as web:
        request = Request(f"{own}/session/leaky.html", via=via, timeout=60.0, session=session)  # type: ignore[arg-type]
        page = await web.fetch(request)
        assert page.outcome is Outcome.OK, page.reason
        fresh_site.set_page("/session/away", Redirect(f"{other}/session/echo.html?away"))
        moved = Request(f"{own}/session/away", via=via, timeout=60.0, session=session)  # type: ignore[arg-type]
        page = await web.fetch(moved)
        assert page.final_url == f"{other}/session/echo.html?away"
        assert "swordfish" not in told(page)
    mine = {request.path for request in from_host(fresh_site, "own.public.test")}
    with_secret = {path for path, _, _ in leaked(from_host(fresh_site, "own.public.test"))}
    assert "/session/leaky.html" in with_secret and "/session/away" in with_secret
    assert "/robots.txt" not in with_secret
    theirs = from_host(fresh_site, "other.public.test")
    assert leaked(theirs) == []
    if via == "chromium":
        paths = {request.path for request in theirs}
        assert {"/session/from-fetch.json", "/session/from-hop.json", "/session/echo.html?hop-frame"} <= paths
        assert {"/session/from-script.js", "/session/from-style.css", "/session/from-frame.html"} <= paths
        assert "/session/hop" in mine & with_secret


async def test_a_page_that_a_page_named_gets_headers_only_of_its_own_origin(
    public: Web, fresh_site: FixtureServer
) -> None:
    """A link is followed with the headers where it stays on the origin that the person named."""
    port = fresh_site.port
    own, other = f"http://own.public.test:{port}", f"http://other.public.test:{port}"
    session = Session(headers=HEADERS)
    async with public as web:
        for host, named in ((own, own), (own, ""), (other, own)):
            url = f"{host}/session/echo.html"
            followed = Request(url, via="http", trusted=False, named=named, session=session)
            page = await web.fetch(followed)
            assert ("swordfish" in told(page)) == (host == named), (host, named)


async def test_headers_stay_when_the_scheme_falls(public: Web, fresh_site: FixtureServer) -> None:
    """https and http on one port are two origins: what was meant for the first is not sent in the clear."""
    port = fresh_site.port
    url = f"http://own.public.test:{port}/session/echo.html"
    async with public as web:
        named = f"https://own.public.test:{port}/"
        request = Request(url, via="http", trusted=False, named=named, session=Session(headers=HEADERS))
        assert "swordfish" not in told(await web.fetch(request))


@pytest.mark.browser
@pytest.mark.parametrize("login_via", ["http", "chromium"])
async def test_a_profile_is_shared_by_httpx_and_chromium(
    site: FixtureServer, tmp_path: Path, login_via: str
) -> None:
    """A login done in one serves the other, in the next run too; nobody else is logged in by it."""
    account, sign_in = site.url("/session/account.html"), site.url("/session/sign-in")
    session = Session(profile="work")
    profiles = Profiles(tmp_path / "profiles")
    async with Web(profiles=profiles) as web:
        page = await web.fetch(Request(account, via="http", session=session))
        assert "how lending works" in told(page)
        request = Request(sign_in, via=login_via, timeout=60.0, session=session)  # type: ignore[arg-type]
        assert "Wilma Reed" in told(await web.fetch(request))
    async with Web(profiles=Profiles(tmp_path / "profiles")) as web:
        for via in ("http", "chromium"):
            request = Request(account, via=via, timeout=60.0, session=session)
            page = await web.fetch(request)
            assert (page.outcome, page.via) == (Outcome.OK, Via(via))
            assert "Wilma Reed" in told(page), via
        for stranger in (Session(), Session(profile="home")):
            page = await web.fetch(Request(account, via="http", session=stranger))
            assert "Wilma Reed" not in told(page)
    assert (tmp_path / "profiles" / "work" / "state.json").stat().st_mode & 0o777 == 0o600


@pytest.mark.browser
async def test_storage_is_kept_with_a_profile(site: FixtureServer, tmp_path: Path) -> None:
    """What a page keeps in local storage is there in the next run with that profile, and in no other."""
    url = site.url("/session/window.html")
    for profile, reader in (("work", "nobody"), ("work", "somebody"), ("home", "nobody")):
        async with Web(profiles=Profiles(tmp_path)) as web:
            request = Request(url, via="chromium", timeout=60.0, session=Session(profile=profile))
            assert f"reader: {reader}" in told(await web.fetch(request)), profile


@pytest.mark.parametrize("via", ["http", pytest.param("chromium", marks=pytest.mark.browser)])
async def test_cookies_go_to_their_domain(public: Web, fresh_site: FixtureServer, via: str) -> None:
    """A cookie of one host goes to that host alone, one of a domain to its subdomains too, and neither to
    another site; what a file brought is not written into a profile."""
    port = fresh_site.port
    cookies = (
        Cookie("session", "open-sesame", "own.public.test"),
        Cookie("wide", "wilma", ".public.test"),
        Cookie("secure", "swordfish", "own.public.test", secure=True),
        Cookie("narrow", "swordfish", "own.public.test", path="/elsewhere"),
    )
    session = Session(cookies=cookies)
    wanted = {
        "own.public.test": {"session=open-sesame", "wide=wilma"},
        "sub.own.public.test": {"wide=wilma"},
        "notpublic.test": set(),
    }
    async with public as web:
        for host, brought in wanted.items():
            url = f"http://{host}:{port}/session/echo.html"
            request = Request(url, via=via, timeout=60.0, session=session)  # type: ignore[arg-type]
            page = await web.fetch(request)
            assert page.outcome is Outcome.OK, page.reason
            sent = from_host(fresh_site, host)
            asked = [each for each in sent if each.path == "/session/echo.html"]
            came = set(filter(None, asked[-1].headers.get("cookie", "").split("; ")))
            assert came == brought, host


async def test_a_cookie_that_a_server_sets_is_kept_from_the_store(web: Web, site: FixtureServer) -> None:
    """No page carries the value of a cookie that was set with it."""
    page = await web.fetch(Request(site.url("/session/sign-in"), via="http"))
    assert page.status == 200
    assert not any(name == "set-cookie" for name, _ in page.headers)


@pytest.mark.browser
async def test_window_zone_and_language(web: Web, site: FixtureServer) -> None:
    """Chromium opens the page with the window, the time zone and the language that were asked for; a browser
    is used without being asked for."""
    session = Session(viewport=(640, 480), timezone="Pacific/Chatham", locale="fr-CA")
    page = await web.fetch(Request(site.url("/session/window.html"), timeout=60.0, session=session))
    assert page.via is Via.CHROMIUM
    seen = told(page)
    assert all(words in seen for words in ("window: 640x480", "zone: Pacific/Chatham", "language: fr-CA")), (
        seen
    )
    with pytest.raises(UsageError, match="--timezone needs a browser"):
        await web.fetch(Request(site.url("/session/window.html"), via="http", session=session))


@pytest.mark.browser
async def test_clicks_and_waiting(web: Web, site: FixtureServer) -> None:
    """Clicks are made in order, each settles, and the page is read once the awaited thing is seen."""
    url = site.url("/session/click.html")
    once = Session(clicks=("#tuesday",), wait_for=".tide")
    page = await web.fetch(Request(url, timeout=60.0, session=once))
    assert "High water on Tuesday" in told(page)
    twice = Session(clicks=("#tuesday", "#where"), wait_for="h1")
    page = await web.fetch(Request(url, timeout=60.0, session=twice))
    assert page.final_url.endswith("/session/public.html")
    assert "Books are lent for three weeks" in told(page)


NOT_THERE = (
    (Session(wait_for=".sunday"), "what --wait-for .sunday names is not on the page"),
    (Session(clicks=("#saturday",)), "what --click #saturday names is not on the page"),
    (Session(clicks=("#never",)), "what --click #never names cannot be clicked"),
)


@pytest.mark.browser
async def test_what_does_not_come_is_a_time_out(warm: Web, site: FixtureServer) -> None:
    """A page without what was waited for is not read as if it were whole, and the reason names the option;
    where a login stands in place of the page, that is the outcome."""
    url, wall = site.url("/session/click.html"), site.url("/cases/members.html")
    waiting = [Request(url, timeout=20.0, session=session) for session, _ in NOT_THERE]
    waiting.append(Request(wall, timeout=20.0, session=Session(wait_for=".secret")))
    *pages, login = await asyncio.gather(*map(warm.fetch, waiting))
    for page, (_, words) in zip(pages, NOT_THERE, strict=True):
        assert page.outcome is Outcome.TIMEOUT
        assert words.lower() in (page.reason or "").lower()
    assert login.outcome is Outcome.LOGIN


@pytest.mark.browser
async def test_an_error_page_is_not_waited_on(warm: Web, site: FixtureServer) -> None:
    """Its outcome comes long before the deadline."""
    gone = Request(site.url("/cases/gone.html"), timeout=60.0, session=Session(wait_for=".secret"))
    began = asyncio.get_running_loop().time()
    assert (await warm.fetch(gone)).outcome is Outcome.GONE
    assert asyncio.get_running_loop().time() - began < 40


@pytest.mark.browser
async def test_a_selector_that_chromium_refuses_is_wrong_usage(web: Web, site: FixtureServer) -> None:
    """What is no selector is said at once, and not waited for."""
    session = Session(wait_for="p:no-such-thing(3)")
    with pytest.raises(UsageError, match="no CSS selector"):
        await web.fetch(Request(site.url("/session/click.html"), timeout=60.0, session=session))


@pytest.mark.browser
async def test_the_screenshot_is_of_the_whole_page_as_read(web: Web, site: FixtureServer) -> None:
    """A PNG as wide as the window and as tall as the page, after the clicks."""
    session = Session(viewport=(700, 500), clicks=("#tuesday",), wait_for=".tide")
    url = site.url("/session/click.html")
    page = await web.fetch(Request(url, timeout=60.0, session=session, screenshot="png"))
    assert page.screenshot is not None
    assert page.screenshot.image.startswith(b"\x89PNG")
    width, height = struct.unpack(">II", page.screenshot.image[16:24])
    assert width == 700 and height >= 500
    assert (page.screenshot.width, page.screenshot.height) == (width, height)
    tall = site.url("/wiki/skerry-vane.html")
    page = await web.fetch(Request(tall, timeout=60.0, screenshot="png"))
    assert page.screenshot is not None
    assert struct.unpack(">II", page.screenshot.image[16:24])[1] > 3000


@pytest.mark.browser
async def test_a_picture_knows_where_its_texts_stand(fresh_site: FixtureServer, web: Web) -> None:
    """Each block that is seen has a box with its text, in order, on the picture; what is hidden has none."""
    fresh_site.set_page(
        "/boxes",
        "<body style='margin:0'><h1 style='position:absolute;left:100px;top:50px;margin:0'>Lamp</h1>"
        "<div style='position:absolute;top:300px;width:400px'><p>It costs <b>49</b> pounds.</p>"
        "<p hidden>Not this.</p><p style='visibility:hidden'>Nor this.</p></div>"
        "<table style='position:absolute;top:900px'><tr><td>Monday</td><td>closed</td></tr></table>",
    )
    page = await web.fetch(Request(fresh_site.url("/boxes"), timeout=60.0, screenshot="jpeg"))
    shot = page.screenshot
    assert shot is not None and shot.media_type == "image/jpeg" and shot.image.startswith(b"\xff\xd8")
    assert [box.text.strip() for box in shot.boxes] == ["Lamp", "It costs 49 pounds.", "Monday", "closed"]
    lamp, price, monday, closed = shot.boxes
    assert (lamp.x, lamp.y) == (100, 50)
    assert 300 < price.y < 330 and price.width < 400
    assert monday.y >= 900 and monday.x + monday.width <= closed.x
    assert all(box.x + box.width <= shot.width and box.y + box.height <= shot.height for box in shot.boxes)


async def test_obeying_robots(web: Web, site: FixtureServer) -> None:
    """With --obey-robots even what a person named is not fetched where robots.txt forbids it."""
    url = site.url("/cases/private/notes.html")
    page = await web.fetch(Request(url, via="http", session=Session(obey_robots=True)))
    assert page.outcome is Outcome.ROBOTS
    page = await web.fetch(Request(url, via="http"))
    assert page.outcome is not Outcome.ROBOTS


async def test_a_profile_without_a_place_is_wrong_usage(web: Web, site: FixtureServer) -> None:
    """The web room says so where it was given no place for profiles."""
    with pytest.raises(UsageError, match="no place for profiles"):
        await web.fetch(Request(site.url("/index.html"), via="http", session=Session(profile="work")))


async def test_echo_is_a_behaviour_for_any_path(fresh_site: FixtureServer, web: Web) -> None:
    """A test may have any path tell what it got."""
    fresh_site.set_page("/anything", Echo())
    page = await web.fetch(Request(fresh_site.url("/anything"), via="http"))
    assert "accept-language: en-US" in told(page)
