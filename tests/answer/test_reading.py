"""Answering with a reader that follows a script."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest

from browseagent import extract
from browseagent.answer.ask import answer_from
from browseagent.answer.languages import PARTLY_READ, was_not_read
from browseagent.answer.question import Question
from browseagent.answer.reading import read_answers, same_words
from browseagent.answer.retrieval import READ
from browseagent.answer.weights import Weights, reader_weights
from browseagent.model.port import Likelihood, Reading, ReadPassage, Span
from browseagent.model.scripted import ScriptedModel
from browseagent.records import Answered, Document, NotFound

PAGE = """<html lang=en><head><title>Harwick Light</title></head><body><main><h1>Harwick Light</h1>
<p>Harwick Light was built in 1871 by Thomas Pell. It stands 34 metres tall on the north cliff.</p>
<h2>Keepers</h2><p>The first keeper was Anna Voss. The last keeper, John Orme, left in 1988.</p>
<h2>Museum</h2><p>{filler} A plaque says that the light was built in 1871.
Is it open on Mondays? It is closed then.</p>
</main></body></html>""".replace("{filler}", "The garden was laid out long ago. " * 30)
"""Long enough to be shown in two excerpts."""
WEIGHTS = Weights(
    ranking={"likelihood": 1.0, "cover": 0.5},
    confidence={"odds": 1.0},
    intercept=0.0,
    threshold=0.5,
    span_margin=0.0,
    made_by="a test",
)


def even(context: str, continuation: str) -> Likelihood:
    """A model to which every question is as likely after any words."""
    return Likelihood(-10.0, 5)


class ScriptedReader:
    """Finds each of the given words wherever they stand, with the likelihood given for them."""

    def __init__(self, words: dict[str, float], none: float = -6.0) -> None:
        self._words = words
        self._none = none
        self.read_passages: list[ReadPassage] = []

    def read(self, question: str, passages: Sequence[ReadPassage]) -> list[Reading]:
        self.read_passages += passages
        return [self._one(passage.text) for passage in passages]

    def _one(self, text: str) -> Reading:
        spans = [
            Span(text.index(words), text.index(words) + len(words), likelihood)
            for words, likelihood in self._words.items()
            if words in text
        ]
        spans.sort(key=lambda span: -span.likelihood)
        return Reading(self._none if spans else -0.01, tuple(spans))


@pytest.fixture(scope="module")
def page() -> Document:
    return extract(PAGE.encode(), url="https://example.org/light", content_type="text/html; charset=utf-8")


@pytest.fixture
def asked(page: Document) -> Callable[..., object]:
    def ask(question: str, words: dict[str, float], none: float = -6.0) -> object:
        return answer_from(
            Question.of(question),
            [page],
            ScriptedModel(even, reader=ScriptedReader(words, none)),
            40_000,
            WEIGHTS,
        )

    return ask


def test_the_sentence_around_the_readers_words_is_quoted(
    asked: Callable[..., object], page: Document
) -> None:
    """The short answer is what the reader points at, the quote the whole sentence."""
    found = asked("How tall is it?", {"34 metres": -0.2, "1871": -4.0})
    assert isinstance(found, Answered)
    assert found.text == "34 metres"
    assert found.quotes[0].text == "It stands 34 metres tall on the north cliff."
    assert page.text[found.quotes[0].start : found.quotes[0].end] == found.quotes[0].text


def test_places_that_say_the_same_all_carry_the_answer(asked: Callable[..., object]) -> None:
    """Two sentences with the same answer are two quotes, and no alternatives."""
    found = asked("When was the light built?", {"1871": -0.3})
    assert isinstance(found, Answered)
    assert len(found.quotes) == 2 and all("1871" in quote.text for quote in found.quotes)
    assert found.alternatives == ()


def test_places_that_say_otherwise_are_alternatives(asked: Callable[..., object]) -> None:
    """An answer nearly as likely is shown with its own quote; one that is far behind is not."""
    found = asked("Who was the keeper?", {"Anna Voss": -0.9, "John Orme": -1.0, "Thomas Pell": -7.0})
    assert isinstance(found, Answered)
    assert found.text == "Anna Voss"
    assert [other.text for other in found.alternatives] == ["John Orme"]
    assert "John Orme" in found.alternatives[0].quote.text


def test_where_the_reader_finds_none_likelier_nothing_is_answered(asked: Callable[..., object]) -> None:
    """Below the threshold the nearest sentences are shown, as what they are."""
    found = asked("Who painted it?", {"Thomas Pell": -5.0}, none=-0.02)
    assert isinstance(found, NotFound)
    assert found.confidence < 0.5 and found.closest


def test_what_is_not_believed_but_likely_is_a_guess(asked: Callable[..., object], page: Document) -> None:
    """From odds of .4 on the best answer is named with its quote, and is no answer; below, it is not
    named."""
    likely = asked("Who painted it?", {"Thomas Pell": -1.2}, none=-1.0)
    assert isinstance(likely, NotFound) and not likely.text and not likely.quotes
    assert likely.perhaps is not None and likely.perhaps.text == "Thomas Pell"
    quote = likely.perhaps.quote
    assert page.text[quote.start : quote.end] == quote.text and "Thomas Pell" in quote.text
    unlikely = asked("Who painted it?", {"Thomas Pell": -3.0}, none=-1.0)
    assert isinstance(unlikely, NotFound) and unlikely.perhaps is None


def test_yes_or_no_is_said_before_the_sentence(asked: Callable[..., object]) -> None:
    """The verdict stands before the sentence with the words that the reader points at; that is quoted."""
    found = asked("Is it closed on Mondays?", {"closed": -0.2})
    assert isinstance(found, Answered) and found.text == "Yes: It is closed then."
    assert found.quotes[0].text == "It is closed then."


GERMAN = "Der Leuchtturm wurde 1871 von dem Ingenieur Pell gebaut und ist am Montag nicht offen. " * 3
CHINESE = "灯塔由工程师佩尔于1871年建成。博物馆星期一不开放。" * 3


@pytest.mark.parametrize(
    ("main", "beside", "question", "nearest"),
    [
        pytest.param(GERMAN, "", "Wer hat den Leuchtturm gebaut?", "Der Leuchtturm", id="German"),
        pytest.param(CHINESE, "", "灯塔是谁建的？", "灯塔由工程师", id="Chinese"),
        pytest.param(
            GERMAN, "Contact, imprint.", "Wer ist Ingenieur?", "Der Leuchtturm", id="an English footer"
        ),
    ],
)
def test_a_page_in_another_language_is_told_as_not_read(
    main: str, beside: str, question: str, nearest: str
) -> None:
    """What comes nearest is shown, and that it was not read, though a menu beside it is English."""
    reader = ScriptedReader({"Contact": -8.0})
    document, rest = (
        extract(text.encode(), url="https://example.org/", content_type="text/plain; charset=utf-8")
        for text in (main, beside)
    )
    whole = replace(document, rest=rest if beside else None)
    found = answer_from(Question.of(question), [whole], ScriptedModel(even, reader=reader), 40_000, WEIGHTS)
    assert isinstance(found, NotFound)
    assert found.model is not None
    assert was_not_read(found.model.note)
    assert found.closest[0].text.startswith(nearest)
    assert not any("1871" in passage.text for passage in reader.read_passages)


@pytest.mark.parametrize(
    ("beside", "answer"),
    [
        ("<header>Basket (0) £0.00</header>", None),
        ("<aside>Your cart is empty. Subtotal: £0.00</aside>", None),
        ("<header>Basket (0) £0.00</header><aside>The lamp is £45 until May</aside>", "£45"),
        ("<aside>The lamp was £0.00, and is £45 until May</aside>", "£0.00"),
    ],
)
def test_the_total_of_an_empty_basket_is_no_price(beside: str, answer: str | None) -> None:
    """Beside a text that names no price, what it shows is the price of nothing."""
    lamp = "<p>The lamp hangs over the quay and burns all night. Its price is told on request.</p>" * 4
    body = f"<html lang=en><body>{beside}<main><h1>The lamp</h1>{lamp}</main></body></html>"
    shop = extract(body.encode(), url="https://example.org/lamp", content_type="text/html")
    model = ScriptedModel(even, reader=ScriptedReader({"£0.00": -0.1, "£45": -0.2}))
    found = answer_from(Question.of("How much is the lamp?"), [shop], model, 40_000, WEIGHTS)
    assert (found.text if isinstance(found, Answered) else None) == answer


def test_of_pages_some_of_which_were_read_that_is_told(page: Document) -> None:
    """An answer that is on none of those read may be on another one."""
    other = extract(GERMAN.encode(), url="https://example.org/de", content_type="text/plain; charset=utf-8")
    model = ScriptedModel(even, reader=ScriptedReader({}))
    found = answer_from(Question.of("Who painted the tower?"), [page, other], model, 40_000, WEIGHTS)
    assert found.model is not None
    assert found.model.note == PARTLY_READ


def test_a_document_without_text_is_not_read() -> None:
    """Nothing to read, nothing found, and the reader is not asked."""
    reader = ScriptedReader({})
    empty = Document(url="https://example.org/", text="")
    assert isinstance(
        answer_from(Question.of("Who?"), [empty], ScriptedModel(even, reader=reader), 40_000, WEIGHTS),
        NotFound,
    )
    assert reader.read_passages == []


def test_however_long_the_page_few_passages_are_read() -> None:
    """Reading is bounded by number and by the budget of tokens."""
    text = "\n\n".join(f"Keeper number {i} saw the tower at sea. " * 12 for i in range(400))
    long = extract(text.encode(), url="https://example.org/long", content_type="text/plain")
    reader = ScriptedReader({"Keeper": -1.0})
    read_answers(Question.of("Which keeper saw the tower?"), [long], reader, 40_000, WEIGHTS)
    assert len(reader.read_passages) == READ
    reader = ScriptedReader({"Keeper": -1.0})
    read_answers(Question.of("Which keeper saw the tower?"), [long], reader, 300, WEIGHTS)
    assert len(reader.read_passages) == 1


def test_one_answer_in_two_writings() -> None:
    """Articles, case and marks at the edges make no other answer."""
    assert same_words("The Blue Line.") == same_words("“Blue  line”")
    assert same_words("£4.50") == same_words("4.50") != same_words("£4.60")


def test_the_shipped_weights_know_every_feature(page: Document) -> None:
    """Each feature of an answer has a coefficient, so that none counts for nothing by a slip."""
    from browseagent.answer.reading import AnswerFeatures

    shared = {"share"}  # the same for all answers of a page but for what is judged
    assert set(reader_weights().ranking) == set(AnswerFeatures.__dataclass_fields__) - shared


def test_of_a_whole_post_the_sentence_that_tells_it_is_said() -> None:
    """What is to be done is one sentence of the post that stands in one row; a short row is said whole."""
    told = "Hold the ring until it turns amber and let go of it."
    post = " ".join(["I had the same with mine for months and was about to give up on it."] * 5)
    page = f"""<html lang=en><main><h1>Lamp</h1><table><tr><th>Who</th><th>Post</th></tr>
    <tr><td>Ada Lund, member since 2019</td><td>{post} {told} Good luck.</td></tr>
    <tr><td>Reset</td><td>Press the ring twice.</td></tr></table></main></html>"""
    document = extract(page.encode(), url="https://example.org/lamp", content_type="text/html")
    asked = Question.of("How do I reset the lamp?")
    for words, said in (
        ("Hold the ring", told + " Good luck."),
        ("Press the ring", "Reset\tPress the ring twice."),
    ):
        model = ScriptedModel(even, reader=ScriptedReader({words: -0.5}))
        found = answer_from(asked, [document], model, 40_000, WEIGHTS)
        assert found.text.startswith(said[:30]) and found.text in document.text, words
        assert post not in found.text


@pytest.mark.parametrize("threshold", [0.5, 0.9999])
def test_within_a_row_the_table_knows_the_column(threshold: float) -> None:
    """However sure the reader is of another cell of the row that is asked for, the named column's is said,
    whether the reader's is believed or not."""
    page = """<html lang=en><main><h1>Harwick ferry fares</h1><p>Fares of 2026.</p><table>
    <tr><th>Passenger</th><th>Weekday fare</th><th>Weekend fare</th></tr>
    <tr><td>Adult</td><td>£4.50</td><td>£6.20</td></tr><tr><td>Child</td><td>£2.10</td><td>£3.40</td></tr>
    <tr><td>Pensioner</td><td>£2.80</td><td>£3.90</td></tr></table></main></html>"""
    document = extract(page.encode(), url="https://example.org/ferry", content_type="text/html")
    model = ScriptedModel(even, reader=ScriptedReader({"£2.10": -0.001}, none=-9.0))
    weights = replace(WEIGHTS, threshold=threshold)
    found = answer_from(
        Question.of("What is the weekend fare for a child?"), [document], model, 40_000, weights
    )
    assert found.text == "£3.40" and "Child" in found.quotes[0].text
