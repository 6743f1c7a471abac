"""Extractive summaries: points that are quotes, cover the page, and keep its order."""

from __future__ import annotations

import pytest

from browseagent import extract
from browseagent.answer.summarize import READ, summarize
from browseagent.model.port import Likelihood
from browseagent.model.scripted import LexicalModel, ScoreCall, ScriptedModel
from browseagent.records import Document

TOPICS = ("harbour", "school", "library", "tram", "hospital", "market", "theatre", "bridge")


def page(sections: int = 8, sentences: int = 5) -> Document:
    parts = []
    for number in range(sections):
        topic = TOPICS[number % len(TOPICS)]
        lines = [
            f"The {topic} plan number {i} was agreed by council {number} in year {1990 + i}."
            for i in range(sentences)
        ]
        parts.append(f"<h2>The {topic}</h2><p>{' '.join(lines)}</p>")
    head = "<html lang=en><title>Council plans</title><body><main><h1>Council plans</h1>"
    html = f"{head}{''.join(parts)}</main></body></html>"
    return extract(html.encode(), url="https://example.org/plans", content_type="text/html")


@pytest.mark.parametrize(("length", "points"), [("short", 3), ("medium", 6), ("long", 12)])
def test_the_length_is_the_number_of_points(length: str, points: int) -> None:
    """Each length has its number of points, each verified, in the order of the page."""
    document = page()
    summary = summarize([document], LexicalModel(), length)  # type: ignore[arg-type]
    starts = [quote.start for point in summary.points for quote in point.quotes]
    assert len(summary.points) == points
    assert starts == sorted(starts)
    for point in summary.points:
        assert point.support == "quote"
        for quote in point.quotes:
            assert document.text[quote.start : quote.end] == quote.text


def test_nothing_is_said_twice() -> None:
    """Of sentences that say the same, one is taken."""
    same = "The harbour wall will be repaired this summer by the council. "
    text = same * 6 + "\n\n" + "Parking near the old theatre costs two pounds an hour on weekdays."
    document = extract(text.encode(), url="https://example.org/", content_type="text/plain")
    points = [point.text for point in summarize([document], LexicalModel(), "medium").points]
    assert len(points) == len(set(points)) == 2


def test_the_points_cover_the_sections() -> None:
    """A summary of a page with eight sections draws on at least five of them."""
    summary = summarize([page()], LexicalModel(), "medium")
    assert len({next(t for t in TOPICS if t in point.text) for point in summary.points}) >= 5


def test_a_long_page_is_read_in_part_and_says_so() -> None:
    """The model reads a bounded number of sentences; the coverage report says how many."""
    model = LexicalModel()
    summary = summarize([page(sections=64, sentences=12)], model, "short")
    asked = sum(len(call.pairs) for call in model.history if isinstance(call, ScoreCall))
    assert asked <= READ + 1
    assert summary.coverage.passages_read <= READ < summary.coverage.passages
    assert 0 < summary.coverage.chars_read < summary.coverage.chars


def test_more_points_are_chosen_from_more_sentences() -> None:
    """For twelve points the model reads more sentences than for three, four for each."""
    summary = summarize([page(sections=64, sentences=12)], LexicalModel(), "long")
    assert READ < summary.coverage.passages_read <= 48


def test_each_source_has_its_say() -> None:
    """A summary of two pages has points of both."""
    text = b"The swimming pool opens again on the first of May after two years of work."
    other = extract(text, url="https://example.org/pool", content_type="text/plain")
    summary = summarize([page(), other], LexicalModel(), "short")
    assert {quote.url for point in summary.points for quote in point.quotes} == {
        "https://example.org/plans",
        other.url,
    }


def test_an_empty_page_has_no_points() -> None:
    """Nothing to say is an empty summary."""
    summary = summarize([Document(url="https://example.org/", text="")], ScriptedModel(), "short")
    assert summary.points == () and summary.coverage.chars == 0


def test_the_model_has_a_say_in_what_matters() -> None:
    """Of otherwise equal sentences the one that makes the page's headings likelier is taken."""

    def score(context: str, continuation: str) -> Likelihood:
        return Likelihood(-1.0 if "number 3 was agreed by council 2" in context else -9.0, 1)

    summary = summarize([page(sections=4)], ScriptedModel(score), "short")
    assert any("number 3 was agreed by council 2" in point.text for point in summary.points)
