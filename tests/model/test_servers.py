"""Servers of models on this machine."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from browseagent.model.servers import servers_here


def test_a_server_is_told_with_its_address_and_a_model() -> None:
    """One that lists its models is found; one that speaks otherwise, and a port that is closed, are not."""
    lists = {"/v1/models": json.dumps({"data": [{"id": "qwen3:4b"}]}).encode()}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(lists.get(self.path, b"<html>") if self.server is server else b"<html>")

        def log_message(self, format: str, *args: object) -> None: ...

    with (
        ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server,
        ThreadingHTTPServer(("127.0.0.1", 0), Handler) as no,
    ):
        for each in (server, no):
            threading.Thread(target=each.serve_forever, args=(0.02,), daemon=True).start()
        port, other = server.server_address[1], no.server_address[1]
        found = servers_here({"Ollama": port, "vLLM": other, "LM Studio": 1})
        server.shutdown()
        no.shutdown()
    assert found == [("Ollama", f"http://127.0.0.1:{port}/v1", "qwen3:4b")]
