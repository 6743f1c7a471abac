"""The picture of the house in CONTRIBUTING.md is what the imports are."""

from __future__ import annotations

from tools.house import PAGE, drawn, reduced


def test_the_picture_is_not_old() -> None:
    """A room that is new, is gone, or leans on another one shows: `python tools/house.py` draws it."""
    page = PAGE.read_text("utf-8")
    assert page.count("```mermaid\n") == 1
    assert drawn(page) == page, "run python tools/house.py"


def test_an_arrow_that_others_make_up_for_is_left_out() -> None:
    """Of a, b and c in a row only the neighbours are joined; a circle is shown whole."""
    assert reduced({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == [("a", "b"), ("b", "c")]
    assert reduced({"a": {"b"}, "b": {"c"}, "c": {"b"}}) == [("a", "b"), ("b", "c"), ("c", "b")]
