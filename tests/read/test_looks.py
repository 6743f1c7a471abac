"""What is drawn beside the words of a page."""

from __future__ import annotations

import pytest

from browseagent.read import extract


def looks(body: str) -> list[tuple[str, str]]:
    html = f"<html lang=en><main>{body}</main></html>"
    document = extract(html.encode(), "https://a.example/b", "text/html")
    return [(each.text, each.look) for each in document.looks]


@pytest.mark.parametrize(
    "line",
    [
        "<p>Lift <i class='icon red'></i></p>",
        "<p>Lift<!-- no word --> <i class='icon red'></i></p>",
        "<p><span><i class='icon red'></i></span>Lift</p>",
    ],
)
def test_an_icon_is_told_by_the_words_it_stands_by(line: str) -> None:
    """Those of the nearest element that has some."""
    assert ("Lift", "icon red") in looks(line)


def test_words_of_their_own_elements_are_apart() -> None:
    """Though they touch."""
    assert ("Lift open", "red") in looks("<div><b>Lift</b><b>open</b><i class=red></i></div>")


def test_many_words_are_no_sign() -> None:
    """Up to fifteen are."""
    for count, told in ((15, True), (16, False)):
        said = " ".join("abcdefghijklmnop"[:count])
        assert ((said, "red") in looks(f"<div>{said}<i class=red></i></div>")) is told
        apart = "".join(f"<b>{each}</b>" for each in said.split())
        assert ((said, "red") in looks(f"<div>{apart}<i class=red></i></div>")) is told


@pytest.mark.parametrize("line", ["<p>word {}</p><i class=a></i>", "<i class=a></i>"])
def test_each_icon_of_a_long_page_is_looked_at_by_itself(line: str) -> None:
    """It would not end if all around were read for each, words or none."""
    text = "".join(map(line.format, range(8_000)))
    assert looks(f"<p>Lift <i class=red></i></p>{text}")[0] == ("Lift", "red")
    assert looks(text) == []
