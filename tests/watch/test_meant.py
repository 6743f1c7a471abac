"""What the markup means by its words: moments, numbers, prices and stock that nobody reads."""

from __future__ import annotations

import pytest

from tests.watch.test_seen import change

AT = "2026-03-06T19:00"
LATER = "2026-03-13T19:00"


def timed(words: str, moment: str = AT) -> str:
    return f"<p>Doors <time datetime='{moment}'>{words}</time></p>"


@pytest.mark.parametrize("words", ["Friday evening", "7 pm", "soon", "3 hours ago"])
def test_another_moment_of_the_same_words_is_a_change(words: str) -> None:
    (hunk,) = change(timed(words), timed(words, LATER)).differences
    assert hunk.after == f"time “{words}” of “Doors” is {LATER}" and not hunk.noise
    assert not change(timed(words), timed(words)).differences


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("5m", "2h"),
        ("now", "3 min"),
        ("gerade eben", "4 Std."),
        ("6 days ago", "6 Mar"),
        ("6d", "March 6, 2026"),
        ("less than a minute ago", "about 2 hours ago"),
    ],
)
def test_the_same_moment_that_is_longer_ago_is_noise(before: str, after: str) -> None:
    """In words that no table knows, and where a day stands in their place from some age on."""
    (hunk,) = change(timed(before), timed(after)).differences
    assert hunk.noise == "a relative time"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("7 pm", "8 pm"),
        ("19:00", "20:00"),
        ("Friday evening", "Saturday evening"),
        ("6 March", "7 March"),
        ("Opening night", "Closing night"),
        ("6 days ago", "9 Mar"),
    ],
)
def test_an_attribute_that_was_forgotten_hides_no_change(before: str, after: str) -> None:
    assert change(timed(before), timed(after)).changed


def test_ages_in_a_list_are_noise_and_a_new_entry_is_told() -> None:
    def page(posts: range, today: int) -> str:
        rows = (
            f"<li><a href=/{p}>Post {p}</a> <time datetime=2026-03-0{p}>{today - p}d</time>" for p in posts
        )
        return f"<ul>{''.join(rows)}</ul>"

    assert not change(page(range(5, 0, -1), 8), page(range(5, 0, -1), 9)).changed
    told = [h for h in change(page(range(5, 0, -1), 8), page(range(6, 1, -1), 9)).differences if not h.noise]
    assert {(h.before, h.after) for h in told} == {("", "Post 6 3d"), ("Post 1 7d", "")}


def test_a_number_behind_words_is_compared() -> None:
    (hunk,) = change("<p>A <data value=12>dozen</data></p>", "<p>A <data value=13>dozen</data></p>").hunks
    assert hunk[1] == "data “dozen” of “A” is 13"


OFFER = "<div itemscope itemtype=https://schema.org/{}>{}<p>Made to order.</p></div>"
NESTED = "<div itemprop=offers itemscope itemtype=https://schema.org/Offer>{}</div>"
PRICE, STOCK = "<meta itemprop=price content={}>", "<link itemprop=availability href=https://schema.org/{}>"


@pytest.mark.parametrize(
    ("frame", "value", "before", "after", "said"),
    [
        (OFFER.format("Offer", "{}"), PRICE, "99", "89", "Price: 89"),
        (OFFER.format("Product", NESTED), PRICE, "99", "89", "Price: 89"),
        (OFFER.format("Product", NESTED), STOCK, "InStock", "SoldOut", "Availability: Sold Out"),
        ("{}<p>Made to order.</p>", "<p itemprop=price content={}>Our offer</p>", "99", "89", "Price: 89"),
        ("<meta property=product:availability content='{}'>", "{}", "in stock", "gone", "Availability: gone"),
        (
            OFFER.format("Event", "{}"),
            "<meta itemprop=startDate content={}>",
            "2026-03-06",
            "2026-03-13",
            "Begins: 2026-03-13",
        ),
    ],
)
def test_what_microdata_and_tags_state_is_compared(
    frame: str, value: str, before: str, after: str, said: str
) -> None:
    """A price, stock or day that stands nowhere in the text."""
    pages = [frame.format(value.format(each)) for each in (before, after)]
    found = change(pages[0], pages[1])
    assert f"{said} [page data]" in [hunk.after for hunk in found.differences]
    assert not change(pages[0], pages[0]).differences


@pytest.mark.parametrize("shown", ["£1,240", "1.240,00 €", "1 240 kr", "1240"])
def test_a_price_that_the_page_shows_is_read_once(shown: str) -> None:
    """Spelt as its language does."""
    stated = OFFER.format("Offer", PRICE.format("1240.00"))
    found = change(f"<p>Now {shown}</p>", f"<p>Now {shown}</p>{stated}")
    assert [hunk.after for hunk in found.differences] == ["Made to order."]


@pytest.mark.parametrize(
    "option", ["<option value={}>", "<option>{}", "<option label={} value=1>", "<option value=1>{}"]
)
def test_what_a_field_suggests_is_compared(option: str) -> None:
    def page(*cities: str) -> str:
        options = "".join(map(option.format, cities))
        return f"<label>City <input list=l></label><datalist id=l>{options}</datalist>"

    (hunk,) = change(page("Bonn", "Kiel"), page("Bonn")).differences
    assert hunk.before == "option “Kiel” of “City”"


@pytest.mark.parametrize(
    "first",
    [
        "@import url(site.css);",
        "@import url('https://fonts.example/css2?family=A:wght@400;700&display=swap');",
        "@import url(https://fonts.example/css2?family=A:wght@400;700);",
        '@charset "utf-8"; @import "a.css" screen;',
        "@layer base, shop;",
    ],
)
def test_a_rule_after_a_statement_hides_as_any(first: str) -> None:
    sheet = f"<style>{first}\n.out {{ display: none }}</style>"
    found = change(
        f"{sheet}<p class=out>Sold out</p><p>In stock</p>", f"{sheet}<p>Sold out</p><p class=out>In stock</p>"
    )
    assert {hunk.after for hunk in found.differences} == {"", "Sold out"}
