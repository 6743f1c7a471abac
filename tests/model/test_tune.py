"""Training the reader's adapter, and reading with what was trained: with a Llama of two tiny layers."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from browseagent.errors import UsageError
from browseagent.model.examples import Asked, Example, read_examples, write_examples
from browseagent.model.new import byte_tokenizer
from browseagent.model.packing import Branch, Row, branch_mask, ids_of, positions_of
from browseagent.model.reader_format import ReaderFormat
from browseagent.model.tune import ADAPTER, CHECKPOINT, TuneConfig, read_config, schedule, tune
from browseagent.model.two_way import see_both_ways
from tests.model.tiny import TOWER, merge_adapter, tiny_llama

EXAMPLES = [
    Example(
        "a", "Light", TOWER, (Asked("When?", "1871", "answered"), Asked("Why?", "", "unanswerable")), "t"
    ),
    Example("b", "Fees", "Adult: £4.50; child: £2", (Asked("How much is a child?", "£2", "answered"),), "t"),
    Example("c", "Keeper", "Anna Voss left in 1988.", (Asked("Who left?", "Anna Voss", "answered"),), "t"),
]


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """What one thread computes of a tiny model in microseconds, several wait milliseconds for each other over
    where others are at work on the machine: a training of ninety steps took a quarter of an hour so."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


@pytest.fixture
def config() -> TuneConfig:
    small = {"epochs": 6.0, "batch": 1, "rank": 2, "alpha": 4.0, "checkpoint_every": 4}
    return replace(read_config(), **small)  # type: ignore[arg-type]


def quiet(text: str) -> None:
    assert text


def test_a_branch_is_computed_as_if_it_stood_alone() -> None:
    """Packing changes nothing: each branch's states are those of passage and branch by themselves."""
    model = tiny_llama()
    see_both_ways(model, 2)  # it has two layers: none reads in both directions
    order = random.Random(1)
    prefix = tuple(order.randrange(256) for _ in range(9))
    branches = [tuple(order.randrange(256) for _ in range(size)) for size in (4, 7, 1)]
    row = Row(prefix, tuple(map(Branch, branches)))
    with torch.inference_mode():
        packed = model.base_model(
            input_ids=ids_of(row),
            position_ids=positions_of(row),
            attention_mask=branch_mask(len(prefix), [len(b) for b in branches], torch.float32),
        )[0][0]
        start = len(prefix)
        for branch in branches:
            alone = model.base_model(input_ids=torch.tensor([[*prefix, *branch]]))[0][0]
            torch.testing.assert_close(packed[start : start + len(branch)], alone[len(prefix) :])
            start += len(branch)


def test_a_prefix_is_read_in_both_directions_in_the_upper_layers() -> None:
    """What a prefix is made into depends on its own last token, from the layer on that is named, and never on
    what branches off."""
    prefix, other = (5, 6, 7, 8), (5, 6, 7, 9)

    def states(first: int, prefix: tuple[int, ...], *branches: tuple[int, ...]) -> torch.Tensor:
        model = tiny_llama()
        see_both_ways(model, first)
        row = Row(prefix, tuple(map(Branch, branches)))
        mask = branch_mask(len(prefix), list(map(len, branches)), torch.float32)
        with torch.inference_mode():
            found: torch.Tensor = model.base_model(
                input_ids=ids_of(row), position_ids=positions_of(row), attention_mask=mask
            )[0][0]
        return found

    for first in (0, 1):
        assert not torch.allclose(states(first, prefix, (9,))[0], states(first, other, (9,))[0])
        torch.testing.assert_close(states(first, prefix, (9,))[:4], states(first, prefix, (7, 3))[:4])
        torch.testing.assert_close(states(first, prefix, (9,), (7, 3))[5:], states(first, prefix, (7, 3))[4:])
    torch.testing.assert_close(states(2, prefix, (9,))[0], states(2, other, (9,))[0])


def test_a_killed_run_that_is_resumed_ends_where_an_unbroken_one_ends(
    tmp_path: Path, config: TuneConfig
) -> None:
    """Stopped twice, in the middle of nothing and just before the end: the same adapter, bit for bit."""
    tokenizer = byte_tokenizer(2048)
    whole = tune(tiny_llama(), tokenizer, EXAMPLES, config, tmp_path / "whole", announce=quiet)
    total = len(schedule(EXAMPLES, config, ReaderFormat.of(tokenizer)))
    broken = tmp_path / "broken"
    for stop in (5, total - 1):
        # A killed run has done more steps than its last checkpoint says; those are done again.
        assert tune(tiny_llama(), tokenizer, EXAMPLES, config, broken, steps=stop, announce=quiet) is None
        assert (broken / CHECKPOINT).exists() and not (broken / ADAPTER).exists()
    tune(tiny_llama(), tokenizer, EXAMPLES, config, broken, announce=quiet)
    assert whole is not None
    assert (broken / ADAPTER).read_bytes() == whole.read_bytes()


def test_a_run_is_not_gone_on_from_with_other_settings(tmp_path: Path, config: TuneConfig) -> None:
    """A checkpoint says what it is of."""
    tokenizer = byte_tokenizer(2048)
    tune(tiny_llama(), tokenizer, EXAMPLES, config, tmp_path, steps=4, announce=quiet)
    other = replace(config, learning_rate=1e-3)
    with pytest.raises(UsageError, match="other settings"):
        tune(tiny_llama(), tokenizer, EXAMPLES, other, tmp_path, announce=quiet)


def test_training_teaches_and_merging_keeps_what_was_taught(tmp_path: Path, config: TuneConfig) -> None:
    """After training, the merged model finds the answer that it was shown likelier than before."""
    tokenizer = byte_tokenizer(2048)
    longer = replace(config, epochs=30.0, learning_rate=3e-2, rank=8, foreign=0.0, neighbour=0.0)
    adapter = tune(tiny_llama(), tokenizer, EXAMPLES, longer, tmp_path, announce=quiet)
    assert adapter is not None
    before, after = tiny_llama(), tiny_llama()
    merge_adapter(after, adapter)

    def likelihood(model: Any) -> float:
        written = ReaderFormat.of(tokenizer)
        prompt = [*written.passage("Light", TOWER), *written.question("When?")]
        answer = written.answer("1871")
        with torch.inference_mode():
            states = model(input_ids=torch.tensor([[*prompt, *answer]])).logits[0].log_softmax(-1)
        return sum(float(states[len(prompt) + i - 1, token]) for i, token in enumerate(answer))

    assert likelihood(after) > likelihood(before) + 3


def test_examples_survive_their_file(tmp_path: Path) -> None:
    """What is written is what is read; a line that is no example is named."""
    path = tmp_path / "examples.jsonl"
    write_examples(path, EXAMPLES)
    assert read_examples(path) == EXAMPLES
    path.write_text(path.read_text().replace('"1871", "answered"', '"1872", "answered"'))
    with pytest.raises(UsageError, match="line 1"):
        read_examples(path)


def test_a_configuration_lacking_a_setting_is_refused(tmp_path: Path) -> None:
    """Every setting is in the file, none is guessed."""
    path = tmp_path / "tune.toml"
    path.write_text("seed = 1\n")
    with pytest.raises(UsageError, match="no training configuration"):
        read_config(path)
