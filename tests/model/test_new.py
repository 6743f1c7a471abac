"""An untrained GPT of a given shape."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from transformers import AutoModelForCausalLM, AutoTokenizer

from browseagent.config import Settings
from browseagent.errors import UsageError
from browseagent.model.new import Shape, byte_tokenizer, new_model
from browseagent.model.registry import load_model
from browseagent.model.runtime import quiet_transformers
from browseagent.model.transformers import TransformersModel

TINY = Shape(vocab_size=300, embedding_dim=32, num_heads=4, feed_forward_dim=64, num_layers=2)


def test_the_stated_shape_gives_the_stated_logits(tmp_path: Path) -> None:
    """Six layers of 512: a forward pass on two sequences of three gives (2, 3, 1000) finite logits."""
    shape = Shape(vocab_size=1000, embedding_dim=512, num_heads=8, feed_forward_dim=2048, num_layers=6)
    parameters = new_model(tmp_path / "gpt", shape)
    with quiet_transformers():
        model = AutoModelForCausalLM.from_pretrained(tmp_path / "gpt")
    with torch.inference_mode():
        logits = model(torch.tensor([[1, 2, 3], [4, 5, 6]])).logits
    assert logits.shape == (2, 3, 1000)
    assert bool(torch.isfinite(logits).all())
    assert parameters == 1000 * 512 + 1024 * 512 + 6 * 3_152_384 + 2 * 512
    assert model.config.n_inner == 2048


def test_attention_is_masked(tmp_path: Path) -> None:
    """A later token does not change the logits of an earlier one."""
    new_model(tmp_path / "gpt", TINY)
    with quiet_transformers():
        model = AutoModelForCausalLM.from_pretrained(tmp_path / "gpt").eval()
    with torch.inference_mode():
        one = model(torch.tensor([[1, 2, 3]])).logits[0, :2]
        other = model(torch.tensor([[1, 2, 9]])).logits[0, :2]
    assert torch.allclose(one, other, atol=1e-6)


def test_the_seed_decides_the_weights(tmp_path: Path) -> None:
    """The same seed gives the same file, another seed another; torch's own generator is left alone."""
    before = torch.get_rng_state()
    for name, seed in (("a", 1), ("b", 1), ("c", 2)):
        new_model(tmp_path / name, TINY, seed=seed)
    a, b, c = ((tmp_path / name / "model.safetensors").read_bytes() for name in "abc")
    assert a == b
    assert a != c
    assert torch.equal(before, torch.get_rng_state())


def test_it_can_be_named_as_a_model(tmp_path: Path, settings: Settings) -> None:
    """hf:FOLDER loads it, with the hash of its weights; it scores and generates."""
    new_model(tmp_path / "gpt", TINY)
    model = load_model(f"hf:{tmp_path / 'gpt'}", settings)
    try:
        (likelihood,) = model.score([("some context", " and more")])
        assert likelihood.tokens == len(" and more")
        assert likelihood.total < 0
        assert len(model.info.digest) == 64
        assert isinstance(model, TransformersModel)
        assert isinstance(model.generate("a", max_new_tokens=2), str)
    finally:
        model.close()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_the_tokenizer_has_a_token_a_byte(text: str) -> None:
    """Tokens are the bytes of the text in UTF-8, and decode to the text again."""
    tokens = _TOKENIZER.encode(text)
    if "<|endoftext|>" not in text:
        assert tokens == list(text.encode())
    assert _TOKENIZER.decode(tokens) == text


_TOKENIZER = byte_tokenizer(64)


def test_the_saved_tokenizer_is_the_same(tmp_path: Path) -> None:
    """It is read back from tokenizer.json with its end of text."""
    new_model(tmp_path / "gpt", TINY)
    tokenizer = AutoTokenizer.from_pretrained(tmp_path / "gpt")
    assert tokenizer.encode("Zürich\x00") == list("Zürich\x00".encode())
    assert tokenizer.eos_token_id == 256


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"vocab_size": 256}, "at least 257"),
        ({"num_heads": 7}, "do not divide"),
        ({"num_layers": 0}, "num_layers must be at least 1"),
        ({"num_heads": -1}, "num_heads must be at least 1"),
    ],
)
def test_an_impossible_shape_is_refused_in_words(wrong: dict[str, int], words: str) -> None:
    """The vocabulary must hold the bytes, heads must divide the width, nothing may be empty."""
    with pytest.raises(UsageError, match=words):
        Shape(**wrong)


def test_a_folder_that_holds_something_is_left_alone(tmp_path: Path) -> None:
    """A folder with a file in it, and a file, are refused and stay as they are."""
    (tmp_path / "letter.txt").write_text("dear")
    for target in (tmp_path, tmp_path / "letter.txt"):
        with pytest.raises(UsageError, match="not empty"):
            new_model(target, TINY)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
