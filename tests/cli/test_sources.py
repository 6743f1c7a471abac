"""What counts as a source on the command line."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browseagent.cli.options.sources import source_of, sources_of, url_of
from browseagent.errors import UsageError
from browseagent.records import Page
from fixtures.server import FixtureServer

Command = Callable[..., Any]


@pytest.mark.parametrize(
    ("argument", "url"),
    [
        ("https://example.org/a b".replace(" ", "%20"), "https://example.org/a%20b"),
        ("HTTP://EXAMPLE.org", "HTTP://EXAMPLE.org"),
        ("example.org", "https://example.org"),
        ("example.org/page.html?q=1#top", "https://example.org/page.html?q=1#top"),
        ("www.bücher.example:8443/x", "https://www.bücher.example:8443/x"),
        ("例え.テスト", "https://例え.テスト"),
        ("localhost:8000/x", "http://localhost:8000/x"),
        ("127.0.0.1:8000", "http://127.0.0.1:8000"),
        ("[::1]:8000/", "http://[::1]:8000/"),
        ("point.md/news", "https://point.md/news"),
    ],
)
def test_urls_and_bare_domains(argument: str, url: str) -> None:
    """A URL stays as it is; a bare domain gets https, an address of this machine http."""
    assert source_of(argument) == url
    assert url_of(argument) == url


@pytest.mark.parametrize(
    ("argument", "told"),
    [
        ("missing.html", "https://missing.html"),
        ("report.pdf", "https://report.pdf"),
        ("./example.org", "path to a saved page"),
        ("C:\\Users\\me\\report.html", "path to a saved page"),
        ("When does it open?", "question comes first"),
        ("ftp://example.org/x", "http:// or https://"),
        ("https:///path", "https://example.org/page"),
        ("https://exa mple.org/", "https://example.org/page"),
        ("http://[::1", ""),
        ("http://example.org:port/", ""),
        ("word", "path to a saved page"),
        ("", "path to a saved page"),
        ("\0", "path to a saved page"),
        ("x" * 5000, "path to a saved page"),
        ("file:///no/such/file", ""),
    ],
)
def test_what_is_no_source_is_told_with_a_hint(argument: str, told: str) -> None:
    """Neither a URL nor a file: an error that says what to write instead."""
    with pytest.raises(UsageError) as caught:
        source_of(argument)
    assert told in caught.value.hint
    assert len(caught.value.message) > 10


def test_files_come_before_domains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An existing file is a file even where its name could be a site's; a folder is none, but for a
    recording's."""
    monkeypatch.chdir(tmp_path)
    Path("example.org").write_text("x")
    Path("folder.org").mkdir()
    Path("recorded.org").mkdir()
    Path("recorded.org/page.json").touch()
    assert source_of("example.org") == Path("example.org")
    assert source_of((tmp_path / "example.org").as_uri()) == tmp_path / "example.org"
    assert source_of("recorded.org") == Path("recorded.org")
    with pytest.raises(UsageError, match="folder"):
        source_of("folder.org")
    with pytest.raises(UsageError, match="is a file"):
        url_of((tmp_path / "example.org").as_uri())


@pytest.mark.parametrize("argument", ["-", "./page", "report.pdf", "word", ""])
def test_where_only_a_url_can_be_meant_no_file_is_spoken_of(
    argument: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whether or not there is a file of that name: the error asks for a URL. A site's name is a site, though
    a folder is called so too."""
    monkeypatch.chdir(tmp_path)
    Path("page").write_text("x")
    Path("example.org").mkdir()
    with pytest.raises(UsageError, match="is no URL") as caught:
        url_of(argument)
    assert caught.value.hint == "Give an http:// or https:// URL."
    assert url_of("example.org") == "https://example.org"


def test_standard_input_is_a_page() -> None:
    """``-`` is the page that was piped in, once; nothing piped in is an error."""
    made = sources_of(["-", "example.org"], io.BytesIO(b"<p>Open from nine to five.</p>"))
    assert isinstance(made[0], Page)
    assert (made[0].body, made[1]) == (b"<p>Open from nine to five.</p>", "https://example.org")
    with pytest.raises(UsageError, match="empty"):
        sources_of(["-"], io.BytesIO(b""))
    with pytest.raises(UsageError, match="empty"):
        sources_of(["-"], io.BytesIO(b" \n"))
    with pytest.raises(UsageError, match="once"):
        sources_of(["-", "-"], io.BytesIO(b"x"))


@pytest.mark.parametrize("command", [("ask", "What?"), ("summarize",), ("brief",)])
def test_each_source_that_could_not_be_read_is_told(
    real: Command, site: FixtureServer, command: tuple[str, ...]
) -> None:
    """Where all fail, the first is the error and the others are warnings."""
    ended = real(*command, "http://127.0.0.1:9/", site.url("/no-such-page"), "--via", "http")
    assert ended.status == 4
    assert ended.err.startswith("error: http://127.0.0.1:9/: ")
    assert f"warning: not read: {site.url('/no-such-page')}: " in ended.err


def test_a_list_that_is_not_there_is_named_once(real: Command, tmp_path: Path) -> None:
    """Why it cannot be read is told in words, without a number of the system's."""
    missing = tmp_path / "none.txt"
    for options in (("What?", "--sources-from"), ("--jsonl",)):
        ended = real("ask", *options, str(missing))
        assert ended.status == 2
        assert "cannot be read: No such file or directory\n" in ended.err + "\n"
        assert "Errno" not in ended.err and ended.err.count(str(missing)) == 1
