"""The options of sessions: what becomes of them, what is refused, and what is never printed."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browseagent.cli.program import run
from browseagent.config import Settings
from browseagent.records import Document, Elements, Page
from browseagent.session import Cookie, Kept
from browseagent.store.profiles import Profiles
from fixtures.server import FixtureServer
from tests.cli.scripted_agent import ScriptedAgent

Command = Callable[..., Any]
URL = "https://example.org/"
SECRET = "swordfish"
COOKIES = f"example.org\tFALSE\t/\tFALSE\t0\tsession\t{SECRET}\n"


def settings_of(*options: str) -> Settings:
    """The settings that an agent gets with these options."""
    agent = ScriptedAgent({URL: Document(URL, "text")})
    assert run(["read", URL, *options], agent=agent.open) == 0
    assert agent.settings is not None
    return agent.settings


def test_options_become_a_session(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every option arrives, repeated ones in their order."""
    (tmp_path / "cookies.txt").write_text(COOKIES)
    made = settings_of(
        *("--profile", "work", "--cookie-file", str(tmp_path / "cookies.txt")),
        *("--header", "X-One: 1", "--header", "X-Two:two: too", "--user-agent", "Weather Station 3"),
        *("--contact", "me@example.org", "--proxy", "socks5://127.0.0.1:1080", "--locale", "de-AT"),
        *("--timezone", "Europe/Vienna", "--viewport", "800x600", "--click", "#a", "--click", "#b"),
        *("--wait-for", ".price", "--screenshot", str(tmp_path / "page.png"), "--obey-robots", "--media"),
        *("--select", "main", "--select", "h1", "--exclude", ".advert"),
    )
    session = made.session
    assert (session.profile, session.user_agent, session.contact) == (
        "work",
        "Weather Station 3",
        "me@example.org",
    )
    assert [cookie.name for cookie in session.cookies] == ["session"]
    assert session.headers == (("X-One", "1"), ("X-Two", "two: too"))
    assert (session.proxy, session.locale, session.timezone) == (
        "socks5://127.0.0.1:1080",
        "de-AT",
        "Europe/Vienna",
    )
    assert (session.viewport, session.clicks, session.wait_for) == ((800, 600), ("#a", "#b"), ".price")
    assert session.obey_robots and session.media and not session.trackers
    assert made.elements == Elements(("main", "h1"), (".advert",))
    assert made.screenshot == tmp_path / "page.png"
    assert (
        settings_of("--browser-url", "ws://127.0.0.1:9222/x").session.browser_url == "ws://127.0.0.1:9222/x"
    )


def test_the_environment_gives_the_contact_address(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """An option goes before it; one that is no address is wrong configuration."""
    monkeypatch.setenv("BROWSEAGENT_CONTACT", "me@example.org")
    assert settings_of().session.contact == "me@example.org"
    assert settings_of("--contact", "https://example.org/bot").session.contact == "https://example.org/bot"
    monkeypatch.setenv("BROWSEAGENT_CONTACT", "nobody")
    assert run(["read", URL], agent=ScriptedAgent({}).open) == 2
    assert "contact address" in capsys.readouterr().err


@pytest.mark.parametrize(
    "options",
    [
        ("--profile", "../work"),
        ("--header", f"Authorization {SECRET}"),
        ("--header", f"Authorization: a\n{SECRET}"),
        ("--header", f"Host: {SECRET}"),
        ("--header", f"Cookie: a={SECRET}"),
        ("--header", "X-A: 1", "--header", f"x-a: {SECRET}"),
        ("--user-agent", ""),
        ("--contact", "nobody"),
        ("--proxy", f"ftp://me:{SECRET}@127.0.0.1"),
        ("--proxy", f"socks5h://me:{SECRET}@127.0.0.1:1"),
        ("--locale", "german"),
        ("--timezone", "Mars/Olympus"),
        ("--viewport", "800"),
        ("--viewport", "99x600"),
        ("--viewport", "800x9999"),
        ("--click", "a["),
        ("--wait-for", ""),
        ("--select", "p::before"),
        ("--exclude", "a["),
        ("--screenshot", "no/such/folder/page.png"),
        ("--browser-url", "unix:///x"),
        ("--browser-url", "ws://127.0.0.1:1", "--proxy", "http://127.0.0.1:1"),
        ("--cookie-file", "no-such-file.txt"),
        ("--via", "http", "--click", "#a"),
        ("--via", "http", "--timezone", "UTC"),
    ],
)
def test_what_cannot_be_is_wrong_usage(options: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    """Exit status 2, a sentence and a hint, and nothing that may be secret."""
    agent = ScriptedAgent({URL: Document(URL, "text")})
    assert run(["read", URL, *options], agent=agent.open) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.startswith("error: ") and "hint: " in told.err, told.err
    assert SECRET not in told.err
    assert agent.settings is None, "nothing was opened"


def test_a_malformed_cookie_file_names_its_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """And the file, but not what is in it."""
    path = tmp_path / "cookies.txt"
    path.write_text(f"# comment\n{COOKIES}example.org FALSE / {SECRET}\n")
    assert run(["read", URL, "--cookie-file", str(path)], agent=ScriptedAgent({}).open) == 2
    told = capsys.readouterr().err
    assert f"{path}: line 3: " in told and SECRET not in told
    path.write_bytes(b"\xff\xfe\x00")
    assert run(["read", URL, "--cookie-file", str(path)], agent=ScriptedAgent({}).open) == 2


@pytest.mark.parametrize("command", [["ask", "What?"], ["summarize"], ["read"], ["record", "--to", "x"]])
def test_every_command_that_reads_pages_takes_them(command: list[str], tmp_path: Path) -> None:
    """In one way: the session arrives whatever the command."""
    seen: list[Settings] = []

    class Noting(ScriptedAgent):
        async def fetch(self, source: str | Path, /) -> Page:
            assert self.settings is not None
            seen.append(self.settings)
            return await super().fetch(source)

    agent = Noting({})
    run([*command, URL, "--profile", "work", "--select", "main"], agent=agent.open)
    settings = agent.settings
    assert settings is not None
    assert (settings.session.profile, settings.elements.only) == ("work", ("main",))
    assert settings.profiles_path.name == "profiles"


def test_a_profile_that_is_made_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A typing error in its name is seen: it is said that a new one is made, and which others there are; of
    one that is there, and with --quiet, nothing is."""
    monkeypatch.setenv("BROWSEAGENT_HOME", str(tmp_path))
    for command in (["read", URL], ["watch", "add", URL]):
        run([*command, "--profile", "wrok"], agent=ScriptedAgent({}).open)
        told = "note: there was no profile 'wrok'; a new one is made. Others: none"
        assert told in capsys.readouterr().err
    Profiles(tmp_path / "profiles").load("work")
    run(["read", URL, "--profile", "wrok"], agent=ScriptedAgent({}).open)
    assert "Others: work\n" in capsys.readouterr().err
    run(["read", URL, "--profile", "work"], agent=ScriptedAgent({}).open)
    run(["read", URL, "--profile", "wrok", "-q"], agent=ScriptedAgent({}).open)
    assert "profile" not in capsys.readouterr().err


def test_recording_uses_the_persons_profiles(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Though it keeps its page out of their store."""
    monkeypatch.setenv("BROWSEAGENT_HOME", str(tmp_path))
    agent = ScriptedAgent({})
    run(["record", URL, "--to", str(tmp_path / "x"), "--profile", "work"], agent=agent.open)
    assert agent.settings is not None
    assert agent.settings.profiles_path == tmp_path / "profiles"
    assert agent.settings.home != tmp_path


def test_login_without_a_display_says_what_to_do(real: Command) -> None:
    """Exit status 2, and the two other ways: a display elsewhere, and one's own browser's cookies."""
    ended = real("login", URL, "--profile", "work", DISPLAY="", WAYLAND_DISPLAY="")
    assert ended.status == 2
    assert "there is no display" in ended.err
    assert "profiles/work" in ended.err and "--cookie-file" in ended.err
    assert real("login", "not a url").status == 2


def test_pages_are_not_served_across_sessions(
    real: Command, fresh_site: FixtureServer, tmp_path: Path
) -> None:
    """A page had with a profile, a header, a cookie or another language is served to nobody else; and the
    other way round. Within one session the store works as ever."""
    account, sign_in = fresh_site.url("/session/account.html"), fresh_site.url("/session/sign-in")
    work = ("--profile", "work", "--via", "http")

    def asked() -> int:
        return len(fresh_site.requests_for("/session/account.html"))

    assert "how lending works" in real("read", account, "--via", "http").out
    assert real("read", sign_in, *work).status == 0
    before = asked()
    assert "Wilma Reed" in real("read", account, *work).out
    assert "Wilma Reed" in real("read", account, *work).out
    assert asked() == before + 1
    assert "Wilma Reed" not in real("read", account, "--via", "http").out
    assert asked() == before + 1
    others = (("--profile", "home"), ("--locale", "de"), ("--header", "X-A: 1"), ("--header", "X-A: 2"))
    for count, options in enumerate((*others, ("--contact", "me@example.org"), ("--obey-robots",)), 2):
        told = real("read", account, "--via", "http", *options)
        assert "how lending works" in told.out, told.err
        assert asked() == before + count, options
    assert "Wilma Reed" in real("read", account, *work, "--offline").out
    nothing = real("read", account, "--profile", "third", "--offline", "--json")
    assert (nothing.status, nothing.json["error"]["kind"]) == (4, "unreachable")
    listed = real("cache", "list").out
    assert "with profile work [" in listed and "with locale de [" in listed
    assert "with header X-A [" in real("cache", "history", account).out
    assert "how lending works" in real("cache", "show", account).out


def test_a_login_is_not_answered_from_before_it(
    real: Command, fresh_site: FixtureServer, tmp_path: Path
) -> None:
    """What a profile saw before somebody logged in is not shown to them as theirs."""
    account = fresh_site.url("/session/account.html")
    work = ("--profile", "work", "--via", "http")
    assert "how lending works" in real("read", account, *work).out
    cookie = Cookie("session", "open-sesame", "127.0.0.1")
    Profiles(tmp_path / "home" / "profiles").merge("work", Kept((cookie,)), login=True)
    assert "Wilma Reed" in real("read", account, *work).out


def test_selections_share_the_stored_page(real: Command, fresh_site: FixtureServer) -> None:
    """The page is fetched once, and each choice of elements makes a document of its own."""
    page = ("read", fresh_site.url("/session/public.html"), "--via", "http", "--format", "text")
    whole = real(*page).out
    heading = real(*page, "--select", "h1").out
    assert heading == "Loans at the library\n"
    without = real(*page, "--exclude", "main p:last-child").out
    assert "once they have signed in" in whole and "once they have signed in" not in without
    assert real(*page).out == whole
    assert len(fresh_site.requests_for("/session/public.html")) == 1
    missing = real(*page[:4], "--select", ".nope", "--json")
    assert (missing.status, missing.json["error"]["kind"]) == (7, "empty")
    assert "matches --select .nope" in missing.json["error"]["message"]


def test_secrets_are_never_told(real: Command, site: FixtureServer, tmp_path: Path) -> None:
    """Neither in JSON, nor in the trace, nor on standard error, nor in a recording: values of headers, of
    cookies brought along, and of cookies that the server sets."""
    cookies = tmp_path / "cookies.txt"
    cookies.write_text(COOKIES.replace("example.org", "127.0.0.1"))
    trace = tmp_path / "trace.jsonl"
    secret = ("--cookie-file", str(cookies), "--header", f"Authorization: Bearer {SECRET}", "--via", "http")
    url = site.url("/session/sign-in")
    told = real("read", url, "--json", "-v", "--profile", "work", "--trace", str(trace), *secret)
    assert told.status == 0, told.err
    recorded = real("record", url, "--to", str(tmp_path / "page"), "-v", "--profile", "work", *secret)
    assert recorded.status == 0, recorded.err
    listed = real("cache", "list", "--json")
    kept = "".join(path.read_text("utf-8") for path in (tmp_path / "page").iterdir())
    everything = told.out + told.err + recorded.out + recorded.err + listed.out + kept + trace.read_text()
    assert SECRET not in everything and "open-sesame" not in everything
    assert "Wilma Reed" in told.json["text"]


def test_a_header_is_for_one_site(real: Command, site: FixtureServer) -> None:
    """With sources of several sites it is refused: it would go to each of them."""
    other = site.origin.replace("127.0.0.1", "localhost")
    ended = real("summarize", site.url("/index.html"), other, "--header", f"Authorization: {SECRET}")
    assert ended.status == 2
    assert "--header is for one site" in ended.err


@pytest.mark.browser
def test_a_screenshot_is_written(real: Command, site: FixtureServer, tmp_path: Path) -> None:
    """As PNG, for its owner only, beside the text; a stored page is opened again for it."""
    url, shot = site.url("/session/public.html"), tmp_path / "page.png"
    assert real("read", url, "--via", "http").status == 0
    told = real("read", url, "--screenshot", str(shot), "--timeout", "60s")
    assert told.status == 0, told.err
    assert shot.read_bytes().startswith(b"\x89PNG")
    assert [path.name for path in tmp_path.glob(".page*")] == []
    for wrong in (("--offline",), ("--via", "http")):
        assert real("read", url, "--screenshot", str(shot), *wrong).status == 2
    two = real("summarize", url, url, "--screenshot", str(shot))
    assert (two.status, "one page" in two.err) == (2, True)
