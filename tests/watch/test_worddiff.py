"""Which words of a block changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browseagent.watch.worddiff import Span, word_diff


def shown(before: str, after: str) -> str:
    marks = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(marks[span.kind].format(span.text) for span in word_diff(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("It costs £49.00 today.", "It costs £39.00 today.", "It costs [-£49.00-]{+£39.00+} today."),
        (
            "Open until 28 November 2025",
            "Open until 5 December 2025",
            "Open until [-28 November-]{+5 December+} 2025",
        ),
        ("You may cancel.", "You may not cancel.", "You may {+not +}cancel."),
        ("the same", "the same", "the same"),
        ("渡船明天停航", "渡船后天停航", "渡船[-明-]{+后+}天停航"),
        ("", "all new", "{+all new+}"),
    ],
)
def test_the_words_that_changed(before: str, after: str, expected: str) -> None:
    """Amounts, times and dates change as wholes; neighbouring changes are shown as one."""
    assert shown(before, after) == expected


@given(st.text(alphabet="ab1 .£", max_size=30), st.text(alphabet="ab1 .£", max_size=30))
def test_both_texts_can_be_read_off(before: str, after: str) -> None:
    """Nothing of either text is lost or made up."""
    spans: tuple[Span, ...] = word_diff(before, after)
    assert "".join(s.text for s in spans if s.kind != "added") == before
    assert "".join(s.text for s in spans if s.kind != "removed") == after


def test_a_very_long_block_is_one_difference() -> None:
    """A comparison never takes minutes."""
    before, after = "word " * 60_000, "other " * 60_000
    assert [span.kind for span in word_diff(before, after)] == ["removed", "added"]
