"""Characters that must not reach a reader, a model or a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browseagent.read import extract
from browseagent.read.text import clean


@pytest.mark.parametrize(
    "smuggled",
    [
        "\u200b",
        "\u2060",
        "\u00ad",
        "\u202e",
        "\u2066",
        "\U000e0041",
        "\U000e0101",
        "\ufeff",
        "\x1b",
        "\x07",
        "\x9b",
        "\u200d",
    ],
)
def test_invisible_and_control_characters_are_taken_out(smuggled: str) -> None:
    """Zero-width, bidirectional, tag and control characters never reach the text, raw or as entities."""
    assert clean(f"ig{smuggled}nore") == "ignore"
    entity = extract(
        f"<p>A harmless line of text, ig&#{ord(smuggled)};nored.</p>".encode(), url="https://example.org/"
    )
    assert smuggled not in entity.text


def test_joiners_that_spell_words_stay() -> None:
    """A joiner between Persian letters or emoji is part of the word."""
    assert clean("می‌خواهم") == "می‌خواهم"
    assert clean("👩‍💻") == "👩‍💻"


@given(st.text())
def test_cleaning_is_idempotent(text: str) -> None:
    """Cleaning a clean text changes nothing, whatever the text."""
    once = clean(text)
    assert clean(once) == once
    assert not any(c < " " and c not in "\n\t" for c in once.replace("\x0b", ""))
