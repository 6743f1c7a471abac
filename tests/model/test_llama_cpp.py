"""GGUF files in llama.cpp itself, with a model of random weights: it writes whatever it is let to write."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

pytest.importorskip("xllamacpp", reason="xllamacpp is not installed")

from browseagent.answer.replies import ANSWER_SCHEMA, SUMMARY_SCHEMA, values_schema
from browseagent.config import Settings
from browseagent.durable import file_sha256
from browseagent.errors import ModelError, ModelTimeout
from browseagent.model.gguf_header import read_header
from browseagent.model.instruct import LONGEST, InstructWriter, bounded
from browseagent.model.json_form import Form
from browseagent.model.llama_cpp import LlamaCppModel
from browseagent.model.port import Message
from browseagent.model.registry import load_writer

TURNS = [{"role": "user", "content": "Who built the tower? Reply in JSON."}]


@pytest.fixture(scope="module")
def model(tiny_chat_gguf: Path) -> Iterator[LlamaCppModel]:
    model = LlamaCppModel(tiny_chat_gguf, name="gguf:tiny")
    yield model
    model.close()


@pytest.mark.parametrize("tokens", [3, 40, 200])
@pytest.mark.parametrize(
    "schema",
    [ANSWER_SCHEMA, SUMMARY_SCHEMA, values_schema(3), {"type": "string"}, {"type": "array", "minItems": 2}],
    ids=lambda schema: json.dumps(schema)[:40],
)
def test_every_reply_is_json_of_the_schema(model: LlamaCppModel, schema: dict[str, Any], tokens: int) -> None:
    """Whatever a model would like to say, the document is whole when its tokens are used up."""
    text, into, out, ended = model.chat(TURNS, max_new_tokens=tokens, seconds=60, schema=bounded(schema))
    assert ended and into > 0 and 0 < out <= tokens
    jsonschema.validate(json.loads(text), schema)
    text.encode()  # no half characters


def test_the_same_question_is_answered_alike(model: LlamaCppModel) -> None:
    """Decoding is greedy: what was asked in between changes nothing."""
    first = model.chat(TURNS, max_new_tokens=30, seconds=60)
    model.chat([{"role": "user", "content": "Something else"}], max_new_tokens=5, seconds=60)
    assert model.chat(TURNS, max_new_tokens=30, seconds=60) == first


def test_a_deadline_holds_in_the_middle_of_a_reply(model: LlamaCppModel) -> None:
    """The reply breaks off and is not taken for whole; the next one is served at once."""
    schema = {"type": "string", "minLength": 100_000}
    began = time.monotonic()
    _, _, out, ended = model.chat(TURNS, max_new_tokens=4000, seconds=0.1, schema=schema)
    assert not ended and out < 4000
    assert time.monotonic() - began < 2
    assert model.chat(TURNS, max_new_tokens=1, seconds=60)[2] == 1


async def test_a_writer_says_that_there_was_no_time(model: LlamaCppModel) -> None:
    """A deadline that passes is the same error as with every other writer."""
    with pytest.raises(ModelTimeout, match="had not finished"):
        await InstructWriter(model).write([Message("user", "Hello " * 200)], ANSWER_SCHEMA, seconds=0.01)


def test_a_schema_without_a_short_end_ends_with_its_tokens(model: LlamaCppModel) -> None:
    """Where no document is short enough the reply breaks off at the limit, and is not taken for whole."""
    schema = {"type": "string", "minLength": 100_000}
    _, _, out, ended = model.chat(TURNS, max_new_tokens=50, seconds=60, schema=schema)
    assert not ended and out == 50


@pytest.mark.parametrize(
    "schema",
    [
        {"not": {}},
        {"type": "integer", "minimum": 5, "maximum": 4},
        {"type": "string", "pattern": "("},
        {"type": "object", "properties": {"child": {"$ref": "#"}}, "required": ["child"]},
    ],
    ids=json.dumps,
)
def test_a_schema_that_nothing_fits_is_an_error(model: LlamaCppModel, schema: dict[str, Any]) -> None:
    """What no reply can be held to is said before a token is computed."""
    with pytest.raises(ModelError, match="cannot be held to the schema"):
        model.chat(TURNS, max_new_tokens=20, seconds=60, schema=schema)


def test_a_prompt_that_does_not_fit_is_an_error(model: LlamaCppModel) -> None:
    """The numbers are said; nothing of the prompt is cut off in silence."""
    turns = [{"role": "user", "content": "x" * 5000}]
    with pytest.raises(ModelError, match="tokens do not fit gguf:tiny; 4096 do"):
        model.chat(turns, max_new_tokens=20, seconds=60)


@pytest.mark.parametrize("size", [0, 3, 30, 3000, 20_000])
def test_a_file_that_was_broken_off_is_an_error(tiny_chat_gguf: Path, tmp_path: Path, size: int) -> None:
    """Wherever the copy ended, in the header or in the weights."""
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(tiny_chat_gguf.read_bytes()[:size])
    with pytest.raises(ModelError, match=r"no GGUF|damaged|could not load"):
        LlamaCppModel(broken, name="gguf:broken")


def test_a_header_is_read_without_its_lists(tiny_chat_gguf: Path) -> None:
    """Numbers and texts are there, the vocabulary is not."""
    header = read_header(tiny_chat_gguf)
    assert header["general.architecture"] == "llama" and header["llama.context_length"] == 4096
    assert "tokenizer.ggml.tokens" not in header and "messages" in str(header["tokenizer.chat_template"])


def test_nothing_is_left_when_it_is_closed(
    tiny_chat_gguf: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its threads have ended, its socket, which only we could open, is gone, and it has printed nothing."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    before = _threads()
    model = LlamaCppModel(tiny_chat_gguf, name="gguf:tiny")
    model.chat(TURNS, max_new_tokens=5, seconds=60)
    (folder,) = tmp_path.iterdir()
    assert next(folder.iterdir()).is_socket() and folder.stat().st_mode & 0o077 == 0
    model.close()
    assert list(tmp_path.iterdir()) == []
    assert _threads() <= before
    assert capfd.readouterr() == ("", "")


def _threads() -> int:
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.exists() else 0


async def test_a_gguf_with_a_template_writes_in_llama_cpp(tiny_chat_gguf: Path, settings: Settings) -> None:
    """gguf:FILE gives a writer with the file's hash, whose replies keep to their form."""
    writer = load_writer(f"gguf:{tiny_chat_gguf}", settings, unmeasured=True)
    assert writer is not None
    try:
        assert (writer.info.digest, writer.info.note) == (file_sha256(tiny_chat_gguf), "")
        written = await writer.write([Message("user", "Hello")], ANSWER_SCHEMA, seconds=120)
        fields = json.loads(written.text)
        jsonschema.validate(fields, ANSWER_SCHEMA)
        assert len(fields["answer"]) < LONGEST and written.usage.completion_tokens > 0
    finally:
        await writer.close()


def test_a_model_can_be_closed_as_soon_as_it_is_loaded(tiny_chat_gguf: Path) -> None:
    """Twenty times in a process of its own, which would hang for good if the runtime were ended too soon."""
    program = "import pathlib, sys; from browseagent.model.llama_cpp import LlamaCppModel\n"
    program += "for _ in range(20): LlamaCppModel(pathlib.Path(sys.argv[1]), name='tiny').close()"
    subprocess.run([sys.executable, "-c", program, str(tiny_chat_gguf)], timeout=60, check=True)


def test_a_gguf_without_a_template_is_no_writer(tiny_gguf: Path, settings: Settings) -> None:
    """It is used by its likelihoods, as it would be in Transformers."""
    assert load_writer(f"gguf:{tiny_gguf}", settings, unmeasured=True) is None


@pytest.mark.parametrize(
    ("begun", "whole"),
    [
        ("", '""'),
        ('"a', '"a"'),
        ('"a\\', '"a\\""'),
        ('"tower 塔', '"tower 塔"'),
        ('"done"', '"done"'),
        ('"\\u00', '"\\u0000"'),
        ('"half a character \\ud83d"', None),
        ("no JSON", None),
    ],
)
def test_what_is_begun_is_closed(begun: str, whole: str | None) -> None:
    """The shortest document that begins so; None where there is none, or it would hold half a character."""
    closed = Form({"type": "string"}).closed(begun)
    assert closed == whole
