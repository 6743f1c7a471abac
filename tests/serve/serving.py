"""A real server in a thread of this process, with a model that counts shared words."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from browseagent.agent.agent import Agent
from browseagent.config import Settings
from browseagent.model.port import Likelihood
from browseagent.model.scripted import LexicalModel, ScriptedModel, lexical_likelihood
from browseagent.serve.options import ServeOptions
from browseagent.serve.run import serve
from browseagent.store.port import PageStore
from browseagent.web.port import Fetcher

STARTS = 60.0
"""Seconds for a server to start or stop, on a machine that is busy."""
QUESTION = "How much will closing the gap in the harbour wall cost?"
PAGE = "/news/harbour-wall.html"


class SlowModel(ScriptedModel):
    """Computes until it is let go on, as a model does whose client has left."""

    def __init__(self) -> None:
        super().__init__(self._weighed, name="slow")
        self.begun, self.go_on = threading.Event(), threading.Event()

    def _weighed(self, context: str, continuation: str) -> Likelihood:
        self.begun.set()
        assert self.go_on.wait(STARTS)
        return lexical_likelihood(context, continuation)


@dataclass
class Serving:
    """A server that runs."""

    url: str
    client: httpx.Client
    said: list[str] = field(default_factory=list)
    stopping: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)

    @property
    def port(self) -> int:
        """Where it listens."""
        return httpx.URL(self.url).port or 0

    def raw(self, text: str | bytes, seconds: float = 10.0) -> bytes:
        """What the server answers to these bytes, until it closes the connection or is silent so long."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            connection.sendall(text.encode("latin-1") if isinstance(text, str) else text)
            got = b""
            while True:
                try:
                    piece = connection.recv(65536)
                except TimeoutError:
                    return got
                if not piece:
                    return got
                got += piece


def settings_in(folder: Path) -> Settings:
    """Settings that keep everything in a folder of the test's own."""
    return Settings(home=folder / "home", log=False)


@contextmanager
def serving(
    folder: Path,
    options: ServeOptions | None = None,
    model: ScriptedModel | None = None,
    fetcher: Fetcher | None = None,
) -> Iterator[Serving]:
    """A server on a free port until the block ends."""
    options = options or ServeOptions(port=0, allow_private=True)
    told: list[str] = []
    said: list[str] = []
    listening = threading.Event()
    found = Serving("", httpx.Client(timeout=STARTS), said)
    failures: list[BaseException] = []

    def tell(address: str) -> None:
        told.append(address)
        listening.set()

    def agent(settings: Settings, store: PageStore) -> Agent:
        given = model or LexicalModel()
        return Agent(settings=settings, store=store, language_model=given, fetcher=fetcher)

    async def work() -> None:
        task = asyncio.ensure_future(serve(settings_in(folder), options, tell, said.append, agent))
        while not found.stopping.is_set() and not task.done():  # noqa: ASYNC110  set by another thread
            await asyncio.sleep(0.02)
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled() and (error := task.exception()) is not None:
            raise error

    def run() -> None:
        try:
            asyncio.run(work())
        except BaseException as error:  # noqa: BLE001  told to the test's thread, which raises it
            failures.append(error)
        finally:
            listening.set()
            found.ended.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert listening.wait(STARTS)
    try:
        if told:
            found.url = told[0].rstrip("/").replace("0.0.0.0", "127.0.0.1")
            found.client.base_url = httpx.URL(found.url)
            yield found
    finally:
        found.client.close()
        found.stopping.set()
        assert found.ended.wait(STARTS)
        if failures:
            raise failures[0]
