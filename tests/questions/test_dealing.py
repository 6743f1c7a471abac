"""Which pages are set aside, what writers read of a page, and how many questions they are to write."""

from __future__ import annotations

from collections import Counter

import pytest
from playwright.async_api import async_playwright

from browseagent.web.find_chromium import find_chromium
from tools.questions.assign import dealt, task
from tools.questions.rendered import SWITCHES, Line, shortened, shown
from tools.questions.split import Paged, chosen, site_of

KINDS = ("forum", "product")


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://aws.amazon.com/x", "amazon"),
        ("https://www.amazon.co.uk/x", "amazon"),
        ("https://docs.python.org/3/", "python"),
        ("https://stackoverflow.com/q/1", "stackexchange"),
        ("https://electronics.stackexchange.com/q/1", "stackexchange"),
        ("", ""),
    ],
)
def test_site(url: str, site: str) -> None:
    """A site is one company's, whatever the subdomain and the country."""
    assert site_of(url) == site


def test_split() -> None:
    """So many pages are set aside, no site on both sides, each kind in its share, always the same."""
    pages = [Paged(f"{n:04}", KINDS[n % 2], f"site{n // 3}", 500) for n in range(120)]
    aside = chosen(pages, most=30)
    assert len(aside) == 30 and aside == chosen(list(reversed(pages)), most=30)
    sides = {page.site: set[bool]() for page in pages}
    for page in pages:
        sides[page.site].add(page.id in aside)
    assert all(len(side) == 1 for side in sides.values())
    assert set(Counter(page.kind for page in pages if page.id in aside).values()) == {15}


def test_split_leaves_empty_pages() -> None:
    """A page without text is not set aside, and too few pages are an error."""
    pages = [Paged(f"{n:04}", "forum", f"site{n}", 10 if n < 5 else 500) for n in range(10)]
    assert chosen(pages, most=5) == {f"{n:04}" for n in range(5, 10)}
    with pytest.raises(ValueError, match="5 pages could be put aside, not 6"):
        chosen(pages, most=6)


def test_shortened() -> None:
    """Long menus and the middle of a very long page are cut, and each cut is said."""
    menu = [Line(f"- link {n}", True) for n in range(50)]
    text = shortened([Line("# Title", False), *menu, Line("Text", False)])
    assert "- link 11\n[… 38 more links of this menu …]\nText" in text and "link 12" not in text
    long = shortened([Line("x" * 99, False)] * 100, head=1000, tail=500)
    assert "[… 8499 characters left out here …]" in long and len(long) < 1600


def test_tasks() -> None:
    """A page bears as many questions as it has words for; one of hardly a word bears none."""
    about = "PAGE 0001  forum  https://a.example/\nTITLE A\n\n"
    short, long = (task("train", "0001", about + "word " * count) for count in (200, 5000))
    assert short and long and short.kind == "forum" and short.questions < long.questions
    assert task("train", "0001", about + "word") is None


def test_dealt() -> None:
    """Every page is dealt once, and every list has its share of every kind."""
    texts = {f"{n:04}": f"PAGE {n:04}  {KINDS[n % 2]}  u\nTITLE\n\n" + "word " * 300 for n in range(20)}
    tasks = [found for page, text in texts.items() if (found := task("train", page, text))]
    hands = dealt(tasks, 4)
    assert sorted(each.page for hand in hands for each in hand) == sorted(texts)
    assert all(len(hand) == 5 and {each.kind for each in hand} == set(KINDS) for hand in hands)


@pytest.mark.browser
async def test_shown() -> None:
    """Writers read what Chromium shows, its structure marked; what a click opens is marked, the rest of what
    is hidden is not there, and no script runs."""
    body = (
        "<style>.off{display:none}</style><h2>Lantern</h2><ul><li><a href=x>Sand</a></ul>"
        "<table><tr><td>Weight<td>4 kg</table><pre>one\ntwo</pre><p class=off>never</p>"
        "<div class='off faq'>Yes it is.</div><select><option>S<option>M</select><img alt='A kite'>"
        "<noscript>no</noscript><script>document.body.append('scripted')</script><p>" + "word " * 200
    )
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=find_chromium(None).found, chromium_sandbox=False, args=SWITCHES
        )
        lines = await shown(browser, "https://page.invalid/", body)
        bare = await shown(browser, "https://page.invalid/", "<p>Home</p><noscript><p>The thread.</noscript>")
        await browser.close()
    assert [line.text for line in lines[:-2]] == [
        "## Lantern", "- Sand", "| Weight | 4 kg |", "one", "two", "» Yes it is.", "[choice: S; M]",
    ]  # fmt: skip
    assert lines[-2].text == "[picture: A kite]" and lines[-1].text.startswith("word word")
    assert [line.link for line in lines[:2]] == [False, True]
    assert [line.text for line in bare] == ["Home", "The thread."]
