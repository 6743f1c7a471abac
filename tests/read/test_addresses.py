"""Where links lead: as the standard library says, also where the quick way is taken."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest

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
