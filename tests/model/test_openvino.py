"""The embedded model's layers on OpenVINO compute what PyTorch computes in float32."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
import torch

from browseagent.config import default_settings
from browseagent.errors import ModelError
from browseagent.model import embedded
from browseagent.model.convert import WEIGHTS
from browseagent.model.decoder import TOGETHER, Batch, Decoder, PrefixCache, Text, laid_out, rated, read_texts
from browseagent.model.engine import open_decoder
from browseagent.model.new import byte_tokenizer
from browseagent.model.openvino import OpenVinoDecoder
from browseagent.model.port import Reading, ReadPassage
from browseagent.model.reader import BEHIND
from browseagent.model.scoring import DecodedModel
from browseagent.model.tensors import Floats
from browseagent.model.torch_decoder import TorchDecoder
from browseagent.model.two_way import FIELD
from browseagent.records import ModelInfo
from tests.model.tiny import TOWER, tiny_llama

FLOAT32 = 0.01
"""Nats that log-probabilities of answers may differ by where both compute in float32; .0012 was seen with the
real model, keys and values being kept in float16."""
NATIVE = 1.0
"""The same where the processor computes in bfloat16; .4 was seen."""
PASSAGES = [
    ReadPassage("Light", TOWER),
    ReadPassage("", "Anna Voss left in 1988."),
    ReadPassage("Nothing", "…"),
    ReadPassage("Fees", "An adult pays £4.50, a child pays £2, and a dog pays nothing on Mondays in 1988."),
]


@pytest.fixture(scope="module")
def tiny_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny Llama with random weights and a tokenizer of bytes, as models are stored."""
    folder = tmp_path_factory.mktemp("tiny")
    model = tiny_llama(11)
    model.config.bos_token_id = model.config.eos_token_id = 256
    model.float().save_pretrained(folder)
    byte_tokenizer(2048).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module", params=[None, 1, 0])
def both(
    request: pytest.FixtureRequest, tiny_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Decoder, Decoder]]:
    """OpenVINO's and PyTorch's, of the same weights, that read in both directions from a layer on, or not."""
    folder = tmp_path_factory.mktemp("both") / "model"
    shutil.copytree(tiny_folder, folder)
    config = json.loads((folder / "config.json").read_text()) | {FIELD: request.param}
    (folder / "config.json").write_text(json.dumps(config))
    ours = OpenVinoDecoder(folder, "f32")
    theirs, _ = open_decoder(folder, "torch")
    yield ours, theirs
    ours.close()
    theirs.close()


def test_states_and_what_is_remembered_are_the_same(both: tuple[Decoder, Decoder]) -> None:
    """Texts of different lengths with branches, then more after some of them, and more after that."""
    texts = [
        Text((5, 6, 7, 8), ((9, 10), (11,)), kept=True),
        Text((12, 13), kept=True),
        Text((14,), ((15, 16, 17),), kept=True),
    ]
    first = [read_texts(decoder, texts) for decoder in both]
    for ours, theirs in zip(*first, strict=True):
        np.testing.assert_allclose(ours.states, theirs.states, atol=1e-4)
    second = [
        read_texts(
            decoder, [Text((20, 21), after=(each.memory[0],), kept=True) for each in found if each.memory]
        )
        for decoder, found in zip(both, first, strict=True)
    ]
    third = []
    for decoder, before, found in zip(both, first, second, strict=True):
        memories = [
            (a.memory[0], b.memory[0]) for a, b in zip(before, found, strict=True) if a.memory and b.memory
        ]
        third.append(
            read_texts(decoder, [Text(each, after=m) for m in memories for each in ((22, 23), (24,))])
        )
    for ours, theirs in (*zip(*second, strict=True), *zip(*third, strict=True)):
        np.testing.assert_allclose(ours.states, theirs.states, atol=2e-3)


def test_a_text_reads_as_it_would_alone(both: tuple[Decoder, Decoder]) -> None:
    """What stands beside it in its row, what branches off beside it, and padding, change none of its states;
    nor does it matter whether what it follows was read before."""
    decoder, _ = both
    beside = read_texts(
        decoder, [Text((5, 6, 7), ((8, 9), (10, 11, 12)), kept=True), Text((1,) * 30), Text((2,) * 9)]
    )[0]
    alone = read_texts(decoder, [Text((5, 6, 7), ((10, 11, 12),))])[0]
    np.testing.assert_allclose(beside.states[5:8], alone.states[3:], atol=1e-5)
    assert beside.memory is not None
    others = [Text((each, 4), after=(beside.memory[0],)) for each in range(9)]
    after = read_texts(decoder, [*others, Text((10, 11, 12), after=(beside.memory[0],))])[-1]
    np.testing.assert_allclose(after.states, alone.states[3:], atol=2e-3)


def test_a_prefix_is_read_in_both_directions_where_the_model_was_trained_so(tiny_folder: Path) -> None:
    """The first token of a text knows its last, and one that follows what was read before does not."""

    def firsts(*texts: Text) -> list[Floats]:
        return [read.states[0] for read in read_texts(decoder, texts)]

    for at, layer in enumerate((None, 1)):
        folder = tiny_folder.parent / f"two-way-{at}"
        shutil.copytree(tiny_folder, folder)
        config = json.loads((folder / "config.json").read_text()) | {FIELD: layer}
        (folder / "config.json").write_text(json.dumps(config))
        decoder = OpenVinoDecoder(folder, "f32")
        memory = read_texts(decoder, [Text((5, 6), kept=True)])[0].memory
        assert memory is not None
        one, other, after, other_after, branch, other_branch = firsts(
            Text((7, 8)),
            Text((7, 9)),
            Text((7, 8), after=memory[:1]),
            Text((7, 9), after=memory[:1]),
            Text((7,), ((8,),)),
            Text((7,), ((9,),)),
        )
        decoder.close()
        assert np.allclose(one, other, atol=1e-5) == (layer is None)
        np.testing.assert_allclose(after, other_after, atol=1e-5)
        np.testing.assert_allclose(branch, other_branch, atol=1e-5)


def test_texts_are_packed_and_none_is_lost() -> None:
    """Every text has one place, no pass is larger than may be unless one text is, and short texts share
    rows."""
    sizes = [70, 3, 41, 66, 5, 38, 29, 600, 31, 1, *range(20, 60)]
    batches = laid_out([Text((7,) * size) for size in sizes])
    places = [number for rows in batches for row in rows for number in row]
    assert sorted(places) == list(range(len(sizes)))
    for rows in batches:
        widest = max(sum(sizes[number] for number in row) for row in rows)
        assert len(rows) * widest <= TOGETHER or len(rows) == len(rows[0]) == 1
    assert sum(map(len, batches)) < len(sizes) * 0.7
    assert laid_out([]) == []


def test_prefixes_are_read_once_as_long_as_there_is_room(
    both: tuple[Decoder, Decoder], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A known prefix gives the same states with other branches; the one that was longest unused goes."""
    decoder, _ = both
    cache = PrefixCache(decoder)
    prefixes = [(5, 6, 7), (8, 9), (10, 11, 12, 13)]
    expected = [states for _, states in PrefixCache(decoder).read([(each, ((3, 4),)) for each in prefixes])]
    cache.read([(each, ()) for each in prefixes])
    read: list[int] = []
    real = decoder.read

    def counted(batch: Batch) -> tuple[Floats, Sequence[tuple[Floats, Floats]]]:
        read.append(batch.tokens)
        return real(batch)

    monkeypatch.setattr(decoder, "read", counted)
    for (_, states), other in zip(
        cache.read([(each, ((3, 4),)) for each in prefixes]), expected, strict=True
    ):
        np.testing.assert_allclose(states, other, atol=2e-3)
    assert sum(read) == 6
    monkeypatch.setattr("browseagent.model.decoder.KEPT_TOKENS", 6)
    cache.read([((8, 9), ((3, 4),))])
    read.clear()
    cache.read([((8, 9), ((3, 4),)), ((10, 11, 12, 13), ((3, 4),)), ((5, 6, 7), ((3, 4),))])
    assert sum(read) == 4 + 5


def test_log_probabilities_add_up_and_agree(both: tuple[Decoder, Decoder]) -> None:
    """Over the whole vocabulary they are those of a distribution, and PyTorch's."""
    states = np.random.default_rng(0).standard_normal((5, 32)).astype(np.float32)
    ours, theirs = (rated(decoder, states, [range(257)] * 5) for decoder in both)
    np.testing.assert_allclose(ours, theirs, atol=1e-4)
    np.testing.assert_allclose(np.exp(ours).sum(1), 1, atol=1e-4)
    assert rated(both[0], states, [(), (4,), (), (5, 6), ()])[3] == ours[3][5:7]
    assert rated(both[0], states[:2], [(), ()]) == [[], []]


def model_on(decoder: Decoder, folder: Path) -> DecodedModel:
    return DecodedModel(decoder, folder, ModelInfo(name="test"), reads=True)


def test_likelihoods_are_those_of_writing_it(tiny_folder: Path) -> None:
    """Contexts shared, alone and empty, continuations too: each token's log-probability in turn."""
    pairs = [("a tower", " built"), ("a tower", " in 1871"), ("", "x"), ("alone", " "), ("nothing", "")]
    model = tiny_llama(11)
    scored = model_on(OpenVinoDecoder(tiny_folder, "f32"), tiny_folder)
    found = scored.score(pairs)
    for (context, words), likelihood in zip(pairs, found, strict=True):
        before, after = list(context.encode()) or [256], list(words.encode())
        with torch.inference_mode():
            rated = model(input_ids=torch.tensor([[*before, *after]])).logits[0].log_softmax(-1)
        wanted = sum(float(rated[len(before) + place - 1, token]) for place, token in enumerate(after))
        assert likelihood.total == pytest.approx(wanted, abs=1e-3)
        assert likelihood.tokens == len(after)
    with pytest.raises(ModelError, match="does not fit"):
        scored.score([("a", "b" * 3000)])
    scored.close()


def assert_agree(ours: list[Reading], theirs: list[Reading], within: float) -> None:
    """Spans that are not within the bound of the last one given, or of what is not scored, are found by both,
    with like numbers."""
    best = max((span.likelihood for each in theirs for span in each.spans), default=0.0)
    for mine, other in zip(ours, theirs, strict=True):
        assert mine.none == pytest.approx(other.none, abs=within)
        found = {(span.start, span.end): span.likelihood for span in mine.spans}
        for span in other.spans:
            if span.likelihood > max(other.spans[-1].likelihood, best - BEHIND) + 2 * within:
                assert found[span.start, span.end] == pytest.approx(span.likelihood, abs=within)


def test_the_reader_finds_the_same_spans(both: tuple[Decoder, Decoder], tiny_folder: Path) -> None:
    """A passage with no words, one that was known before, long and short ones: the same on both."""
    ours, theirs = (model_on(decoder, tiny_folder).reader for decoder in both)
    assert ours is not None and theirs is not None
    ours.read("When?", PASSAGES[1:2])
    assert_agree(ours.read("Who left?", PASSAGES), theirs.read("Who left?", PASSAGES), FLOAT32)


def test_another_architecture_is_refused(tiny_folder: Path, tmp_path: Path) -> None:
    """A model that this graph does not compute is an error, never another model's numbers."""
    for path in tiny_folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    config = json.loads((tiny_folder / "config.json").read_text())
    for change in ({"model_type": "gpt2"}, {"attention_bias": True}, {"hidden_act": "gelu"}):
        (tmp_path / "config.json").write_text(json.dumps(config | change))
        with pytest.raises(ModelError, match="not computed by OpenVINO"):
            OpenVinoDecoder(tmp_path, "f32")


def test_where_the_runtime_fails_pytorch_computes_and_it_is_said(tiny_folder: Path, tmp_path: Path) -> None:
    """A model that OpenVINO does not take is loaded by PyTorch, with a note; by name it is an error;
    weights that were cut off load nowhere."""
    for path in tiny_folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    config = json.loads((tiny_folder / "config.json").read_text())
    (tmp_path / "config.json").write_text(json.dumps(config | {"hidden_act": "gelu"}))
    decoder, note = open_decoder(tmp_path)
    assert isinstance(decoder, TorchDecoder)
    assert "PyTorch" in note and "did not run" in note
    with pytest.raises(ModelError, match="not computed by OpenVINO"):
        open_decoder(tmp_path, "openvino")
    (tmp_path / WEIGHTS).write_bytes((tmp_path / WEIGHTS).read_bytes()[:-100])
    with pytest.raises(ModelError, match="not fully covered"):
        open_decoder(tmp_path)
    ours, said = open_decoder(tiny_folder)
    assert isinstance(ours, OpenVinoDecoder) and said == ""


@pytest.mark.model
def test_the_real_model_agrees_with_pytorch_in_float32() -> None:
    """Fixed passages: the same spans and log-odds, within a hundredth of a nat where both compute in float32,
    within one where the processor computes in bfloat16."""
    folder = embedded.locate(default_settings())
    questions = ["When was the tower built?", "How much does a child pay?"]
    theirs = model_on(open_decoder(folder, "torch")[0], folder).reader
    assert theirs is not None
    expected = [theirs.read(question, PASSAGES) for question in questions]
    native = open_decoder(folder, "openvino")[0]
    for decoder, within in ((OpenVinoDecoder(folder, "f32"), FLOAT32), (native, NATIVE)):
        reader = model_on(decoder, folder).reader
        assert reader is not None
        for question, readings in zip(questions, expected, strict=True):
            found = reader.read(question, PASSAGES)
            assert_agree(found, readings, within)
        rated = [
            (span.likelihood, passage.text[span.start : span.end])
            for passage, reading in zip(PASSAGES, found, strict=True)
            for span in reading.spans
        ]
        assert max(rated)[1] == "£2"
        decoder.close()
