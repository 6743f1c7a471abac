"""The trained reader: points at the words of a passage that answer a question, or at none.

It is the model's own likelihood of writing the answer, restricted to what stands in the passage: the
likelihood of the first token gives the places where an answer probably begins, and from each of
these every end is scored exactly, in one pass for all of them. Nothing is sampled, nothing generated;
what comes back is spans. ``none`` is the likelihood of ending at once, which is what the model was
trained to do where the passage does not answer.

What the model makes of a passage does not depend on the question, so it is kept: a second question
about the same page costs its own tokens and those of the places where answers begin.
"""

from __future__ import annotations

import math
import sys
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import torch

from browseagent.errors import ModelError
from browseagent.model.packing import branch_mask
from browseagent.model.port import Likelihood, Reading, ReadPassage, Span
from browseagent.model.reader_format import ReaderFormat, Start

BEGINNINGS = 8
"""Places in one passage from which answers are scored."""
SPANS = 10
"""Best spans of one passage that are given back."""
KEPT_TOKENS = 12_000
"""Of passages whose keys and values are kept: some 280 MB for the embedded model."""

Memory = tuple[tuple[torch.Tensor, torch.Tensor], ...]
"""Keys and values of each layer, each of shape (1, heads, tokens, head dimension)."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A passage that was read."""

    memory: Memory
    last: torch.Tensor
    """The state of its last token, shape (width,): it predicts the question's first."""
    starts: tuple[Start, ...]
    tokens: int


class TrainedReader:
    """A :class:`~browseagent.model.port.Reader` on a model of Transformers that was trained for it."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self._model = model
        self._format = ReaderFormat(tokenizer)
        self._known: OrderedDict[tuple[str, str], _Known] = OrderedDict()
        weight = next(model.parameters())
        self._dtype, self._device = weight.dtype, weight.device

    def read(self, question: str, passages: Sequence[ReadPassage]) -> list[Reading]:
        """What each passage says to a question, in order. Raises :class:`ModelError`."""
        asked = self._format.question(question)
        try:
            with torch.inference_mode():
                return [self._read(asked, self._passage(passage)) for passage in passages]
        except RuntimeError as error:  # what torch raises, for want of memory among other things
            raise ModelError(f"the reader failed: {error}") from error

    def _passage(self, passage: ReadPassage) -> _Known:
        """A passage as the model knows it; read now if it is not known yet."""
        key = (passage.heading, passage.text)
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key]
        tokens = self._format.passage(passage.heading, passage.text)
        out = self._model.base_model(input_ids=torch.tensor([tokens], device=self._device), use_cache=True)
        memory = tuple((layer.keys, layer.values) for layer in out.past_key_values.layers)
        starts = tuple(self._format.starts(passage.text))
        known = _Known(memory, out.last_hidden_state[0, -1], starts, len(tokens))
        self._known[key] = known
        while sum(each.tokens for each in self._known.values()) > KEPT_TOKENS and len(self._known) > 1:
            self._known.popitem(last=False)
        return known

    def _read(self, asked: tuple[int, ...], known: _Known) -> Reading:
        states, memory = self._forward(known.memory, known.tokens, [asked])
        told = torch.cat([known.last[None], states[:-1]])
        asked_for = self._log_probabilities(told)[torch.arange(len(asked)), torch.tensor(asked)]
        first = self._log_probabilities(states[-1:])[0]
        none = float(first[self._format.end])
        beginnings = _beginnings(known.starts, first)
        spans = self._spans(memory, known.tokens + len(asked), beginnings, first)
        return Reading(
            none=none,
            spans=tuple(sorted(spans, key=lambda span: -span.likelihood)[:SPANS]),
            total=_log_sum(span.likelihood for span in spans),
            question=Likelihood(float(asked_for.sum()), len(asked)),
        )

    def _spans(
        self, memory: Memory, length: int, beginnings: Sequence[Start], first: torch.Tensor
    ) -> list[Span]:
        """Every span from the given beginnings, with its log-likelihood, its end included."""
        if not beginnings:
            return []
        states, _ = self._forward(memory, length, [start.tokens for start in beginnings])
        after = self._log_probabilities(states)
        found: dict[tuple[int, int], Span] = {}
        row = 0
        for start in beginnings:
            total = float(first[start.tokens[0]])
            for place, end in enumerate(start.ends):
                if place:
                    total += float(after[row + place - 1, start.tokens[place]])
                if end >= 0:
                    likelihood = total + float(after[row + place, self._format.end])
                    found[start.offset, end] = Span(start.offset, end, likelihood)
            row += len(start.tokens)
        return list(found.values())

    def _forward(
        self, memory: Memory, length: int, branches: Sequence[tuple[int, ...]]
    ) -> tuple[torch.Tensor, Memory]:
        """Reads branches after a prefix of ``length`` tokens; the memory given is not changed.

        Returns the states, shape (tokens of all branches, width), and the memory with the branches.
        """
        from transformers import DynamicCache

        sizes = [len(branch) for branch in branches]
        ids = torch.tensor([[token for branch in branches for token in branch]], device=self._device)
        places = [[length + place for size in sizes for place in range(size)]]
        positions = torch.tensor(places, device=self._device)
        mask = branch_mask(length, sizes, self._dtype)[:, :, length:].to(self._device)
        out = self._model.base_model(
            input_ids=ids,
            position_ids=positions,
            attention_mask=mask,
            past_key_values=DynamicCache(memory),
            use_cache=True,
        )
        grown = tuple((layer.keys, layer.values) for layer in out.past_key_values.layers)
        return out.last_hidden_state[0], grown

    def _log_probabilities(self, states: torch.Tensor) -> torch.Tensor:
        """Of every token after each state, on the CPU: shape (states, vocabulary)."""
        logits: torch.Tensor = self._model.get_output_embeddings()(states)
        return logits.float().log_softmax(-1).cpu()


def _beginnings(starts: Sequence[Start], first: torch.Tensor) -> list[Start]:
    """The likeliest places to begin; of places with the same words ahead the first."""
    rated = sorted(starts, key=lambda start: -float(first[start.tokens[0]]))
    chosen: dict[tuple[int, ...], Start] = {}
    for start in rated:
        chosen.setdefault(start.tokens, start)
        if len(chosen) == BEGINNINGS:
            break
    return list(chosen.values())


def _log_sum(values: Iterable[float]) -> float:
    """Logarithm of the sum of the exponentials."""
    return math.log(sum(map(math.exp, values)) + sys.float_info.min)
