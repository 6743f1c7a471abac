"""A scripted server that speaks as OpenAI's does, on 127.0.0.1: what it does is said beforehand."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True)
class Act:
    """What the server does to one request."""

    text: str = ""
    """What it streams, in small pieces."""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    """Sent instead of a stream."""
    stop_after: int | None = None
    """Close the connection after so many pieces."""
    hang: float = 0.0
    """Seconds of silence before anything is sent."""
    drip: float = 0.0
    """Seconds between the bytes of comments that are sent before the text, for ever."""
    finish: str | None = "stop"
    refusal: str = ""
    error_after: int | None = None
    """Send an error event after so many pieces."""


def says(reply: Mapping[str, Any] | str, **more: Any) -> Act:
    """Streams a reply."""
    return Act(text=reply if isinstance(reply, str) else json.dumps(reply, ensure_ascii=False), **more)


class WriterServer:
    """Does ``acts`` in turn, the last one again and again; or what a function makes of the request."""

    def __init__(self, acts: Sequence[Act] | Callable[[dict[str, Any]], Act]) -> None:
        self._acts = acts
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self._stopped = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                server.serve(self)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, args=(0.02,), daemon=True)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stopped.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join(5)

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        """One request."""
        request = json.loads(handler.rfile.read(int(handler.headers["content-length"])))
        place = len(self.requests)
        self.requests.append(request)
        self.headers.append({name.lower(): value for name, value in handler.headers.items()})
        act = self._acts(request) if callable(self._acts) else self._acts[min(place, len(self._acts) - 1)]
        with suppress(BrokenPipeError, ConnectionResetError):  # the client had enough
            self._do(handler, act)

    def _do(self, handler: BaseHTTPRequestHandler, act: Act) -> None:
        if self._stopped.wait(act.hang):
            return
        handler.send_response(act.status)
        for name, value in act.headers.items():
            handler.send_header(name, value)
        streams = act.status == 200 and act.body is None
        body = act.body if act.body is not None else json.dumps({"error": {"message": "scripted"}}).encode()
        handler.send_header("content-type", "text/event-stream" if streams else "application/json")
        if not streams:
            handler.send_header("content-length", str(len(body)))
        handler.send_header("connection", "close")
        handler.end_headers()
        if not streams:
            handler.wfile.write(body)
            return
        while act.drip and not self._stopped.is_set():
            handler.wfile.write(b":")
            handler.wfile.flush()
            time.sleep(act.drip)
        self._stream(handler, act)

    def _stream(self, handler: BaseHTTPRequestHandler, act: Act) -> None:
        pieces = [act.text[at : at + 40] for at in range(0, len(act.text), 40)]
        for number, piece in enumerate(pieces):
            if number == act.stop_after:
                return
            if number == act.error_after:
                self._event(handler, {"error": {"message": "it broke", "code": 500}})
                return
            self._event(handler, _chunk({"content": piece}, None))
        if act.refusal:
            self._event(handler, _chunk({"refusal": act.refusal}, None))
        if act.finish:
            self._event(handler, _chunk({}, act.finish))
        usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
        self._event(handler, {**_chunk({}, None), "choices": [], "usage": usage})
        handler.wfile.write(b"data: [DONE]\n\n")

    def _event(self, handler: BaseHTTPRequestHandler, data: Mapping[str, Any]) -> None:
        handler.wfile.write(f"data: {json.dumps(data, ensure_ascii=False)}\n\n".encode())
        handler.wfile.flush()


def _chunk(delta: Mapping[str, Any], finish: str | None) -> dict[str, Any]:
    choice = {"index": 0, "delta": dict(delta), "finish_reason": finish}
    return {
        "id": "1",
        "object": "chat.completion.chunk",
        "created": 0,
        "model": "scripted",
        "choices": [choice],
    }
