"""A site's name is not the name of one of its pages."""

from __future__ import annotations

import pytest

from browseagent import extract
from browseagent.answer.page_name import page_name
from browseagent.answer.summarize import summarize
from browseagent.read.site import is_of_site, leads_home

TEXT = "<p>Workers will repair the stones before the autumn storms arrive.</p>"
WALL = "Harbour wall to be mended"


@pytest.mark.parametrize(
    ("head", "top"),
    [
        (f"<title>{WALL} -- Gazette</title>", "<h1>Gazette</h1>"),
        (f"<title>{WALL} | Our Town</title>", '<a href="/"><h1>Our Town</h1></a>'),
        (f"<title>{WALL} | Our Town</title>", '<h1><a href="https://www.gazette.example/">Our Town</a></h1>'),
        (
            f'<title>{WALL} | Our Town</title><meta property="og:title" content="{WALL}">'
            '<meta property="og:site_name" content="Our Town">',
            "<h1>Our Town</h1>",
        ),
    ],
)
def test_the_name_of_the_site_is_put_before_no_point(head: str, top: str) -> None:
    """Not where the address, a link to the first page or the page's data says that it is the site's."""
    html = f"<html lang=en>{head}<body><header>{top}</header><main>{TEXT}</main></body></html>"
    read = extract(html.encode(), url="https://www.gazette.example/news/1", content_type="text/html")
    assert read.title.startswith(WALL)
    assert page_name(read) is None
    first = summarize([read], "short").points[0].text
    assert first.endswith(TEXT[3:-4]) and first.startswith(("Workers", WALL))


def test_the_pages_own_heading_is_told_beside_the_sites() -> None:
    """Be it of a lower rank than the site's."""
    html = (
        f"<html lang=en><title>{WALL}</title><body><h1>Gazette</h1><main><h2>{WALL}</h2>{TEXT}</main></body>"
    )
    read = extract(html.encode(), url="https://gazette.example/news/1", content_type="text/html")
    told = page_name(read)
    assert told is not None and told.words == WALL


def test_a_sites_first_page_is_about_the_site() -> None:
    """There its name is the page's; so it is where the title begins with it."""
    assert not is_of_site("Gazette", "Welcome to the Gazette", "https://gazette.example/")
    assert not is_of_site("Gazette", "Gazette: how to use it", "https://gazette.example/manual")
    assert is_of_site("Gazette", WALL, "https://www.gazette.co.example/news")
    assert not leads_home("/", "https://gazette.example/") and not leads_home("/news", "https://a.example/b")
    assert leads_home("/", "https://a.example/b") and not leads_home(
        "https://b.example/", "https://a.example/b"
    )


def test_a_link_that_is_no_address_leads_nowhere() -> None:
    """A page that has one in its heading is read nevertheless."""
    assert not leads_home("http://[x", "https://a.example/b")
    html = f'<html lang=en><main><h1>News <a href="http://[x">#</a></h1>{TEXT}</main></html>'
    read = extract(html.encode(), url="https://a.example/b", content_type="text/html")
    assert TEXT[3:-4] in read.text
