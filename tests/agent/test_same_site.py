"""Sites that share a host: a page of another one is known by its links."""

from __future__ import annotations

from browseagent.agent.believe import NamedSite, named_site
from browseagent.records import Document, Link

HOST = "https://host.example"


def page(path: str, *links: str) -> Document:
    url = path if "://" in path else HOST + path
    there = tuple(Link(link if "://" in link else HOST + link, "words") for link in links)
    return Document(url=url, text="words", links=there)


HOME = page("/town/", "/town/", "/town/services.html", "/town/news.html", "/forms/")
KIN = named_site([HOME.url]).with_page(HOME)


def holds(document: Document, site: NamedSite = KIN) -> bool:
    return site.with_page(document).holds(document)


def test_a_page_of_another_folder_that_shares_no_link_is_another_site() -> None:
    """A newspaper on the town's host links to its own pages only; no more of its folder is followed."""
    paper = page("/paper/meals.html", "/paper/", "/paper/sport.html", "https://elsewhere.example/town/")
    assert not holds(paper)
    after = KIN.with_page(paper)
    assert not after.may_hold(f"{HOST}/paper/library.html") and after.may_hold(f"{HOST}/town/library.html")
    assert after.may_hold(f"{HOST}/shop/") and KIN.may_hold(f"{HOST}/paper/library.html")


def test_what_is_linked_to_or_links_back_is_of_the_site() -> None:
    """Another folder of the same site: the named pages lead there, or it has a link of theirs."""
    assert holds(page("/forms/", "/forms/skip.html"))
    assert holds(page("/help/bins.html", "/help/", "/town/index.html"))
    assert holds(page("/town/alone.html", "/paper/"))
    assert KIN.with_page(page("/forms/", "/paper/")).known == KIN.known


def test_pages_read_in_the_named_folder_tell_more_of_the_site() -> None:
    """A link that only an inner page has is one of the site's as well."""
    inner = KIN.with_page(page("/town/waste/", "/town/", "/bins/days.html"))
    days = page("/bins/days.html", "/bins/")
    assert not holds(days) and holds(days, inner)


def test_where_nothing_can_be_told_every_page_is_of_the_site() -> None:
    """A page without links; a whole host that was named; a domain that the person allowed; a page of scripts
    that shows no link."""
    assert holds(page("/scans/plan.pdf"))
    assert holds(page("/paper/", "/paper/x"), named_site([f"{HOST}/", HOME.url]).with_page(HOME))
    assert holds(page("/paper/", "/paper/x"), named_site([f"{HOST}/town"]).with_page(HOME))
    assert holds(page("https://other.example/paper/", "https://other.example/paper/x"))
    assert holds(page("/paper/", "/paper/x"), named_site([HOME.url]).with_page(page("/town/")))


def test_where_a_named_page_led_to_is_named_too() -> None:
    """The old address of a site redirects to another folder: its pages are there."""
    site = named_site([f"{HOST}/old/"]).with_named(HOME.url).with_page(HOME)
    assert holds(page("/town/alone.html", "/paper/"), site) and not holds(page("/paper/", "/paper/x"), site)
