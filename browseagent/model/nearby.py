"""Servers of models on this machine: Ollama, LM Studio, llama.cpp and vLLM at their usual ports."""

from __future__ import annotations

import http.client
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

USUAL = {"Ollama": 11434, "LM Studio": 1234, "llama.cpp": 8080, "vLLM": 8000}
SECONDS = 0.5
"""For one server to answer; over loopback it takes milliseconds."""
_LONGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Nearby:
    """A model that a server on this machine offers."""

    server: str
    model: str
    base_url: str

    @property
    def options(self) -> str:
        """What to say to have it answer."""
        if self.server == "Ollama" and self.base_url == base_url(USUAL["Ollama"]):
            return f"--model ollama:{self.model}"
        return f"--model openai:{self.model} --base-url {self.base_url}"


def base_url(port: int) -> str:
    """Where a server on this machine has OpenAI's API."""
    return f"http://127.0.0.1:{port}/v1"


def nearby(usual: dict[str, int] | None = None) -> list[Nearby]:
    """The models of the servers that run. Only loopback is asked, and nothing but which models there are."""
    ports = USUAL if usual is None else usual
    with ThreadPoolExecutor(len(ports)) as pool:
        found = pool.map(_models, ports.values())
    return [
        Nearby(server, model, base_url(port))
        for (server, port), models in zip(ports.items(), found, strict=True)
        for model in models
    ]


def _models(port: int) -> list[str]:
    """The names of a server's models; none where there is no server, or one of another kind."""
    asking = http.client.HTTPConnection("127.0.0.1", port, timeout=SECONDS)
    try:
        asking.request("GET", "/v1/models")
        reply = asking.getresponse()
        said = json.loads(reply.read(_LONGEST)) if reply.status == 200 else {}
        return [name for each in said["data"] if isinstance(name := each["id"], str) and name.isprintable()]
    except (OSError, http.client.HTTPException, ValueError, TypeError, KeyError, RecursionError):
        return []
    finally:
        asking.close()
