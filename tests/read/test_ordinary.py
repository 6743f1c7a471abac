"""Elements of which nothing is asked read as they do when everything is."""

from __future__ import annotations

from pathlib import Path

import pytest

from browseagent.read import extract, ordinary, walk
from browseagent.read.dom import parse
from browseagent.read.ordinary import TELLING, is_ordinary
from browseagent.read.visibility import Visibility, visibility_of
from browseagent.records import Document

SITES = Path(__file__).parents[2] / "fixtures" / "sites"
PAGES = sorted(SITES.rglob("*.html"))[::3]
PIECES = """
<style>.gone {display: none} .old {text-decoration: line-through} .new::after {content: "New"}
#away {display: none} .a .b {display: none}</style>
<p class=gone>one<p class="x old">two<p class=new>three<p id=away>four<div class=a><p class=b>five</div>
<p class="visually-hidden">six<p class="d-none">seven<p class="sold-out">eight<p>★<p class=green>●
<a href=/x></a><a href=/y><img alt=Y></a><table><tr><td>a<td class=tick></td><tr><td>b<td>c</table>
<p title="a tip">nine<p style="color:red">ten<span class=katex>x</span><span class=cents>99</span>
<details><summary>s</summary>t</details><dialog>u</dialog><p role=button>v<p><s>w</s> <time
datetime=2026-01-01></time><p hidden>y<p aria-current=step>z<i aria-label=home></i><small>5</small>
"""


def read(body: bytes) -> Document:
    return extract(body, "https://a.example/b", "text/html; charset=utf-8")


@pytest.mark.parametrize("page", [None, *PAGES], ids=lambda page: page.name if page else "pieces")
def test_what_is_not_asked_changes_nothing(page: Path | None, monkeypatch: pytest.MonkeyPatch) -> None:
    """A document is the same where every element is asked everything."""
    body = page.read_bytes() if page else PIECES.encode()
    document = read(body)
    for module in (ordinary, walk):
        monkeypatch.setattr(module, "is_ordinary", lambda *_: False)
    assert read(body) == document


def test_most_elements_are_ordinary() -> None:
    """Those with classes, an id or an address alone; not those with an attribute that says something."""
    root = parse("<div id=a class='card big'><p>words</p><a href=/b rel=next>more words</a></div>")
    assert root is not None
    assert all(is_ordinary(element, Visibility()) for element in root.iter())
    for name in TELLING:
        element = root.find(".//p")
        element.set(name, "x")
        assert not is_ordinary(element, visibility_of(root))
        del element.attrib[name]


@pytest.mark.parametrize("unseen", ["", "&#8203;", "\u2060 "])
def test_a_cell_of_unseen_signs_has_no_words(unseen: str) -> None:
    """What it holds is told as of an empty one."""
    plain = (
        "<table><tr><th>Plan<th>Backups<tr><td>Basic<td>{}<span class=yes></span><tr><td>Full<td>x</table>"
    )
    told = read(plain.format(unseen).encode()).beside
    assert told == read(plain.format("").encode()).beside
    assert any("yes" in each for each in told)
