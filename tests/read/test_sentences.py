"""Where sentences begin and end."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browseagent.read.text import sentences


def split(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text, 0, len(text))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Dr. Smith came. He left.", ["Dr. Smith came.", "He left."]),
        (
            "It cost $3.50 in the U.S. market. Then it rose.",
            ["It cost $3.50 in the U.S. market.", "Then it rose."],
        ),
        ("He works at Acme Inc. He likes it.", ["He works at Acme Inc.", "He likes it."]),
        ('"Stop!" he said. She did.', ['"Stop!" he said.', "She did."]),
        ("By J. R. Holm, e.g. in May. Yes?", ["By J. R. Holm, e.g. in May.", "Yes?"]),
        ("By J.-P. Rousseau, in May. Yes?", ["By J.-P. Rousseau, in May.", "Yes?"]),
        ("See fig. 3 and pp. 4 for more.", ["See fig. 3 and pp. 4 for more."]),
        ("吾輩は猫である。名前はまだ無い。", ["吾輩は猫である。", "名前はまだ無い。"]),
        ("他说：“好！”然后走了。", ["他说：“好！”", "然后走了。"]),
        ("One line\nAnother line", ["One line", "Another line"]),
        ("No stop at the end", ["No stop at the end"]),
        ("", []),
    ],
)
def test_sentences_end_where_a_reader_would_end_them(text: str, expected: list[str]) -> None:
    """Abbreviations, initials and numbers do not end sentences; full-width stops do."""
    assert split(text) == expected


def test_a_wrapped_line_goes_on() -> None:
    """A line that was only broken for want of room does not end the sentence."""
    text = "The ferry to the outer islands leaves the old harbour at\nseven every morning. It is rarely late."
    assert len(split(text)) == 2


@given(st.text(alphabet="aA .!?。\n\"'1", max_size=80))
def test_every_word_is_in_exactly_one_sentence(text: str) -> None:
    """Spans are in order, do not overlap, begin and end with a mark, and miss nothing but white space."""
    spans = sentences(text, 0, len(text))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    assert all(a < b <= c < d for (a, b), (c, d) in pairwise(spans))
    assert all(not text[a].isspace() and not text[b - 1].isspace() for a, b in spans)
