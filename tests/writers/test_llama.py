"""The whole way with real text: llama.cpp's server with the embedded model's GGUF."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from browseagent import extract
from browseagent.answer.writing import Terms, stand_in, write_answer
from browseagent.answer.writing_summary import write_summary
from browseagent.config import Server, default_settings
from browseagent.errors import ModelError
from browseagent.model.openai import OpenAIWriter

PAGE = b"Harwick Light was built in 1871 by the engineer Thomas Pell.\n\nIt stands 34 metres tall on the cliff.\n"


def gguf() -> Path | None:
    """The GGUF that the embedded model was made from, where a wheel of it is at hand."""
    import os

    named = os.environ.get("BROWSEAGENT_TEST_GGUF")
    found = [Path(named)] if named else sorted(default_settings().home.glob("**/*.gguf"))
    return next((path for path in found if path.is_file()), None)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    """The address of a server with the real model."""
    xllamacpp: Any = pytest.importorskip("xllamacpp", reason="xllamacpp is not installed")
    weights = gguf()
    if weights is None:
        pytest.skip("no GGUF is at hand; BROWSEAGENT_TEST_GGUF names one")
    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.hostname, params.port = "127.0.0.1", 0
    params.n_ctx, params.n_parallel, params.verbosity = 4096, 1, 0
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 2
    running = xllamacpp.Server(params)
    yield f"{running.listening_address}/v1"


@pytest.mark.model
async def test_whatever_a_small_model_writes_only_the_page_is_shown(server: str) -> None:
    """A model of 135M parameters writes what it likes; what is shown stands on the page, or it failed."""
    document = extract(PAGE, url="https://example.org/light", content_type="text/plain")
    writer = OpenAIWriter("openai:smollm2", Server(server))
    try:
        draft = await write_answer("Who built the light?", [document], writer, Terms(60.0))
        answer = draft.answer or stand_in("Who built the light?", draft)
        assert all(document.text[q.start : q.end] == q.text for q in (*answer.quotes, *answer.closest))
        assert draft.info.usage is not None and draft.info.usage.prompt_tokens > 100
        summary = await write_summary([document], writer, "short", Terms(60.0))
        for point in summary.summary.points if summary.summary else ():
            assert point.quotes and point.support in ("quote", "entailed")
    except ModelError as error:
        assert error.exit_status == 6 and error.hint
    finally:
        await writer.close()
