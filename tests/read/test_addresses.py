"""Where links lead: as the standard library says, by the quick way too; and e-mail addresses."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest

from browseagent.read import extract
from browseagent.read.inline import resolve

BASES = [
    "https://a.example/x/y/z.html?q=1#f",
    "http://b.example",
    "https://c.example:8080/d/",
    "HTTPS://D.example/p",
    "https://e.example?x=/1",
    "https://user@f.example/g",
    "file:///h/i.html",
]
LINKS = [
    "/", "/a", "/a/b/", "/a/b.html?c=d&e=%20#f", "/a//b", "/a/./b", "/a/../b", "/../a", "/.well-known/x",
    "//g.example/a",
    "/a?", "/a#", "/a;b=c", "/a/…", "a/b", "../a", "?q", "#f", "https://h.example", "https://h.example/",
    "https://h.example/a/../b?c#d", "https://h.example/a?b=c&d=e/f#g", "https://h.example/?",
    "HTTPS://h.example/A",
    "https://h.example:80/a;b?c", "https://[::1]/a", "mailto:a@b.example", "https://ü.example/a",
]  # fmt: skip


@pytest.mark.parametrize("base", BASES)
def test_an_address_is_resolved_as_the_standard_says(base: str) -> None:
    """Whatever the form of the link and of the page's own address."""
    assert [resolve(base, link) for link in LINKS] == [urljoin(base, link) for link in LINKS]


def hidden(address: str, key: int) -> str:
    """An address as Cloudflare hides it."""
    return bytes([key, *(each ^ key for each in address.encode())]).hex()


@pytest.mark.parametrize(
    "markup",
    [
        '<a href="/cdn-cgi/l/email-protection" data-cfemail="{}">[email&#160;protected]</a>',
        '<span data-cfemail="{}">[email&#160;protected]</span>',
        '<a href="/cdn-cgi/l/email-protection#{}">Kai</a>',
        '<a href="/cdn-cgi/l/email-protection#{0}"><b data-cfemail="{0}">[email protected]</b></a>',
    ],
)
def test_addresses_that_are_hidden_from_programs_are_read_as_people_see_them(markup: str) -> None:
    """By whatever key; what is no such address is left as it stands."""

    def read(said: str) -> tuple[str, list[str]]:
        body = f"<main><h1>Harbour</h1><p>For berths write to {markup.format(said)}, please.</p></main>"
        document = extract(body.encode(), "https://e.org/", "text/html")
        return document.text, [link.url for link in document.links]

    text, links = read(hidden("kai@e.org", 7))
    assert "kai@e.org" in f"{text} {links}" and "protected" not in f"{text} {links}"
    assert read(hidden("kai@e.org", 91)) == (text, links)
    assert "write to" in read("zz")[0]
