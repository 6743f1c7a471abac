"""Superlatives over what a page lists without a table, with the weights that ship."""

from __future__ import annotations

import pytest

from browseagent import extract
from browseagent.answer.ask import TABLE_THRESHOLD
from browseagent.answer.question import Question
from browseagent.answer.tables.choose import table_answers
from browseagent.answer.tables.columns import Kind
from browseagent.answer.tables.derived import called_apart
from browseagent.answer.tables.links import FORM_KINDS, link
from browseagent.answer.tables.operations import readings
from browseagent.answer.tables.question import parse_question
from browseagent.answer.tables.records import page_frames
from browseagent.records import Document


def page(body: str) -> Document:
    """A page with a title."""
    html = f"<html lang=en><title>Page</title><body><main><h1>Page</h1>{body}</main></body></html>"
    return extract(html.encode(), url="https://example.org/", content_type="text/html; charset=utf-8")


@pytest.fixture(scope="module")
def shop() -> Document:
    goods = [
        ("Heron two-man tent", "$145.00", "2.9 kg", "(38 reviews)"),
        ("Petrel ridge tent", "$99.00", "3.4 kg", "(112 reviews)"),
        ("Gannet family tent", "$310.00", "7.8 kg", "(9 reviews)"),
        ("Fulmar trail shelter", "$185.50", "1.2 kg", "(51 reviews)"),
        ("Dunlin bivouac", "$120.00", "0.9 kg", "(27 reviews)"),
        ("Curlew dome", "$149.00", "3.1 kg", "(64 reviews)"),
    ]
    card = (
        "<li class=card><span class=flag>Compare</span><div><h3 class=name><a href=/products/{0}>{1}</a>"
        "</h3><div class=price>{2}</div><div class=spec>{3}</div><div class=review-count>{4}</div>"
        "<button>Add to bag</button></div></li>"
    )
    cards = "".join(card.format(number, *each) for number, each in enumerate(goods))
    return page(f"<h2>Tents</h2><p>All our tents, for one night or for a season.</p><ul>{cards}</ul>")


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Which tent is the cheapest?", "Petrel ridge tent"),
        ("What is the most expensive one?", "Gannet family tent"),
        ("Which has the most reviews?", "Petrel ridge tent"),
        ("Which one has the fewest reviews?", "Gannet family tent"),
    ],
)
def test_a_superlative_over_a_listing_names_the_item(shop: Document, question: str, answer: str) -> None:
    """What orders the items is told by their prices and by the words beside their numbers; what is said is
    their name, no button."""
    best = table_answers(Question.of(question), shop, most=1)[0]
    assert best.text == answer
    assert best.probability > TABLE_THRESHOLD


def test_who_wrote_the_newest_is_its_author() -> None:
    """Dates and authors in one line are apart; the text of a review is not its author."""
    told = [
        ("Kept us dry", "Ana Ruiz", "3 May 2024", "Two nights of rain and not a drop came in, we were glad."),
        ("Too heavy", "Bo Lund", "12 June 2024", "Fine in a car park. On the hill I wished that I had less."),
        (
            "A good tent",
            "Cy Pratt",
            "9 January 2023",
            "Up in five minutes by one person, in wind, in the dark.",
        ),
        ("Zip broke", "Dee Moss", "30 August 2023", "The shop sent me another one and paid for the parcel."),
    ]
    reviews = "".join(
        f"<div class=review><h4>{title}</h4><p class=byline>Written by {who} on {when}</p><p>{text}</p></div>"
        for title, who, when, text in told
    )
    best = table_answers(Question.of("Who wrote the newest review?"), page(f"<h2>Reviews</h2>{reviews}"))[0]
    assert best.text == "Bo Lund"


def test_columns_of_a_listing_are_known_by_what_they_share(shop: Document) -> None:
    """A number among words that all cells have is a number; a button is no name."""
    frame = max(page_frames(shop), key=lambda frame: len(frame.columns))
    names = [value.text for value in frame.columns[frame.subject].values]
    assert names[0] == "Heron two-man tent"
    counted = next(column for column in frame.columns if "review" in column.standing.aliases)
    assert counted.kind is Kind.NUMBER
    assert "price" in next(c for c in frame.columns if c.kind is Kind.MONEY).standing.aliases


def rows(*records: str, kind: str = "card") -> Document:
    """Records of the same markup."""
    return page("<ul>" + "".join(f"<li class={kind}>{each}</li>" for each in records) + "</ul>")


def test_places_with_a_gap_are_places() -> None:
    """The first of what is read most is read most."""
    stories = [
        (1, "Bridge shut"),
        (2, "Snow in May"),
        (4, "Choir sings"),
        (5, "Bakery wins"),
        (6, "Dog found"),
    ]
    told = [f"<div class=no>{n}</div><h3><a href=/s/{n}>{name}</a></h3>" for n, name in stories]
    document = rows(*told)
    frame = next(f for f in page_frames(document) if any(c.kind is Kind.RANK for c in f.columns))
    links = link(parse_question(Question.of("Which story is read most?")), frame)
    said = {each.texts for each in readings(links) if each.operation == "extreme" and each.by >= 0}
    assert ("Bridge shut",) in said
    assert ("Dog found",) not in said


def test_the_oldest_of_a_feed_without_dates_is_its_last() -> None:
    """As the newest is its first."""
    document = rows(*(f"<h3><a href=/s/{n}>Story {name}</a></h3>" for n, name in enumerate("ABCD")))
    for question, name in (("What is the oldest story?", "Story D"), ("newest story", "Story A")):
        for frame in page_frames(document):
            found = readings(link(parse_question(Question.of(question)), frame))
            assert (name,) in [each.texts for each in found if each.operation == "top"]


def test_what_all_records_are_called_names_no_column() -> None:
    """A class of several columns says what the records are."""
    called = ("product name", "product price", "product rating", "button")
    assert called_apart(called) == ("name", "price", "rating", "button")
    assert called_apart(("author name", "author", "date")) == ("author name", "author", "date")


def test_how_tall_is_no_price(shop: Document) -> None:
    """Nor is how much of something else."""
    for question, form in (("How tall is the Curlew dome?", "how big"), ("How much is it?", "how much")):
        parsed = parse_question(Question.of(question))
        assert parsed.form == form
        assert (Kind.MONEY in FORM_KINDS[form]) == (form == "how much")
    for question in ("How tall is the Curlew dome?", "How much water does the Curlew dome hold?"):
        answers = table_answers(Question.of(question), shop, most=1)
        assert not [each for each in answers if each.probability > TABLE_THRESHOLD]
