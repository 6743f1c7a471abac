"""The model's likelihoods, on a tiny GPT: batching and sharing change the time, never the result."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from browseagent.errors import ModelError
from browseagent.model.new import Shape, new_model
from browseagent.model.transformers import TransformersModel

TINY = Shape(
    vocab_size=300, embedding_dim=32, num_heads=2, feed_forward_dim=64, num_layers=2, max_positions=128
)
PAIRS = [
    ("The tower was built in 1871.\n\nQuestion:", " When was it built?"),
    ("Bananas are yellow.\n\nQuestion:", " When was it built?"),
    ("A", "b"),
    ("", " nothing stands before this"),
    ("The tower was built in 1871.\n\nQuestion:", " By whom?"),
    ("The tower was built in 1871.\n\nQuestion:", ""),
    ("The tower was built in 1871.\n\nQuestion:", " 塔"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models") / "tiny"
    new_model(folder, TINY)
    return folder


@pytest.fixture(scope="module")
def model(folder: Path) -> TransformersModel:
    return TransformersModel.load(folder, name="hf:tiny", dtype=torch.float32)


def naive(folder: Path, context: str, continuation: str) -> float:
    """The definition: one sequence, one forward pass, the log-softmax of every token but the context's."""
    tokenizer = AutoTokenizer.from_pretrained(folder)
    gpt = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    before = tokenizer(context, add_special_tokens=False)["input_ids"] or [tokenizer.bos_token_id]
    after = tokenizer(continuation, add_special_tokens=False)["input_ids"]
    with torch.inference_mode():
        logits = gpt(torch.tensor([before + after])).logits[0].log_softmax(-1)
    return sum(float(logits[len(before) + i - 1, token]) for i, token in enumerate(after))


def test_batched_and_shared_likelihoods_equal_the_naive_ones(folder: Path, model: TransformersModel) -> None:
    """Padding, sorting and a shared context's kept keys and values leave each likelihood as it was."""
    found = model.score(PAIRS)
    for (context, continuation), likelihood in zip(PAIRS, found, strict=True):
        assert likelihood.total == pytest.approx(naive(folder, context, continuation), abs=1e-3)
        assert likelihood.tokens == len(continuation.encode())


def test_many_continuations_of_one_context_take_more_than_one_pass(model: TransformersModel) -> None:
    """More continuations than go in one pass still get each its own likelihood."""
    pairs = [("Counting:", f" {number}") for number in range(70)]
    together = model.score(pairs)
    assert together[69].total == pytest.approx(model.score(pairs[69:])[0].total, abs=1e-3)


def test_a_context_that_does_not_fit_is_cut_at_its_front(model: TransformersModel) -> None:
    """What stands right before the continuation counts most and is kept."""
    long = "x" * 500 + " the end"
    whole, end = model.score([(long, " it"), (long[-125:], " it")])
    assert whole.total == pytest.approx(end.total, abs=1e-3)


def test_a_continuation_that_does_not_fit_is_an_error(model: TransformersModel) -> None:
    """A question longer than the model's window cannot be measured."""
    with pytest.raises(ModelError, match="does not fit"):
        model.score([("a", "b" * 128)])


def test_nothing_to_score_is_nothing(model: TransformersModel) -> None:
    """No pairs, no work."""
    assert model.score([]) == []


def test_generation_goes_on_from_the_prompt(model: TransformersModel) -> None:
    """Greedy decoding is deterministic and stops at its limit."""
    assert model.generate("The tower", max_new_tokens=5) == model.generate("The tower", max_new_tokens=5)


def test_a_folder_without_a_model_is_an_error_with_a_hint(tmp_path: Path) -> None:
    """What cannot be loaded is said, with where to look."""
    with pytest.raises(ModelError) as caught:
        TransformersModel.load(tmp_path, name="hf:nothing")
    assert "hf:nothing" in caught.value.message and caught.value.hint
