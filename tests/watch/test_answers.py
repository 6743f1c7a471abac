"""A standing question gets what ``ask --type`` and ``ask --schema`` get."""

from __future__ import annotations

from datetime import date

import pytest

from browseagent import extract
from browseagent.answer.quotes import make_quote
from browseagent.answer.typed.fill import fill
from browseagent.answer.typed.schema import wanted_of
from browseagent.records import Answer, Answered, Document, NotFound
from browseagent.watch.answers import asked_of, standing_answer
from browseagent.watch.records import AnswerStatus, Question, ValueKind

TODAY = date(2026, 3, 1)
WEATHER = (
    "<h1>Weather at the pilot station</h1><p>Measured every ten minutes on the roof of the pilot station.</p>"
    "<p>Air temperature: −4 °C</p><p>Water temperature: 3 °C</p><p>Change since yesterday: –6 °C</p>"
)
KETTLE = (
    "<h1>Harbour kettle 1.7 l</h1><p>It holds 1.7 litres and boils in four minutes on a gas ring.</p>"
    '<p>Price: <span class="price">{}</span></p><p>Delivered within three working days to the mainland.</p>'
)


def page(body: str, language: str) -> Document:
    html = f'<!doctype html><html lang="{language}"><title>Harbour kettle</title><main>{body}</main></html>'
    return extract(html.encode(), url="https://example.org/", content_type="text/html")


def pointing(document: Document, words: str) -> Answer:
    """A reader that points at some words of the page."""
    block = next((b for b in document.blocks if words in document.block_text(b)), None)
    if block is None:
        return NotFound(question="?", confidence=0.1)
    quote = make_quote(document, block.start, block.end)
    return Answered(question="?", answer=words, support=(quote,), confidence=0.9)


@pytest.mark.parametrize(
    ("body", "language", "question", "kind", "pointed", "expected"),
    [
        (WEATHER, "en", "What is the air temperature?", "number", "3 °C", "-4"),
        (WEATHER, "en", "How cold is the air?", "number", "4 °C", "-4"),
        (WEATHER, "en", "How did it change?", "number", "6 °C", "-6"),
        (
            KETTLE.format("₹1,29,999.00"),
            "en",
            "How much is the kettle?",
            "money",
            "1.7 litres",
            "129999.00 INR",
        ),
        (KETTLE.format("₹1,29,999.00"), "en", "What must I pay?", "money", "29,999", "129999.00 INR"),
        (KETTLE.format("1.299 kr."), "en", "What must I pay?", "money", "1.299", "1299 DKK"),
        (KETTLE.format("1 299 kr"), "nb", "What must I pay?", "money", "299 kr", "1299 NOK"),
        (KETTLE.format("$1,299.00 MXN"), "es-MX", "How much is it?", "money", "$1,299", "1299.00 MXN"),
        (KETTLE.format("1.299 €"), "en", "How much is the kettle?", "money", "1.299", None),
        (KETTLE.format("HK$ 99"), "en", "What must I pay?", "money", "1.7", None),
        (KETTLE.format("21–35 €"), "de", "How much is the kettle?", "money", "21", None),
    ],
)
def test_one_way_to_a_value(
    body: str, language: str, question: str, kind: str, pointed: str, expected: str | None
) -> None:
    """Whatever part of a number a reader points at, a watch, a type and a schema give the same value, or
    none with the words that were found."""
    document = page(body, language)
    said = pointing(document, pointed)
    standing = Question(question, ValueKind(kind))
    asked = asked_of(standing, document, TODAY)
    answer = standing_answer(standing, document, dict.fromkeys(asked, said), None, today=TODAY)
    typed = fill(wanted_of(kind, question), [document], lambda _: said, today=TODAY)
    assert (str(answer.value) if answer.value else None) == expected
    assert typed.leaves[0].typed == answer.value and answer.quote == typed.leaves[0].quote
    assert answer.status is (AnswerStatus.INVALID if expected is None else AnswerStatus.FOUND)
    leaf = {"type": "number", "description": question}
    of_schema = fill(wanted_of({"type": "object", "properties": {"price": leaf}}), [document], lambda _: said,
                     today=TODAY)  # fmt: skip
    if kind == "money" and answer.value is not None:
        assert isinstance(of_schema.value, dict) and of_schema.value["price"] == answer.value.data


def test_what_the_page_does_not_say() -> None:
    """An answer that was not found is absent where that is sure, and unknown where it is not."""
    document = page(KETTLE.format("£5"), "en")
    question = Question("How deep is the harbour?", ValueKind.NUMBER)
    for confidence, status in ((0.1, AnswerStatus.ABSENT), (0.4, AnswerStatus.UNKNOWN)):
        said = {question.text: NotFound(question="?", confidence=confidence)}
        assert standing_answer(question, document, said, None, today=TODAY).status is status
