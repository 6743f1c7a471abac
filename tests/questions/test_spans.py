"""Finding a writer's words in a page's frozen text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.questions.spans import Searched, Span
from tools.questions.visible import normalized

TEXT = (
    "Lantern £34.00was £52.00 “It’s bright”, says Ada. Weight 4 kg. Box 4 cm, in all 1,340 pieces. Model B4."
)


def words_at(words: str, text: str = TEXT) -> list[str]:
    searched = Searched(text)
    return [searched.text[span.start : span.end] for span in searched.all(words)]


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("£34.00", ["£34.00"]),
        ("£34.00 was", ["£34.00was"]),
        ('"It\'s bright"', ["“It’s bright”"]),
        ("lantern", ["Lantern"]),
        ("4", ["4", "4", "4"]),  # of 4 kg, 4 cm and B4: a digit beside a letter may be two cells
        ("340", []),  # within 1,340
        ("34", []),  # within 34.00
        ("right", []),  # within bright
        ("4 kg", ["4 kg"]),
        ("5 kg", []),
        ("", []),
    ],
)
def test_all(words: str, found: list[str]) -> None:
    """Words are found whole, whatever the white space, the quotation marks and the case."""
    assert words_at(words) == found


def test_shortened() -> None:
    """A long span is found by its two ends, and not where they stand too far apart."""
    searched = Searched("Hold the ring for ten seconds until it turns amber. Then let go.")
    (span,) = searched.shortened("Hold the ring … turns amber")
    assert searched.text[span.start : span.end] == "Hold the ring for ten seconds until it turns amber"
    assert searched.shortened("Hold the ring ... let go.") == [Span(0, len(searched.text))]
    assert Searched(f"Hold on {'x ' * 2000} let go").shortened("Hold on … let go") == []
    assert searched.shortened("let go … Hold") == []


@pytest.mark.parametrize(
    "copied", ["- [picture: Lantern] £34.00", "| Lantern | £34.00 |", "» Lantern £34.00", "## Lantern £34.00"]
)
def test_marks(copied: str) -> None:
    """Words copied with the marks of structure are found; a page's own such characters are words of it."""
    assert words_at(copied) == ["Lantern £34.00"]
    assert words_at("a | b", "x a | b y") == ["a | b"]


def test_after() -> None:
    """Of several places, the one that comes first after the words given."""
    searched = Searched(TEXT)
    assert [searched.text[span.start : span.start + 4] for span in searched.after("4", "Box")] == ["4 cm"]
    assert searched.after("£52.00", "Box") == []


def test_sentence() -> None:
    """A span's sentence ends where sentences end."""
    searched = Searched(TEXT)
    (span,) = searched.all("4 kg")
    assert searched.sentence(span) == "Weight 4 kg."


def test_nearest() -> None:
    """A message shows what stands where the longest beginning of missing words is found."""
    assert Searched(TEXT).nearest("Weight 4 pounds").startswith("Weight 4 kg")
    assert Searched(TEXT).nearest("nothing like it") == ""


@given(st.text(max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_found_is_what_was_looked_for(raw: str, one: int, other: int) -> None:
    """What is found at a span reads as what was looked for, but for blanks, case and kinds of marks."""
    text = normalized(raw)
    words = text[min(one, other) : max(one, other)]
    searched = Searched(text)
    for span in searched.all(words):
        again = text[span.start : span.end]
        assert any(each == span for each in searched.all(again))
        assert len(again.replace(" ", "")) <= len(text)
