"""What a page of the web, a page of another site, or a stranger may try with the web page of the server."""

from __future__ import annotations

import stat
from pathlib import Path
from xml.etree import ElementTree as Xml

import httpx
import pytest
from bs4 import BeautifulSoup

from fixtures.server import FixtureServer
from tests.serve.pages.conftest import ATTACK, EVIL, LAMP, SECRET, Server, running

SHOWN = (
    "/", f"/ask?url={EVIL}&q={ATTACK}", "/answers/1", "/pages", f"/pages?q={ATTACK}",
    f"/pages/versions?url={EVIL}",
    "/pages/versions/1", f"/pages/diff?url={EVIL}", "/watches", f"/watches?q={ATTACK}&state={ATTACK}",
    "/watches/evil/watch", f"/watches/{LAMP}", "/changes/1", "/edit-watch?name=evil/watch",
    f"/new-watch?url={ATTACK}&question={ATTACK}",
    "/status", "/docs", f"/sign-in?next={ATTACK}", f"/nothing/{ATTACK}", f"/watches/{ATTACK}",
    "/pages/diff?url=x",
)  # fmt: skip


@pytest.mark.parametrize("path", SHOWN)
def test_what_pages_say_stays_text_wherever_it_is_shown(pages: Server, path: str) -> None:
    """No script, picture, event handler or ``javascript:`` address of a page or a request gets in."""
    reply = pages.client.get(path)
    assert reply.headers["content-type"].startswith("text/html"), reply.text
    assert "script-src 'self'" in reply.headers["content-security-policy"]
    tree = BeautifulSoup(reply.text, "html.parser")
    scripts = [(each.get("src"), each.get_text()) for each in tree.find_all("script")]
    assert scripts == [("/static/page.js", "")]
    assert {each["src"] for each in tree.find_all("img")} == {"/static/icon.svg"}
    for each in tree.find_all(True):
        assert not [name for name in each.attrs if name.startswith("on") or name == "style"], each
        for name in ("href", "src", "action", "formaction"):
            value = str(each.get(name, "/"))
            bookmarklet = value.startswith(
                f"javascript:location.href='{pages.url}/ask?url='+encodeURIComponent"
            )
            assert value.startswith(("/", "#", "http://", "https://")) or bookmarklet, each
    assert not tree.find_all(["iframe", "object", "embed", "base", "style"])
    assert "\u202e" not in reply.text


def test_the_hostile_page_is_shown_with_its_quote_marked(pages: Server) -> None:
    """Beside the answer stands the stored page's text, markup and all as letters, the quote marked."""
    tree = BeautifulSoup(pages.client.get("/answers/1").text, "html.parser")
    paper = tree.select_one("[data-paper]")
    assert paper is not None
    assert "<script>alert(1)</script>" in paper.get_text()
    mark = paper.find("mark", id="quote-1")
    assert mark is not None and mark.get_text().startswith("Adults pay 7 euros")


def test_opening_the_form_fetches_nothing(pages: Server, fresh_site: FixtureServer) -> None:
    """``/ask?url=`` only fills in the form: the address is asked for when the button is pressed."""
    url = fresh_site.url("/museum/visit.html")
    for path in ("/ask", "/new-watch", "/pages/versions", "/pages/diff"):
        reply = pages.client.get(path, params={"url": url, "q": "When does it open?"})
        assert reply.status_code in (200, 404)
    assert url in pages.client.get("/ask", params={"url": url}).text
    assert fresh_site.log == []


FORMS = ("/ask", "/edit-watch", "/check-watch", "/remove-watch", "/test-alert", "/sign-in")


@pytest.mark.parametrize("path", FORMS)
def test_a_form_needs_its_token(pages: Server, path: str) -> None:
    """A form without the token, with a wrong one or of another sort is refused, whatever it asks for."""
    fields = {"name": "evil/watch", "question": "What?", "urls": EVIL, "url": EVIL, "do": "save"}
    assert pages.client.post(path, data=fields).status_code == 403
    assert pages.client.post(path, data={**fields, "token": "0" * 64}).status_code == 403
    as_text = {"content-type": "text/plain"}
    assert pages.client.post(path, content=f"token={pages.token()}", headers=as_text).status_code == 400
    assert pages.client.get("/watches/evil/watch").status_code == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1"])
def test_a_form_of_another_site_is_refused_even_with_the_token(pages: Server, origin: str) -> None:
    """Origin decides before the token does."""
    fields = {"token": pages.token(), "name": "evil/watch"}
    reply = pages.client.post("/remove-watch", data=fields, headers={"origin": origin})
    assert reply.status_code == 403
    assert pages.client.get("/watches/evil/watch").status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/static/../../secret.py", "/static/%2e%2e/html.py", "/static/..%2fhtml.py", "/static//etc/passwd",
     "/static/", "/pages/versions/9999999999999999999999", "/answers/0", "/answers/-1", "/watches/%00",
     "/watches/..%2f..%2fx"],
)  # fmt: skip
def test_no_path_leads_elsewhere(pages: Server, path: str) -> None:
    """What is no page of the server is not found, or no request; never a file, never a bug."""
    reply = pages.client.get(path)
    assert reply.status_code in (400, 404, 422)
    assert "root:" not in reply.text and "import" not in reply.text


def test_no_header_can_be_made_of_what_is_sent(pages: Server, strict: Server) -> None:
    """Line breaks and other sites in ``next`` or in a name make no header and lead nowhere else."""
    for onward in (
        "//evil.example",
        "/\\evil.example",
        "https://evil.example",
        "/x\r\nx-made: 1",
        "javascript:1",
    ):
        fields = {"secret": SECRET, "next": onward, "token": strict.token("/sign-in")}
        reply = strict.client.post("/sign-in", data=fields)
        strict.client.cookies.clear()
        assert reply.status_code == 303 and reply.headers["location"] == "/"
        assert "x-made" not in reply.headers
    reply = pages.send("/edit-watch", url="http://evil.example/", name="a\r\nx-made: 1", do="save")
    assert reply.status_code == 400 and "x-made" not in reply.headers


def test_a_person_signs_in_with_the_token(strict: Server) -> None:
    """Who does not know the token sees the form; the cookie is for this site alone and for no script."""
    asked = strict.client.get("/watches?state=new")
    assert asked.status_code == 303 and asked.headers["location"] == "/sign-in?next=%2Fwatches%3Fstate%3Dnew"
    token = strict.token("/sign-in")
    wrong = strict.client.post("/sign-in", data={"secret": "wrong", "token": token})
    assert wrong.status_code == 401 and "set-cookie" not in wrong.headers
    fields = {"secret": SECRET, "token": token, "next": "/watches?state=new"}
    reply = strict.client.post("/sign-in", data=fields)
    assert reply.status_code == 303 and reply.headers["location"] == "/watches?state=new"
    cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in cookie and "samesite=strict" in cookie and SECRET not in cookie
    assert strict.client.get("/watches").status_code == 200
    strict.client.cookies.clear()
    assert strict.client.get("/watches").status_code == 303


def test_without_leave_nothing_is_changed_and_no_private_page_read(
    strict: Server, site: FixtureServer
) -> None:
    """Without --allow-writes there is no form for watches; without --allow-private none of this network."""
    bearer = {"authorization": f"Bearer {SECRET}"}
    assert strict.client.get("/new-watch", headers=bearer).status_code == 403
    token = strict.token("/sign-in")
    for path in ("/edit-watch", "/remove-watch", "/test-alert"):
        fields = {"token": token, "name": "evil/watch", "url": EVIL, "do": "save"}
        assert strict.client.post(path, data=fields, headers=bearer).status_code == 403
    fields = {"token": token, "question": "When does it open?", "urls": site.url("/museum/visit.html")}
    reply = strict.client.post("/ask", data=fields, headers=bearer)
    assert reply.status_code == 303
    answer = strict.client.get(reply.headers["location"], headers=bearer)
    assert (
        "is not on the public internet" in answer.text
        or "private" in answer.text
        or "loopback" in answer.text
    )
    for bad in ("file:///etc/passwd", "-", "/etc/passwd", "javascript:alert(1)"):
        reply = strict.client.post("/ask", data={**fields, "urls": bad}, headers=bearer)
        assert reply.status_code == 400 and "no http or https address" in reply.text


def test_a_watch_made_here_is_of_no_private_page(tmp_path: Path, site: FixtureServer) -> None:
    """Neither when it is tried nor when it is checked, unless --allow-private was given."""
    with running(tmp_path, "--allow-writes") as server:
        watch = {"url": site.url("/museum/visit.html"), "name": "inside"}
        tried = server.send("/edit-watch", **watch, do="try")
        assert tried.status_code == 200 and "10:30" not in tried.text
        assert server.send("/edit-watch", **watch, do="save").status_code == 303
        assert server.send("/check-watch", name="inside").status_code == 303
        state = BeautifulSoup(server.client.get("/watches/inside").text, "html.parser").find(class_="badge")
        assert state is not None and state.get_text() == "blocked"


def test_a_feed_has_a_key_of_its_own(strict: Server) -> None:
    """A key opens its feed without token or cookie, and no other; the secret is its owner's alone."""
    bearer = {"authorization": f"Bearer {SECRET}"}
    page = BeautifulSoup(strict.client.get("/watches/evil/watch", headers=bearer).text, "html.parser")
    feed = page.find("link", rel="alternate")
    assert feed is not None
    address = str(feed["href"])
    reply = httpx.get(strict.url + address)
    assert reply.status_code == 200 and reply.headers["content-type"].startswith("application/atom+xml")
    assert Xml.fromstring(reply.content).tag == "{http://www.w3.org/2005/Atom}feed"
    key = httpx.URL(address).params["key"]
    for other in ("/feed.atom", f"/feed.atom?key={key}", "/watches/evil/watch/feed.atom?key=%C3%BC"):
        assert httpx.get(strict.url + other).status_code == 404
    mode = (strict.home / "serve.secret").stat().st_mode
    assert stat.S_IMODE(mode) == 0o600


def test_errors_are_told_to_persons_as_pages_and_to_programs_as_json(pages: Server) -> None:
    """By what is accepted; the API speaks JSON whatever is accepted."""
    person = pages.client.get("/answers/99999")
    assert person.status_code == 404 and "<h1>Not here</h1>" in person.text
    program = pages.client.get("/answers/99999", headers={"accept": "application/json"})
    assert program.status_code == 404 and program.json()["error"]["kind"] == "not_found"
    assert pages.client.get("/v1/watches/none").json()["error"]["kind"] == "not_found"
    assert pages.client.get("/watches", headers={"host": "evil.example"}).status_code == 403
