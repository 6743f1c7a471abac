"""Runs the server until a signal ends it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable

import uvicorn

from browseagent.config import Settings
from browseagent.errors import UsageError
from browseagent.serve.app import build
from browseagent.serve.options import ServeOptions

_BACKLOG = 256
_GRACE = 40
"""Seconds for what runs to be finished; more than :data:`browseagent.serve.work.FINISHING`."""


async def serve(settings: Settings, options: ServeOptions, told: Callable[[str], None]) -> None:
    """Serves until the task is cancelled. ``told`` hears the address once it listens. Raises UsageError where
    the address cannot be had."""
    listening = _listen(options.host, options.port)
    with listening:
        port = listening.getsockname()[1]
        config = uvicorn.Config(
            build(settings, _with_port(options, port)),
            log_level="warning",
            access_log=False,
            server_header=False,
            date_header=True,
            timeout_keep_alive=15,
            timeout_graceful_shutdown=_GRACE,
            h11_max_incomplete_event_size=32_768,
            ws="none",
        )
        server = _Server(config)
        host = f"[{options.host}]" if ":" in options.host else options.host
        told(f"http://{host}:{port}/")
        task = asyncio.create_task(server.serve([listening]))
        try:
            await asyncio.shield(task)
        finally:
            server.should_exit = True
            await task


class _Server(uvicorn.Server):
    """Leaves signals to whoever runs us: our own task is cancelled."""

    def install_signal_handlers(self) -> None:
        return


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(_BACKLOG)
    except OSError as error:
        listening.close()
        hint = "Is a server running already? --port takes another."
        raise UsageError(f"{host}:{port} cannot be served: {error.strerror or error}", hint=hint) from error
    return listening


def _with_port(options: ServeOptions, port: int) -> ServeOptions:
    from dataclasses import replace

    return replace(options, port=port)
