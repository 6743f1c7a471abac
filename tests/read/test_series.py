"""Articles on several pages: telling the next page, and joining what belongs together."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browseagent.answer.quotes import make_quote
from browseagent.read import extract
from browseagent.read.continuation import belongs, follows, join
from browseagent.records import Document

SITES = Path(__file__).resolve().parents[2] / "fixtures" / "sites"
SITE = "https://courier.example"


def read(path: str, *, at: str = "") -> Document:
    """A fixture page as its site would serve it."""
    return extract((SITES / path).read_bytes(), f"{SITE}/{at or path}", "text/html; charset=utf-8")


@pytest.mark.parametrize(
    ("here", "then"),
    [
        ("/story.html", "/story-2.html"),
        ("/story-2.html", "/story-3.html"),
        ("/story", "/story/2"),
        ("/story/", "/story/2/"),
        ("/story/page/2/", "/story/page/3/"),
        ("/story?page=2", "/story?page=3"),
        ("/story?id=7", "/story?id=7&p=2"),
        ("/story_1.html", "/story_2.html"),
        ("/top-10", "/top-10-2"),
        ("/index.html", "/page-2.html"),
    ],
)
def test_addresses_that_follow_one_another(here: str, then: str) -> None:
    """Two addresses of one series differ in the number of the page, by one."""
    assert follows(SITE + here, SITE + then)
    assert not follows(SITE + then, SITE + here)


@pytest.mark.parametrize(
    ("here", "then"),
    [
        ("/story.html", "/story.html"),
        ("/story.html", "/story-3.html"),
        ("/story.html", "/other-2.html"),
        ("/quickstart.html", "/configuration.html"),
        ("/story?id=7", "/story?id=8"),
        ("/story?page=2", "/story?page=1"),
        ("/2025/story", "/2026/story"),
        ("/story.html", "//evil.example/story-2.html"),
        ("/story.html", "javascript:next()"),
    ],
)
def test_addresses_of_other_pages(here: str, then: str) -> None:
    """Another article, an earlier page, a page further on and another site are no next page."""
    assert not follows(SITE + here, then if then.startswith(("//", "javascript:")) else SITE + then)


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_address_raises(here: str, then: str) -> None:
    """Whatever stands in a link is looked at without an error."""
    assert follows(here, then) in (True, False)


@pytest.mark.parametrize(
    ("path", "then"),
    [
        ("news/long-read-1.html", "news/long-read-2.html"),
        ("news/long-read-2.html", "news/long-read-3.html"),
        ("news/long-read-3.html", ""),
        ("cases/paged-1.html", "cases/paged-2.html"),
        ("cases/paged-2.html", "cases/paged-3.html"),
        ("cases/paged-3.html", ""),
    ],
)
def test_an_article_says_where_it_goes_on(path: str, then: str) -> None:
    """By rel=next, by "Next" and by page numbers; the last page goes on nowhere."""
    assert read(path).next_url == (f"{SITE}/{then}" if then else "")


@pytest.mark.parametrize(
    "path",
    ["news/council.html", "shop/camping.html", "forum/kettle-descaling.html", "docs/quickstart.html",
     "news/index.html", "news/harbour-wall.html"],
)  # fmt: skip
def test_what_is_no_article_on_several_pages(path: str) -> None:
    """Listings, shelves, threads and the next chapter of a manual stand for themselves."""
    assert read(path).next_url == ""


PROSE = (
    "<p>The keeper wrote a line in the log each hour of the night, whatever the weather was like outside.</p>"
    "<p>In the winter of 1962 the ink froze in its pot, and three nights of entries are in pencil.</p>"
    "<p>What he did not write down, and nobody asked, was how often the lamp had gone out by itself.</p>"
)


@pytest.mark.parametrize(
    "link",
    [
        "<a href='/story?page=2'>Next page</a>",
        "<a href='/story?page=2'>Next »</a>",
        "<a href='/story?page=2' aria-label='Next page'><svg></svg></a>",
        "<a href='/story?page=2'>Continue reading on page 2</a>",
        "<b>1</b> <a href='/story?page=2'>2</a> <a href='/story?page=3'>3</a>",
        "<a href='/story?page=2'>Nächste Seite</a>",
        "<a href='/story?page=2'>下一页</a>",
        "<link rel='next' href='/story?page=2'>",
    ],
)
def test_forms_of_the_link(link: str) -> None:
    """The common ways to lead to the next page are understood."""
    body = f"<html lang=en><title>The log</title><article><h1>The log</h1>{PROSE}</article><div>{link}</div>"
    assert extract(body.encode(), f"{SITE}/story").next_url == f"{SITE}/story?page=2"


def test_the_pages_of_an_article_are_joined() -> None:
    """The text of all pages in order, title and byline once; every quote links to its own page."""
    pages = [read(f"news/long-read-{number}.html") for number in (1, 2, 3)]
    whole = pages[0]
    for page in pages[1:]:
        assert belongs(whole, page)
        whole = join(whole, page)
    assert whole.text.count("A winter on the Skerry Vane") == pages[0].text.count(
        "A winter on the Skerry Vane"
    )
    assert [part.url for part in whole.parts] == [page.url for page in pages]
    for words, page in (("landing at Skerry Va", pages[0]), ("weather broke on 14 December", pages[1]),
                        ("made automatic on 28 June 1991", pages[2])):  # fmt: skip
        start = whole.text.index(words)
        quote = make_quote(whole, start, start + len(words))
        assert whole.text[quote.start : quote.end] == quote.text == words
        assert quote.url == page.url
        assert quote.link.startswith(f"{page.url}#:~:text=")


def test_a_page_of_another_article_does_not_belong() -> None:
    """Another title, another language, or the same text again is no further page."""
    first = read("news/long-read-1.html")
    assert not belongs(first, read("news/harbour-wall.html"))
    assert not belongs(first, first)
    assert not belongs(read("cases/paged-1.html"), read("cn/bridge.html"))


_BLOCK = st.sampled_from(
    [
        "<p>one two three</p>",
        "<h2>Results</h2>",
        "<ul><li>a b<li>c</ul>",
        "<pre>x = 1</pre>",
        "<table><tr><th>A<th>B<tr><td>1<td>2</table>",
        "<p>see <a href=/x>this link</a> here</p>",
    ]
)


@given(st.lists(_BLOCK, max_size=6), st.lists(_BLOCK, max_size=6))
def test_spans_hold_in_whatever_is_joined(one: list[str], other: list[str]) -> None:
    """Blocks, cells, links and parts of a joined document lie where they say."""
    first, second = (
        extract(f"<title>T</title>{''.join(blocks)}".encode(), f"{SITE}/t") for blocks in (one, other)
    )
    whole = join(first, second)
    end = 0
    for block in whole.blocks:
        assert end <= block.start <= block.end <= len(whole.text)
        assert whole.text[end : block.start].strip() == ""
        assert all(block.start <= cell.start <= cell.end <= block.end for cell in block.cells)
        end = block.end
    for link in whole.links:
        assert link.start < 0 or whole.text[link.start : link.end] == link.text
    assert whole.parts[-1].end == len(whole.text)
    later = [
        whole.text[b.start : b.end] for b in whole.blocks if b.start >= whole.parts[-1].start and b.table >= 0
    ]
    assert all(cell in second.text for cell in later)
