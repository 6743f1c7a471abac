"""A GGUF file in llama.cpp (the package ``xllamacpp``): what ``gguf:`` writers run on where it is installed.

It reads every quantisation and architecture of the format without unpacking it, which Transformers does.
It runs in this process; its server, which the package starts for its own use, listens on a socket in a folder
that no other user can open. It writes nothing to our output.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import xllamacpp

from browseagent.errors import ModelError
from browseagent.model.gguf_header import read_header
from browseagent.model.port import unheard
from browseagent.records import ModelInfo

if TYPE_CHECKING:
    from browseagent.model.json_form import Form

CONTEXT = 8192
"""Tokens of prompt and reply together, where the model was made for as many. Its keys and values are held for
each: 0.2 GB for a model of 135 million parameters, 1 GB for one of 8 billion."""
_BATCH = 32
"""Tokens of the prompt that are read at a time. A deadline is looked at in between, and 32 were read as fast
as 512 (198 and 188 tokens a second and core of a Q4_1)."""
_OFF = 0
"""llama.cpp's flash attention, of which its kernels for a CPU are the slower ones: new tokens came at 36 a
second and core with it and 69 without after a prompt of 2,000, 72 and 102 after 600, 137 and 126 after 16."""


class LlamaCppModel:
    """A :class:`~browseagent.model.instruct.Chat` on llama.cpp. Calls block; one at a time."""

    def __init__(self, path: Path, *, name: str, digest: str = "") -> None:
        """Loads the weights. Raises :class:`ModelError` where they cannot be."""
        header = read_header(path)
        architecture = header.get("general.architecture")
        made_for = header.get(f"{architecture}.context_length")
        self.info = ModelInfo(name=name, digest=digest)
        self._template = header.get("tokenizer.chat_template")
        self._context = min(CONTEXT, int(made_for)) if made_for else CONTEXT
        self._folder = tempfile.TemporaryDirectory(prefix="browseagent-llama-", ignore_cleanup_errors=True)
        try:
            self._server: Any = xllamacpp.Server(self._parameters(path))
        except (RuntimeError, ValueError) as error:
            self._folder.cleanup()
            raise ModelError(
                f"llama.cpp could not load {path} (architecture {architecture})",
                hint="The file may be damaged, larger than the memory, or newer than the package: "
                "pip install -U xllamacpp",
            ) from error
        # One token, so that the package's threads have begun: told to end before that they wait for ever, and
        # this process with them (2026.10; two of three runs of forty models each).
        self._server.handle_completions({"prompt": "a", "n_predict": 1, "cache_prompt": False})

    def _parameters(self, path: Path) -> Any:
        found = xllamacpp.CommonParams()
        found.model.path = str(path)
        found.n_ctx, found.n_parallel, found.n_batch, found.n_ubatch = self._context, 1, _BATCH, _BATCH
        found.flash_attn_type = _OFF
        found.cache_ram_mib = 0  # prompts of pages seldom come back after another
        found.ctx_shift = False  # what no longer fits is an error, never forgotten in silence
        found.verbosity = -1
        found.hostnames = [str(Path(self._folder.name) / "s.sock")]
        found.cpuparams.n_threads = found.cpuparams_batch.n_threads = _cores()
        return found

    @property
    def chats(self) -> bool:
        """Whether the file has a chat template: its model was made to be talked to."""
        return bool(self._template)

    @property
    def keeps_to_schemas(self) -> bool:
        """Whether its replies can be held to a schema: llama.cpp does it, the package ends them in time."""
        return find_spec("llguidance") is not None

    def chat(
        self,
        turns: Sequence[Mapping[str, str]],
        *,
        max_new_tokens: int,
        seconds: float,
        schema: Mapping[str, Any] | None = None,
        heard: Callable[[str], None] = unheard,
    ) -> tuple[str, int, int, bool]:
        """The next turn, greedily decoded: its text, the tokens in and out, and whether it came to an end.
        With a schema it is JSON of that schema: a reply that has used up its tokens is closed in the
        shortest way. Raises :class:`~browseagent.errors.ModelError`."""
        form = None if schema is None else _form(schema)
        request: dict[str, Any] = {
            "messages": list(turns),
            "max_tokens": max_new_tokens,
            "temperature": 0,
            "stream": True,
            "stream_options": {"include_usage": True},
            "return_progress": True,  # calls back while the prompt is read, too
            "reasoning_format": "none",
        }
        if schema is not None:
            held = {**schema, "x-guidance": {"whitespace_flexible": False}}
            request["grammar"] = f"%llguidance {{}}\nstart: %json {json.dumps(held)}"
        reply = _Heard(time.monotonic() + seconds, heard)
        try:
            self._server.handle_chat_completions(request, reply)
        except (RuntimeError, ValueError, TypeError) as error:
            raise ModelError(f"the model {self.info.name} failed: {error}") from error
        if reply.error:
            raise self._failure(reply.error)
        text, ended = "".join(reply.parts), reply.finish == "stop"
        if form is not None and reply.finish:
            closed = form.closed(text)
            if closed is None and ended:
                raise ModelError(
                    f"llama.cpp did not hold {self.info.name} to the schema",
                    hint="pip install -U xllamacpp llguidance",
                )
            text, ended = (text, False) if closed is None else (closed, True)
        return text, reply.tokens_in, reply.tokens_out, ended

    def close(self) -> None:
        """Ends llama.cpp's threads and frees the weights."""
        self._server = None
        self._folder.cleanup()

    def _failure(self, error: Mapping[str, Any]) -> ModelError:
        said = str(error.get("message", error))
        if error.get("type") == "exceed_context_size_error":
            return ModelError(
                f"{error.get('n_prompt_tokens', 'the')} tokens do not fit {self.info.name}; "
                f"{self._context} do",
                hint="Use a model with a longer context.",
            )
        return ModelError(f"the model {self.info.name} failed: {said[:300]}")


class _Heard:
    """What the server says of a reply, piece by piece; it is told to stop at the deadline."""

    def __init__(self, deadline: float, heard: Callable[[str], None]) -> None:
        self._deadline = deadline
        self._heard = heard
        self.parts: list[str] = []
        self.finish = ""
        self.tokens_in = self.tokens_out = 0
        self.error: Mapping[str, Any] = {}

    def __call__(self, piece: Mapping[str, Any]) -> bool:
        if "error" in piece:
            self.error = piece["error"]
            return True
        for choice in piece.get("choices", ()):
            if text := choice["delta"].get("content"):
                self.parts.append(text)
                self._heard("".join(self.parts))
                self.tokens_out += 1  # nearly: some tokens are no whole character
            self.finish = choice.get("finish_reason") or self.finish
        if usage := piece.get("usage"):
            self.tokens_in, self.tokens_out = usage["prompt_tokens"], usage["completion_tokens"]
        elif progress := piece.get("prompt_progress"):
            self.tokens_in = progress["total"]
        return time.monotonic() >= self._deadline and not self.finish


def _form(schema: Mapping[str, Any]) -> Form:
    from browseagent.model.json_form import Form

    return Form(schema)


def _cores() -> int:
    """Processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
