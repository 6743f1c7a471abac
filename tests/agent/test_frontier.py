"""What a crawl takes up, and how it spells addresses."""

from __future__ import annotations

import pytest

from browseagent.agent.frontier import Bounds, canonical, pattern_of

SITE = "a.example"


@pytest.mark.parametrize(
    ("written", "one"),
    [
        ("HTTP://A.Example:80", "http://a.example/"),
        ("https://a.example:443/x#part", "https://a.example/x"),
        ("https://a.example/x?utm_source=mail&id=7&fbclid=z", "https://a.example/x?id=7"),
        ("https://a.example/x;jsessionid=12AB?PHPSESSID=9", "https://a.example/x"),
        ("https://a.example/X?b=2&a=1", "https://a.example/X?b=2&a=1"),
    ],
)
def test_one_page_has_one_spelling(written: str, one: str) -> None:
    """Host and port as they are compared, no fragment, no session, no tracking; paths and order stay."""
    assert canonical(written) == one
    assert canonical(one) == one


@pytest.mark.parametrize(
    ("url", "depth", "why"),
    [
        ("https://a.example/page", 1, None),
        ("https://www.a.example/page", 1, None),
        ("https://b.example/page", 1, "another site"),
        ("https://a.example:8443/page", 1, "another site"),
        ("mailto:me@a.example", 1, "another site"),
        ("https://a.example/page", 4, "too deep"),
        ("https://a.example/a/b/a/b/a/b/a", 1, "a trap"),
        (f"https://a.example/{'x' * 2000}", 1, "a trap"),
        ("https://a.example/photo.jpg", 1, "no page"),
        ("https://a.example/logout", 1, "no page"),
        ("https://a.example/private/x", 1, "excluded"),
        ("https://a.example/other", 1, "not included"),
    ],
)
def test_what_is_not_taken_up(url: str, depth: int, why: str | None) -> None:
    """Other hosts, other kinds of files, what the person left out, and what grows without end."""
    bounds = Bounds(depth=3, include=("/pa?ge$", "private", "x{9}", "a/b"), exclude=("/private/",))
    if why == "no page":
        bounds = Bounds(depth=3)
    assert bounds.refuse(url, depth, SITE) == why


def test_pages_that_programs_make_share_a_pattern() -> None:
    """A calendar's months are one pattern, by date or by query; articles with a name are their own."""
    assert pattern_of("https://a.example/cal/2026/11/") == pattern_of("https://a.example/cal/2031/02/")
    assert pattern_of("https://a.example/cal?m=3&y=2030") == pattern_of("https://a.example/cal?y=2&m=9")
    assert pattern_of("https://a.example/2026/11/fair") != pattern_of("https://a.example/2026/11/flood")
    assert pattern_of("https://a.example/item/17") == ""
