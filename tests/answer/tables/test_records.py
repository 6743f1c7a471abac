"""Values read from records that are no table."""

from __future__ import annotations

import pytest

from browseagent import extract
from browseagent.answer.ask import TABLE_THRESHOLD
from browseagent.answer.question import Question
from browseagent.answer.tables.choose import table_answers
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
