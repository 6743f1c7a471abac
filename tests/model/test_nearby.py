"""Servers of models on this machine are noticed, and nothing else is taken for one."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from browseagent.cli.options.reading import with_model
from browseagent.cli.options.writing import would_do
from browseagent.config import default_settings
from browseagent.model.nearby import Nearby, nearby
from browseagent.model.writer_card import WriterCard, write_card


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


def test_who_needs_a_model_that_writes_is_told_which_would_do(tmp_path: Path) -> None:
    """Each by its options and with what it was measured to on its server; where none runs, that is said."""
    settings = replace(default_settings(), home=tmp_path)
    url = "http://127.0.0.1:8000/v1"
    here = replace(settings, server=replace(settings.server, base_url=url))
    good = WriterCard(
        "openai:good", url, "2026-11-29T00:00:00Z", 10, "",
        right=0.9, precision=0.9, refused=0.9, carried=0.95, obeyed=0.0, failed=0.0, seconds=1.0,
    )  # fmt: skip
    write_card(here, good)
    write_card(here, replace(good, model="openai:bad", refused=0.1))
    found = [Nearby("vLLM", name, url) for name in ("good", "bad", "new")]
    assert would_do([*found, Nearby("Ollama", "good", "http://127.0.0.1:11434/v1")], settings) == [
        "On this machine this would do:",
        f"--model openai:good --base-url {url}  (vLLM; may write freely)",
        f"--model openai:bad --base-url {url}  (vLLM; {replace(good, refused=0.1).verdict})",
        f"--model openai:new --base-url {url}  (vLLM; not measured yet)",
        "--model ollama:good  (Ollama; not measured yet)",
    ]
    (none,) = would_do([], settings)
    assert "No server of models answers on this machine" in none and "docs/writers.md" in none


def test_ollama_is_short() -> None:
    """``ollama:NAME`` is that model behind the API that Ollama has on this machine; other names stay."""
    settings = with_model(default_settings(), "ollama:qwen3:4b")
    assert (settings.model, settings.server.base_url) == ("openai:qwen3:4b", "http://127.0.0.1:11434/v1")
    assert with_model(default_settings(), "openai:x").model == "openai:x"
