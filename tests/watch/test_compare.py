"""Which differences between two versions of a page are changes of its text."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browseagent.read import extract
from browseagent.records import Block, BlockKind, Document
from browseagent.watch.compare import compare


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


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("It's a  “quoted” word – here.", "It’s a \"quoted\" word - here."),
        ("ﬁne café", "fine café"),
        ("at −4 degrees", "at -4 degrees"),
        ("12\u202f990 kr, 10⁶ lamps", "12 990 kr, 10^6 lamps"),
        ("Oars · Sails", "Oars Sails"),
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
     ("🟢", "🔴"), ("Updated: 1 May 2025", "Updated: 2 May 2025"), ("in 5 minutes", "in 15 minutes")],
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
