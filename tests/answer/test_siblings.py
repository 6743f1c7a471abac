"""The sets of things on a page, told by its structure."""

from __future__ import annotations

import pytest

from browseagent import extract
from browseagent.answer.passages import units
from browseagent.answer.siblings import siblings
from browseagent.records import Document

PAGE = """<html lang=en><head><title>Harwick Club</title></head><body><main><h1>Harwick Club</h1>
<p>The club was founded in 1921 and has been at the harbour since then. Anybody may join it.</p>
<h2>Rowing</h2><p>We row on Mondays, when the tide allows for it and the wind is not strong.</p>
<h3>Boats for rowing</h3><p>The boats are kept in the shed, which is locked with a chain at night.</p>
<h2>Sailing</h2><p>These are the boats, in the order in which they were bought by the club:</p>
<ul><li><b>Anna</b> is the oldest, and leaks<ul><li>Built in Leith</li></ul></li>
<li><a href="/b">Berta</a>, bought in 1950</li><li>Clara – lent to the school</li><li>Dora</li></ul>
<ol><li>Pay first</li><li>Sail then</li></ol>
<h2>Prices</h2><table><tr><th>Boat</th><th>A day</th></tr><tr><td>Anna</td><td>£20</td></tr>
<tr><td>Berta</td><td>£30</td></tr><tr><td></td><td>£5</td></tr></table>
</main><footer><div class=columns>{columns}</div></footer></body></html>"""
COLUMN = """<div class=column><div class=head>{}</div><div class=links>{}</div></div>"""
LINK = """<div class=item><a class=link href="/{0}">{0}</a></div>"""
COLUMNS = {"Makers": ["Alder", "Birch", "Cedar"], "Help": ["Tides", "Locks", "Keys"], "Club": ["A", "B", "C"]}


@pytest.fixture(scope="module")
def page() -> Document:
    columns = "".join(
        COLUMN.format(head, "".join(map(LINK.format, names))) for head, names in COLUMNS.items()
    )
    html = PAGE.replace("{columns}", columns)
    return extract(html.encode(), url="https://example.org/", content_type="text/html; charset=utf-8")


def beside(page: Document, words: str) -> list[str]:
    """The set that the first place of some words is one of, in the page's own words."""
    at = page.text.index(words)
    unit = next(u for u in units(page, for_reader=True) if u.passage.start <= at < u.passage.end)
    return [page.text[each.start : each.end] for each in siblings(unit, at)]


def test_items_of_one_list_stand_together(page: Document) -> None:
    """Neither what is nested in one of them nor the list that follows is of the set."""
    items = ["Anna is the oldest, and leaks", "Berta, bought in 1950", "Clara – lent to the school", "Dora"]
    assert beside(page, "Clara") == items
    assert beside(page, "Built in Leith") == ["Built in Leith"]
    assert beside(page, "Sail then") == ["Pay first", "Sail then"]


def test_an_item_is_named_at_its_front(page: Document) -> None:
    """In bold, by a link, or before a dash; what has none of these has no name."""
    at = page.text.index("Clara")
    unit = next(u for u in units(page) if u.passage.start == at)
    named = [page.text[each.start : each.name_end] for each in siblings(unit, at)]
    assert named == ["Anna", "Berta", "Clara", "Dora"]


def test_headings_of_one_rank_stand_together(page: Document) -> None:
    """Those below another one of their rank do not."""
    assert beside(page, "Sailing") == ["Rowing", "Sailing", "Prices"]
    assert beside(page, "Boats for rowing") == ["Boats for rowing"]


def test_a_cell_stands_in_its_column(page: Document) -> None:
    """With what its row tells of it; the column's header and cells left empty are no things."""
    at = page.text.rindex("Berta")
    unit = next(u for u in units(page) if u.passage.start <= at < u.passage.end)
    found = siblings(unit, at)
    assert [page.text[each.start : each.end] for each in found] == ["Anna", "Berta"]
    assert [each.told.split() for each in found] == [["Anna", "£20"], ["Berta", "£30"]]


def test_cells_that_are_called_alike_stand_in_their_row(page: Document) -> None:
    """A column of links in a footer is a row; what heads it is called otherwise."""
    assert page.rest is not None
    assert beside(page.rest, "Birch") == ["Alder", "Birch", "Cedar"]


def test_prose_is_no_set(page: Document) -> None:
    """Nor does a sentence stand in one."""
    assert beside(page, "Anybody may join") == []
