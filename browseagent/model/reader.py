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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np

from browseagent.model.decoder import Branches, Decoder, Memory, batch_of, batched, together
from browseagent.model.port import Likelihood, Reading, ReadPassage, Span
from browseagent.model.reader_format import ReaderFormat, Start
from browseagent.model.tensors import Floats

BEGINNINGS = 8
"""Places in one passage from which answers are scored."""
IN_ALL = 24
"""In all passages of a question together."""
BEHIND = 6.0
"""Nats: answers that must be further behind the likeliest of all passages are not scored (docs/reader.md has
what that changes)."""
SPANS = 10
"""Best spans of one passage that are given back."""
KEPT_TOKENS = 6_000
"""Of passages whose keys and values are kept: some 140 MB for the embedded model; of one question's six
passages there are about 1,500."""
TOGETHER = 1_024
"""Tokens, padding and all, that are read in one pass: as fast as more, and takes less memory."""


@dataclass(frozen=True, slots=True)
class _Known:
    """A passage that was read."""

    memory: Memory
    """Of one row."""
    last: Floats
    """The state of its last token, shape (width,): it predicts the question's first."""
    starts: tuple[Start, ...]

    @property
    def tokens(self) -> int:
        return int(self.memory.seen.shape[1])


@dataclass(frozen=True, slots=True)
class _Scored:
    """What was found of a place where an answer may begin."""

    total: float
    """Log-probability of all its tokens."""
    spans: tuple[Span, ...]


class TrainedReader:
    """A :class:`~browseagent.model.port.Reader` on a decoder whose weights were trained for it."""

    def __init__(self, decoder: Decoder, written: ReaderFormat) -> None:
        self._decoder = decoder
        self._format = written
        self._known: OrderedDict[ReadPassage, _Known] = OrderedDict()

    def read(self, question: str, passages: Sequence[ReadPassage]) -> list[Reading]:
        """What each passage says to a question, in order. Raises :class:`ModelError`."""
        if not passages:
            return []
        return self._read(self._format.question(question), self._passages(passages))

    def _passages(self, passages: Sequence[ReadPassage]) -> list[_Known]:
        """Passages as the model knows them; those not known yet are read now, together."""
        new = [passage for passage in dict.fromkeys(passages) if passage not in self._known]
        self._known.update(self._first_read(new))
        for passage in passages:
            self._known.move_to_end(passage)
        known = [self._known[passage] for passage in passages]
        while sum(each.tokens for each in self._known.values()) > KEPT_TOKENS and len(self._known) > 1:
            self._known.popitem(last=False)
        return known

    def _first_read(self, passages: Sequence[ReadPassage]) -> Iterator[tuple[ReadPassage, _Known]]:
        tokens = {each: self._format.passage(each.heading, each.text) for each in passages}
        for part in batched(passages, lambda each: len(tokens[each]), TOGETHER):
            batch = batch_of([(tokens[each], ()) for each in part], None, self._format.end)
            states, memory = self._decoder.read(batch)
            for row, passage in enumerate(part):
                size = len(tokens[passage])
                starts = tuple(self._format.starts(passage.text, passage.stretches))
                yield passage, _Known(memory.row(row, size), states[row, size - 1].copy(), starts)

    def _read(self, asked: tuple[int, ...], known: Sequence[_Known]) -> list[Reading]:
        memory = together([each.memory for each in known], room=len(asked))
        states, more = self._decoder.read(
            batch_of([(asked, ())] * len(known), memory, self._format.end), memory
        )
        memory.put(memory.seen.shape[1] - len(asked), more)
        firsts = self._firsts(states[:, -1], known)
        beginnings = _beginnings([each.starts for each in known], firsts)
        spans = self._spans(memory, beginnings, firsts)
        before = np.concatenate([np.stack([each.last for each in known])[:, None], states[:, :-1]], 1)
        told = self._decoder.log_probabilities(
            before.reshape(-1, before.shape[2]), np.tile(np.asarray(asked), len(known))[:, None]
        )
        totals = told.reshape(len(known), len(asked)).sum(1)
        return [
            Reading(
                first[self._format.end],
                tuple(sorted(found, key=lambda span: -span.likelihood)[:SPANS]),
                Likelihood(float(total), len(asked)),
            )
            for first, found, total in zip(firsts, spans, totals, strict=True)
        ]

    def _firsts(self, states: Floats, known: Sequence[_Known]) -> list[dict[int, float]]:
        """After each passage's question: the log-probability of the end, and of each token that an answer may
        begin with."""
        tokens = [
            list(dict.fromkeys([self._format.end, *(start.tokens[0] for start in each.starts)]))
            for each in known
        ]
        wanted = np.full((len(known), max(map(len, tokens))), self._format.end, np.int64)
        for row, each in enumerate(tokens):
            wanted[row, : len(each)] = each
        found = self._decoder.log_probabilities(states, wanted).tolist()
        return [dict(zip(each, row, strict=False)) for each, row in zip(tokens, found, strict=True)]

    def _spans(
        self, memory: Memory, beginnings: Sequence[Sequence[Start]], firsts: Sequence[dict[int, float]]
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
        rows = [row for row, starts in enumerate(goes_on) if starts]
        long: list[list[_Scored]] = [[] for _ in goes_on]
        if rows:
            scored = self._scored(
                memory.narrowed(rows), [goes_on[row] for row in rows], [firsts[row] for row in rows]
            )
            for row, each in zip(rows, scored, strict=True):
                long[row] = each
        found = [
            {(span.start, span.end): span for each in (*row, *rest) for span in each.spans}
            for row, rest in zip(short, long, strict=True)
        ]
        return [list(row.values()) for row in found]

    def _scored(
        self, memory: Memory, beginnings: Sequence[Sequence[Start]], firsts: Sequence[dict[int, float]]
    ) -> list[list[_Scored]]:
        """For each row what was found of each of its beginnings."""
        branches: list[Branches] = [[start.tokens for start in row] for row in beginnings]
        if not any(branches):
            return [[] for _ in beginnings]
        batch = batch_of([((), each) for each in branches], memory, self._format.end)
        states, _ = self._decoder.read(batch, memory)
        # After each token the next one of its branch, and the end.
        nexts = [[*branch[1:], self._format.end] for each in branches for branch in each]
        wanted = np.asarray([(token, self._format.end) for branch in nexts for token in branch], np.int64)
        after = iter(self._decoder.log_probabilities(states[batch.filled], wanted).tolist())
        return [
            [_ends(start, first[start.tokens[0]], list(islice(after, len(start.tokens)))) for start in row]
            for row, first in zip(beginnings, firsts, strict=True)
        ]


def _ends(start: Start, first: float, after: Sequence[Sequence[float]]) -> _Scored:
    """The spans from a beginning to each of its ends, with their log-likelihood, the end included. ``after``
    holds for each token the log-probability of the next one and of the end."""
    total, spans = first, []
    for place, end in enumerate(start.ends):
        if place:
            total += after[place - 1][0]
        if end >= 0:
            spans.append(Span(start.offset, end, total + after[place][1]))
    return _Scored(total, tuple(spans))


def _beginnings(starts: Sequence[Sequence[Start]], firsts: Sequence[dict[int, float]]) -> list[list[Start]]:
    """For each passage the likeliest places to begin; of places with the same words ahead the first."""
    rated = [
        sorted(((first[start.tokens[0]], start) for start in each), key=lambda pair: -pair[0])
        for each, first in zip(starts, firsts, strict=True)
    ]
    bar = max((pairs[0][0] for pairs in rated if pairs), default=0.0) - BEHIND
    found = []
    for pairs in rated:
        chosen: dict[tuple[int, ...], tuple[float, Start]] = {}
        for likelihood, start in pairs:
            if likelihood < bar or len(chosen) == BEGINNINGS:
                break
            chosen.setdefault(start.tokens, (likelihood, start))
        found.append(list(chosen.values()))
    every = sorted((likelihood for each in found for likelihood, _ in each), reverse=True)
    least = every[min(IN_ALL, len(every)) - 1] if every else 0.0
    return [[start for likelihood, start in each if likelihood >= least] for each in found]
