"""What the pages are made of: a document's blocks with marks, a chart, and a page of a long list."""

from __future__ import annotations

import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from browseagent.config import Settings
from browseagent.read import extract
from browseagent.records import Document
from browseagent.serve.chart import HEIGHT, WIDTH, chart
from browseagent.serve.shown import MOST_BLOCKS, Group, Span, found, shown
from browseagent.store.watch_schema import watches
from browseagent.wiring import open_kept
from tests.serve.pages.conftest import EVIL, Server

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
HTML = (
    "<main><h1>Opening hours</h1><p>The museum opens at nine. Dogs may come in on a lead.</p>"
    "<ul><li>Adults: 7 euros</li><li>Children: free</li></ul>"
    "<table><tr><th>Day</th><th>Hours</th></tr><tr><td>Monday</td><td>closed</td></tr>"
    "<tr><td>Sunday</td><td>10 to 16</td></tr></table><pre><code>open = True</code></pre></main>"
)


def _page() -> Document:
    return extract(HTML.encode(), url="https://example.org/", content_type="text/html; charset=utf-8")


def _said(group: Group) -> list[list[str]]:
    return [["".join(piece.text for piece in cell) for cell in row] for row in group.rows]


def test_lists_and_tables_are_kept_together() -> None:
    """A run of items is one list, a run of rows one table with its header."""
    groups = {group.kind: group for group in shown(_page()).groups}
    assert _said(groups["item"]) == [["Adults: 7 euros"], ["Children: free"]]
    assert groups["row"].header
    assert _said(groups["row"])[1:] == [["Monday", "closed"], ["Sunday", "10 to 16"]]


@settings(max_examples=50)
@given(st.lists(st.tuples(st.integers(0, 160), st.integers(1, 60)), max_size=4))
def test_marking_changes_no_word(places: list[tuple[int, int]]) -> None:
    """Whatever is marked, the pieces of each block joined are the block's text."""
    document = _page()
    spans = [Span(start, start + size, number) for number, (start, size) in enumerate(places, 1)]
    assert [_said(group) for group in shown(document, spans).groups] == [
        _said(group) for group in shown(document).groups
    ]


def test_a_quote_is_marked_where_it_stands_and_numbered() -> None:
    """By its place; by its words where the place is another's; not at all where the page lacks it."""
    document = _page()
    words = "Dogs may come in on a lead."
    at = document.text.index(words)
    spans = found(
        document, [(1, words, at, at + len(words)), (2, "closed", 0, 6), (3, "no such words", 0, 5)]
    )
    marked = [
        (piece.text, piece.number, piece.first)
        for group in shown(document, spans).groups
        for row in group.rows
        for cell in row
        for piece in cell
        if piece.number
    ]
    assert marked == [(words, 1, True), ("closed", 2, True)]


def test_of_a_very_long_page_what_is_around_the_quote_is_shown() -> None:
    """With how many blocks are left out on both sides."""
    body = "".join(f"<p>This is paragraph number {n} of a long page.</p>" for n in range(6000))
    document = extract(f"<main>{body}</main>".encode(), url="https://example.org/", content_type="text/html")
    at = document.text.index("number 4000 ")
    part = shown(document, [Span(at, at + 11, 1)])
    assert len(part.groups) == MOST_BLOCKS
    assert part.before + MOST_BLOCKS + part.after == len(document.blocks)
    assert any(piece.number for group in part.groups for piece in group.rows[0][0])


def test_a_chart_lies_within_its_frame_and_steps() -> None:
    """A value holds until the next; one value, or none, is no chart; a flat line is one."""
    values = [(NOW + timedelta(days=n), price, f"{price} EUR") for n, price in enumerate((49.0, 39.0, 45.0))]
    drawn = chart("Price?", values)
    assert drawn is not None
    assert drawn.dots[0].said == "2026-11-29 12:00 UTC: 49.0 EUR"
    assert all(0 < dot.x < WIDTH and 0 < dot.y < HEIGHT for dot in drawn.dots)
    assert drawn.dots[0].y < drawn.dots[2].y < drawn.dots[1].y
    assert len(drawn.line.split()) == 5
    assert chart("Price?", values[:1]) is None
    assert chart("Price?", [values[0], values[0]]) is not None


def test_a_long_list_of_watches_is_read_by_pages(tmp_path: Path) -> None:
    """Words are looked for in names and addresses, states are counted, and only what is shown is read."""
    states = [None, "new", "failed"]
    rows = [
        {
            "uid": secrets.token_hex(16), "name": f"watch {n:03d}", "host": "site.example",
            "enabled": n % 2 == 0, "settings": {"url": f"https://site{n % 5}.example/100%/{n}"},
            "created_at": NOW, "due_at": NOW + timedelta(minutes=n - 10), "memory": {}, "seen_sha256": "",
            "reason": "", "failures": 0, "trouble_told": n == 7, "checks": 0, "good_at": NOW,
            "state": states[n % 3],
        }
        for n in range(60)
    ]  # fmt: skip
    with open_kept(Settings(home=tmp_path)) as kept:
        with kept.pages.database.transaction(write=True) as connection:
            connection.execute(watches.insert(), rows)
        book = kept.book
        part = book.listed([], start=50, most=20)
        assert part.total == 60
        assert [entry.name for entry in part.entries] == [f"watch {n:03d}" for n in range(50, 60)]
        assert book.listed(["SITE3", "watch"]).total == 12
        assert book.listed(["100%/"]).total == 60
        assert book.listed(["_atch"]).total == 0
        assert book.listed([], "failed").total == book.listed([], "none").total == 20
        assert [entry.name for entry in book.listed([], "trouble").entries] == ["watch 007"]
        tally = book.tally(NOW)
        assert dict(tally.states) == {"none": 20, "new": 20, "failed": 20}
        assert (tally.watches, tally.due, tally.oldest_due) == (60, 6, NOW - timedelta(minutes=10))


def test_a_question_may_go_to_a_page_as_it_was(pages: Server) -> None:
    """The form's time chooses among stored versions: before the first one there is none, and nothing is
    fetched; what is no time is said so, the form as it was filled in."""
    early = (datetime.now(UTC) - timedelta(days=3)).isoformat()
    reply = pages.send("/ask", question="Who pays?", urls=EVIL, as_of=early)
    assert reply.status_code == 303
    answer = pages.client.get(reply.headers["location"])
    assert f"no version of {EVIL} is stored as of" in answer.text
    wrong = pages.send("/ask", question="Who pays?", urls=EVIL, as_of="yesterday")
    assert wrong.status_code == 400
    assert "is no time" in wrong.text and 'value="Who pays?"' in wrong.text
