"""PDFs: columns are read one after the other, and hyphens stay where the word has one."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

import pytest

from browseagent.answer.passages import units
from browseagent.read import extract
from browseagent.read.pdf_columns import Row, Word, joint, lines_in_order, words_of
from browseagent.records import BlockKind, Document
from tests.pdf import pdf_at

LEFT = (
    "The committee on fisheries met in March and",
    "looked at the catch of the past season. It",
    "found that the quota for herring had been",
    "too high and should be lowered to 4,200",
    "tonnes a year.",
)
RIGHT = (
    "The harbour authority takes over the old ice",
    "factory on the first of July. The building",
    "will become a market hall with room for",
    "thirty stalls, of which ten are kept for",
    "local boats, and costs 1.8 million crowns.",
    "Stalls can be booked from January.",
)
MIDDLE = (
    "The ferry to the outer isles",
    "sails at seven in summer and",
    "at nine in winter. It takes",
    "forty cars and fifty bikes.",
)


Place = tuple[float, float, str, float]


def read(*places: Place) -> Document:
    return extract(pdf_at([places]), "https://a.example/gazette.pdf", "application/pdf")


def side_by_side(
    *columns: Sequence[str], top: float = 700, width: float = 260
) -> list[tuple[float, float, str, float]]:
    """Columns drawn line by line across the page."""
    return [
        (50 + width * column, top - 14 * row, text, 10)
        for row, texts in enumerate(zip_longest(*columns, fillvalue=""))
        for column, text in enumerate(texts)
        if text
    ]


def paragraphs(document: Document) -> list[str]:
    return [document.block_text(b) for b in document.blocks if b.kind is BlockKind.PARAGRAPH]


def test_two_columns_drawn_line_by_line_are_read_one_after_the_other() -> None:
    """No sentence, so no quote, is made of words of both columns."""
    document = read((50, 760, "Coast gazette, spring issue", 18), *side_by_side(LEFT, RIGHT))
    assert paragraphs(document) == [" ".join(LEFT), " ".join(RIGHT)]
    quoted = [unit.text for unit in units(document)]
    assert (
        "It found that the quota for herring had been too high and should be lowered to 4,200 tonnes a year."
        in quoted
    )
    assert all(text in " ".join(LEFT) or text in " ".join(RIGHT) for text in quoted)


def test_columns_are_read_alike_however_they_were_drawn() -> None:
    """Drawn column by column, or line by line: the same text."""
    rowwise = side_by_side(LEFT, RIGHT)
    assert read(*rowwise).text == read(*sorted(rowwise, key=lambda place: place[0])).text


def test_three_columns_and_a_heading_between() -> None:
    """A heading across the page ends the columns above it; those below it are read after it."""
    document = read(
        *side_by_side(MIDDLE, MIDDLE[::-1], MIDDLE, top=760, width=170),
        (50, 680, "News of the harbour and of the fishing fleet", 16),
        *side_by_side(LEFT, RIGHT, top=640),
    )
    order = [document.text.index(words) for words in ("News of the", LEFT[0], LEFT[-1], RIGHT[0], RIGHT[-1])]
    assert order == sorted(order)
    first = document.text[: order[0]]
    assert " ".join(MIDDLE) in first
    assert " ".join(MIDDLE[::-1]) in first.replace("\n\n", " ")


def test_a_longer_column_and_a_line_across_the_foot() -> None:
    """What one column has more than the other stays with it; a line across both comes last."""
    foot = "Coast gazette is printed by the harbour office on the first of each month, and is free for all."
    document = read(*side_by_side(RIGHT, LEFT[:4]), (50, 560, foot, 10))
    assert paragraphs(document)[0] == " ".join(RIGHT)
    assert document.text.endswith(foot)


def test_the_rows_of_a_table_stay_whole() -> None:
    """Short cells beside each other are no columns of text."""
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
    hours = (
        "7:00 to 19:00",
        "8:00 to 19:00",
        "7:30 to 12:00",
        "7:00 to 19:00",
        "7:00 to 21:00",
        "9:00 to 12:00",
    )
    document = read((50, 760, "Opening hours", 18), *side_by_side(days, hours))
    assert "Wednesday 7:30 to 12:00" in document.text


def test_a_table_of_dates_stays_whole() -> None:
    """Several words in a cell do not make a column of text."""
    stages = ("Stage", "A", "B", "C")
    posts = ("Posts", "1 to 14", "15 to 31", "32 to 46")
    begin = ("From", "3 November 2025", "5 January 2026", "9 March 2026")
    end = ("To", "19 December 2025", "6 March 2026", "15 May 2026")
    document = read((50, 760, "The works", 18), *side_by_side(stages, posts, begin, end, width=120))
    assert "B 15 to 31 5 January 2026 6 March 2026" in document.text


def test_wide_spaces_in_single_lines_are_no_gutter() -> None:
    """Justified lines have gaps at any place; those do not divide them."""
    rows = []
    for row in range(6):
        lefts = [50 + 40 * n + 9 * (n > row) for n in range(8)]
        rows.append(Row(tuple(Word(f"w{n}", left, left + 37) for n, left in enumerate(lefts)), 0, 10, 10))
    assert [line.text for line in lines_in_order(rows)] == ["w0 w1 w2 w3 w4 w5 w6 w7"] * 6


KNOWN = words_of(["The well-known harbour repairs a council tax", "of the harbour master and his pilots-"])


@pytest.mark.parametrize(
    ("before", "after", "whole"),
    [
        ("said Lucinda Farrow", "Hythe, the council's", "said Lucinda Farrow-Hythe, the council's"),
        ("because of re", "pairs.", "because of repairs."),
        ("the well", "known pilot", "the well-known pilot"),
        ("a fly-by", "wire trainer", "a fly-by-wire trainer"),
        ("some twenty", "five boats", "some twenty-five boats"),
        ("in 2024", "25 and", "in 2024-25 and"),
        ("its take", "off weight", "its take-off weight"),
        ("pre", "and post-war ships", "pre- and post-war ships"),
        ("the harbour", "council met", "the harbour-council met"),
        ("IMPOR", "TANT notice", "IMPORTANT notice"),
        ("the COVID", "19 years", "the COVID-19 years"),
        ("the pi", "lots of the port", "the pilots of the port"),
        ("Jean", "Pierre sailed", "Jean-Pierre sailed"),
    ],
)
def test_a_hyphen_at_a_lines_end_stays_where_the_word_has_one(before: str, after: str, whole: str) -> None:
    """Names, numbers and words that are written with one keep it; a hyphen that only divides a word goes."""
    assert before + joint(before, after, KNOWN) + after == whole


def test_a_hyphen_in_a_document_is_judged_by_its_other_words() -> None:
    """A compound that stands whole elsewhere in the document is known."""
    document = read(
        (72, 700, "The ice-house of the port was built by the fishers in 1871, and the ice-", 11),
        (72, 686, "house stands to this day, with the stores that the mem-", 11),
        (72, 672, "bers of the guild keep for the spring.", 11),
    )
    assert (
        "and the ice-house stands to this day, with the stores that the members of the guild" in document.text
    )
