"""Runs the server until a signal ends it."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import replace

import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol

from browseagent.config import Settings
from browseagent.errors import UsageError
from browseagent.serve.app import build
from browseagent.serve.local import listening as own_socket
from browseagent.serve.options import ServeOptions
from browseagent.serve.warm import OpenAgent, Say, own_agent

_BACKLOG = 1024
_GRACE = 40
"""Seconds for what runs to be finished; more than :data:`browseagent.serve.work.FINISHING`."""
HEAD_SECONDS = 15.0
"""For the head of a request to come; an idle connection is kept as long."""
_MOST_CONNECTIONS = 3000
_FILES = 8192
"""Files that may be open; many systems give a process 1,024 at first, and each connection is one."""


async def serve(
    settings: Settings,
    options: ServeOptions,
    told: Callable[[str], None],
    say: Say = lambda _: None,
    open_agent: OpenAgent = own_agent,
) -> None:
    """Serves until the task is cancelled; then what runs is finished. ``told`` hears the address once it
    listens, ``say`` what else the person should know. Raises UsageError where the address cannot be had."""
    _allow_files()
    with ExitStack() as stack:
        listening = stack.enter_context(_listen(options.host, options.port))
        port = listening.getsockname()[1]
        app = build(settings, replace(options, port=port), say, open_agent)
        server = _Server(
            uvicorn.Config(
                app,
                http=_Patient,
                log_level="warning",
                access_log=False,
                server_header=False,
                date_header=True,
                backlog=_BACKLOG,
                limit_concurrency=_MOST_CONNECTIONS,
                timeout_keep_alive=int(HEAD_SECONDS),
                timeout_graceful_shutdown=_GRACE,
                h11_max_incomplete_event_size=32_768,
                ws="none",
            )
        )
        host = f"[{options.host}]" if ":" in options.host else options.host
        local = stack.enter_context(own_socket(settings))
        told(f"http://{host}:{port}/")
        sockets = [listening] if local is None else [listening, local]
        task = asyncio.create_task(server.serve(sockets))
        try:
            await asyncio.shield(task)
        finally:
            if warm := getattr(app.state, "warm", None):
                warm.desk.close()
            server.should_exit = True
            await task


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs us: our own task is cancelled."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Patient(H11Protocol):
    """Closes connections on which the head of a request does not come in time; uvicorn waits for ever."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect()

    def connection_lost(self, exc: Exception | None) -> None:
        self._came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        before = self.cycle
        super().data_received(data)
        if self.cycle is not before:
            self._came()
        elif self._deadline is None and (self.cycle is None or self.cycle.response_complete):
            self._expect()

    def _expect(self) -> None:
        self._deadline = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _came(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio turns off what delays small replies (TCP_NODELAY) where the protocol is named.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if sys.platform != "win32":  # there it lets a second server in on the same port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        hint = "Is a server running already? --port takes another."
        raise UsageError(f"{host}:{port} cannot be served: {error.strerror or error}", hint=hint) from error
    return listening


def _allow_files() -> None:
    """Raises how many files this process may open, where the system lets it."""
    if sys.platform != "win32":
        import resource

        with suppress(OSError, ValueError):
            soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
            wanted = _FILES if hard == resource.RLIM_INFINITY else min(_FILES, hard)
            if soft < wanted:
                resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
