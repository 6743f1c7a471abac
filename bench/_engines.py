"""One engine in a process of its own: ``python bench/_engines.py ENGINE FOLDER GGUF``.

A process each, because engines disagree about threads and about the versions of their packages: the
rivals may live in another virtual environment. Asked with JSON lines, see :mod:`bench._child`:
``{"do": "read"|"reader"|"write", "texts": […], "ids": [[…]], "new": N}``. The texts and the
token numbers say the same; each engine takes what it takes. Nothing is answered from an earlier prompt:
prefix caches are off.
"""

from __future__ import annotations

import os
import re
import sys
import time
from collections.abc import Callable
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bench._child import peak_bytes, serve
from bench._writers import GgufWriter

SENTENCE = re.compile(r"[^.!?]+[.!?]?")
QUESTIONS = ("When was it opened, and by whom?", "How much does a ticket cost?")
_THREADS = os.cpu_count() or 1


class Engine(Protocol):
    """What is measured of an engine."""

    def read(self, texts: list[str], ids: list[list[int]]) -> None:
        """Reads prompts and does as little as the engine allows after them."""
        ...

    def write(self, texts: list[str], ids: list[list[int]], new: int) -> int:
        """Continues prompts greedily by ``new`` tokens each; how many came of the first."""
        ...


class Ours:
    """The embedded model as ``ask`` uses it, by likelihoods and by its reader; it writes nothing."""

    packages = ("openvino", "numpy")

    def __init__(self, folder: Path, gguf: Path) -> None:
        from browseagent.model.engine import open_decoder
        from browseagent.model.scoring import DecodedModel
        from browseagent.records import ModelInfo

        decoder, _ = open_decoder(folder, "openvino")
        self._model = DecodedModel(decoder, folder, ModelInfo(name="embedded"), reads=True)

    def read(self, texts: list[str], ids: list[list[int]]) -> None:
        self._model.score([(text, " yes") for text in texts])

    def reader(self, texts: list[str]) -> tuple[float, float]:
        """Seconds for a question about passages that are new to the reader, and for one more."""
        from browseagent.model.port import ReadPassage

        reader = self._model.reader
        assert reader is not None
        # As ask shows them: an answer stands within one sentence.
        passages = [
            ReadPassage("", text, tuple(each.span() for each in SENTENCE.finditer(text))) for text in texts
        ]
        first, again = (timed(partial(reader.read, question, passages)) for question in QUESTIONS)
        return first, again


class Bare:
    """The layers of the embedded model in its runtime: they read, and nothing is made of it."""

    packages = ("openvino", "numpy")

    def __init__(self, folder: Path, gguf: Path) -> None:
        from browseagent.model.engine import open_decoder

        self._decoder, _ = open_decoder(folder, "openvino")

    def read(self, texts: list[str], ids: list[list[int]]) -> None:
        from browseagent.model.decoder import Text, read_texts

        read_texts(self._decoder, [Text(tuple(row)) for row in ids])


class Plain:
    """Transformers' own ``generate``."""

    packages = ("transformers", "torch")

    def __init__(self, folder: Path, gguf: Path) -> None:
        import torch
        from transformers import AutoModelForCausalLM

        self._torch = torch
        self._model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.bfloat16).eval()

    def read(self, texts: list[str], ids: list[list[int]]) -> None:
        self.write(texts, ids, 1)

    def write(self, texts: list[str], ids: list[list[int]], new: int) -> int:
        given = self._torch.tensor(ids)
        with self._torch.inference_mode():
            out = self._model.generate(
                given,
                attention_mask=self._torch.ones_like(given),
                max_new_tokens=new,
                min_new_tokens=new,
                do_sample=False,
            )
        return int(out.shape[1] - given.shape[1])


class LlamaCpp:
    """llama.cpp's server, called in the process. One for each number of prompts at a time."""

    packages = ("xllamacpp",)

    def __init__(self, folder: Path, gguf: Path) -> None:
        import xllamacpp

        self._package: Any = xllamacpp
        self._gguf = gguf
        self._servers: dict[int, Any] = {}
        self._server(1)

    def read(self, texts: list[str], ids: list[list[int]]) -> None:
        self.write(texts, ids, 1)

    def write(self, texts: list[str], ids: list[list[int]], new: int) -> int:
        request = {"n_predict": new, "temperature": 0, "cache_prompt": False, "ignore_eos": True}
        prompt = ids if len(ids) > 1 else ids[0]
        answer = self._server(len(ids)).handle_completions({"prompt": prompt, **request})
        first = answer[0] if isinstance(answer, list) else answer
        if "error" in first:
            raise RuntimeError(str(first["error"]))
        counted: int = first["usage"]["completion_tokens"] if "usage" in first else first["tokens_predicted"]
        return counted

    def _server(self, prompts: int) -> Any:
        if prompts not in self._servers:
            params = self._package.CommonParams()
            params.model.path = str(self._gguf)
            params.n_parallel = prompts
            params.n_ctx = 4096 * (1 if prompts == 1 else 2)
            params.kv_unified = prompts > 1  # else each prompt may use its share of n_ctx only
            params.cache_ram_mib = 0
            params.verbosity = 0
            params.cpuparams.n_threads = params.cpuparams_batch.n_threads = _THREADS
            self._servers[prompts] = self._package.Server(params)
        return self._servers[prompts]


class OpenVino:
    """OpenVINO GenAI, from the same GGUF."""

    packages = ("openvino-genai",)

    def __init__(self, folder: Path, gguf: Path) -> None:
        from browseagent.no_telemetry import keep_out

        keep_out()
        import numpy
        import openvino
        import openvino_genai

        self._numpy: Any = numpy
        self._openvino: Any = openvino
        self._genai: Any = openvino_genai
        scheduler = self._genai.SchedulerConfig()
        scheduler.enable_prefix_caching = False
        scheduler.max_num_batched_tokens = 8192  # the default of 256 would cut prompts to pieces
        self._pipeline = self._genai.LLMPipeline(str(gguf), "CPU", scheduler_config=scheduler)

    def read(self, texts: list[str], ids: list[list[int]]) -> None:
        self.write(texts, ids, 1)

    def write(self, texts: list[str], ids: list[list[int]], new: int) -> int:
        config = self._genai.GenerationConfig()
        config.max_new_tokens = new
        config.ignore_eos = True
        config.do_sample = False
        given = self._numpy.array(ids, dtype=self._numpy.int64)
        tensors = (given, self._numpy.ones_like(given))
        inputs = self._genai.TokenizedInputs(*map(self._openvino.Tensor, tensors))
        return len(self._pipeline.generate(inputs, config).tokens[0])


ENGINES: dict[str, Any] = {
    "ours": Ours,
    "bare": Bare,
    "ours-gguf": GgufWriter,
    "transformers": Plain,
    "llama.cpp": LlamaCpp,
    "openvino": OpenVino,
}


def timed(call: Callable[[], object]) -> float:
    """Seconds that a call takes."""
    began = time.perf_counter()
    call()
    return time.perf_counter() - began


def answer(engine: Any, request: dict[str, Any]) -> dict[str, Any]:
    """Does what is asked; the seconds that it took, and the peak memory until now."""
    texts, ids = request["texts"], request["ids"]
    found: dict[str, Any] = {}
    match request["do"]:
        case "read":
            found["seconds"] = timed(lambda: engine.read(texts, ids))
        case "reader":
            found["seconds"], found["again"] = engine.reader(texts)
        case "write":
            # The first token needs no step of its own: it comes with the reading of the prompt.
            first = timed(lambda: engine.write(texts, ids, 1))
            began = time.perf_counter()
            found["new"] = engine.write(texts, ids, 1 + request["new"]) - 1
            found["seconds"] = time.perf_counter() - began - first
    return {**found, "peak": peak_bytes()}


def main(name: str, folder: Path, gguf: Path) -> None:
    """Loads an engine and answers for it."""

    def ready() -> tuple[dict[str, Any], Callable[[dict[str, Any]], dict[str, Any]]]:
        began = time.perf_counter()
        engine = ENGINES[name](folder, gguf)
        seconds = time.perf_counter() - began
        versions = " ".join(f"{package} {version(package)}" for package in engine.packages)
        return {"load": seconds, "versions": versions}, lambda request: answer(engine, request)

    serve(ready)


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
