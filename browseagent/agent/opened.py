"""What an agent opens when it is first used, and closes when it is: the page store, the browser, the model.

The model computes in one worker thread, so that the loop stays responsive.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from functools import partial
from typing import TypeVar

from browseagent.agent.events import Telling
from browseagent.agent.sources import Sources
from browseagent.agent.writers import reader_is_here, terms_of
from browseagent.config import Settings
from browseagent.errors import BrowseAgentError
from browseagent.model.port import LanguageModel, Writer
from browseagent.store.port import PageStore
from browseagent.web.port import Fetcher, ProfileStore

T = TypeVar("T")
HEAD_START = 0.3
"""Seconds that pages are given to fail before a model is loaded for them: a name that does not exist or a
server that refuses takes less, and should cost no more."""


class Opened:
    """The parts of one agent. What is given stands in for a part, and the caller closes it; what is not
    given is opened from the settings."""

    def __init__(
        self,
        settings: Settings,
        tell: Telling,
        *,
        fetcher: Fetcher | None = None,
        store: PageStore | None = None,
        profiles: ProfileStore | None = None,
        language_model: LanguageModel | None = None,
        writer: Writer | None = None,
    ) -> None:
        self._settings = settings
        self._tell = tell
        self._fetcher = fetcher
        self._store = store
        self._profiles = profiles
        self._model = language_model
        self._writer = writer
        self._stack = AsyncExitStack()
        self._loading = asyncio.Lock()
        self._worker = ThreadPoolExecutor(max_workers=1, thread_name_prefix="model")
        self._stack.callback(self._worker.shutdown, wait=False, cancel_futures=True)

    async def close(self) -> None:
        """Closes what was opened, newest first."""
        await self._stack.aclose()

    async def store(self) -> PageStore:
        """The stored pages."""
        if self._store is None:
            from browseagent.store.pages import SqlPageStore

            store = await asyncio.to_thread(
                SqlPageStore, self._settings.store_place, max_bytes=self._settings.cache_bytes
            )
            self._stack.callback(store.close)
            self._store = store
        return self._store

    async def sources(self, settings: Settings | None = None) -> Sources:
        """What gets pages and reads them, under these settings (default: the agent's own)."""
        store = await self.store()
        if self._profiles is None:
            from browseagent.store.profiles import Profiles

            self._profiles = Profiles(self._settings.profiles_path)
        if self._fetcher is None:
            from browseagent.web import Web

            web = Web(chromium=self._settings.chromium, profiles=self._profiles)
            self._fetcher = await self._stack.enter_async_context(web)
        return Sources(settings or self._settings, self._fetcher, store, self._profiles)

    @asynccontextmanager
    async def loading_ahead(self, settings: Settings) -> AsyncIterator[None]:
        """Loads the model while pages are being opened: both take seconds, and neither needs the other."""

        async def load() -> None:
            await asyncio.sleep(0.0 if settings.offline else HEAD_START)
            with suppress(BrowseAgentError):  # told when the model is needed
                if await self.writer() is None:
                    await self.model()

        ahead = asyncio.create_task(load())
        try:
            yield
        finally:
            ahead.cancel()
            await asyncio.wait([ahead])

    async def writer(self) -> Writer | None:
        """The model where it is one that writes. Raises ModelError."""

        def load() -> Writer | None:
            from browseagent.model.registry import load_writer

            if self._writer is None:
                self._writer = load_writer(self._settings.model, self._settings)
                if self._writer is not None:
                    self._stack.push_async_callback(self._writer.close)
            return self._writer

        async with self._loading:
            if self._writer is not None or self._model is not None:
                return self._writer
            return await self.compute(load)

    async def measured_writer(self) -> Writer | None:
        """The model that writes, where it was measured and passed."""
        return await self.writer() if terms_of(self._settings).precision is not None else None

    async def model(self) -> LanguageModel:
        """The model that reads. Raises ModelError."""

        def load(name: str) -> LanguageModel:
            from browseagent.model.registry import load_model

            # Here, in the one worker: a load whose run has ended meanwhile is the next run's.
            if self._model is None:
                self._model = load_model(name, self._settings, partial(self._tell, "model"))
                self._stack.callback(self._model.close)
            return self._model

        async with self._loading:
            if self._model is not None:
                return self._model
            beside = self._writer is not None and reader_is_here(self._settings)
            name = "embedded" if beside else self._settings.model
            self._tell("model", f"loading the model {name}")
            return await self.compute(partial(load, name))

    async def compute(self, call: Callable[[], T]) -> T:
        """What ``call`` gives, from the one thread in which the model computes."""
        return await asyncio.get_running_loop().run_in_executor(self._worker, call)
