"""Cookie files, and the cookies of sessions in httpx's jar."""

from __future__ import annotations

import pytest

from browseagent.session import Cookie, changed
from browseagent.web.cookies import from_browser, from_jar, jar_of, parse_cookie_file, to_browser

GOOD = """# Netscape HTTP Cookie File
# a comment

.example.org\tTRUE\t/\tTRUE\t2000000000\twide\tvalue=with=equals
#HttpOnly_example.org\tFALSE\t/loans\tFALSE\t0\tsession\topen-sesame
example.org\tFALSE\t/\tFALSE\t1000\told\texpired
example.org\tFALSE\t/\tFALSE\t0\tblank\t
"""


def test_a_cookie_file() -> None:
    """Domains, flags, the end of a session, HttpOnly and empty values; what has expired is left out."""
    assert parse_cookie_file(GOOD, now=2000) == (
        Cookie("wide", "value=with=equals", ".example.org", expires=2e9, secure=True),
        Cookie("session", "open-sesame", "example.org", "/loans", http_only=True),
        Cookie("blank", "", "example.org"),
    )
    assert len(parse_cookie_file("\ufeff" + GOOD.replace("\n", "\r\n"), now=2000)) == 3


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("example.org FALSE / FALSE 0 session swordfish", "1 fields"),
        ("example.org\tFALSE\t/\tFALSE\t0\tswordfish", "6 fields"),
        ("example.org\tyes\t/\tFALSE\t0\ts\tswordfish", "TRUE or FALSE"),
        ("\tFALSE\t/\tFALSE\t0\ts\tswordfish", "no domain"),
        ("https://example.org\tFALSE\t/\tFALSE\t0\ts\tswordfish", "no domain"),
        ("example.org\tFALSE\tx\tFALSE\t0\ts\tswordfish", "path"),
        ("example.org\tFALSE\t/\tFALSE\tsoon\ts\tswordfish", "expires"),
        ("example.org\tFALSE\t/\tFALSE\tnan\ts\tswordfish", "expires"),
        ("example.org\tFALSE\t/\tFALSE\t0\t\tswordfish", "name or value"),
        ("example.org\tFALSE\t/\tFALSE\t0\ts\tsword\x01fish", "name or value"),
    ],
)
def test_a_malformed_line_is_named_by_its_number(line: str, words: str) -> None:
    """And its content, which may be secret, is not repeated."""
    with pytest.raises(ValueError, match=words) as raised:
        parse_cookie_file(f"# comment\n\n{line}\n", now=0)
    assert str(raised.value).startswith("line 3: ")
    assert "sword" not in str(raised.value)


def test_what_is_no_cookie_file() -> None:
    """JSON is told as such, and so is a file without cookies."""
    with pytest.raises(ValueError, match="JSON"):
        parse_cookie_file('[{"name": "session"}]', now=0)
    with pytest.raises(ValueError, match="no cookie"):
        parse_cookie_file("# Netscape HTTP Cookie File\n", now=0)


@pytest.mark.parametrize(
    "cookie",
    [
        Cookie("a", "1", "example.org"),
        Cookie("a", "1", ".example.org", "/x", 2e9, secure=True, http_only=True),
        Cookie("a", "1", "localhost"),
        Cookie("a", "1", "127.0.0.1"),
    ],
)
def test_cookies_come_back_from_httpx_and_from_chromium(cookie: Cookie) -> None:
    """A way there and back is no change."""
    assert not changed((cookie,), from_jar(jar_of((cookie,))))
    assert not changed((cookie,), (from_browser(to_browser(cookie)),))
