"""What listed and tabled values are worth: units, dates written in one way, ranges, price lists."""

from __future__ import annotations

import pytest

from browseagent import extract
from browseagent.answer.question import Question
from browseagent.answer.tables.choose import scored
from browseagent.answer.tables.columns import Column, Kind
from browseagent.answer.tables.links import link
from browseagent.answer.tables.question import parse_question
from browseagent.answer.tables.records import page_frames
from browseagent.records import Document


def page(body: str) -> Document:
    html = f"<html lang=en><title>Page</title><body><main><h1>Page</h1>{body}</main></body></html>"
    return extract(html.encode(), url="https://example.org/", content_type="text/html; charset=utf-8")


def table(*rows: tuple[str, ...]) -> Document:
    """A table whose first row is its header."""
    tags = ["th", *["td"] * (len(rows) - 1)]
    lines = (
        "<tr>" + "".join(f"<{tag}>{cell}</{tag}>" for cell in row) + "</tr>"
        for tag, row in zip(tags, rows, strict=True)
    )
    return page(f"<table>{''.join(lines)}</table>")


def column(document: Document, name: str) -> Column:
    """The first column of that name."""
    return next(each for frame in page_frames(document) for each in frame.columns if each.name == name)


def extremes(document: Document, question: str) -> set[str]:
    """What the readings of a superlative that order by a column give."""
    found = scored(Question.of(question), page_frames(document))
    return {one.reading.texts[0] for one in found if one.reading.operation == "extreme"}


LAPTOPS = table(("Model", "Weight"), ("Aero", "1.24 kg"), ("Bulk", "2.9 kg"), ("Mini", "980 g"))


def test_values_in_several_units_are_ordered_by_what_they_are_worth() -> None:
    assert column(LAPTOPS, "Weight").keys == pytest.approx((1.24, 2.9, 0.98))
    assert "Mini" in extremes(LAPTOPS, "which model has the least weight?")
    assert "Bulk" in extremes(LAPTOPS, "which model has the most weight?")


@pytest.mark.parametrize(
    ("question", "models"),
    [
        ("which models weigh less than 1100 g?", {"Mini"}),
        ("which models weigh more than 1.1 kg?", {"Aero", "Bulk"}),
        ("which models weigh less than 20 km?", set[str]()),
    ],
)
def test_a_comparison_is_made_in_the_unit_of_the_column(question: str, models: set[str]) -> None:
    (frame,) = (frame for frame in page_frames(LAPTOPS) if not frame.lines)
    links = link(parse_question(Question.of(question)), frame)
    rows = [c.rows for rows in links.sets for c in rows.conditions if c.kind == "compare"]
    met = rows[0] if rows else 0
    assert {v.text for i, v in enumerate(frame.columns[0].values) if met >> i & 1} == models


def test_a_column_is_asked_for_by_the_name_of_its_unit() -> None:
    assert {"kilogram"} <= column(LAPTOPS, "Weight").standing.aliases


def test_dates_of_a_column_are_written_in_one_way() -> None:
    """One of them has no month of its number, so that all begin with the day."""
    document = table(("Flat", "Added"), ("Mill", "12/03/2025"), ("Oak", "19/03/2025"), ("Elm", "01/03/2025"))
    assert [value.date for value in column(document, "Added").values] == [
        (2025, 3, 12),
        (2025, 3, 19),
        (2025, 3, 1),
    ]
    american = table(("Flat", "Added"), ("Mill", "12/03/2025"), ("Oak", "11/19/2025"))
    assert column(american, "Added").values[0].date == (2025, 12, 3)


def test_a_range_is_no_score() -> None:
    document = table(
        ("Lot", "Estimate", "Holds", "Match"),
        ("101", "$190-230", "5-22 lbs", "3-1"),
        ("102", "$3,500-4,200", "9-50 lbs", "0-2"),
    )
    kinds = [column(document, name).kind for name in ("Estimate", "Holds", "Match")]
    assert kinds == [Kind.MONEY, Kind.NUMBER, Kind.SCORE]


def test_milliseconds_are_less_than_seconds() -> None:
    document = table(("Mode", "Max. time"), ("Tape", "1.2 s"), ("Bucket", "600 ms"), ("Freeze", "8 s"))
    assert column(document, "Max. time").keys == pytest.approx((1.2, 0.6, 8))


def test_what_is_saved_is_no_price() -> None:
    cards = "".join(
        f"<article><h3><a href=/{n}>{name}</a></h3><p>Save ${saved}</p><p>${price}</p></article>"
        for n, (name, saved, price) in enumerate(
            [("Ada", "90", "20"), ("Bob", "10", "70"), ("Cid", "40", "30")]
        )
    )
    columns = [
        each for frame in page_frames(page(cards)) for each in frame.columns if each.kind is Kind.MONEY
    ]
    named = {each.values[0].text: "price" in each.standing.aliases for each in columns}
    assert named["Save $90"] is False
    assert named["$20"] is True


MENU = page(
    "<h2>Starters</h2><p>Bruschetta £6.50</p><p>Tomato and basil</p><p>Minestrone £5.95</p><p>Beans</p>"
    "<h2>Pizza</h2><p>Margherita £9.50</p><p>Tomato</p><p>Diavola £11.95 (hot)</p><p>Salami</p>"
)


def test_lines_with_a_name_and_a_price_are_one_list_with_their_headings() -> None:
    frame = next(
        f
        for f in page_frames(MENU)
        if [c.name for c in f.columns][:4] == ["title", "price", "text", "section"]
    )
    told = [[value.text for value in each.values] for each in frame.columns[:4]]
    assert told[0] == ["Bruschetta", "Minestrone", "Margherita", "Diavola"]
    assert frame.columns[1].keys == (6.5, 5.95, 9.5, 11.95)
    assert told[2] == ["Tomato and basil", "Beans", "Tomato", "Salami"]
    assert told[3] == ["Starters", "Starters", "Pizza", "Pizza"]


def test_the_cheapest_of_all_and_of_one_sort() -> None:
    assert {"Minestrone", "Margherita"} <= extremes(MENU, "what is the cheapest pizza?")


def test_items_that_begin_with_a_link_and_tell_numbers_of_it_are_records() -> None:
    items = "".join(
        f"<li><a href=/{n}>{name}</a> <span>{took}</span> <span>{energy} kcal per serving</span></li>"
        for n, (name, took, energy) in enumerate(
            [("Soup", "35 min", 290), ("Stew", "2 h 30 min", 540), ("Pie", "70 min", 410)]
        )
    )
    document = page(f"<ul>{items}</ul>")
    assert "Stew" in extremes(document, "which recipe takes the longest?")


def test_names_tell_how_much_of_a_thing_there_is() -> None:
    items = "".join(
        f"<li><a href=/{n}>{name}</a></li>"
        for n, name in enumerate(["Red Fife 950 g", "Dark Rye tin 1.1 kg", "Sandwich Loaf 800 g"])
    )
    assert "Dark Rye tin 1.1 kg" in extremes(page(f"<ul>{items}</ul>"), "which bread is the heaviest?")


def test_a_distance_keeps_its_unit_where_words_after_it_are_cut_off() -> None:
    cards = "".join(
        f"<article><h2><a href=/{n}>{name}</a></h2><p>{far} from centre</p></article>"
        for n, (name, far) in enumerate(
            [("Aurora", "1.2 km"), ("Seaview", "3.4 km"), ("Palace", "300 m"), ("Mill", "5 km")]
        )
    )
    assert {"Palace", "Mill"} <= extremes(page(cards), "closest hotel?") | extremes(
        page(cards), "farthest hotel?"
    )
