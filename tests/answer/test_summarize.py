"""Extractive summaries: points that are quotes, cover the page, and keep its order."""

from __future__ import annotations

import pytest

from browseagent import extract
from browseagent.answer.summarize import first_point, summarize
from browseagent.records import Document, Length

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
def test_the_length_is_the_number_of_points(length: Length, points: int) -> None:
    """Each length has its number of points, each verified, in the order of the page."""
    document = page()
    summary = summarize([document], length)
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
    points = [point.text for point in summarize([document], "medium").points]
    assert len(points) == len(set(points)) == 2


def test_the_points_cover_the_sections() -> None:
    """A summary of a page with eight sections draws on at least five of them."""
    summary = summarize([page()], "medium")
    assert len({next(t for t in TOPICS if t in point.text) for point in summary.points}) >= 5


def test_each_source_has_its_say() -> None:
    """A summary of two pages has points of both."""
    text = b"The swimming pool opens again on the first of May after two years of work."
    other = extract(text, url="https://example.org/pool", content_type="text/plain")
    summary = summarize([page(), other], "short")
    assert {quote.url for point in summary.points for quote in point.quotes} == {
        "https://example.org/plans",
        other.url,
    }


def test_an_empty_page_has_no_points() -> None:
    """Nothing to say is an empty summary."""
    summary = summarize([Document(url="https://example.org/", text="")], "short")
    assert summary.points == () and summary.coverage.chars == 0


def test_two_pages_do_not_say_the_same_twice() -> None:
    """What one page has said is not a point of another."""
    summary = summarize([page(), page()], "medium")
    points = [point.text for point in summary.points]
    assert len(points) == len(set(points)) > 3


def test_the_first_point_says_what_a_page_is_about() -> None:
    """As its short summary says it, under the page's name where that is not said; of a list three things."""
    told = "<p>This chapter describes how boats are moored, and adds some new things as well.</p>"
    point = first_point(_of("Knots", told))
    assert point is not None
    assert point.text == f"Knots: {told[3:-4]}"
    assert [quote.text for quote in point.quotes] == ["Knots", told[3:-4]]
    said = first_point(_of("Knots", told.replace("boats are moored", "knots are tied")))
    assert said is not None and said.support == "quote"
    items = "".join(
        f"<li><a href=/{thing}><h3>{thing} of the harbour</h3></a><p>Weighs {n} kg</p><b>£{n}.50</b></li>"
        for n, thing in enumerate(("Rope", "Oar", "Anchor", "Buoy", "Lamp", "Sail"), start=2)
    )
    held = first_point(_of("Gear", f"<ul class=products>{items}</ul>"))
    assert held is not None
    assert held.text.startswith("Gear: 6 listed, £2.50 to £7.50: Rope of the harbour (£2.50); Oar")
    assert held.text.endswith("; …")
    assert "Buoy" not in held.text
    assert first_point(_of("", "")) is None


def _of(name: str, main: str) -> Document:
    html = f"<html lang=en><title>{name}</title><main><h1>{name}</h1>{main}</main></html>"
    return extract(html.encode(), url="https://example.org/x", content_type="text/html")


def test_a_sentence_that_two_points_need_is_read_once() -> None:
    """What is read is no more than there is, where a "He" is told with the sentence before it."""
    document = extract(
        b"<html lang=en><main><h1>Ferry stops</h1><p>Repairs of the ferry will cost 620,000 pounds, said "
        b"Torquil Isbister, managing director of Sound Ferries. He had hoped for a week and said it is going "
        b"to be three months. He will not seek another boat before the spring of next year.</p></main>",
        url="https://example.org/",
        content_type="text/html; charset=utf-8",
    )
    coverage = summarize([document]).coverage
    assert coverage.passages_read <= coverage.passages
    assert coverage.chars_read <= coverage.chars
