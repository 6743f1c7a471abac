"""The trained reader: points at the words of a passage that answer a question, or at none.

It is the model's own likelihood of writing the answer, restricted to what stands in the passage: the
likelihood of the first token gives the places where an answer probably begins, and from each of
these every end is scored exactly. All passages are read together: one pass for those not known yet,
one for the question, one for all the places where an answer may begin. Nothing is sampled, nothing
generated; what comes back is spans. ``none`` is the likelihood of ending at once, which is what the
model was trained to do where the passage does not answer.

What the model makes of a passage does not depend on the question, so it is kept: a second question
about the same page costs its own tokens and those of the places where answers begin.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch

from browseagent.errors import ModelError
from browseagent.model.packing import branch_mask
from browseagent.model.port import Likelihood, Reading, ReadPassage, Span
from browseagent.model.reader_format import ReaderFormat, Start

BEGINNINGS = 8
"""Places in one passage from which answers are scored."""
BEHIND = 8.0
"""Nats: answers that must be further behind the likeliest of all passages are not scored (docs/reader.md has
what that changes)."""
SPANS = 10
"""Best spans of one passage that are given back."""
KEPT_TOKENS = 12_000
"""Of passages whose keys and values are kept: some 280 MB for the embedded model."""

Layers = tuple[tuple[torch.Tensor, torch.Tensor], ...]
"""Keys and values of each layer, each of shape (rows, heads, tokens, head dimension)."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A passage that was read."""

    layers: Layers
    """Of one row."""
    last: torch.Tensor
    """The state of its last token, shape (width,): it predicts the question's first."""
    starts: tuple[Start, ...]
    tokens: int


@dataclass(frozen=True, slots=True)
class _Memory:
    """What was read so far, a passage a row."""

    layers: Layers
    seen: torch.Tensor
    """Shape (rows, tokens): False where a shorter row is padded."""

    def rows(self, chosen: Sequence[int]) -> _Memory:
        """That of some rows."""
        if len(chosen) == len(self.seen):
            return self
        at = torch.tensor(chosen, device=self.seen.device)
        return _Memory(tuple((keys[at], values[at]) for keys, values in self.layers), self.seen[at])


@dataclass(frozen=True, slots=True)
class _Scored:
    """What was found of a place where an answer may begin."""

    total: float
    """Log-probability of all its tokens."""
    spans: tuple[Span, ...]


class TrainedReader:
    """A :class:`~browseagent.model.port.Reader` on a model of Transformers that was trained for it."""

    def __init__(self, model: Any, tokenizer: Any) -> None:
        self._model = model
        self._format = ReaderFormat(tokenizer)
        self._known: OrderedDict[ReadPassage, _Known] = OrderedDict()
        weight = next(model.parameters())
        self._dtype, self._device = weight.dtype, weight.device

    def read(self, question: str, passages: Sequence[ReadPassage]) -> list[Reading]:
        """What each passage says to a question, in order. Raises :class:`ModelError`."""
        if not passages:
            return []
        try:
            with torch.inference_mode():
                return self._read(self._format.question(question), self._passages(passages))
        except RuntimeError as error:  # what torch raises, for want of memory among other things
            raise ModelError(f"the reader failed: {error}") from error

    def _passages(self, passages: Sequence[ReadPassage]) -> list[_Known]:
        """Passages as the model knows them; those not known yet are read now, together."""
        new = [passage for passage in dict.fromkeys(passages) if passage not in self._known]
        if new:
            self._known.update(zip(new, self._first_read(new), strict=True))
        for passage in passages:
            self._known.move_to_end(passage)
        known = [self._known[passage] for passage in passages]
        while sum(each.tokens for each in self._known.values()) > KEPT_TOKENS and len(self._known) > 1:
            self._known.popitem(last=False)
        return known

    def _first_read(self, passages: Sequence[ReadPassage]) -> list[_Known]:
        tokens = [self._format.passage(passage.heading, passage.text) for passage in passages]
        width = max(map(len, tokens))
        # Padded on the right: no token sees what comes after it.
        ids = [[*each, *[self._format.end] * (width - len(each))] for each in tokens]
        out = self._model.base_model(input_ids=torch.tensor(ids, device=self._device), use_cache=True)
        cached = out.past_key_values.layers
        return [
            _Known(
                tuple(
                    (layer.keys[row, None, :, :size].clone(), layer.values[row, None, :, :size].clone())
                    for layer in cached
                ),
                out.last_hidden_state[row, size - 1].clone(),
                tuple(self._format.starts(passage.text)),
                size,
            )
            for row, (passage, size) in enumerate(zip(passages, map(len, tokens), strict=True))
        ]

    def _read(self, asked: tuple[int, ...], known: Sequence[_Known]) -> list[Reading]:
        states, memory = self._forward(_together(known), [[asked]] * len(known))
        firsts = [self._log_probabilities(row[-1:])[0] for row in states]
        beginnings = _beginnings([each.starts for each in known], firsts)
        spans = self._spans(memory, beginnings, firsts)
        readings = []
        for each, row, first, found in zip(known, states, firsts, spans, strict=True):
            told = self._log_probabilities(torch.cat([each.last[None], row[:-1]]))
            likelihood = float(told[torch.arange(len(asked)), torch.tensor(asked)].sum())
            best = sorted(found, key=lambda span: -span.likelihood)[:SPANS]
            none = float(first[self._format.end])
            readings.append(Reading(none, tuple(best), Likelihood(likelihood, len(asked))))
        return readings

    def _spans(
        self, memory: _Memory, beginnings: Sequence[Sequence[Start]], firsts: Sequence[torch.Tensor]
    ) -> list[list[Span]]:
        """For each row the spans from its beginnings: short ones from all of them, long ones from those where
        one may still come near the best, since no span is likelier than its first tokens."""
        short = self._scored(memory, [[start.short for start in row] for row in beginnings], firsts)
        best = max((span.likelihood for row in short for each in row for span in each.spans), default=0.0)
        goes_on = [
            [
                start
                for start, each in zip(starts, row, strict=True)
                if each.total >= best - BEHIND and start.is_long
            ]
            for starts, row in zip(beginnings, short, strict=True)
        ]
        long = self._scored(memory, goes_on, firsts)
        found = [
            {(span.start, span.end): span for each in (*row, *rest) for span in each.spans}
            for row, rest in zip(short, long, strict=True)
        ]
        return [list(row.values()) for row in found]

    def _scored(
        self, memory: _Memory, beginnings: Sequence[Sequence[Start]], firsts: Sequence[torch.Tensor]
    ) -> list[list[_Scored]]:
        """For each row what was found of each of its beginnings."""
        found: list[list[_Scored]] = [[] for _ in beginnings]
        rows = [row for row, starts in enumerate(beginnings) if starts]
        if rows:
            branches = [[start.tokens for start in beginnings[row]] for row in rows]
            states, _ = self._forward(memory.rows(rows), branches)
            for row, after in zip(rows, states, strict=True):
                found[row] = self._ends(beginnings[row], firsts[row], after)
        return found

    def _ends(self, beginnings: Sequence[Start], first: torch.Tensor, states: torch.Tensor) -> list[_Scored]:
        """The spans from each beginning to each of its ends, with their log-likelihood, the end included;
        ``states`` are those of the beginnings' tokens in turn."""
        after = self._log_probabilities(states[: sum(len(start.tokens) for start in beginnings)])
        found = []
        at = 0
        for start in beginnings:
            total = float(first[start.tokens[0]])
            spans = []
            for place, end in enumerate(start.ends):
                if place:
                    total += float(after[at + place - 1, start.tokens[place]])
                if end >= 0:
                    likelihood = total + float(after[at + place, self._format.end])
                    spans.append(Span(start.offset, end, likelihood))
            at += len(start.tokens)
            found.append(_Scored(total, tuple(spans)))
        return found

    def _forward(
        self, memory: _Memory, branches: Sequence[Sequence[tuple[int, ...]]]
    ) -> tuple[torch.Tensor, _Memory]:
        """Reads each row's branches after what the row holds; the memory given is not changed.

        Returns the states, shape (rows, tokens of the longest row's branches, width), and the memory with
        the branches.
        """
        from transformers import DynamicCache

        sizes = [[len(branch) for branch in row] for row in branches]
        width = max(map(sum, sizes))
        rows, past = memory.seen.shape
        held = memory.seen.sum(1).tolist()
        ids = torch.full((rows, width), self._format.end, dtype=torch.long)
        positions = torch.zeros((rows, width), dtype=torch.long)
        shown = torch.zeros((rows, width), dtype=torch.bool)
        least = torch.finfo(self._dtype).min
        mask = torch.full((rows, 1, width, past + width), least, dtype=self._dtype)
        mask[:, :, :, :past].masked_fill_(memory.seen[:, None, None].cpu(), 0)
        for row, (each, lengths) in enumerate(zip(branches, sizes, strict=True)):
            size = sum(lengths)
            ids[row, :size] = torch.tensor([token for branch in each for token in branch])
            positions[row, :size] = torch.cat([held[row] + torch.arange(length) for length in lengths])
            shown[row, :size] = True
            mask[row, 0, :size, past : past + size] = branch_mask(0, lengths, self._dtype)[0, 0]
        out = self._model.base_model(
            input_ids=ids.to(self._device),
            position_ids=positions.to(self._device),
            attention_mask=mask.to(self._device),
            past_key_values=DynamicCache(memory.layers),
            use_cache=True,
        )
        grown = tuple((layer.keys, layer.values) for layer in out.past_key_values.layers)
        seen = torch.cat([memory.seen, shown.to(self._device)], dim=1)
        return out.last_hidden_state, _Memory(grown, seen)

    def _log_probabilities(self, states: torch.Tensor) -> torch.Tensor:
        """Of every token after each state, on the CPU: shape (states, vocabulary)."""
        logits: torch.Tensor = self._model.get_output_embeddings()(states)
        return logits.float().log_softmax(-1).cpu()


def _together(known: Sequence[_Known]) -> _Memory:
    """Passages of different lengths as rows of one memory, padded on the right."""
    width = max(each.tokens for each in known)

    def padded(layer: int, part: int) -> torch.Tensor:
        return torch.cat(
            [
                torch.nn.functional.pad(each.layers[layer][part], (0, 0, 0, width - each.tokens))
                for each in known
            ]
        )

    layers = tuple((padded(layer, 0), padded(layer, 1)) for layer in range(len(known[0].layers)))
    sizes = torch.tensor([each.tokens for each in known], device=layers[0][0].device)
    return _Memory(layers, torch.arange(width, device=sizes.device) < sizes[:, None])


def _beginnings(starts: Sequence[Sequence[Start]], firsts: Sequence[torch.Tensor]) -> list[list[Start]]:
    """For each passage the likeliest places to begin; of places with the same words ahead the first."""
    rated = [
        sorted(((float(first[start.tokens[0]]), start) for start in each), key=lambda pair: -pair[0])
        for each, first in zip(starts, firsts, strict=True)
    ]
    bar = max((pairs[0][0] for pairs in rated if pairs), default=0.0) - BEHIND
    found = []
    for pairs in rated:
        chosen: dict[tuple[int, ...], Start] = {}
        for likelihood, start in pairs:
            if likelihood < bar or len(chosen) == BEGINNINGS:
                break
            chosen.setdefault(start.tokens, start)
        found.append(list(chosen.values()))
    return found
