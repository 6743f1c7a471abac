"""How the trial of a Chinese reader counts."""

from __future__ import annotations

import pytest

from tools.multilingual import f1


@pytest.mark.parametrize(
    ("said", "answers", "counted"),
    [
        ("《黑姑娘》", ("黑姑娘",), 1.0),
        ("1800个", ("超过1800个",), 2 / 3),
        ("上海大顺队", ("上海大顺队（上海二队）", "大顺"), 10 / 14),
        ("北京", ("上海",), 0.0),
        ("", ("上海",), 0.0),
    ],
)
def test_an_answer_is_compared_by_the_longest_run_in_common(
    said: str, answers: tuple[str, ...], counted: float
) -> None:
    """Of characters, of which punctuation is none and a number is one; of several answers the best."""
    assert f1(said, answers) == pytest.approx(counted)
