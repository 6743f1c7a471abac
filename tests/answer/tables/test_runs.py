"""Lists within paragraphs and without links, and what names and prices tell of records."""

from __future__ import annotations

from browseagent import extract
from browseagent.answer.question import Question
from browseagent.answer.quotes import make_quote
from browseagent.answer.tables.choose import table_answers
from browseagent.answer.tables.columns import Column
from browseagent.answer.tables.frame import Frame
from browseagent.answer.tables.records import page_frames
from browseagent.records import Document


def page(body: str) -> Document:
    """A page with a text of some length and what is given."""
    said = "<p>We talk a lot here about many things, and all are welcome to join in whenever they like.</p>"
    html = f"<html lang=en><title>Page</title><body><main><h1>Page</h1>{said}{body}</main></body></html>"
    return extract(html.encode(), url="https://example.org/", content_type="text/html; charset=utf-8")


def told(column: Column) -> list[str]:
    """What a column holds."""
    return [value.text for value in column.values]


def holding(document: Document, *cells: str) -> tuple[Frame, Column]:
    """The frame and column of a page with these cells."""
    return next(
        (frame, column)
        for frame in page_frames(document)
        for column in frame.columns
        if told(column) == list(cells)
    )


def posters() -> Document:
    """Those who posted most, one of them without a picture."""
    people = [("Dougal", "2.2K"), ("Bo Lund", "474"), ("Nat", "347")]
    lines = [f"<p><a href=/u/{n}>{who}</a> {number} Replies</p>" for n, (who, number) in enumerate(people)]
    lines.insert(1, "<p><a href=/u/1>B</a></p>")
    return page(f"<h3>Top contributors</h3><p><a href=/all>View all</a></p>{''.join(lines)}")


def test_paragraphs_of_a_name_and_a_number_are_records() -> None:
    """An initial between them ends no list; what is no name and number is none of them."""
    frame, names = holding(posters(), "Dougal", "Bo Lund", "Nat")
    counts = next(column for column in frame.columns if column.is_ordered)
    assert counts.keys == (2200.0, 474.0, 347.0)
    assert frame.columns[frame.subject] is names
    assert {"top", "contributor"} <= frame.heading


def test_who_has_most_of_such_a_list() -> None:
    """The name is the answer, and it is quoted."""
    document = posters()
    best = table_answers(Question.of("Who has the most replies?"), document, most=1)[0]
    assert best.text == "Dougal"
    assert "2.2K" in make_quote(best.document, *best.rows[0]).text


def test_links_in_one_paragraph_are_records_with_the_numbers_after_them() -> None:
    """Each can be quoted, that without a number with its paragraph."""
    links = (
        "<a href=/1>General</a> (7) <a href=/2>Setup (5)</a> <a href=/3>News</a> <a href=/4>Usage</a> (68)"
    )
    frame, _ = holding(page(f"<h2>Sections</h2><p>{links}</p>"), "General", "Setup", "", "Usage")
    assert [column.keys for column in frame.columns if column.is_ordered] == [(7.0, 5.0, None, 68.0)]
    for row in frame.rows:
        assert make_quote(frame.document, *row).text
    text = "<p><a href=/1>One</a> and <a href=/2>two</a> or <a href=/3>three</a> of them.</p>"
    assert not page_frames(page(text))


def test_lines_of_a_paragraph_are_records() -> None:
    """A name and a share in each."""
    frame, _ = holding(page("<p>Rock 45%<br>Jazz 30%<br>Folk music 25%</p>"), "Rock", "Jazz", "Folk music")
    assert [column.keys for column in frame.columns if column.is_ordered] == [(45.0, 30.0, 25.0)]


def test_a_list_without_links_is_records() -> None:
    """A name and the amount after it; the points of a text are none."""
    items = ("Small flat: $900 – $1,200", "Family house: $2,400 – $3,100", "Studio: $700 – $800")
    told_ = "".join(f"<li>{item}</li>" for item in items)
    document = page(f"<h2>What it costs</h2><ul>{told_}</ul>")
    frame, names = holding(document, "Small flat", "Family house", "Studio")
    assert frame.columns[frame.subject] is names
    assert (900.0, 2400.0, 700.0) in [column.keys for column in frame.columns if column.is_ordered]
    found = table_answers(Question.of("Which home costs the most?"), document, most=1)
    assert [each.text for each in found] == ["Family house"]
    assert not page_frames(page("<ul><li>Sweep the floor</li><li>Open all doors</li><li>Wait</li></ul>"))


def test_items_within_an_item_are_records() -> None:
    """They are listed under it, whether they lead somewhere or not."""
    parts = "".join(f"<li><a href=/part/{n}>Part {n}: {t}</a></li>" for n, t in enumerate("ABCD", 1))
    document = page(f"<ul><li><a href=/start>Start</a></li><li><a href=/w>Workshop</a><ul>{parts}</ul></ul>")
    holding(document, "Part 1: A", "Part 2: B", "Part 3: C", "Part 4: D")


def cards(*lines: tuple[str, ...]) -> Document:
    """Records, each of a link and some lines."""
    made = "".join(
        f"<li class=card><h3><a href=/{n}>{name}</a></h3>{''.join(f'<p>{line}</p>' for line in more)}</li>"
        for n, (name, *more) in enumerate(lines)
    )
    return page(f"<ul>{made}</ul>")


def test_what_names_count_is_a_column() -> None:
    """By the noun that they share; neither a year nor a price is a count, nor the number of one thing."""
    document = cards(
        ("85 Easy Vegan Recipes for Dinner", "x"), ("Top 100 Dip Recipes", "y"), ("Recipes of 2019", "z"),
        ("Soup for $5 recipes", "w"),
    )  # fmt: skip
    _, counts = holding(document, "85", "100", "", "")
    assert "recip" in counts.standing.aliases
    assert counts.keys == (85.0, 100.0, None, None)
    assert not [
        column
        for frame in page_frames(cards(("Vela 14 Battery", "x"), ("Vela 15 Battery", "y"), ("Case", "z")))
        for column in frame.columns
        if column.is_ordered
    ]
    _, lasting = holding(cards(("10-Minute Noodles", "x"), ("30-Second Sauce", "y"), ("Pie", "z")),
                         "10-Minute", "30-Second", "")  # fmt: skip
    assert lasting.keys == (600.0, 30.0, None)


def test_a_label_calls_the_values_after_it() -> None:
    """Where it is the same in every record."""
    document = cards(
        *((name, "Views", number) for name, number in (("Ash", "120"), ("Elm", "45"), ("Fir", "7")))
    )
    views = [column for frame in page_frames(document) for column in frame.columns if column.is_ordered]
    assert views
    assert all("view" in column.standing.aliases for column in views)


def test_the_price_of_a_record_is_the_reduced_one() -> None:
    """In whatever column it stands; what is asked for can be ordered by it."""
    document = cards(("Ash", "$40.00"), ("Elm", "$40.00", "Special price $32.00"), ("Fir", "$35.00"))
    keys = [column.keys for frame in page_frames(document) for column in frame.columns if column.is_ordered]
    assert (40.0, 32.0, 35.0) in keys
    found = table_answers(Question.of("Which one is the cheapest?"), document, most=2)
    assert "Elm" in [each.text for each in found]


def test_a_saving_is_no_price() -> None:
    """Nor is what is cut from its words."""
    document = cards(
        ("Ash", "$40.00"), ("Elm", "$40.00", "Special price $32.00"), ("Fir", "$35.00", "Save $20.00")
    )
    keys = [column.keys for frame in page_frames(document) for column in frame.columns if column.is_ordered]
    assert (40.0, 32.0, 35.0) in keys
    assert (40.0, 32.0, 20.0) not in keys


def test_a_label_goes_with_its_number() -> None:
    """Not with the one before it."""
    document = cards(
        ("Ash", "Threads: 145,613 Posts: 3,217,123"),
        ("Elm", "Threads: 12 Posts: 400"),
        ("Fir", "Threads: 7 Posts: 9"),
    )
    _, posts = holding(document, "Posts: 3,217,123", "Posts: 400", "Posts: 9")
    assert "post" in posts.standing.aliases


def test_the_link_of_a_cell_is_the_name_of_its_row() -> None:
    """What it says besides is none."""
    rows = "".join(
        f"<tr><td><a href=/{n}>{name}</a> {about}</td><td>{number}</td></tr>"
        for n, (name, about, number) in enumerate(
            [("General", "all that fits nowhere else", 98), ("Games", "tell us what you play", 155),
             ("Help", "ask what you like", 12)]
        )
    )  # fmt: skip
    frame, names = holding(page(f"<table><tr><th>Forum</th><th>Posts</th></tr>{rows}</table>"),
                           "General", "Games", "Help")  # fmt: skip
    assert frame.columns[frame.subject] is names
    assert names.stems == ("forum",)
