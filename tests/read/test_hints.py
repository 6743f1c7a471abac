"""What the names of elements and their first words say."""

from __future__ import annotations

import pytest

from browseagent import extract
from browseagent.read.hints import marks_advert


def test_the_mark_of_an_advertisement_is_not_the_pages_text() -> None:
    """Where the element's name and its words say so; a text about advertisements stays."""
    prose = "<p>The harbour wall will be repaired this summer by the council of the old town.</p>"
    mark = "Advertisement - Continue Reading Below"
    html = (
        f'<html lang=en><title>Wall</title><main><h1>Wall</h1>{prose}<div class="ad-disclaimer">{mark}</div>'
        f"{prose.replace('summer', 'winter')}</main>"
    )
    document = extract(html.encode(), "https://a.example/wall", "text/html")
    assert mark not in document.text and "winter" in document.text
    assert marks_advert("ad-disclaimer css-1", mark) and not marks_advert("note", mark)
    assert not marks_advert("ad-title", "Red bicycle, hardly used")
    assert not marks_advert("ad-text", "Advertisements on buses are to be banned in the whole city by May.")


@pytest.mark.parametrize("mark", ["Ad", "Ads:", "Advert", "Sponsored", "Advertisement."])
def test_few_words_mark_an_advertisement(mark: str) -> None:
    """With the name of their element."""
    assert marks_advert("ad-label", mark) and not marks_advert("title", mark)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("promo", "Promotion ends Friday"),
        ("promo", "Promo code: SAVE20"),
        ("gpt-5", "GPT 5 costs 20 dollars"),
    ],
)
def test_what_is_offered_or_named_like_an_advertisement_is_told(name: str, text: str) -> None:
    """It is the page's own text."""
    prose = "<p>The harbour shop sells ropes, lamps and charts to all the crews of the old town.</p>"
    said = f'<div class="{name}">{text}</div>'
    html = f"<html lang=en><title>Shop</title><main><h1>Shop</h1>{prose}{said}{prose}</main>"
    assert text in extract(html.encode(), "https://a.example/shop", "text/html").text
