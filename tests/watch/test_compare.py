"""Which differences between two versions of a page are changes of its text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browseagent.read import extract
from browseagent.records import Block, BlockKind, Document
from browseagent.watch.compare import compare, text_key


def text(*paragraphs: str) -> Document:
    return extract(
        "\n\n".join(paragraphs).encode(), url="https://example.org/", content_type="text/plain; charset=utf-8"
    )


def test_a_changed_paragraph_is_one_hunk_with_both_sides() -> None:
    """The hunk holds the paragraph before and after."""
    change = compare(
        text("Intro.", "The fee is 30 crowns.", "End."), text("Intro.", "The fee is 35 crowns.", "End.")
    )
    assert change.changed
    assert change.hunks == [("The fee is 30 crowns.", "The fee is 35 crowns.")]
    assert change.differences[0].kind == "changed"


def test_added_and_removed_paragraphs_are_told_apart() -> None:
    """An addition has nothing before it, a removal nothing after."""
    change = compare(text("One stays.", "Two goes away."), text("One stays.", "Something else is new here."))
    assert [(h.kind, h.before, h.after) for h in change.differences] == [
        ("removed", "Two goes away.", ""), ("added", "", "Something else is new here."),
    ]  # fmt: skip


def test_a_moved_paragraph_is_said_to_have_moved() -> None:
    """The same words in another place are one hunk of kind moved."""
    one, two, three = "Alpha comes first.", "Beta comes second.", "Gamma comes third."
    change = compare(text(one, two, three), text(two, three, one))
    assert [h.kind for h in change.differences] == ["moved"]


def page(body: str) -> Document:
    lead = "<p>The harbour office keeps this page for all who sail from the inner basin, and often.</p>"
    text = f"<html lang=en><title>Harbour</title><main><h1>Harbour office</h1>{lead}{body}</main></html>"
    return extract(text.encode(), url="https://example.org/", content_type="text/html; charset=utf-8")


def told(before: str, after: str) -> list[tuple[str, str, str]]:
    """What differs between two pages, without what only moved."""
    found = compare(page(before), page(after)).differences
    return [(h.before, h.after, h.where.rpartition(" › ")[2]) for h in found if h.kind != "moved"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "<h2>Room Ash</h2><p>Booked</p><h2>Room Birch</h2><p>Free</p>",
            "<h2>Room Ash</h2><p>Free</p><h2>Room Birch</h2><p>Booked</p>",
        ),
        (
            "<h2>Room Ash</h2><p>Booked</p><h2>Room Birch</h2><p>Free</p>",
            "<h2>Room Birch</h2><p>Booked</p><h2>Room Ash</h2><p>Free</p>",
        ),
        (
            "<dl><dt>Room Ash</dt><dd>Booked</dd><dt>Room Birch</dt><dd>Free</dd></dl>",
            "<dl><dt>Room Ash</dt><dd>Free</dd><dt>Room Birch</dt><dd>Booked</dd></dl>",
        ),
    ],
)
def test_words_under_another_heading_say_something_else(before: str, after: str) -> None:
    """All words are on both pages; which room is free is another."""
    found = told(before, after)
    assert {("Booked", "Free"), ("Free", "Booked")} <= {(was, now) for was, now, _ in found}
    assert {"Room Ash", "Room Birch"} <= {where for *_, where in found}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "<ul><li>Mon<ul><li>Gull sails</li></ul></li><li>Tue<ul><li>Tern sails</li></ul></li></ul>",
            "<ul><li>Mon<ul><li>Tern sails</li></ul></li><li>Tue<ul><li>Gull sails</li></ul></li></ul>",
        ),
        (
            "<p><b>Ash</b></p><p>Gull sails</p><p><b>Birch</b></p><p>Tern sails</p>",
            "<p><b>Ash</b></p><p>Tern sails</p><p><b>Birch</b></p><p>Gull sails</p>",
        ),
        (
            "<div><div>Ash</div><div>Gull sails</div></div><div><div>Birch</div><div>Tern sails</div></div>",
            "<div><div>Ash</div><div>Tern sails</div></div><div><div>Birch</div><div>Gull sails</div></div>",
        ),
    ],
)
def test_two_texts_that_have_changed_places_are_told(before: str, after: str) -> None:
    """Under items, or between neighbours that stayed."""
    found = {(was, now) for was, now, _ in told(before, after)}
    assert found == {("Gull sails", "Tern sails"), ("Tern sails", "Gull sails")}


def test_teasers_in_another_order_have_only_moved() -> None:
    """What leads elsewhere says the same wherever it stands."""
    one, two, three = (f'<p><a href="/{n}">The story of the {n}</a></p>' for n in ("gull", "tern", "crane"))
    assert told(one + two + three, three + two + one) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (
            "<tr><td>Gull<td>4<td><tr><td>Tern<td>1<td>2",
            "<tr><td>Gull<td><td>4<tr><td>Tern<td>1<td>2",
        ),
        ("<tr><td>Gull<td>4<td>12<tr><td>Tern<td>1<td>2", "<tr><td>Gull<td>41<td>2<tr><td>Tern<td>1<td>2"),
    ],
)
def test_a_value_in_another_column_is_another_one(before: str, after: str) -> None:
    """The words of the row are the same, one after the other."""
    table = "<table><tr><th>Boat<th>Mon<th>Tue{}</table>"
    assert told(table.format(before), table.format(after))
    assert told(table.format(before), table.format(before.replace("<td>", "<td> "))) == []


def test_the_indentation_of_code_is_part_of_it() -> None:
    """In some languages it says what belongs to what; spaces within a line say nothing."""
    code = "<pre>if calm:\n    sail()\n    {}rest()</pre>"
    assert len(told(code.format("").replace("    rest", "rest"), code.format(""))) == 1
    assert told(code.format(""), code.format("").replace("if calm", "if  calm")) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("rm -rf /tmp /x", "rm -rf /tmp/x"),
        ("ls -l a", "ls -la"),
        ("echo 'date'", "echo `date`"),
        ("git log -n", "git log –n"),
        ('x = "a"', "x = “a”"),
        ("a\nb", "ab"),
    ],
)
def test_code_is_compared_as_it_is(before: str, after: str) -> None:
    """A space, a dash or a quotation mark makes another program; in a sentence it makes none."""
    code = "<pre><code>{}</code></pre>"
    assert told(code.format(before), code.format(after))
    assert told(code.format(before), code.format(f"{before}\n")) == []
    assert told("<p>It's a “quay” – here</p>", '<p>It’s a "quay" - here</p>') == []


def test_an_item_that_goes_to_another_list_is_told_of_both() -> None:
    """What was for sale is sold, in the same words."""
    lists = "<h2>For sale</h2><ul>{}</ul><h2>Sold</h2><ul>{}</ul>"
    gull, tern, crane = ("<li>Gull, rowing boat</li>", "<li>Tern, dinghy</li>", "<li>Crane, cutter</li>")
    assert sorted(told(lists.format(gull + tern, crane), lists.format(tern, crane + gull))) == [
        ("", "Gull, rowing boat", "Sold"), ("Gull, rowing boat", "", "For sale"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<h2>Fees</h2><p>Nine crowns.</p><h2>Tides</h2><p>High at noon.</p><p>Ask the keeper.</p>",
         "<h2>Tides</h2><p>High at noon.</p><h2>Fees</h2><p>Nine crowns.</p><p>Ask the keeper.</p>"),
        ("<ul><li>Anna Holm</li><li>Bo Lind</li><li>Cai Moe</li></ul>",
         "<ul><li>Bo Lind</li><li>Anna Holm</li><li>Cai Moe</li></ul>"),
    ],
)  # fmt: skip
def test_sections_and_items_in_another_order_have_only_moved(before: str, after: str) -> None:
    """What is said of each is the same."""
    assert told(before, after) == []


def test_a_heading_of_another_name_changes_nothing_under_it() -> None:
    """The section is the same: its old heading is nowhere any more."""
    found = told("<h2>Fees</h2><p>Nine crowns.</p>", "<h2>Fees and fines</h2><p>Nine crowns.</p>")
    assert [(was, now) for was, now, _ in found] == [("Fees", "Fees and fines")]


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("<ol><li>Anna Holm</li><li>Bo Lind</li><li>Cai Moe</li></ol>",
         "<ol><li>Anna Holm</li><li>Cai Moe</li><li>Bo Lind</li></ol>", {("3. Cai Moe", "2. Cai Moe")}),
        ("<ol start=3><li>Sign the book</li><li>Take a vest</li></ol>",
         "<ol start=5><li>Sign the book</li><li>Take a vest</li></ol>",
         {("3. Sign the book", "5. Sign the book"), ("4. Take a vest", "6. Take a vest")}),
        ("<ol><li>Anna Holm</li><li>Bo Lind</li></ol>",
         "<ol><li>Cai Moe</li><li>Anna Holm</li><li>Bo Lind</li></ol>", {("", "Cai Moe")}),
    ],
)  # fmt: skip
def test_the_number_of_an_item_is_part_of_it(before: str, after: str, expected: set[tuple[str, str]]) -> None:
    """A ranking in another order is a change, numbers that only go on after a new item are none."""
    assert {(was, now) for was, now, _ in told(before, after)} == expected
    assert text_key(page(before)) != text_key(page(after))


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It's a  “quoted” word – here.", "It’s a \"quoted\" word - here."),
        ("ﬁne café", "fine café"),
        ("at −4 degrees", "at -4 degrees"),
        ("12\u202f990 kr, 10⁶ lamps", "12 990 kr, 10^6 lamps"),
        ("Oars · Sails", "Oars Sails"),
        ("12  5 and 3", "12 5 and 3"),
        ("I ❤️ oars", "I ❤ oars"),
    ],
)  # fmt: skip
def test_typography_is_folded(before: str, after: str) -> None:
    """The same text in other signs is no difference at all."""
    assert compare(text(before), text(after)).differences == ()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("1,204 views so far", "1,310 views so far"),
        ("Comments: 12 in all", "Comments: 14 in all"),
        ("The record stands at 2:29:44.", "The record stands at 2:28:10."),
        ("Next sailing: 2026-04-09 09:35", "Next sailing: 2026-04-10 11:00"),
        ("sha256: 4f2a9c1e77ab4c029d110a1b2c3d4e5f", "sha256: 9b1d3c5e12ab4c029d11ffeeddccbbaa"),
        ("12 min read", "14 min read"),
        ("Manual: https://example.org/a?page=2", "Manual: https://example.org/a?page=3"),
        (
            "File: https://example.org/report-2026-summer.pdf",
            "File: https://example.org/report-2027-summer.pdf",
        ),
    ],
)
def test_what_may_mean_something_is_a_change(before: str, after: str) -> None:
    """Counters, records, appointments, checksums and addresses: no word beside them makes them noise."""
    assert [pair.kind for pair in compare(text(before), text(after)).hunks] == ["text"]


@pytest.mark.parametrize(
    ("before", "after"),
    [("The price is $10.", "The price is $12."), ("You may cancel.", "You may not cancel."),
    ("Open at 9:30.", "Open at 9:00."),
     ("Seats: 1 12", "Seats: 11 2"), ("Fee £3·50", "Fee £350"), ("10² m", "102 m"), ("2½ m", "21/2 m"),
     ("host   12   5", "host   1   25"), ("12\t\t5", "1\t\t25"), ("Drawn: 3 • 14", "Drawn: 31 • 4"),
     ("Drawn: 3•14", "Drawn: 31•4"), ("12\u00a0 5", "1\u00a0 25"),
     ("🟢", "🔴"), ("↑", "↓"), ("→", "←"),
     ("$$", "$$$"), ("£", "£££"),
     ("Updated: 1 May 2025", "Updated: 2 May 2025"), ("in 5 minutes", "in 15 minutes")],
)  # fmt: skip
def test_small_changes_of_meaning_are_found(before: str, after: str) -> None:
    """A price, a negation, an opening hour or a date is a change."""
    assert compare(text(before), text(after)).changed


def test_paragraphs_split_otherwise_are_no_change() -> None:
    """The same words in other blocks are the same text."""
    assert not compare(text("One sentence. Two sentences."), text("One sentence.", "Two sentences.")).changed


def test_numbers_of_two_blocks_do_not_run_together() -> None:
    """Where one ends and the next begins with a digit, which is whose is told."""
    assert compare(text("Rovers 1", "10 minutes left"), text("Rovers 11", "0 minutes left")).changed


def test_text_that_was_only_judged_otherwise_is_no_change() -> None:
    """What stood on the page before, though outside its main text, is not new."""
    left = Block(BlockKind.PARAGRAPH, 0, 24, place="sidebar")
    before = replace(text("Main text stays."), rest=Document("", "Subscribe to our letters", (left,)))
    after = text("Main text stays.", "Subscribe to our letters")
    assert not compare(before, after).changed
    assert not compare(after, before).changed


PARAGRAPHS = st.lists(st.text(alphabet="abcdefgh ", min_size=1, max_size=12), max_size=8)


@given(PARAGRAPHS)
def test_a_document_does_not_differ_from_itself(paragraphs: list[str]) -> None:
    """No hunks without a difference."""
    document = text(*paragraphs)
    assert not compare(document, document).changed


@given(PARAGRAPHS, PARAGRAPHS)
def test_hunks_hold_text_of_their_sides(one: list[str], other: list[str]) -> None:
    """Every hunk quotes the documents, and swapping them swaps what changed, not whether."""
    before, after = text(*one), text(*other)
    change = compare(before, after)
    assert all(b in before.text or not b for b, _ in change.hunks if b != _)
    assert all(a in after.text for _, a in change.hunks)
    assert change.changed == compare(after, before).changed


def test_a_price_of_the_page_data_is_compared_by_value() -> None:
    """The same price written with another number of digits is no change; another price is one."""

    def shop(price: str) -> Document:
        data = (
            f'{{"@type": "Product", "name": "Vila", "offers": {{"price": {price}, "priceCurrency": "BRL"}}}}'
        )
        html = (
            f'<title>Vila</title><script type="application/ld+json">{data}</script>'
            "<main><h1>Vila</h1><p>A compact computer with a processor of six cores.</p></main>"
        )
        return extract(html.encode(), url="https://example.org/", content_type="text/html")

    for one, other, same in (
        ("2879.2", '"2879.20"', True),
        ("49", '"49.00"', True),
        ('"49.50"', "49.5", True),
        ("49.5", "49.05", False),
    ):
        assert (not compare(shop(one), shop(other)).differences) == same
