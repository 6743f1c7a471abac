"""Servers of models on this machine are noticed, and nothing else is taken for one."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer

from browseagent.cli.options.reading import with_model
from browseagent.config import default_settings
from browseagent.model.nearby import nearby


@contextmanager
def _replying(body: bytes) -> Iterator[int]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            assert self.path == "/v1/models"
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            return

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            thread.join()


def test_what_runs_is_named_with_its_options() -> None:
    """The exact options for each model; a silent server, one that is none, and a closed port give nothing."""
    models = json.dumps({"data": [{"id": "qwen3:4b"}, {"id": "phi"}]}).encode()
    with (
        _replying(models) as good,
        _replying(b"<html>") as other,
        socket.create_server(("127.0.0.1", 0)) as silent,
    ):
        found = nearby({"vLLM": good, "llama.cpp": other, "LM Studio": silent.getsockname()[1], "Ollama": 1})
    assert [each.options for each in found] == [
        f"--model openai:{name} --base-url http://127.0.0.1:{good}/v1" for name in ("qwen3:4b", "phi")
    ]


def test_ollama_is_short() -> None:
    """``ollama:NAME`` is that model behind the API that Ollama has on this machine; other names stay."""
    settings = with_model(default_settings(), "ollama:qwen3:4b")
    assert (settings.model, settings.server.base_url) == ("openai:qwen3:4b", "http://127.0.0.1:11434/v1")
    assert with_model(default_settings(), "openai:x").model == "openai:x"
