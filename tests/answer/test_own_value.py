"""Of several values in one sentence that of the clause which holds what is asked for."""

from __future__ import annotations

import pytest

from browseagent import extract
from browseagent.answer.ask import answer_from
from browseagent.answer.question import Question
from browseagent.answer.weights import Weights
from browseagent.model.scripted import ScriptedModel
from browseagent.records import Answered
from tests.answer.test_reading import ScriptedReader, even

WEIGHTS = Weights({"likelihood": 1.0}, {"odds": 1.0}, 0.0, 0.5, 0.0, "a test")
GRANTS = "The county gave 12 grants for harbours, but 7 for piers."
HALL = "It becomes a market hall with room for thirty stalls, of which ten are kept for local boats."
TICKETS = "Friday or Saturday: £38 each; Sunday £26"
FARES = "Adults pay £12, children £5; on Mondays everyone pays £3."


def asked(sentence: str, question: str, taken: str) -> Answered:
    """The answer where the reader takes the right sentence and these words of it."""
    page = extract(
        f"<html lang=en><main><h1>Harbour</h1><p>{sentence}</p></main>".encode(),
        "https://a.example/",
        "text/html",
    )
    model = ScriptedModel(even, reader=ScriptedReader({taken: -0.1}))
    answer = answer_from(Question.of(question), [page], model, 40_000, WEIGHTS)
    assert isinstance(answer, Answered)
    return answer


@pytest.mark.parametrize(
    ("sentence", "question", "taken", "right"),
    [
        (GRANTS, "How many grants for harbours were there?", "7", "12"),
        (HALL, "How many stalls will the market hall have?", "ten", "thirty"),
        (TICKETS, "How much is a Sunday ticket?", "£38", "£26"),
        (FARES, "How much do children pay?", "£12", "£5"),
    ],
)
def test_the_value_of_its_own_clause_is_the_answer(
    sentence: str, question: str, taken: str, right: str
) -> None:
    """Where the reader takes one that stands beside it; the sentence that is quoted is the same."""
    answer = asked(sentence, question, taken)
    assert answer.text == right and answer.quotes[0].text == sentence.rstrip()
    assert asked(sentence, question, right).text == right


@pytest.mark.parametrize(
    ("sentence", "question", "taken"),
    [
        ("The hall has 12 rooms and 40 seats.", "How many people work there?", "12"),
        (FARES, "How much do adults and children pay?", "£12"),
        ("In 2019 the harbour counted 42 boats.", "How many boats were in the harbour in 2019?", "42"),
        ("The Boeing 777 to Beijing had 239 people on board.", "How many people were on the plane?", "239"),
        ("The lamp costs £12, the rope £5.", "What does the lamp with the rope cost?", "£5"),
        ("It opened at 9:00 for 30 guests.", "How many guests came?", "30"),
        ("There are 12 berths for boats or 12 buoys.", "How many berths for boats are there?", "12 berths"),
    ],
)
def test_what_no_clause_tells_apart_is_the_readers(sentence: str, question: str, taken: str) -> None:
    """A clause must have all that the others have of the question; what it says itself is no answer,
    nor are years, times and names."""
    assert asked(sentence, question, taken).text == taken


def test_what_is_struck_out_is_no_value() -> None:
    """The clause of a price that holds no more has nothing to say."""
    sentence = "Sunday tickets were <del>£26</del>, now £30."
    assert asked(sentence, "How much are Sunday tickets?", "£30").text == "£30"
