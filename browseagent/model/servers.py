"""Which servers of models answer on this machine, so that a person can be told what would do."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

PLACES = {"Ollama": 11434, "llama-server": 8080, "LM Studio": 1234, "vLLM": 8000}
"""Where each listens unless it was told otherwise."""
PATIENCE = 0.5
"""Seconds."""
_MOST = 1_000_000


def servers_here(places: dict[str, int] | None = None) -> list[tuple[str, str, str]]:
    """Name, address and a model of each server that lists its models as OpenAI's does."""
    found = list((PLACES if places is None else places).items())
    with ThreadPoolExecutor(len(found) or 1) as at_once:
        models = list(at_once.map(lambda each: _first_model(each[1]), found))
    return [
        (name, f"http://127.0.0.1:{port}/v1", model)
        for (name, port), model in zip(found, models, strict=True)
        if model
    ]


def _first_model(port: int) -> str:
    """A model that a server has; empty where nothing answers, or something else does."""
    opener = build_opener(ProxyHandler({}))  # whatever proxy is set: it is this machine
    try:
        with opener.open(f"http://127.0.0.1:{port}/v1/models", timeout=PATIENCE) as reply:
            return str(json.loads(reply.read(_MOST))["data"][0]["id"])
    except (URLError, OSError, ValueError, LookupError, TypeError):
        return ""
