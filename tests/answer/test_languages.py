"""Whether a model wrote in the language that it was asked for."""

from __future__ import annotations

import pytest

from browseagent.answer.languages import not_in

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
