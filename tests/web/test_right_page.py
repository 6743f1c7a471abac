"""The right page: what an address, a forward, a frame or a shadow root really leads to."""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import pytest

from browseagent.read import read_page
from browseagent.records import Outcome, Page, Via, route_of
from browseagent.session import Session, signed_in
from browseagent.store.rows import key_of
from browseagent.web import Request, Web
from fixtures.server import FixtureServer
from tests.pdf import pdf_of
from tests.web.conftest import answer, serving

WORDS = "The Heron light stands 22 metres above the sea and flashes twice every ten seconds."
PDF = pdf_of([["The report of the harbour board, 41 pages."]])
CSV = b"ship,year\nAnna Maria,1887\n"


@asynccontextmanager
async def _site(pages: Mapping[str, bytes], log: list[str] | None = None) -> AsyncIterator[str]:
    """A server of whole replies by path; ``log`` gets each request's path."""

    async def handler(target: str, _: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if log is not None:
            log.append(target)
        missing = answer(b"<p>There is no such page here.</p>", status="404 Not Found")
        writer.write(pages.get(target.partition("?")[0], missing))

    async with serving(handler) as port:
        yield f"http://127.0.0.1:{port}"


def _html(body: str, *headers: str) -> bytes:
    return answer(f"<!doctype html><html lang=en><title>Lights</title>{body}".encode(), *headers)


def _text(page: Page) -> str:
    return read_page(page).text


# --- routes


@pytest.mark.parametrize(
    ("fragment", "route"),
    [
        ("/marks/heron", "/marks/heron"),
        ("!heron", "!heron"),
        ("View:mark=heron", "View:mark=heron"),
        ("tab=prices&page=2", "tab=prices&page=2"),
        ("marks/heron", "marks/heron"),
        ("/heron:~:text=light", "/heron"),
        ("%2Fmarks%2Fheron", "%2Fmarks%2Fheron"),
        ("/", ""),
        ("!/", ""),
        ("t=90s", ""),
        ("xtor=RSS-1", ""),
        ("utm_source=a&utm_medium=b", ""),
        ("tab=prices&utm_source=a", "tab=prices"),
        ("access_token=abc&state=x", ""),
        ("history", ""),
        ("cite_note-Smith:2019-3", ""),
        (":~:text=a=b", ""),
        ("", ""),
    ],
)
def test_which_fragments_name_a_page(fragment: str, route: str) -> None:
    """A view of an application is a page of its own; a place on a page, or words on it, is not."""
    assert route_of(f"https://a.example/app#{fragment}") == route
    assert key_of(f"https://a.example/app#{fragment}") == "https://a.example/app" + (
        f"#{route}" if route else ""
    )


ROUTES = (
    "<main><h1>Register of sea marks</h1><div class=view></div><p>%s</p></main><script src=/show.js></script>"
)
SHOW = """const d = {'%s': 'The Heron stands 22 metres high.', '%s': 'The Osprey stands 41 metres high.'};
const view = document.querySelector('.view');
const show = () => { view.textContent = d[decodeURIComponent(location.hash)] || 'Choose.' };
addEventListener('hashchange', show); addEventListener('DOMContentLoaded', show);"""


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize(
    ("one", "other"),
    [("#/heron", "#/osprey"), ("#!heron", "#!osprey"), ("#View:mark=heron", "#View:mark=osprey")],
)
async def test_each_route_is_shown(one_web: Web, one: str, other: str) -> None:
    """Though the page as served has text enough, the view that the address names is rendered."""
    pages = {
        "/app": _html(ROUTES % (WORDS * 8)),
        "/show.js": answer((SHOW % (one, other)).encode(), content_type="text/javascript"),
    }
    async with _site(pages) as site:
        first = await one_web.fetch(Request(f"{site}/app{one}", timeout=30))
        second = await one_web.fetch(Request(f"{site}/app{other}", timeout=30))
    assert "22 metres high" in (first.visible_text or "") and "41 metres high" in (second.visible_text or "")
    assert first.final_url.endswith(one)


# --- forwards


@pytest.mark.parametrize(
    "leads",
    [
        _html("<p>Moved.</p>", "Refresh: 0; url=/report"),
        _html("<p>Moved.</p>", 'Refresh: 3;URL="/report"'),
        _html("<meta http-equiv=refresh content='2; url=report'><p>You are being sent to the report.</p>"),
        answer(b"", "Refresh: 1;/report"),
    ],
)
@pytest.mark.parametrize("to", [answer(PDF, content_type="application/pdf"), _html(f"<p>{WORDS}</p>")])
async def test_a_refresh_leads_on_without_a_browser(web: Web, leads: bytes, to: bytes) -> None:
    """By header or element, at once or soon, to a page or a PDF: the same as a redirect."""
    async with _site({"/": leads, "/report": to}) as site:
        page = await web.fetch(Request(f"{site}/", via="http", timeout=20))
    assert page.outcome is Outcome.OK, page.reason
    assert page.final_url == f"{site}/report" and page.redirects == (f"{site}/", f"{site}/report")
    assert "41 pages" in _text(page) or "22 metres" in _text(page)


@pytest.mark.parametrize("said", ["600; url=/other", "5", "0; url=/", "soon"])
async def test_what_is_no_forward(web: Web, said: str) -> None:
    """A page that loads itself anew, or leads elsewhere much later, is the page."""
    async with _site(
        {"/": _html(f"<p>{WORDS}</p>", f"Refresh: {said}"), "/other": _html("<p>No.</p>")}
    ) as site:
        page = await web.fetch(Request(f"{site}/", via="http", timeout=20))
    assert "22 metres" in _text(page) and not page.redirects


async def test_what_is_said_to_readers_without_scripts_is_no_forward(web: Web) -> None:
    """A refresh that stands in ``<noscript>``: browsers run scripts, and stay."""
    instead = "<noscript><meta http-equiv=refresh content='0; url=/other'></noscript>"
    async with _site(
        {"/": _html(f"<head>{instead}</head><p>{WORDS}</p>"), "/other": _html("<p>No.</p>")}
    ) as site:
        page = await web.fetch(Request(f"{site}/", via="http", timeout=20))
    assert "22 metres" in _text(page) and not page.redirects


LEADS = {
    "a script": "<p>Your report opens.</p><script>location.href = '/report'</script>",
    "a script, later": "<p>It opens.</p><script>setTimeout(() => location.assign('/report'), 300)</script>",
    "a link that is pressed": "<a id=a href=/report download>Report</a><script>a.click()</script>",
    "a refresh": "<meta http-equiv=refresh content='1; url=/report'><p>One moment.</p>",
}


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("way", LEADS)
@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (answer(PDF, content_type="application/pdf"), "41 pages"),
        (answer(CSV, "Content-Disposition: attachment; filename=ships.csv", content_type="text/csv"), "1887"),
    ],
)
async def test_a_page_that_leads_to_a_file_gives_the_file(
    one_web: Web, way: str, reply: bytes, words: str
) -> None:
    """However it leads there; the file is what is read, and says which page led to it."""
    async with _site({"/": _html(LEADS[way]), "/report": reply}) as site:
        page = await one_web.fetch(Request(f"{site}/", timeout=30))
    assert page.outcome is Outcome.OK, page.reason
    assert words in _text(page) and page.final_url == f"{site}/report"


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
async def test_a_page_that_starts_a_program_is_still_the_page(one_web: Web) -> None:
    """What cannot be read does not take the place of what can."""
    script = "<script>setTimeout(() => { location.href = '/setup' }, 100)</script>"
    program = answer(
        b"MZ\x90\0\3\0\0\0" * 40, "Content-Disposition: attachment", content_type="application/octet-stream"
    )
    async with _site({"/": _html(f"<p>{WORDS}</p>{script}"), "/setup": program}) as site:
        page = await one_web.fetch(Request(f"{site}/", via="chromium", timeout=30))
    assert "22 metres" in _text(page)
    assert any("download" in note for note in page.how)


# --- addresses


@pytest.mark.parametrize("via", ["http", pytest.param("chromium", marks=pytest.mark.browser)])
@pytest.mark.parametrize("path", ["/the lights.html", "/a b/c d.html", "/lights.html?of=the coast"])
async def test_addresses_with_spaces(web: Web, via: str, path: str) -> None:
    """As people copy them, and as sites redirect to them."""
    quoted = path.replace(" ", "%20")
    there = _html(f"<p>{WORDS}</p>")
    moved = answer(b"", f"Location: {path}", status="302 Found")
    async with _site({quoted.partition("?")[0]: there, "/moved": moved}) as site:
        for asked in (path, "/moved"):
            page = await web.fetch(Request(site + asked, via=via, timeout=30))  # type: ignore[arg-type]
            assert page.outcome is Outcome.OK, page.reason
            assert page.final_url == site + quoted


# --- frames and shadow roots

CLOSED = "attachShadow({ mode: 'closed' })"
SCRIPTED = f"<p id=p></p><script>document.getElementById('p').textContent = '{WORDS}'</script>"
ELEMENT = f"""<sea-light></sea-light><script>customElements.define('sea-light', class extends HTMLElement {{
  connectedCallback() {{ this.{CLOSED}.innerHTML = '<p>{WORDS}</p>' }} }})</script>"""
NESTED = f"""<div id=d></div><script>const a = document.getElementById('d').{CLOSED};
a.innerHTML = '<section></section>';
a.querySelector('section').{CLOSED}.innerHTML = '<p>{WORDS}</p>'</script>"""
HIDDEN = {
    "srcdoc": f"<iframe srcdoc='&lt;p&gt;{WORDS}&lt;/p&gt;'></iframe>",
    "srcdoc in a sandbox": f"<iframe sandbox srcdoc='<h2>Light</h2><p>{WORDS}</p>'></iframe>",
    "srcdoc with a script in it": f'<iframe srcdoc="{SCRIPTED}"></iframe>',
    "a declared closed root": f"<div><template shadowrootmode=closed><p>{WORDS}</p></template></div>",
    "a closed root by a script": ELEMENT,
    "a closed root in another": NESTED,
}


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("via", ["auto", "chromium"])
@pytest.mark.parametrize("kind", HIDDEN)
async def test_what_frames_and_roots_hold_is_read(one_web: Web, via: str, kind: str) -> None:
    """A page in a page is part of it, and so is what only the browser itself can see."""
    intro = (
        "<p>The lights of the coast, their heights and their signals, as the board publishes them.</p>" * 5
    )
    async with _site({"/": _html(f"<main><h1>Lights</h1>{intro}{HIDDEN[kind]}</main>")}) as site:
        page = await one_web.fetch(Request(f"{site}/", via=via, timeout=30))  # type: ignore[arg-type]
    assert "22 metres" in _text(page), page.notes


@pytest.mark.browser
@pytest.mark.asyncio(loop_scope="module")
async def test_what_style_draws_is_known_after_a_browser_too(one_web: Web) -> None:
    """Words that a sheet writes, the colour of a sign: the sheets themselves are left out."""
    sheet = (
        "<style>.in::after { content: 'In stock' } .no::before { content: '/' } .x { display: none }</style>"
    )
    signs = "<p>Boat <b class=in></b><b class='in x'></b><b class=no></b></p>"
    signs += "<p>Lift <i style='color: red'></i></p>"
    async with _site({"/": _html(f"<main><h1>Light</h1>{sheet}{signs}<p>{WORDS}</p></main>")}) as site:
        page = await one_web.fetch(Request(f"{site}/", via="chromium", timeout=30))
    document = read_page(page)
    assert [said for said in document.beside if "drawn" in said] == ["drawn “In stock”"]
    assert ("Lift", "red") in [(each.text, each.look) for each in document.looks]


# --- names and passwords


def test_a_password_is_taken_out_of_an_address() -> None:
    """It becomes a header for that site, decoded; what the person set by hand goes before it."""
    url, session = signed_in("https://ann:p%40ss@a.example:8443/x?y#z", Session())
    assert url == "https://a.example:8443/x?y#z"
    assert session.headers == (("Authorization", "Basic " + base64.b64encode(b"ann:p@ss").decode()),)
    own = Session(headers=(("authorization", "Bearer t"),))
    assert signed_in("https://ann:pass@a.example/", own) == ("https://a.example/", own)
    assert signed_in("https://a.example/@ann:x", own) == ("https://a.example/@ann:x", own)
    assert "pass" not in key_of("https://ann:pass@a.example/")


@pytest.mark.parametrize("via", ["http", pytest.param("chromium", marks=pytest.mark.browser)])
async def test_both_ways_say_a_password_and_never_show_it(
    fresh_site: FixtureServer, web: Web, via: str
) -> None:
    """It is sent to its site, also after a redirect there, and is nowhere on the page."""
    fresh_site.set_page("/in", f"<!doctype html><title>Lights</title><p>{WORDS}</p>")
    there = fresh_site.url("/in").replace("//", "//x:hidden@")
    fresh_site.set_page("/door", "", status=302, headers={"Location": there})
    url = fresh_site.url("/door").replace("//", "//ann:secret@")
    page = await web.fetch(Request(url, via=via, timeout=30))  # type: ignore[arg-type]
    assert page.outcome is Outcome.OK, page.reason
    assert page.via is (Via.HTTP if via == "http" else Via.CHROMIUM)
    said = "Basic " + base64.b64encode(b"ann:secret").decode()
    for path in ("/door", "/in"):
        (request,) = fresh_site.requests_for(path)
        assert request.headers.get("authorization") == said
    told = repr((page.url, page.final_url, page.redirects, page.how, page.notes, page.headers))
    assert "secret" not in told and "hidden" not in told
