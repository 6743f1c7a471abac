"""Learning from questions on real pages: where answers stand in what is read, and what is minimised."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import pytest
import torch

from browseagent import extract
from browseagent.answer.excerpts import excerpts
from browseagent.model.new import byte_tokenizer
from browseagent.model.reader_format import ReaderFormat
from browseagent.model.two_way import see_both_ways
from tests.model.tiny import tiny_llama
from tools.train.groups import Question, Step, steps_of
from tools.train.loss import read_passage, step_loss
from tools.train.placed import Shown
from tools.train.sites import is_fitted

PAGE = """<html lang=en><head><title>Harwick fees</title></head><body><main><h1>Harwick fees</h1>
<p>The light was built in 1871 by Thomas Pell, who had come to the coast as a young engineer of canals.</p>
<table><tr><th>Who</th><th>Fee</th></tr><tr><td>Adult</td><td>£4.50</td></tr><tr><td>Child</td><td>£2</td></tr>
<tr><td>Group of ten</td><td>£2</td></tr></table>
</main></body></html>"""
FROZEN = (
    "Menu Harwick fees The light was built in 1871 by Thomas Pell, who had come to the coast as a young"
    " engineer of canals. Who Fee Adult £4.50 Child £2 Group of ten £2 © 2024"
)


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Threads that wait for each other make a tiny model slow."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def span(words: str, last: bool = False) -> tuple[int, int]:
    at = FROZEN.rindex(words) if last else FROZEN.index(words)
    return at, at + len(words)


def shown() -> Shown:
    return Shown(excerpts(extract(PAGE.encode(), url="https://example.org/", content_type="text/html")))


def test_of_equal_words_those_in_like_surroundings_are_meant() -> None:
    """The fee of a group stands in its own row, though a child's is the same; other words are not shown."""
    page = shown()
    place = page.place(FROZEN, *span("£2", last=True))
    assert place is not None
    text = page.excerpts[place.excerpt].text
    assert text[place.start : place.end] == "£2" and text[: place.start].endswith("Group of ten; Fee: ")
    assert page.place(FROZEN, *span("© 2024")) is None


def model_that_reads(two_way_from: int) -> Any:
    model = tiny_llama()
    see_both_ways(model, two_way_from)
    return model


def steps() -> tuple[list[Step], ReaderFormat]:
    document = extract(PAGE.encode(), url="https://example.org/", content_type="text/html")
    written = ReaderFormat.of(byte_tokenizer(2048))
    asked = [
        Question("who built it", (span("Thomas Pell"),)),
        Question("dog fee"),
        Question("year", (span("1871"),)),
    ]
    return list(steps_of(excerpts(document), FROZEN, asked, written, random.Random(1))), written


def test_a_question_is_asked_where_it_is_answered_and_where_it_is_not() -> None:
    """Each passage says of each of its questions how answers begin, or that it has none."""
    (step, *_), written = steps()
    asked = [each for passage in step for each in passage.asked]
    answered = {each.number: each.answer for each in asked if each.firsts}
    assert answered == {0: written.answer("Thomas Pell"), 2: written.answer("1871")}
    assert any(each.number == 1 and not each.firsts for each in asked)
    for passage in step:
        begin = {start.tokens[0] for start in written.starts(passage.text, passage.stretches)}
        assert all(set(each.firsts) <= begin for each in passage.asked)


def test_what_is_minimised_falls_as_right_answers_get_likelier() -> None:
    """The loss of a model that knows nothing is that of chance, and some steps of training lower it."""
    (step, *_), written = steps()
    model = model_that_reads(1)
    before = float(step_loss(model, step, written, random.Random(2)).detach())
    assert before > 1.0
    optimiser = torch.optim.SGD(model.parameters(), lr=0.05)
    for _ in range(5):
        optimiser.zero_grad()
        step_loss(model, step, written, random.Random(2)).backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    assert float(step_loss(model, step, written, random.Random(2)).detach()) < before


def test_sites_are_kept_from_training_for_good() -> None:
    """A site is on the same side whenever it is asked, and about an eighth are kept."""
    names = [f"site{number}" for number in range(400)]
    kept = [name for name in names if is_fitted(name)]
    assert kept == [name for name in names if is_fitted(name)] and 30 < len(kept) < 80


def test_an_answer_is_judged_as_if_it_were_read_alone() -> None:
    """What is judged are the states after passage, question and answer, whatever else is in the row."""
    (step, *_), written = steps()
    model = model_that_reads(2)  # it has two layers: none reads in both directions
    passage = max(step, key=lambda each: len(each.asked))
    starts = written.starts(passage.text, passage.stretches)
    _, tried = read_passage(model, passage, written, starts, random.Random(3))
    assert sum(map(len, tried)) > len(passage.asked) > 1
    for asked, some in zip(passage.asked, tried, strict=True):
        for candidate, states in some:
            alone = torch.tensor([[*passage.prefix, *asked.question, *candidate.tokens]])
            expected = model.base_model(input_ids=alone)[0][0, -len(candidate.tokens) :]
            assert torch.allclose(states, expected, atol=1e-4)


def test_right_and_wrong_answers_are_tried() -> None:
    """Of an answered question the right words and others, of one that is not answered others only."""
    (step, *_), written = steps()
    model = model_that_reads(1)
    for passage in step:
        starts = written.starts(passage.text, passage.stretches)
        _, tried = read_passage(model, passage, written, starts, random.Random(3))
        for asked, some in zip(passage.asked, tried, strict=True):
            assert any(each.right for each, _ in some) == bool(asked.firsts)
            assert any(not each.right for each, _ in some)
            for each, _ in some:
                assert not each.right or each.tokens == asked.answer[:-1] or asked.stretches or asked.spans
