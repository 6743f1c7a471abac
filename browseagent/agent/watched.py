"""A model that reads, telling of each of its steps as it takes them."""

from __future__ import annotations

import time
from collections.abc import Sequence

from browseagent.agent.events import Telling
from browseagent.model.port import LanguageModel, Likelihood, Reader, Reading, ReadPassage
from browseagent.records import ModelInfo
from browseagent.records.counted import counted


class Watched:
    """A :class:`~browseagent.model.port.LanguageModel` over another one, and its reader."""

    def __init__(self, model: LanguageModel, tell: Telling) -> None:
        self._model, self._tell = model, tell

    @property
    def info(self) -> ModelInfo:
        return self._model.info

    @property
    def reader(self) -> Reader | None:
        return self if self._model.reader is not None else None

    def score(self, pairs: Sequence[tuple[str, str]]) -> list[Likelihood]:
        if not pairs:
            return self._model.score(pairs)
        chars = sum(map(len, dict.fromkeys(context for context, _ in pairs)))
        began = self._begin("weigh", f"weighing {counted(len(pairs), 'sentence')}")
        found = self._model.score(pairs)
        tokens = sum(each.tokens for each in found)
        told = f"{counted(len(pairs), 'sentence')} weighed"
        self._end("weighed", told, began, {"texts": len(pairs), "chars": chars, "tokens_rated": tokens})
        return found

    def read(self, question: str, passages: Sequence[ReadPassage]) -> list[Reading]:
        reader = self._model.reader
        assert reader is not None  # who has none is not asked to read
        if not passages:
            return reader.read(question, passages)
        chars = sum(len(passage.text) for passage in passages)
        began = self._begin("read", f"reading {counted(len(passages), 'passage')} ({chars:,} characters)")
        found = reader.read(question, passages)
        spans = sum(len(reading.spans) for reading in found)
        told = f"{counted(len(passages), 'passage')} read, {counted(spans, 'possible answer')}"
        self._end("have-read", told, began, {"texts": len(passages), "chars": chars, "answers": spans})
        return found

    def close(self) -> None:
        """Nothing: who opened the model closes it."""

    def _begin(self, step: str, message: str) -> float:
        self._tell(step, message)
        return time.monotonic()

    def _end(self, step: str, message: str, began: float, data: dict[str, float]) -> None:
        seconds = round(time.monotonic() - began, 3)
        self._tell(step, f"{message} in {seconds:.1f} s", data | {"took": seconds})
