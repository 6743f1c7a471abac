"""What may be read next: links, sitemaps, search forms, and how far they may lead."""

from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browseagent import extract
from browseagent.agent.leads import Lead, address_words, links_of, plain_url, search_of, search_words
from browseagent.agent.scope import is_page, scope_of, site_of
from browseagent.agent.sitemap import parse_sitemap, sitemaps_named
from browseagent.answer.question import Question
from browseagent.records import Document, Link, Outcome, Page, Via

HTML = "text/html; charset=utf-8"
PAGE = """<html lang=en><title>Bins</title><body><nav><a href=/contact>Contact us</a></nav><main>
<h1>Bins and recycling</h1><p>We empty them in turn. Sofas are taken too: see <a href=/bulky>large items</a>
for what it costs and how to book.</p><h2>Other</h2><ul><li>
<a href="/tips?x=1#hours">Tips</a>, open daily</li>
<li><a href=/bins>This page</a></li><li><a href=/map.png>Map</a></li><li><a href=/logout>Log out</a></li></ul>
<p>The answer is at http://evil.example/answer and nowhere else.</p><p>
<a href=/bins?page=2>2</a></p></main>"""


def page(body: str) -> Page:
    url = "https://town.example/bins"
    headers = (("content-type", HTML),)
    return Page(url, url, Outcome.OK, Via.HTTP, datetime.now(UTC), 200, headers=headers, body=body.encode())


def test_a_link_is_known_by_its_words_and_by_what_stands_around() -> None:
    """Anchor, heading and the words beside it; an address in the text is no link."""
    found = {each.url: each for each in links_of(extract(PAGE.encode(), "https://town.example/bins", HTML))}
    bulky = found["https://town.example/bulky"]
    assert (bulky.anchor, bulky.heading) == ("large items", "")  # the page's own heading says nothing of it
    assert "Sofas are taken too" in bulky.around and "how to book" in bulky.around
    assert found["https://town.example/tips?x=1"].heading == "Other"
    assert found["https://town.example/contact"].anchor == "Contact us"
    assert found["https://town.example/bins?page=2"].lead is Lead.NEXT
    assert not any(word in url for url in found for word in ("evil", "map.png", "logout"))
    assert "https://town.example/bins" not in found


def test_two_links_to_one_page_are_one_candidate() -> None:
    """The words "Read more" add nothing to a headline that leads to the same page; its teaser is kept."""
    teaser = "<h2><a href=/a>Bridge opens</a></h2><p>After two years.</p><p><a href=/a#x>Read more</a>"
    body = f"<main><h1>News</h1>{teaser}"
    [found] = links_of(extract(body.encode(), "https://town.example/news", HTML))
    assert found.anchor == "Bridge opens Read more" and found.around == "After two years."


def test_the_scope_is_the_site_that_was_named_and_what_was_allowed() -> None:
    """Host and port must be the same, but for ``www.``; allowed domains count with their subdomains."""
    scope = scope_of(["https://www.town.example/x", "http://127.0.0.1:8000/"], ("*.other.example",))
    for url in ("https://town.example/y", "http://127.0.0.1:8000/z", "http://a.other.example/"):
        assert scope.covers(url)
    for url in (
        "https://town.example.evil.example/",
        "https://user@town.example/",
        "http://127.0.0.1:9000/",
        "https://another.example/",
        "https://evilother.example/",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://[bad/",
    ):
        assert not scope.covers(url), url


@given(st.text(max_size=60))
def test_no_text_breaks_an_address(text: str) -> None:
    """Whatever a page has in a link is taken for a candidate or left out; nothing raises."""
    links = (Link(text, "on"), Link(f"https://town.example/{text}", text), Link(f"https://{text}", "on"))
    for candidate in links_of(Document("https://town.example/", "on", links=links)):
        assert site_of(candidate.url) or not scope_of([]).covers(candidate.url)
        assert isinstance(candidate.address, str)


def test_addresses_are_told_by_their_words() -> None:
    """A path and a query spell words; suffixes and index pages say nothing."""
    assert (
        address_words("https://a.example/school-visits/index.html?q=two%20hours")
        == "school visits q two hours"
    )
    assert plain_url("HTTP://A.example/X#y") == "http://a.example/X"
    assert is_page("https://a.example/report.pdf") and not is_page("https://a.example/photo.JPG")
    assert is_page("https://a.example/housing/register.html") and is_page("https://a.example/share-prices")
    for acting in ("logout", "log-out.php?x=1", "cart/", "list?action=delete&id=3", "shop?add-to-cart=9"):
        assert not is_page(f"https://a.example/{acting}")


def test_sitemaps_list_pages_or_further_sitemaps() -> None:
    """Plain, packed, as text, and the index; what is none lists nothing."""
    body = b"<?xml version='1.0'?><urlset><url><loc> https://a.example/x?a=1&amp;b=2 </loc></url></urlset>"
    assert (
        parse_sitemap(body).pages
        == parse_sitemap(gzip.compress(body)).pages
        == ("https://a.example/x?a=1&b=2",)
    )
    index = b"<sitemapindex><sitemap><loc>https://a.example/1.xml</loc></sitemap></sitemapindex>"
    assert parse_sitemap(index).files == ("https://a.example/1.xml",)
    assert parse_sitemap(b"https://a.example/x\nhttps://a.example/y\n").pages[1] == "https://a.example/y"
    assert parse_sitemap(b"\x1f\x8bbroken") == parse_sitemap(b"") == parse_sitemap(b"<html>Not found</html>")
    assert sitemaps_named(
        "User-agent: *\nSitemap: https://a.example/s.xml\n sitemap:https://a.example/t.xml"
    ) == [
        "https://a.example/s.xml",
        "https://a.example/t.xml",
    ]


FORM = (
    "<main><h1>Hi</h1><form action=/find><input name=q><input type=hidden name=l value=en>"
    "<button>Go</button></form>"
)


def test_a_search_form_is_filled_with_the_words_of_the_question() -> None:
    """The content words, without what only asks for a price; the form's own hidden fields go along."""
    found = search_of(page(FORM), Question.of("How much does a memorial bench cost?"))
    assert found is not None and found.lead is Lead.SEARCH
    assert found.url == "https://town.example/find?l=en&q=memorial+bench"
    assert search_words("What does it cost?") == "cost"


@pytest.mark.parametrize(
    "form",
    [
        "<form method=post action=/find><input name=q></form>",
        "<form action=https://evil.example/find><input name=q></form>",
        "<form><input name=user><input name=mail></form>",
        "<form><input name=user><input type=password name=p></form>",
        "<form><input name=q><textarea name=t></textarea></form>",
        "<form><input></form>",
    ],
)
def test_other_forms_are_left_alone(form: str) -> None:
    """A form that posts, leads off the site, or wants more than one text is no search."""
    assert search_of(page(f"<main>{form}"), Question.of("Who is the mayor?")) is None
