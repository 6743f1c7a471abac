"""Markdown, where a site offers it."""

from __future__ import annotations

from typing import Any

import pytest

from browseagent.read import extract, read_page
from browseagent.records import Outcome, Via
from browseagent.web import Request, Web
from fixtures.server import FixtureServer

LINK = '<link rel="alternate" type="text/markdown" href="/own.md">'
TEXT = (
    "The ferry to Gull Island leaves from Coal Quay at 07:10, 12:40 and 18:05 on weekdays. On Sundays there "
    "is one crossing, at 11:00. A return ticket costs 14 pounds, and a bicycle travels free of charge. Dogs "
    "stay on deck. In a wind of 45 knots the boat does not sail, and the office rings those who have booked."
)
MARKDOWN: dict[str, Any] = {"content_type": "text/markdown; charset=utf-8"}


async def test_a_server_that_is_asked_for_it(site: FixtureServer, web: Web) -> None:
    """By HTTP Markdown is asked for first, and read with its table."""
    page = await web.fetch(Request(site.url("/docs/configuration")))
    assert (page.outcome, page.via, page.content_type.partition(";")[0]) == (
        Outcome.OK,
        Via.HTTP,
        "text/markdown",
    )
    assert any(block.cells for block in read_page(page).blocks)


async def test_a_page_that_names_its_own(fresh_site: FixtureServer, web: Web) -> None:
    """The Markdown that a page names is read in its place; the address stays the page's, for the links."""
    url = fresh_site.url("/docs/quickstart.html")
    page = await web.fetch(Request(url))
    assert page.content_type.startswith("text/markdown")
    assert page.final_url == url
    assert page.header("etag") is None
    assert any("quickstart.md" in note for note in page.how)
    document = read_page(page)
    assert document.title == "Quickstart"
    assert "Was this page helpful" not in document.text
    by_http = await web.fetch(Request(url, via="http"))
    assert by_http.content_type.startswith("text/html")


async def test_a_shell_needs_no_browser_then(fresh_site: FixtureServer, web: Web) -> None:
    """A page that scripts would draw is read as Markdown without Chromium."""
    fresh_site.set_page("/own.html", f"<title>x</title>{LINK}<div id=root></div><script src=/a.js></script>")
    fresh_site.set_page("/own.md", f"# Ferry\n\n{TEXT}", **MARKDOWN)
    page = await web.fetch(Request(fresh_site.url("/own.html")))
    assert (page.outcome, page.via) == (Outcome.OK, Via.HTTP)
    assert "07:10" in read_page(page).text
    assert web.browser().starts == 0


@pytest.mark.parametrize(
    ("markdown", "how"),
    [
        ("# Tram\n\n" + " ".join(f"word{n}" for n in range(60)), MARKDOWN),
        ("<h1>Ferry</h1>", {"content_type": "text/html"}),
        ("# Not found", {**MARKDOWN, "status": 404}),
        ("", MARKDOWN),
    ],
)
async def test_what_does_not_stand_for_the_page(
    fresh_site: FixtureServer, web: Web, markdown: str, how: dict[str, Any]
) -> None:
    """Another text, an error and what is no Markdown leave the page as it was served."""
    fresh_site.set_page("/own.html", f"<title>Ferry</title>{LINK}<h1>Ferry</h1><p>{TEXT}</p>")
    fresh_site.set_page("/own.md", markdown, **how)
    page = await web.fetch(Request(fresh_site.url("/own.html")))
    assert page.outcome is Outcome.OK
    assert page.content_type.startswith("text/html")


async def test_where_it_may_not_be_fetched(fresh_site: FixtureServer, web: Web) -> None:
    """robots.txt holds for the Markdown, which no person named, and so does the site's edge."""
    fresh_site.set_page("/robots.txt", "User-agent: *\nDisallow: /own.md\n", content_type="text/plain")
    fresh_site.set_page("/own.html", f"<title>Ferry</title>{LINK}<h1>Ferry</h1><p>{TEXT}</p>")
    elsewhere = LINK.replace("/own.md", "http://127.0.0.2/own.md")
    fresh_site.set_page("/far.html", f"<title>Ferry</title>{elsewhere}<h1>Ferry</h1><p>{TEXT}</p>")
    for path in ("/own.html", "/far.html"):
        page = await web.fetch(Request(fresh_site.url(path)))
        assert page.content_type.startswith("text/html")
    assert not fresh_site.requests_for("/own.md")


def test_front_matter_is_no_text() -> None:
    """Title, author and date of a Markdown text come from its front matter, which is not read out."""
    body = (
        b'---\ntitle: "The ferry"\nauthor: Agnes Tull\ndate: 2025-03-01\n---\n# Ferry\n\nIt sails at seven.'
    )
    document = extract(body, "https://a.example/x.md", "text/markdown")
    assert (document.title, document.author, document.date) == ("The ferry", "Agnes Tull", "2025-03-01")
    assert document.text == "Ferry\n\nIt sails at seven."
    rule = extract(b"---\n\nNo fields here: none\n\n---\n\nText", "https://a.example/x.md", "text/markdown")
    assert "No fields here" in rule.text
