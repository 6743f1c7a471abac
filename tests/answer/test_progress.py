"""What is told while a model writes."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from browseagent.answer.progress import listener, words_so_far

TEXT = st.text(min_size=1).filter(lambda text: text.strip() == text)


@given(TEXT, st.integers(0, 400), st.booleans())
def test_words_are_found_in_a_reply_that_is_not_whole(answer: str, end: int, ascii_only: bool) -> None:
    """Wherever the reply ends, what is told is a beginning of the answer; of a whole one it is all of it."""
    reply = json.dumps({"found": True, "answer": answer, "quotes": []}, ensure_ascii=ascii_only)
    assert words_so_far(reply) == answer
    told = words_so_far(reply[:end])
    assert answer.startswith(told) or "\\ud" in reply[:end]


def test_of_a_summary_the_newest_point_is_told() -> None:
    """A quote's words are not taken for the model's own."""
    points = [{"text": "One.", "quotes": [{"passage": 1, "text": "page"}]}, {"text": "Two.", "quotes": []}]
    reply = json.dumps({"points": points})
    assert words_so_far(reply) == "Two."
    assert words_so_far(reply[: reply.index("Two")]) == ""


def test_it_is_told_now_and_then() -> None:
    """A hundred pieces at once are told once."""
    told: list[str] = []
    heard = listener(lambda step, message, data: told.append(f"{step}: {message}"))
    for end in range(100):
        heard('{"answer": "A light"'[: 14 + end])
    assert told == ["writing: writing, not checked yet: A"]
