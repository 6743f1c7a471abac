"""An agent that gives what it was told to give, for tests of the command line.

It stands in for :class:`browseagent.agent.agent.Agent` where ``run`` takes an ``agent``: no network, no
model, no store.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from browseagent.answer.typed.records import Extracted
from browseagent.cli.invocation import Progress, Source
from browseagent.config import Settings
from browseagent.errors import UsageError
from browseagent.records import Answer, Document, Hunk, Length, Page, Summary
from browseagent.watch.ruling import Ruling

Result = Answer | Extracted | Summary | Document | Page | Exception
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Step:
    """An event that the scripted agent tells of."""

    step: str
    message: str
    seconds: float = 0.0
    data: Mapping[str, object] = field(default_factory=dict)


class ScriptedAgent:
    """Gives ``results`` by the name of the first source. A result that is an exception is raised;
    the source ``hang`` waits to be cancelled. ``calls`` holds what was asked, in order."""

    def __init__(self, results: Mapping[str, Result], *, on_close: Callable[[], None] | None = None) -> None:
        self._results = results
        self._on_close = on_close
        self._tell: Callable[[Progress], None] = lambda event: None
        self.calls: list[tuple[str, tuple[Source | Document, ...]]] = []
        self.settings: Settings | None = None

    def open(self, settings: Settings, on_event: Callable[[Progress], None]) -> Self:
        """What ``run`` calls to open an agent."""
        self.settings, self._tell = settings, on_event
        return self

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._on_close is not None:
            self._on_close()

    async def ask(self, question: str, /, *sources: Source | Document) -> Answer:
        return replace(await self._give(question, sources, Answer), question=question)

    async def judge(self, about: str, changes: Sequence[Hunk], /) -> Ruling:
        """Whether it has a word of ``about``."""
        words = about.lower().split()
        texts = (f"{each.where} {each.before} {each.after}".lower() for each in changes)
        return Ruling(tuple(any(word in text for word in words) for text in texts))

    async def extract(
        self, schema: str | Mapping[str, Any], /, *sources: Source, question: str = ""
    ) -> Extracted:
        return await self._give(f"extract {schema}", sources, Extracted)

    async def summarize(self, *sources: Source, length: Length = "medium") -> Summary:
        return await self._give(length, sources, Summary)

    async def read(self, source: Source, /) -> Document:
        return await self._give("read", (source,), Document)

    async def fetch(self, source: str | Path, /) -> Page:
        return await self._give("fetch", (source,), Page)

    async def _give(self, call: str, sources: tuple[Source | Document, ...], kind: type[T]) -> T:
        self.calls.append((call, sources))
        first = sources[0]
        name = first.url if isinstance(first, (Page, Document)) else str(first)
        self._tell(Step("open", f"opening {name}"))
        if name.endswith("hang"):
            await asyncio.sleep(3600)
        result = self._results.get(name)
        if isinstance(result, Exception):
            raise result
        if not isinstance(result, kind):
            raise UsageError(f"nothing is scripted for {name}")
        return result
