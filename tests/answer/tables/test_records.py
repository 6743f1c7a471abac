"""Values read from records that are no table."""

from __future__ import annotations

import pytest

from browseagent import extract
from browseagent.answer.ask import TABLE_THRESHOLD
from browseagent.answer.question import Question
from browseagent.answer.tables.choose import table_answers
from browseagent.answer.tables.derived import price_column
from browseagent.answer.tables.records import page_frames
from browseagent.records import Document


@pytest.fixture(scope="module")
def shop() -> Document:
    cards = "".join(
        f"<article><h3><a href=/{number}>{name}</a></h3><p>{price}</p><p>{stars} out of 5</p></article>"
        for number, (name, price, stars) in enumerate(
            [("Heron 3", "$45", 4.1), ("Heron 4", "$80 $60", 3.9), ("Petrel 2", "$120", 4.6)]
        )
    )
    page = f"<html lang=en><title>Tents</title><main><h1>Tents</h1>{cards}</main></html>"
    return extract(page.encode(), url="https://example.org/", content_type="text/html")


@pytest.mark.parametrize(
    ("question", "answer"), [("price of the Petrel 2", "$120"), ("How much is the Heron 4?", "$60")]
)
def test_a_price_is_that_of_the_record_that_is_named(shop: Document, question: str, answer: str) -> None:
    """Of two prices side by side the lower one holds now."""
    assert table_answers(Question.of(question), shop)[0].text == answer


def test_what_is_not_listed_has_no_price(shop: Document) -> None:
    """Another number of the same name is another thing."""
    found = table_answers(Question.of("What does the Heron 9 cost?"), shop)
    assert all(each.probability < TABLE_THRESHOLD for each in found)


def test_the_price_is_not_what_delivery_costs() -> None:
    """Nor what a label of its own tells of: both are other columns."""
    cards = "".join(
        f"<article><h3><a href=/{number}>{name}</a></h3><p>{price}</p><p>List: {before}</p>"
        f"<p>{carriage} delivery Wed, Mar 18</p></article>"
        for number, (name, price, before, carriage) in enumerate(
            [
                ("Heron tent", "EUR 45.00", "EUR 60.00", "EUR 9.72"),
                ("Rook tent", "EUR 60.00", "EUR 72.50", "EUR 31.00"),
                ("Petrel tent", "EUR 120.00", "EUR 180.00", "EUR 4.10"),
            ]
        )
    )
    page = f"<html lang=en><title>Tents</title><main><h1>Tents</h1>{cards}</main></html>"
    document = extract(page.encode(), url="https://example.org/", content_type="text/html")
    frame = next(frame for frame in page_frames(document) if frame.listed)
    column = price_column(frame.columns)
    assert column is not None
    assert [value.text for value in column.values] == ["EUR 45.00", "EUR 60.00", "EUR 120.00"]
    carriage = [each for each in frame.columns if each.name == "delivery"]
    assert carriage and all("price" not in each.standing.aliases for each in carriage)
