"""Runs a command's asynchronous part so that a signal ends it properly: everything is closed."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

_SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


def run_async(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """What ``work`` gives. On a signal its task is cancelled and asyncio.CancelledError raised; a
    second signal does not wait for that and has its usual effect."""
    return asyncio.run(_until_signalled(work))


async def _until_signalled(work: Callable[[], Coroutine[Any, Any, T]]) -> T:
    loop = asyncio.get_running_loop()
    task = asyncio.current_task()
    assert task is not None
    in_place: list[int] = []

    def restore() -> None:
        while in_place:
            loop.remove_signal_handler(in_place.pop())

    def stop() -> None:
        restore()
        task.cancel()

    if threading.current_thread() is threading.main_thread():  # only it may handle signals
        for number in _SIGNALS:
            try:
                loop.add_signal_handler(number, stop)
            except NotImplementedError:  # Windows: asyncio.run turns Ctrl-C into a cancellation itself
                break
            in_place.append(number)
    try:
        return await work()
    finally:
        restore()
