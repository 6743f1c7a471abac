"""The trained reader: points at the words of a passage that answer a question, or at none.

It is the model's own likelihood of writing the answer, restricted to what stands in the passage: the
likelihood of the first token gives the places where an answer probably begins, and from each of
these every end is scored exactly. All passages are read together: one pass for those not known yet and the
question after each, one for the first tokens from all the places where an answer may begin, one for the
rest of those that may still be long answers. Nothing is sampled, nothing generated; what comes back is
spans. ``none`` is the likelihood of ending at once, which is what the model was trained to do where the
passage does not answer. After an answer that was read anyway, how much likelier "yes" is than "no" is its
judgement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from browseagent.model.decoder import Memory, PrefixCache, Text, Tokens, rated, read_texts
from browseagent.model.port import Reading, ReadPassage, Span
from browseagent.model.reader_format import ReaderFormat, Start

BEGINNINGS = 8
"""Places in one passage from which answers are scored."""
IN_ALL = 24
"""In all passages of a question together."""
BEHIND = 6.0
"""Nats: answers that must be further behind the likeliest of all passages are not scored (docs/reader.md has
what that changes)."""
SPANS = 10
"""Best spans of one passage that are given back."""
PASSAGES = 64
"""Passages whose places to begin are kept; their keys and values are kept by the cache."""


@dataclass(frozen=True, slots=True)
class _Scored:
    """What was found of a place where an answer may begin."""

    total: float
    """Log-probability of all its tokens."""
    spans: tuple[Span, ...]


class TrainedReader:
    """A :class:`~browseagent.model.port.Reader` on a decoder whose weights were trained for it."""

    def __init__(self, cache: PrefixCache, written: ReaderFormat) -> None:
        self._cache = cache
        self._format = written
        self._starts = lru_cache(maxsize=PASSAGES)(written.starts)

    def read(self, question: str, passages: Sequence[ReadPassage]) -> list[Reading]:
        """What each passage says to a question, in order. Raises :class:`ModelError`."""
        if not passages:
            return []
        end, asked = self._format.end, self._format.question(question)
        texts = [self._format.passage(each.heading, each.text) for each in passages]
        read = self._cache.read([(tokens, (asked,)) for tokens in texts])
        starts = [self._starts(each.text, tuple(each.stretches)) for each in passages]
        other = end, self._format.yes, self._format.no
        begin = [list(dict.fromkeys([*other, *(start.tokens[0] for start in each)])) for each in starts]
        told = rated(self._cache.decoder, np.stack([states[-1] for _, states in read]), begin)
        firsts = [dict(zip(each, row, strict=True)) for each, row in zip(begin, told, strict=True)]
        spans = self._spans([memory for memory, _ in read], _beginnings(starts, firsts), firsts)
        return [
            Reading(
                first[end],
                tuple(sorted(some, key=lambda span: -span.likelihood)[:SPANS]),
                first[self._format.yes] - first[self._format.no],
            )
            for first, some in zip(firsts, spans, strict=True)
        ]

    def _spans(
        self,
        memories: Sequence[tuple[Memory, ...]],
        beginnings: Sequence[Sequence[Start]],
        firsts: Sequence[dict[int, float]],
    ) -> list[list[Span]]:
        """For each passage the spans from its beginnings: short ones from all of them, long ones from those
        where one may still come near the best, since no span is likelier than its first tokens."""
        every = [(row, start) for row, starts in enumerate(beginnings) for start in starts]
        short = self._scored(memories, [(row, start.short) for row, start in every], firsts)
        best = max((span.likelihood for each in short for span in each.spans), default=0.0)
        goes_on = [
            (row, start)
            for (row, start), each in zip(every, short, strict=True)
            if each.total >= best - BEHIND and start.is_long
        ]
        long = self._scored(memories, goes_on, firsts)
        found: list[dict[tuple[int, int], Span]] = [{} for _ in beginnings]
        for (row, _), each in zip((*every, *goes_on), (*short, *long), strict=True):
            found[row].update({(span.start, span.end): span for span in each.spans})
        return [list(each.values()) for each in found]

    def _scored(
        self,
        memories: Sequence[tuple[Memory, ...]],
        starts: Sequence[tuple[int, Start]],
        firsts: Sequence[dict[int, float]],
    ) -> list[_Scored]:
        """What is found of beginnings, each in the passage of a number."""
        if not starts:
            return []
        texts = [Text(start.tokens, after=memories[row]) for row, start in starts]
        states = np.concatenate([each.states for each in read_texts(self._cache.decoder, texts)])
        # After each token the next one, the end, yes and no.
        wanted = [
            [following, self._format.end, self._format.yes, self._format.no]
            for _, start in starts
            for following in (*start.tokens[1:], self._format.end)
        ]
        after = iter(rated(self._cache.decoder, states, wanted))
        return [
            _ends(start, firsts[row][start.tokens[0]], [next(after) for _ in start.tokens])
            for row, start in starts
        ]


def _ends(start: Start, first: float, after: Sequence[Sequence[float]]) -> _Scored:
    """The spans from a beginning to each of its ends, with their log-likelihood, the end included. ``after``
    holds for each token the log-probability of the next one, of the end, of yes and of no."""
    total, spans = first, []
    for place, end in enumerate(start.ends):
        if place:
            total += after[place - 1][0]
        if end >= 0:
            _, ends, yes, no = after[place]
            spans.append(Span(start.offset, end, total + ends, yes - no))
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
        chosen: dict[Tokens, tuple[float, Start]] = {}
        for likelihood, start in pairs:
            if likelihood < bar or len(chosen) == BEGINNINGS:
                break
            chosen.setdefault(start.tokens, (likelihood, start))
        found.append(list(chosen.values()))
    every = sorted((likelihood for each in found for likelihood, _ in each), reverse=True)
    least = every[min(IN_ALL, len(every)) - 1] if every else 0.0
    return [[start for likelihood, start in each if likelihood >= least] for each in found]
