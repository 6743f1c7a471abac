"""Whether a model wrote in the language that it was asked for."""

from __future__ import annotations

import pytest

from browseagent import extract
from browseagent.answer.languages import in_english, not_in

ENGLISH = "The light was built by the engineer in 1871."
GERMAN = "Der Turm wurde 1871 von dem Ingenieur Pell gebaut."


@pytest.mark.parametrize(
    ("language", "text", "told"),
    [
        ("de", GERMAN, ""),
        ("de-AT", ENGLISH, "English"),
        ("en", ENGLISH, ""),
        ("en", GERMAN, "not English"),
        ("zh", "灯塔建于1871年。", ""),
        ("zh", ENGLISH, "Latin"),
        ("ru", "Маяк построен в 1871 году.", ""),
        ("fr", "灯塔建于1871年。", "Cjk"),
        ("de", "1871", ""),
        ("de", "Thomas Pell", ""),
        ("", ENGLISH, ""),
    ],
)
def test_another_language_is_noticed(language: str, text: str, told: str) -> None:
    """Other letters, and English where it was not asked for; nothing is said of a name, or of nothing."""
    said = not_in(language, text)
    assert said.endswith((told, f"{told} letters")) if told else said == ""


LISTING = "Trail jacket, slate, $129 " * 12
INDONESIAN = "Ini adalah cara untuk membuat dan menggunakan data yang tidak ada di dalam halaman itu. " * 6


@pytest.mark.parametrize(
    ("language", "text", "english"),
    [
        ("en-US", LISTING, True),
        ("", LISTING, True),
        ("de", LISTING, False),
        ("de", ENGLISH * 5, True),
        ("en", GERMAN * 5, False),
        ("en", INDONESIAN, False),
        ("en", "灯塔建于1871年。", False),
        ("", GERMAN, False),
    ],
)
def test_a_listing_is_in_the_language_that_its_page_names(language: str, text: str, english: bool) -> None:
    """Names and prices have no function words; those of another language are believed first."""
    page = f"<html{f' lang={language}' if language else ''}><body><main><p>{text}</p></main></body></html>"
    document = extract(page.encode(), url="https://example.org/", content_type="text/html; charset=utf-8")
    assert in_english(document) is english
