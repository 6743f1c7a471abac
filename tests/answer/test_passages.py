"""Evidence units: what is quoted is whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from browseagent import extract
from browseagent.answer.lexical import is_unspaced, question_terms, terms, words
from browseagent.answer.passages import units
from browseagent.answer.quotes import make_quote
from browseagent.records import BlockKind


def page(html: str) -> bytes:
    return f"<html lang=en><body><main>{html}</main></body></html>".encode()


def test_a_row_is_one_unit_and_is_read_with_its_headers() -> None:
    """A table row is never cut, and the model reads each cell under its header."""
    body = "<h2>Fees</h2><p>All fees are for one year of study here.</p>"
    body += "<table><tr><th>Who</th><th>Fee</th></tr>"
    body += "<tr><td>Home students</td><td>£9,250. Per year.</td></tr></table>"
    document = extract(page(body), url="https://example.org/", content_type="text/html")
    (row,) = [unit for unit in units(document) if unit.block.kind is BlockKind.ROW]
    assert row.text == "Home students\t£9,250. Per year."
    assert row.reading == "Who: Home students; Fee: £9,250. Per year."
    assert row.section[-1] == "Fees"


def test_sentences_know_their_headings_and_what_stands_before() -> None:
    """A unit carries its section and its previous sentence, outside of its own text."""
    body = "<h1>Guide</h1><h2>Visit</h2><p>The tower is old and tall. It opens at nine in the morning.</p>"
    document = extract(page(body), url="https://example.org/", content_type="text/html")
    last = units(document)[-1]
    assert last.text == "It opens at nine in the morning."
    assert last.previous == "The tower is old and tall."
    assert last.section[-1] == "Visit"


def test_a_sentence_too_short_to_quote_joins_its_neighbour() -> None:
    """Two words are never a unit of their own within a paragraph."""
    text = "Yes. The museum is open on Mondays in summer. Of course."
    document = extract(text.encode(), url="https://example.org/", content_type="text/plain")
    assert [unit.text for unit in units(document)] == [text]


def test_a_page_of_headings_is_read_by_its_headings() -> None:
    """Where there is nothing else, headings are the evidence."""
    body = "<h1>Closed for winter until 3 March</h1>"
    document = extract(page(body), url="https://example.org/", content_type="text/html")
    assert [unit.text for unit in units(document)] == ["Closed for winter until 3 March"]


@given(st.lists(st.text(alphabet="abc .!?\n", max_size=60), max_size=8))
def test_units_are_spans_in_order_that_do_not_overlap(paragraphs: list[str]) -> None:
    """Whatever the text, units are ordered pieces of it."""
    document = extract(
        "\n\n".join(paragraphs).encode(), url="https://example.org/", content_type="text/plain"
    )
    end = 0
    for unit in units(document):
        assert end <= unit.passage.start < unit.passage.end <= len(document.text)
        assert unit.text == unit.text.strip()
        end = unit.passage.end


def test_terms_are_stemmed_content_words() -> None:
    """Function words go, forms of a word fall together, Chinese and Japanese become pairs of characters."""
    assert terms("The keepers were building the towers") == terms("keeper build tower")
    assert question_terms("Who is it?") == ["who", "is", "it"]
    assert words("灯塔开放") == ("灯塔", "塔开", "开放")
    assert is_unspaced("灯塔 opens") is False
    assert is_unspaced("灯塔开放时间九点") is True


@pytest.mark.parametrize("cells", ["<td>Poetry<td>", "<td><td>Poetry", "<td>20:00<td>Band<td>", "<td>—<td>"])
def test_every_unit_can_be_quoted(cells: str) -> None:
    """A row that begins or ends with an empty cell is quoted without it; a row of nothing is no unit."""
    table = f"<table><tr><th>A<th>B<tr>{cells}<tr><td>x y<td>z 1</table>"
    body = f"<p>The timetable of the evening is here.</p>{table}"
    document = extract(page(body), url="https://example.org/", content_type="text/html")
    for unit in units(document):
        assert make_quote(document, unit.passage.start, unit.passage.end).text == unit.text.strip()
