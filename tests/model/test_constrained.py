"""Replies held to a schema, by a model with random weights: it writes whatever it is let to write."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

from browseagent.answer.replies import ANSWER_SCHEMA, SUMMARY_SCHEMA, values_schema
from browseagent.config import default_settings
from browseagent.errors import ModelError
from browseagent.model import embedded
from browseagent.model.constrained import Constraint, JsonOnly
from browseagent.model.instruct import FREE_FORM, LONGEST, InstructWriter, bounded, uncut
from browseagent.model.new import Shape, new_model
from browseagent.model.port import Message
from browseagent.model.prompts import fence, load_prompt
from browseagent.model.transformers import TransformersModel
from browseagent.records import ModelInfo

TINY = Shape(
    vocab_size=300, embedding_dim=32, num_heads=2, feed_forward_dim=64, num_layers=2, max_positions=4096
)
TEMPLATE = "{% for each in messages %}{{ each.content }}\n{% endfor %}"
TURNS = [{"role": "user", "content": 'Reply with {"found": true, "answer": "…"} and nothing else.'}]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tiny GPT whose tokens are bytes, with a chat template."""
    folder = tmp_path_factory.mktemp("models") / "tiny"
    new_model(folder, TINY)
    tokenizer = AutoTokenizer.from_pretrained(folder)
    tokenizer.chat_template = TEMPLATE
    tokenizer.save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def model(folder: Path) -> TransformersModel:
    return TransformersModel.load(folder, name="hf:tiny", dtype=torch.float32)


@pytest.fixture(scope="module")
def constraint(folder: Path) -> Constraint:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    return Constraint(tokenizer, TINY.vocab_size, [tokenizer.eos_token_id])


def reply(only: JsonOnly, constraint: Constraint, seed: int) -> tuple[str, int]:
    """What comes out where each next token is drawn at random from the allowed ones."""
    random = torch.Generator().manual_seed(seed)
    tokens: list[int] = []
    while len(tokens) < only.most:
        scores = only(torch.tensor([tokens], dtype=torch.long), torch.randn(1, 300, generator=random))
        tokens.append(int(scores.argmax()))
        if tokens[-1] in constraint.ends:
            return constraint.tokens.decode_bytes(tokens[:-1]).decode(), len(tokens)
    raise AssertionError(f"no end: {constraint.tokens.decode_bytes(tokens)[-80:]!r}")


VALUE = {
    "anyOf": [
        {"type": "null"},
        {
            "type": "object",
            "properties": {"passage": {"type": "integer"}, "words": {"type": "string"}},
            "required": ["passage", "words"],
            "additionalProperties": False,
        },
    ]
}
MANY = {f"value {n}": VALUE for n in range(30)}
CLOSABLE: list[dict[str, Any]] = [
    dict(ANSWER_SCHEMA),
    dict(SUMMARY_SCHEMA),
    {"type": "object", "properties": MANY, "required": list(MANY), "additionalProperties": False},
    {"type": "string"},
    {"type": "array", "items": {"type": "number"}},
    {"type": "array", "items": {"enum": ['a"b', "c]d", "e\\f"]}, "minItems": 2},
    {"type": "object", "properties": {"child": {"$ref": "#"}}, "additionalProperties": False},
    {"type": "object", "properties": {'"}],': {"type": "boolean"}, "塔": {}}, "required": ['"}],', "塔"]},
    {"type": "array", "items": {"type": "array", "items": {"$ref": "#"}}},
    {"properties": {"x-guidance": {"type": "string"}}, "required": ["x-guidance"], "type": "object"},
]


@pytest.mark.parametrize("tokens", [40, 200])
@pytest.mark.parametrize("schema", CLOSABLE, ids=lambda schema: json.dumps(schema)[:40])
def test_every_reply_is_json_of_the_schema_within_its_tokens(
    constraint: Constraint, schema: dict[str, Any], tokens: int
) -> None:
    """Whatever a model would like to say, the document is whole when its tokens are used up."""
    for seed in range(3):
        only = constraint.held_to(schema, after=0, new_tokens=tokens)
        text, used = reply(only, constraint, seed)
        assert used <= only.most
        jsonschema.validate(json.loads(text), schema)
        text.encode()  # no half characters


@pytest.mark.parametrize(
    "schema",
    [
        {"not": {}},
        {"enum": []},
        {"type": "integer", "minimum": 5, "maximum": 4},
        {"type": "string", "pattern": "("},
        {"type": "string", "format": "nonsense"},
        {"$ref": "https://example.org/schema"},
        {"type": "object", "properties": {"a": {"$ref": "#/nowhere"}}},
        {"x-guidance": {"whitespace_pattern": "("}, "type": "array"},
    ],
    ids=json.dumps,
)
def test_a_schema_that_nothing_fits_is_an_error(constraint: Constraint, schema: dict[str, Any]) -> None:
    """What no reply can be held to is said before a token is computed."""
    with pytest.raises(ModelError, match="cannot be held to the schema"):
        constraint.held_to(schema, after=0, new_tokens=40)


def test_a_schema_without_a_short_end_ends_with_its_tokens(model: TransformersModel) -> None:
    """Where no document is short enough the reply breaks off at the limit, and is not taken for whole."""
    schema = {"type": "string", "minLength": 100_000}
    _, _, out, ended = model.chat(TURNS, max_new_tokens=50, seconds=60, schema=schema)
    assert not ended and out == 50


def test_a_schema_without_an_end_is_an_error(model: TransformersModel) -> None:
    """A document that would hold itself does not hang."""
    schema = {"type": "object", "properties": {"child": {"$ref": "#"}}, "required": ["child"]}
    with pytest.raises(ModelError, match="cannot be held to the schema"):
        model.chat(TURNS, max_new_tokens=50, seconds=60, schema=schema)


def test_guesses_of_the_prompt_change_nothing(
    folder: Path, model: TransformersModel, constraint: Constraint
) -> None:
    """With prompt lookup, which tries tokens and takes them back, the reply is that of plain decoding."""
    text, size, out, ended = model.chat(TURNS, max_new_tokens=60, seconds=60, schema=ANSWER_SCHEMA)
    assert ended
    jsonschema.validate(json.loads(text), ANSWER_SCHEMA)
    only = constraint.held_to(ANSWER_SCHEMA, after=size, new_tokens=60)
    gpt = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32).eval()
    tokens = constraint.tokens.tokenize_str(f"{TURNS[0]['content']}\n")
    assert len(tokens) == size and out <= only.most
    with torch.inference_mode():
        while tokens[-1] not in constraint.ends:
            ids = torch.tensor([tokens])
            tokens.append(int(only(ids, gpt(ids).logits[:, -1]).argmax()))
    assert constraint.tokens.decode_str(tokens[size:-1]) == text


async def test_a_writer_holds_its_model_to_the_schema(model: TransformersModel) -> None:
    """A model that knows nothing still replies in the form that was asked for."""
    written = await InstructWriter(model).write([Message("user", "Hello")], ANSWER_SCHEMA, seconds=120)
    fields = json.loads(written.text)
    jsonschema.validate(fields, ANSWER_SCHEMA)
    assert len(fields["answer"]) < LONGEST  # what the bound broke off is not there
    assert written.usage.completion_tokens > 0


class FreeChat:
    """A model whose replies nothing holds to a form."""

    info = ModelInfo("hf:free")
    keeps_to_schemas = False

    def chat(
        self, turns: Sequence[Mapping[str, str]], *, schema: Mapping[str, Any] | None = None, **terms: Any
    ) -> tuple[str, int, int, bool]:
        assert schema is None
        return 'Gladly: {"found": false}', 5, 7, True

    def close(self) -> None: ...


async def test_a_model_that_cannot_be_held_writes_as_it_likes() -> None:
    """Without the package a writer works as before, and a note says what to install."""
    writer = InstructWriter(FreeChat())
    written = await writer.write([Message("user", "Hello")], ANSWER_SCHEMA, seconds=5)
    assert written.text == 'Gladly: {"found": false}'
    assert writer.info.note == FREE_FORM


def test_bounds_are_added_where_there_are_none() -> None:
    """Strings and lists get a bound, wherever in the schema they stand; what is bounded or fixed stays."""
    found = bounded(
        {
            "type": "object",
            "properties": {
                "type": {"type": "string"},
                "a": {"type": "array", "items": {"type": "string", "maxLength": 3}},
                "b": {"anyOf": [{"type": "null"}, {"type": "string"}]},
                "c": {"type": "string", "enum": ["x"]},
            },
        }
    )["properties"]
    assert found["type"]["maxLength"] == LONGEST
    assert found["a"]["maxItems"] and found["a"]["items"]["maxLength"] == 3
    assert found["b"]["anyOf"][1]["maxLength"] == LONGEST
    assert found["c"] == {"type": "string", "enum": ["x"]}


def test_a_string_that_the_bound_broke_off_ends_with_a_whole_sentence() -> None:
    """Half a sentence would say what nobody wrote; a shorter string is as it was."""
    broken = ("It was built in 1871. " * 40)[:LONGEST]
    assert json.loads(uncut(json.dumps([broken, "It is", {"a": "x" * LONGEST}]))) == [
        broken[: broken.rindex(".") + 1],
        "It is",
        {"a": ""},
    ]
    assert uncut("no JSON") == "no JSON"


@pytest.mark.model
def test_the_real_model_replies_in_the_form_within_its_tokens() -> None:
    """The embedded model's weights, which have no mind to write JSON, are held to it: whole, and in time."""
    folder = embedded.locate(default_settings())
    model = TransformersModel.load(folder, name=f"hf:{folder}")
    passage = "[1] Harwick Light\nHarwick Light was built in 1871 by the engineer Thomas Pell."
    told = load_prompt("writer-answer").render(mark="0f", manner="")
    user = f"{fence(passage, '0f')}\n\nQuestion: Who built the light?"
    turns = [{"role": "system", "content": told}, {"role": "user", "content": user}]
    try:
        for schema in (ANSWER_SCHEMA, SUMMARY_SCHEMA, values_schema(3)):
            text, _, out, ended = model.chat(turns, max_new_tokens=24, seconds=60, schema=bounded(schema))
            assert ended and out <= 24 + 60  # what the form of three values needs is on top
            jsonschema.validate(json.loads(text), schema)
    finally:
        model.close()
