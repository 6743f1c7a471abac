"""Answers that a model writes, with a writer that follows a script."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pytest

from browseagent import extract
from browseagent.answer.question import Question
from browseagent.answer.writing import Terms, stand_in, write_answer
from browseagent.answer.writing_summary import quotes_instead, write_summary
from browseagent.errors import ModelError, ModelReply, ModelTimeout
from browseagent.model.port import Message
from browseagent.model.scripted import ScriptedWriter
from browseagent.records import Answered, Document, Manner, NotFound

TOWER = """<html lang=en><head><title>Harwick Light</title></head><body><main><h1>Harwick Light</h1>
<p>Harwick Light was built in 1871 by the engineer Thomas Pell.
It stands 34 metres tall on the north cliff.</p>
<p>The last keeper, Anna Voss, left the tower in 1988, when it was automated.
It is not true that the tower is open in winter.</p>
<h2>Visiting</h2>
<table><tr><th>Visitor</th><th>Price</th></tr><tr><td>Adult</td><td>£4.50</td></tr>
<tr><td>Child under 12</td><td>£2.00</td></tr></table>
</main></body></html>"""
PRICES = [("Adult", "£4.50"), ("Child under 12", "£2.00"), ("Family", "£11.00")]
TERMS = Terms(seconds=60.0, precision=0.9)
UNMEASURED = Terms(seconds=60.0)


@pytest.fixture(scope="module")
def tower() -> Document:
    return extract(TOWER.encode(), url="https://example.org/light", content_type="text/html; charset=utf-8")


def reply(answer: str, *quotes: str, passage: int = 1) -> Mapping[str, Any]:
    listed = [{"passage": passage, "text": text} for text in quotes]
    return {"found": True, "answer": answer, "quotes": listed}


async def test_a_carried_sentence_is_the_answer(tower: Document) -> None:
    """Its quotes are whole sentences of the page, cut from the page's own text."""
    writer = ScriptedWriter(
        [reply("Thomas Pell built it in 1871.", "built in 1871 by the engineer Thomas Pell")]
    )
    draft = await write_answer(Question.of("Who built the light?"), [tower], writer, TERMS)
    assert isinstance(draft.answer, Answered)
    assert draft.answer.text == "Thomas Pell built it in 1871."
    quote = draft.answer.quotes[0]
    assert quote.text == "Harwick Light was built in 1871 by the engineer Thomas Pell."
    assert tower.text[quote.start : quote.end] == quote.text
    assert draft.info.usage is not None and draft.info.usage.calls == 1
    assert draft.answer.sentences[0].support == "entailed"


async def test_what_fails_is_asked_for_once_more_and_then_dropped(tower: Document) -> None:
    """The second request says what failed; what fails again is not shown."""
    first = reply("Pell built it in 1871. It cost 9,000 pounds.", "built in 1871 by the engineer Thomas Pell")
    writer = ScriptedWriter([first, first])
    draft = await write_answer(Question.of("Who built the light?"), [tower], writer, TERMS)
    assert draft.answer is not None and draft.answer.text == "Pell built it in 1871."
    told = writer.history[1][-1].text
    assert "It cost 9,000 pounds." in told and "9,000" in told
    assert len(writer.history) == 2


async def test_what_the_pages_do_not_carry_can_be_kept_and_is_marked(tower: Document) -> None:
    """With --keep-unsupported it is shown with a mark, and carries no quote."""
    first = reply("Pell built it in 1871. It cost 9,000 pounds.", "built in 1871 by the engineer Thomas Pell")
    terms = Terms(seconds=60.0, precision=0.9, manner=Manner(keep_unsupported=True))
    draft = await write_answer(
        Question.of("Who built the light?"), [tower], ScriptedWriter([first, first]), terms
    )
    assert isinstance(draft.answer, Answered)
    assert draft.answer.text == "Pell built it in 1871. It cost 9,000 pounds. [unsupported]"
    assert [(s.support, bool(s.quotes)) for s in draft.answer.sentences] == [
        ("entailed", True),
        ("unsupported", False),
    ]


@pytest.mark.parametrize(
    ("answer", "quotes"),
    [
        ("It was built in 1905.", ("It was built in 1905 by the Queen.",)),
        ("A child pays £4.50.", ("Adult; £4.50",)),
        ("It was built in 1871.", ()),
        ("The tower is open in winter.", ("the tower is open in winter",)),
        ("Harwick Light is 34 kilometres tall.", ("It stands 34 metres tall on the north cliff.",)),
    ],
)
async def test_made_up_quotes_and_claims_never_reach_the_answer(
    tower: Document, answer: str, quotes: Sequence[str]
) -> None:
    """Nothing that the model said is shown; what it quoted and does stand there may be, whole."""
    writer = ScriptedWriter([reply(answer, *quotes)] * 2)
    draft = await write_answer(Question.of("What of the light?"), [tower], writer, TERMS)
    assert draft.answer is None
    shown = stand_in(Question.of("What of the light?"), draft)
    assert answer not in shown.text
    assert all(quote.text in tower.text for quote in (*shown.quotes, *shown.closest))
    assert shown.model is not None and "not carried" in shown.model.note


async def test_not_found_is_taken_at_its_word(tower: Document) -> None:
    """Where the model finds nothing the nearest passages are shown, and it is asked once."""
    writer = ScriptedWriter([{"found": False, "answer": "", "quotes": []}])
    draft = await write_answer(Question.of("Who painted it?"), [tower], writer, TERMS)
    assert isinstance(draft.answer, NotFound) and draft.answer.closest


async def test_a_row_is_quoted_as_a_row() -> None:
    """A writer copies a row as it was shown; the quote is the row on the page."""
    rows = "".join(f"<tr><td>{who}</td><td>{price}</td></tr>" for who, price in PRICES)
    page = f"<main><h1>Prices</h1><table><tr><th>Visitor</th><th>Price</th></tr>{rows}</table></main>"
    document = extract(page.encode(), url="https://example.org/prices", content_type="text/html")
    row = reply("An adult pays £4.50.", "Visitor: Adult; Price: £4.50")
    draft = await write_answer(
        Question.of("What does an adult pay?"), [document], ScriptedWriter([row]), UNMEASURED
    )
    assert draft.answer is not None and draft.answer.quotes[0].text == "Adult\t£4.50"
    wrong = ScriptedWriter([reply("A child pays £4.50.", "Visitor: Adult; Price: £4.50")] * 2)
    assert (
        await write_answer(Question.of("What does a child pay?"), [document], wrong, UNMEASURED)
    ).answer is None


@pytest.mark.parametrize(
    "text", ["", "Sure!", "[1, 2]", '{"answer": "x"}', '{"found": "yes", "answer": 1}', "{" * 9000]
)
async def test_a_reply_that_is_not_what_was_asked_for_is_an_error(tower: Document, text: str) -> None:
    """It ends in its own kind of error, with a hint."""
    with pytest.raises(ModelReply) as raised:
        await write_answer(Question.of("Who built it?"), [tower], ScriptedWriter([text]), TERMS)
    assert raised.value.hint and raised.value.exit_status == 6


async def test_json_is_found_in_prose_and_thoughts_are_left_out(tower: Document) -> None:
    """Small models talk around their JSON; reasoning is never part of an answer."""
    said = json.dumps(reply("It was built in 1871.", "built in 1871"))
    writer = ScriptedWriter([f'<think>{{"found": false}}</think>Here you are:\n```json\n{said}\n```\nBye'])
    draft = await write_answer(Question.of("When was it built?"), [tower], writer, TERMS)
    assert draft.answer is not None and draft.answer.text == "It was built in 1871."


async def test_a_failing_second_call_leaves_what_the_first_gave(tower: Document) -> None:
    """A time-out of the second asking costs nothing that was carried."""
    first = reply("Pell built it in 1871. It cost 9,000 pounds.", "built in 1871 by the engineer Thomas Pell")
    writer = ScriptedWriter([first, ModelTimeout("too late")])
    draft = await write_answer(Question.of("Who built the light?"), [tower], writer, TERMS)
    assert draft.answer is not None and draft.answer.text == "Pell built it in 1871."
    assert "too late" in draft.info.note
    with pytest.raises(ModelError):
        await write_answer(Question.of("Who built the light?"), [tower], ScriptedWriter([]), TERMS)


async def test_the_page_stands_between_marks_that_it_cannot_know(tower: Document) -> None:
    """Each page has a mark of its own, drawn by this process and the same for every question; page text is in
    the user's turn, between the marks only."""
    writer = ScriptedWriter([{"found": False, "answer": "", "quotes": []}] * 3)
    for page in (tower, tower, replace(tower, text=tower.text.replace("1871", "1872"))):
        await write_answer(Question.of("Who built it?"), [page], writer, TERMS)
    marks = []
    for system, user in writer.history:
        found = re.findall(r"<page (\w{16})>", system.text)
        assert len(set(found)) == 1
        assert "Anna Voss" not in system.text
        before, inside = user.text.split(f"<page {found[0]}>")
        assert "Anna Voss" not in before and "Anna Voss" in inside.split(f"</page {found[0]}>")[0]
        marks.append(found[0])
    assert marks[0] == marks[1] != marks[2]


async def test_style_and_language_are_asked_for(tower: Document) -> None:
    """They come from the person, and go into the system's turn."""
    writer = ScriptedWriter(
        [reply("- It was built in 1871.\n- It is 34 metres tall.", "built in 1871", "34 metres tall")]
    )
    terms = Terms(seconds=60.0, precision=0.9, manner=Manner(language="de", style="bullets"))
    draft = await write_answer(Question.of("What of it?"), [tower], writer, terms)
    assert "code de" in writer.history[0][0].text and "list" in writer.history[0][0].text
    assert draft.answer is not None
    assert draft.answer.text == "• It was built in 1871.\n• It is 34 metres tall."


def point(text: str, *quotes: str) -> Mapping[str, Any]:
    return {"text": text, "quotes": [{"passage": 1, "text": each} for each in quotes]}


async def test_a_summary_is_checked_point_by_point(tower: Document) -> None:
    """Each point rests on its own quotes; one that does not is dropped, whatever the others quote."""
    points = [
        point("Thomas Pell built the light in 1871.", "built in 1871 by the engineer Thomas Pell"),
        point("It is 34 metres tall.", "The last keeper, Anna Voss, left the tower in 1988"),
    ]
    writer = ScriptedWriter([{"points": points}] * 2)
    draft = await write_summary([tower], writer, "short", TERMS)
    assert draft.summary is not None
    assert [(p.text, p.support) for p in draft.summary.points] == [
        ("Thomas Pell built the light in 1871.", "entailed")
    ]
    assert draft.coverage.passages_read == draft.coverage.passages > 0


async def test_a_summary_of_which_nothing_is_carried_is_its_quotes(tower: Document) -> None:
    """The model chose them, and they stand on the page."""
    writer = ScriptedWriter([{"points": [point("Aliens built it.", "built in 1871", "never said")]}] * 2)
    draft = await write_summary([tower], writer, "short", TERMS)
    assert draft.summary is None
    shown = quotes_instead(draft, "short")
    assert [p.support for p in shown.points] == ["quote"]
    assert "Aliens" not in shown.points[0].text


async def test_a_long_page_is_read_in_several_calls(tower: Document) -> None:
    """A call holds what fits a small context; together they read the page."""
    body = "".join(
        f"<h2>Part {n}</h2><p>{f'The keeper of part {n} wrote a long report. ' * 20}</p>" for n in range(40)
    )
    page = extract(f"<main>{body}</main>".encode(), url="https://example.org/long", content_type="text/html")

    def quiet(messages: Sequence[Message]) -> Mapping[str, Any]:
        assert sum(len(message.text) for message in messages) < 16_000
        return {"points": []}

    writer = ScriptedWriter(quiet)
    draft = await write_summary([page], writer, "long", TERMS)
    assert 2 <= len(writer.history) <= 4
    assert draft.coverage.passages_read > 20
