"""The trained reader: exact likelihoods of the page's own words, however passages are read together."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from browseagent.model import reader
from browseagent.model.decoder import PrefixCache
from browseagent.model.new import byte_tokenizer
from browseagent.model.port import Reading, ReadPassage
from browseagent.model.reader import TrainedReader
from browseagent.model.reader_format import ReaderFormat
from browseagent.model.torch_decoder import TorchDecoder
from tests.model.tiny import TOWER, tiny_llama

PASSAGES = [
    ReadPassage("Light", TOWER),
    ReadPassage("", "Anna Voss left in 1988."),
    ReadPassage("Nothing", "…"),
    ReadPassage("Fees", "An adult pays £4.50, a child pays £2, and a dog pays nothing on Mondays in 1988."),
]


def reading(model: Any, tokenizer: Any) -> TrainedReader:
    return TrainedReader(PrefixCache(TorchDecoder(model)), ReaderFormat.of(tokenizer))


def spans_of(reading: Reading) -> dict[tuple[int, int], float]:
    return {(span.start, span.end): span.likelihood for span in reading.spans}


def test_a_spans_likelihood_is_that_of_writing_it() -> None:
    """The reader's number is the model's log-probability of the answer's tokens and the end, one by one."""
    model, tokenizer = tiny_llama(3), byte_tokenizer(2048)
    reader, written = reading(model, tokenizer), ReaderFormat.of(tokenizer)
    question = "Who built it?"
    found = reader.read(question, [ReadPassage("Light", TOWER)])[0]
    prompt = [*written.passage("Light", TOWER), *written.question(question)]

    def naive(answer: str) -> float:
        tokens = written.answer(answer)
        ids = torch.tensor([[*prompt, *tokens]])
        with torch.inference_mode():
            after = model(input_ids=ids).logits[0].log_softmax(-1)
        return sum(float(after[len(prompt) + i - 1, token]) for i, token in enumerate(tokens))

    assert found.spans
    for span in found.spans:
        assert span.likelihood == pytest.approx(naive(TOWER[span.start : span.end]), abs=1e-3)
    assert found.none == pytest.approx(naive(""), abs=1e-3)


def test_a_passage_that_is_known_reads_the_same() -> None:
    """What is kept of a passage gives the same reading but for rounding, whatever was asked of it between."""
    model, tokenizer = tiny_llama(5), byte_tokenizer(2048)
    reader = reading(model, tokenizer)
    passages = [ReadPassage("Light", TOWER), ReadPassage("", "Anna Voss left in 1988.")]
    first = reader.read("Who left?", passages)
    reader.read("When?", passages)
    assert reading(model, tokenizer).read("Who left?", passages) == first
    for before, again in zip(first, reader.read("Who left?", passages), strict=True):
        assert again.none == pytest.approx(before.none, abs=1e-3)
        assert spans_of(again) == pytest.approx(spans_of(before), abs=1e-3)


@pytest.mark.parametrize("text", ["", "…", "((( )))"])
def test_a_passage_without_words_has_no_spans(text: str) -> None:
    """Nothing to point at is no failure."""
    found = reading(tiny_llama(), byte_tokenizer(2048)).read("Who?", [ReadPassage("T", text)])[0]
    assert found.spans == () and found.none < 0


def test_passages_read_together_read_as_each_alone() -> None:
    """Padding, and what stands in the other rows, changes nothing; nor does one that was known before."""
    model, tokenizer = tiny_llama(6), byte_tokenizer(2048)
    together = reading(model, tokenizer)
    together.read("When?", PASSAGES[1:2])
    for passage, found in zip(PASSAGES, together.read("Who left?", PASSAGES), strict=True):
        alone = reading(model, tokenizer).read("Who left?", [passage])[0]
        assert found.none == pytest.approx(alone.none, abs=1e-4)
        best = [span for span in alone.spans if span.likelihood >= found.spans[-1].likelihood + 1e-3]
        for span in best:
            assert spans_of(found)[span.start, span.end] == pytest.approx(span.likelihood, abs=1e-3)


@pytest.mark.parametrize("behind", [0.5, 2.0, 4.0])
def test_only_spans_far_behind_the_best_are_not_scored(
    monkeypatch: pytest.MonkeyPatch, behind: float
) -> None:
    """Whatever is at most so far behind the best answer of all passages is found, with its exact likelihood,
    long answers too."""
    model, tokenizer = tiny_llama(7), byte_tokenizer(2048)
    with torch.no_grad():  # likelihoods far apart, as of a model that was trained
        model.lm_head.weight *= 30
    monkeypatch.setattr(reader, "SPANS", 10_000)
    monkeypatch.setattr(reader, "BEHIND", 1e9)
    every = reading(model, tokenizer).read("Who left?", PASSAGES)
    best = max(likelihood for reading in every for likelihood in spans_of(reading).values())
    monkeypatch.setattr(reader, "BEHIND", behind)
    kept = reading(model, tokenizer).read("Who left?", PASSAGES)
    assert sum(len(reading.spans) for reading in kept) < sum(len(reading.spans) for reading in every)
    for all_of, some_of in zip(every, kept, strict=True):
        near = {place for place, likelihood in spans_of(all_of).items() if likelihood >= best - behind + 1e-3}
        assert near <= spans_of(some_of).keys()
        for place, likelihood in spans_of(some_of).items():
            assert likelihood == pytest.approx(spans_of(all_of)[place], abs=1e-3)


def test_no_passages_no_readings() -> None:
    """Nothing given, nothing read."""
    assert reading(tiny_llama(), byte_tokenizer(2048)).read("Who?", []) == []


def test_an_answer_may_begin_with_a_sign() -> None:
    """Of a number below zero and of any currency, so that neither is lost; a dash alone begins none."""
    written = ReaderFormat.of(byte_tokenizer(2048))
    text = "Air –4 °C or −6, for ₹1,29,999.00 – now"
    begun = [text[each.offset :].split()[0] for each in written.starts(text)]
    assert begun == ["Air", "–4", "or", "−6,", "for", "₹1,29,999.00", "now"]
