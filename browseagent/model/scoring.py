"""Models that are used through likelihoods alone: what they have in common, and the embedded one."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from browseagent.errors import ModelError
from browseagent.model.decoder import Decoder, PrefixCache, Tokens, rated
from browseagent.model.port import Likelihood, Reader
from browseagent.model.reader import TrainedReader
from browseagent.model.reader_format import ReaderFormat
from browseagent.records import ModelInfo

BRANCHES = 32
"""Continuations of one context in one row."""


class ScoringModel(ABC):
    """A :class:`~browseagent.model.port.LanguageModel` that reads a context once for all of its
    continuations."""

    def __init__(self, info: ModelInfo, max_tokens: int, reader: Reader | None = None) -> None:
        self.info = info
        self._max_tokens = max_tokens
        self.reader = reader

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[Likelihood]:
        tokens = self._encode([text for pair in pairs for text in pair])
        contexts, continuations = tokens[0::2], tokens[1::2]
        longest = max(map(len, continuations), default=0)
        room = self._max_tokens - longest
        if room <= 0:
            raise ModelError(
                f"a continuation of {longest} tokens does not fit {self.info.name}; {self._max_tokens} do",
                hint="ask a shorter question",
            )
        sharing: dict[Tokens, list[int]] = {}
        for number, context in enumerate(contexts):
            sharing.setdefault(tuple(context[-room:] or self._start()), []).append(number)
        totals = self._totals(sharing, continuations)
        return [Likelihood(total, len(each)) for total, each in zip(totals, continuations, strict=True)]

    @abstractmethod
    def _encode(self, texts: Sequence[str]) -> list[list[int]]:
        """Tokens of texts."""

    @abstractmethod
    def _start(self) -> list[int]:
        """What stands before the first token: a model needs one position to predict it from."""

    @abstractmethod
    def _totals(
        self, sharing: Mapping[Tokens, list[int]], continuations: Sequence[Sequence[int]]
    ) -> list[float]:
        """Log-probability of each continuation; ``sharing`` says after which context which ones stand."""

    @abstractmethod
    def close(self) -> None:
        """Frees what it holds."""


class DecodedModel(ScoringModel):
    """The embedded model: a decoder and a tokenizer."""

    def __init__(self, decoder: Decoder, folder: Path, info: ModelInfo, *, reads: bool) -> None:
        """``folder`` holds ``tokenizer.json`` and ``config.json``; ``reads`` says whether the weights were
        trained to read. Raises :class:`ModelError` where a file is not what it should be."""
        try:
            config = json.loads((folder / "config.json").read_text("utf-8"))
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            end, self._begin = int(config["eos_token_id"]), int(config["bos_token_id"])
            most = int(config["max_position_embeddings"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ModelError(f"{folder} holds no model that can be used: {error}") from error
        except Exception as error:  # what tokenizers raises has no class of its own
            raise ModelError(f"{folder} holds no tokenizer that can be used: {error}") from error
        self._cache = PrefixCache(decoder)
        super().__init__(
            info, most, TrainedReader(self._cache, ReaderFormat(self._tokenizer, end)) if reads else None
        )

    def _totals(
        self, sharing: Mapping[Tokens, list[int]], continuations: Sequence[Sequence[int]]
    ) -> list[float]:
        rows = [
            (context, numbers[first : first + BRANCHES])
            for context, numbers in sharing.items()
            for first in range(0, len(numbers), BRANCHES)
        ]
        asked = [
            (context, tuple(tuple(continuations[number]) for number in numbers)) for context, numbers in rows
        ]
        # The context's last state predicts each continuation's first token.
        before, wanted, owners = [], [], []
        for (_, states), (_, numbers) in zip(self._cache.read(asked), rows, strict=True):
            at = 1
            for number in numbers:
                size = len(continuations[number])
                before += [states[:1], states[at : at + size - 1]] if size else []
                wanted += [[token] for token in continuations[number]]
                owners += [number] * size
                at += size
        totals = [0.0] * len(continuations)
        if wanted:
            found = rated(self._cache.decoder, np.concatenate(before), wanted)
            for number, (likelihood,) in zip(owners, found, strict=True):
                totals[number] += likelihood
        return totals

    def close(self) -> None:
        self._cache.decoder.close()

    def _encode(self, texts: Sequence[str]) -> list[list[int]]:
        encoded = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [each.ids for each in encoded]

    def _start(self) -> list[int]:
        return [self._begin]
