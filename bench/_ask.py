"""A process that keeps an agent open: ``python bench/_ask.py``, asked with JSON lines.

``{"question": …, "url": …}`` → ``{"seconds", "answer", "status", "peak"}``; the peak is that of this
question. The page must be in the store of ``BROWSEAGENT_HOME``: nothing is fetched.
"""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._child import forget_peak, peak_bytes, serve
from browseagent import Agent
from browseagent.config import default_settings


async def asked(agent: Agent, request: dict[str, Any]) -> dict[str, Any]:
    """The answer to one request."""
    forget_peak()
    began = time.perf_counter()
    answer = await agent.ask(request["question"], request["url"])
    seconds = time.perf_counter() - began
    if answer.error is not None:
        raise RuntimeError(answer.error.message)
    return {"seconds": seconds, "answer": answer.text, "status": answer.status, "peak": peak_bytes()}


def main() -> None:
    """Opens the agent, then answers."""
    with asyncio.Runner() as runner:
        agent = Agent(settings=replace(default_settings(), offline=True))
        runner.run(agent.__aenter__())

        def ready() -> tuple[dict[str, Any], Callable[[dict[str, Any]], dict[str, Any]]]:
            return {}, lambda request: runner.run(asked(agent, request))

        try:
            serve(ready)
        finally:
            runner.run(agent.__aexit__(None, None, None))


if __name__ == "__main__":
    main()
