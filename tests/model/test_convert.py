"""A model's files, made without PyTorch: the weights and the tokenizer that Transformers makes of a GGUF."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import save_file
from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig

from browseagent.errors import ModelError
from browseagent.model.convert import WEIGHTS, convert, widen
from browseagent.model.gguf_file import GgufModel
from browseagent.model.lora import add_adapters, save_adapter
from browseagent.model.tensors import MappedTensors, write_tensors
from browseagent.model.two_way import FIELD
from tests.model.tiny import merge_adapter

TEXTS = ("Was the tower built in 1871?", "  two  blanks\n\tand 12.50 €", "青海湖", "<|im_end|> the")


def silent(done: int, total: int) -> None:
    """Tells nothing."""


@pytest.fixture
def made(tiny_gguf: Path, tmp_path: Path) -> Path:
    """The tiny model, converted."""
    folder = tmp_path / "made"
    folder.mkdir()
    convert(tiny_gguf, folder, None, silent)
    return folder


def theirs(gguf: Path) -> tuple[torch.nn.Module, object]:
    """What Transformers makes of a GGUF."""
    quantization = GgufConfig(dequantize=True)
    model = AutoModelForCausalLM.from_pretrained(
        gguf.parent, gguf_file=gguf.name, dtype=torch.float32, quantization_config=quantization
    )
    return model.eval(), AutoTokenizer.from_pretrained(gguf.parent, gguf_file=gguf.name)


def test_the_weights_are_those_that_transformers_makes(tiny_gguf: Path, made: Path) -> None:
    """Every tensor has the same name and, rows of the projections in their order, the same numbers."""
    model, _ = theirs(tiny_gguf)
    ours = MappedTensors(made / WEIGHTS)
    state = {name: each.numpy() for name, each in model.state_dict().items() if name != "lm_head.weight"}
    assert state.keys() == ours.keys()
    for name, each in state.items():
        np.testing.assert_array_equal(ours[name], each, err_msg=name)


def test_transformers_loads_the_folder(tiny_gguf: Path, made: Path) -> None:
    """Training and the fallback take the same folder: the model in it computes what the GGUF's does."""
    model, _ = theirs(tiny_gguf)
    again = AutoModelForCausalLM.from_pretrained(made, dtype=torch.float32, local_files_only=True).eval()
    ids = torch.tensor([[3, 50, 7, 259, 12]])
    with torch.inference_mode():
        torch.testing.assert_close(again(input_ids=ids).logits, model(input_ids=ids).logits)
    tokenizer = AutoTokenizer.from_pretrained(made, local_files_only=True)
    assert tokenizer.eos_token_id == 2


@pytest.mark.parametrize("text", TEXTS)
def test_the_tokenizer_is_the_one_that_transformers_makes(tiny_gguf: Path, text: str) -> None:
    """The same numbers, at the same places of the text."""
    _, tokenizer = theirs(tiny_gguf)
    expected = tokenizer(text, add_special_tokens=False, return_offsets_mapping=True)  # type: ignore[operator]
    ours = GgufModel(tiny_gguf).tokenizer().encode(text, add_special_tokens=False)
    assert (ours.ids, ours.offsets) == (expected["input_ids"], expected["offset_mapping"])


def test_an_adapter_is_merged_as_pytorch_merges_it(tiny_gguf: Path, tmp_path: Path) -> None:
    """The same weights as those of the model that was trained, with the adapter added by PyTorch."""
    model, _ = theirs(tiny_gguf)
    trained = add_adapters(model, rank=2, alpha=4.0, seed=1)
    with torch.no_grad():
        for each in trained.values():
            each.normal_(generator=torch.Generator().manual_seed(len(each)))
    adapter = tmp_path / "adapter.safetensors"
    save_adapter(adapter, trained, alpha=4.0, about="test", two_way_from=1)
    convert(tiny_gguf, tmp_path, adapter, silent)
    merged, _ = theirs(tiny_gguf)
    merge_adapter(merged, adapter)
    assert json.loads((tmp_path / "config.json").read_text())[FIELD] == 1
    ours = MappedTensors(tmp_path / WEIGHTS)
    for name, each in merged.state_dict().items():
        if name in ours:
            np.testing.assert_allclose(ours[name], each.numpy(), rtol=1e-5, atol=1e-6, err_msg=name)


def test_an_adapter_of_another_model_is_refused(tiny_gguf: Path, tmp_path: Path) -> None:
    """One for other layers, and a file that is none, are refused with what is wrong."""
    adapter = tmp_path / "adapter.safetensors"
    save_adapter(
        adapter,
        {"model.x.down": torch.zeros(2, 3), "model.x.up": torch.zeros(3, 2)},
        alpha=1,
        about="",
        two_way_from=None,
    )
    with pytest.raises(ModelError, match="another model"):
        convert(tiny_gguf, tmp_path, adapter, silent)
    adapter.write_bytes(b"nothing")
    with pytest.raises(ModelError, match="cannot be used"):
        convert(tiny_gguf, tmp_path, adapter, silent)


def test_what_an_earlier_version_stored_is_widened(made: Path, tmp_path: Path) -> None:
    """The same weights, rounded to bfloat16 as they were stored, with everything that lay beside them."""
    old, new = tmp_path / "old", tmp_path / "new"
    model = AutoModelForCausalLM.from_pretrained(made, dtype=torch.bfloat16, local_files_only=True)
    model.save_pretrained(old)
    AutoTokenizer.from_pretrained(made, local_files_only=True).save_pretrained(old)
    new.mkdir()
    told: list[tuple[int, int]] = []
    widen(old, new, lambda done, total: told.append((done, total)))
    ours = MappedTensors(new / WEIGHTS)
    for name, each in model.state_dict().items():
        if name in ours:
            np.testing.assert_array_equal(ours[name], each.float().numpy(), err_msg=name)
    assert {path.name for path in old.iterdir()} == {path.name for path in new.iterdir()}
    assert json.loads((new / "config.json").read_text())["dtype"] == "float32"
    assert told[0][0] == 0 and told[-1][0] == told[-1][1] > 0
    with pytest.raises(ModelError, match="not of the type"):
        widen(new, tmp_path, silent)


def test_weights_that_cannot_be_used_are_refused(made: Path, tmp_path: Path) -> None:
    """A file that was cut off, at any place, one of another type, and one that is no such file at all."""
    whole = (made / WEIGHTS).read_bytes()
    for size in (0, 4, 100, len(whole) // 2, len(whole) - 1):
        path = tmp_path / f"{size}.safetensors"
        path.write_bytes(whole[:size])
        with pytest.raises(ModelError, match="no weights that can be used"):
            MappedTensors(path)
    save_file({"a": torch.zeros(2, dtype=torch.float16)}, tmp_path / "half.safetensors")
    with pytest.raises(ModelError, match="not F32"):
        MappedTensors(tmp_path / "half.safetensors")


def test_tensors_stay_what_they_are_when_their_memory_is_let_go(tmp_path: Path) -> None:
    """What is dropped comes back from the file, also while another thread drops it all the time."""
    table = np.arange(1_000_000, dtype=np.float32).reshape(1000, 1000)
    path = tmp_path / "tensors"
    write_tensors(
        path, {"table": table.shape, "one": (1,)}, [("table", table), ("one", np.ones(1, np.float32))]
    )
    tensors = MappedTensors(path)
    with tensors.dropping():
        for _ in range(20):
            np.testing.assert_array_equal(tensors["table"], table)
    tensors.drop()
    np.testing.assert_array_equal(tensors["table"], table)
    assert (path.stat().st_size - table.nbytes - 4) % 64 == 0


def test_tensors_that_are_not_as_announced_are_not_written(tmp_path: Path) -> None:
    """Another name or another shape is an error of the program, not a damaged file."""
    for name, shape in (("b", (2,)), ("a", (3,))):
        with pytest.raises(ValueError, match="was due"):
            write_tensors(tmp_path / name, {"a": (2,)}, [(name, np.zeros(shape, np.float32))])


def test_a_gguf_of_another_sort_is_refused(tmp_path: Path) -> None:
    """What is no GGUF is an error that names the file."""
    path = tmp_path / "no.gguf"
    path.write_bytes(b"GGUF no, not really" * 10)
    with pytest.raises(ModelError, match=r"no\.gguf"):
        GgufModel(path)
