"""Schemas and types: what is understood, and what each wrong one is told."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from browseagent.answer.question import Question
from browseagent.answer.typed.records import Fields, Form, Leaf, Many, Rows, ValueKind
from browseagent.answer.typed.schema import MAX_LEAVES, plan_of_schema, wanted_of
from browseagent.answer.typed.schema_text import MAX_BYTES, SchemaError
from browseagent.errors import UsageError

TEXT = {"type": "string"}


def nested(levels: int) -> dict[str, Any]:
    """An object of objects."""
    schema: dict[str, Any] = dict(TEXT)
    for _ in range(levels):
        schema = {"type": "object", "properties": {"a": schema}}
    return schema


def object_of(**properties: object) -> dict[str, Any]:
    return {"type": "object", "properties": properties}


WRONG: dict[str, tuple[object, str, str]] = {
    "no JSON": ("{'type': 'string'}", "#", "it is no JSON: Expecting property name"),
    "no object": ('["string"]', "#", "it is no JSON object"),
    "no type of JSON": ({"type": "text"}, "#/type", "it is no JSON Schema: 'text' is not valid"),
    "properties as a list": (
        {"type": "object", "properties": ["a"]},
        "#/properties",
        "it is no JSON Schema: ['a'] is not of type 'object'",
    ),
    "required as a word": (
        {**object_of(a=TEXT), "required": "a"},
        "#/required",
        "'a' is not of type 'array'",
    ),
    "required and unknown": ({**object_of(a=TEXT), "required": ["b"]}, "#/required", "'b' is no property"),
    "a type deep within": (
        object_of(a={"type": "array", "items": object_of(b={"type": 5})}),
        "#/properties/a/items/properties/b/type",
        "it is no JSON Schema: 5 is not valid",
    ),
    "a name with a slash": (
        object_of(**{"a/b": {"type": 5}}),
        "#/properties/a~1b/type",
        "it is no JSON Schema",
    ),
    "cyclic by itself": ({"$ref": "#"}, "#", "the reference # leads back to itself"),
    "cyclic by a definition": (
        {
            **object_of(a={"$ref": "#/$defs/node"}),
            "$defs": {"node": object_of(child={"$ref": "#/$defs/node"})},
        },
        "#/properties/a/properties/child",
        "the reference #/$defs/node leads back to itself",
    ),
    "cyclic by a list": (
        {"type": "array", "items": {"$ref": "#"}},
        "#/items/items",
        "the reference # leads back to itself",
    ),
    "cyclic by two": (
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
        "#",
        "the reference #/$defs/a leads back to itself",
    ),
    "a reference to nothing": (object_of(a={"$ref": "#/$defs/b"}), "#/properties/a", "names nothing"),
    "a reference elsewhere": (
        object_of(a={"$ref": "https://example.org/schema.json"}),
        "#/properties/a",
        "is not a place within the schema",
    ),
    "many references": (
        {"$ref": "#/$defs/d0", "$defs": {f"d{n}": {"$ref": f"#/$defs/d{n + 1}"} for n in range(500)}},
        "#",
        "more than 20 references lead to each other",
    ),
    "huge in bytes": ({**TEXT, "description": "x" * MAX_BYTES}, "#", "bytes; at most 100,000 are taken"),
    "huge in depth": (nested(9), "#" + "/properties/a" * 6, "it is deeper than 6 objects and lists"),
    "deeper than can be checked": (nested(200), "#", "it nests deeper than 60 levels"),
    "deeper than can be parsed": ('{"items":' * 30_000, "#", "it"),
    "too many leaves": (
        object_of(**{f"p{n}": TEXT for n in range(MAX_LEAVES + 1)}),
        "#/properties/p60",
        "it asks for more than 60 values",
    ),
    "leaves by doubling": (
        {
            "$ref": "#/$defs/d0",
            "$defs": {
                **{
                    f"d{n}": object_of(x={"$ref": f"#/$defs/d{n + 1}"}, y={"$ref": f"#/$defs/d{n + 1}"})
                    for n in range(5)
                },
                "d5": object_of(**{f"p{n}": TEXT for n in range(9)}),
            },
        },
        "#/properties/x",
        "it asks for more than 60 values",
    ),
    "a pattern": ({**TEXT, "pattern": "a+"}, "#/pattern", "pattern is not supported"),
    "alternatives": (
        object_of(a={"oneOf": [TEXT, {"type": "number"}]}),
        "#/properties/a/oneOf",
        "oneOf is not supported",
    ),
    "two types": (object_of(a={"type": ["string", "number"]}), "#/properties/a/type", "string or number"),
    "null alone": ({"type": "null"}, "#/type", "null alone asks for nothing"),
    "any of two": ({"anyOf": [TEXT, {"type": "number"}]}, "#/anyOf", "only a schema or null"),
    "another format": ({**TEXT, "format": "email"}, "#/format", "the format email is not supported"),
    "a choice of numbers": ({"enum": [1, 2]}, "#/enum", "only words can be chosen from"),
    "an object of nothing": ({"type": "object"}, "#", "an object without properties asks for nothing"),
    "names that vary": (
        {**object_of(a=TEXT), "additionalProperties": TEXT},
        "#/additionalProperties",
        "properties without names are not supported",
    ),
    "true": (object_of(a=True), "#/properties/a", "True does not say what is asked for"),
    "a list of lists": (
        object_of(a={"type": "array", "items": {"type": "array"}}),
        "#/properties/a/items",
        "a list of lists cannot be told apart on a page",
    ),
    "a table in each row": (
        {"type": "array", "items": object_of(a={"type": "array", "items": object_of(b=TEXT)})},
        "#/items/properties/a",
        "a list of objects within another cannot be told apart on a page",
    ),
    "nothing to ask": (TEXT, "#", "nothing says what is asked for"),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_schema_is_told_where_and_why(name: str) -> None:
    """No schema, a cyclic one, a huge one, one that is not understood: the place and the reason in a line."""
    schema, place, reason = WRONG[name]
    text = schema if isinstance(schema, str) else json.dumps(schema)
    with pytest.raises(SchemaError) as caught:
        plan_of_schema(text)
    message = caught.value.message
    assert message.startswith(f"the schema, at {place}"), message
    assert reason in message
    assert "\n" not in message and len(message) < 300
    assert caught.value.exit_status == 2


def test_a_schema_becomes_a_plan() -> None:
    """Objects, lists, values, references that end, null in its three spellings, choices."""
    plan = plan_of_schema(
        {
            **object_of(
                name={"type": "string", "title": "Name"},
                price={"$ref": "#/$defs/money"},
                was={"type": ["number", "null"], "minimum": 0},
                state={"enum": ["open", "closed", None]},
                day={"anyOf": [{"type": "string", "format": "date"}, {"type": "null"}]},
                free={"type": "boolean", "nullable": True},
                tags={"type": "array"},
            ),
            "required": ["name"],
            "additionalProperties": False,
            "$defs": {"money": object_of(amount={"type": "number"}, currency=TEXT)},
        }
    )
    assert isinstance(plan, Fields) and plan.required == {"name"}
    members = dict(plan.members)
    assert isinstance(members["price"], Fields)
    assert members["was"] == Leaf(
        ("was",),
        Form.NUMBER,
        ValueKind.NUMBER,
        question=Question.of("What is the was?"),
        nullable=True,
        bounds=(("minimum", 0.0),),
    )
    state, day, free, tags = (members[name] for name in ("state", "day", "free", "tags"))
    assert isinstance(state, Leaf) and state.choices == ("open", "closed") and state.nullable
    assert isinstance(day, Leaf) and day.kind is ValueKind.DATE and day.nullable
    assert isinstance(free, Leaf) and free.kind is ValueKind.BOOLEAN and free.nullable
    assert isinstance(tags, Many) and isinstance(tags.item, Leaf)


@pytest.mark.parametrize(
    ("schema", "question", "asked"),
    [
        (object_of(price={"type": "number"}), "", "What is the price?"),
        (object_of(price={"type": "number"}), "the Corrie 2 tent", "What is the price of the Corrie 2 tent?"),
        (object_of(price={"type": "number"}), "How is it sold?", "How is it sold: what is the price?"),
        (object_of(unitPrice={"type": "number"}), "", "What is the unit price?"),
        (object_of(a={**TEXT, "description": "Who wrote it?"}), "x", "Who wrote it?"),
        (
            object_of(a={**TEXT, "description": "The height of the inner tent."}),
            "",
            "What is the height of the inner tent?",
        ),
        (object_of(in_stock={"type": "boolean"}), "", "Is it in stock?"),
        (object_of(opening={**TEXT, "format": "date"}), "", "When is the opening?"),
        (object_of(offer=object_of(price={"type": "number"})), "", "What is the price of the offer?"),
        ({"type": "number"}, "How long is it?", "How long is it?"),
    ],
)
def test_each_leaf_has_a_question(schema: dict[str, Any], question: str, asked: str) -> None:
    """Its description, else its name and those above it, with what the person asked."""
    plan = plan_of_schema(schema, question)
    while isinstance(plan, Fields):
        plan = plan.members[0][1]
    assert isinstance(plan, Leaf) and plan.question.words == asked


@pytest.mark.parametrize("name", ["money", "number", "date", "boolean", "text", "choice:open,closed", "list"])
def test_types(name: str) -> None:
    """Each type is a plan of one value, or of a list of them."""
    plan = wanted_of(name, "Is it open?")
    assert isinstance(plan, Many if name == "list" else Leaf)
    assert isinstance(wanted_of("rows"), Rows)


@pytest.mark.parametrize(
    ("name", "question", "message"),
    [
        ("euro", "What?", "'euro' is no type of answer"),
        ("choice:open", "Is it open?", "'choice:open' gives fewer than two choices"),
        ("choice", "Is it open?", "'choice' is no type of answer"),
        ("money:EUR", "What?", "'money:EUR' is no type of answer"),
        ("money", " ", "the question has no words"),
    ],
)
def test_wrong_types(name: str, question: str, message: str) -> None:
    """A type that is none, and a question that is none."""
    with pytest.raises(UsageError, match=message):
        wanted_of(name, question)


def test_the_table_of_the_manual() -> None:
    """docs/typed.md quotes the errors as they are."""
    manual = (Path(__file__).resolve().parents[3] / "docs" / "typed.md").read_text("utf-8")
    rows = re.findall(r"^\| (?:`(\{.+\})`|(more than .+?)) \| (the schema, at .+) \|$", manual, re.M)
    huge = {
        "bytes": WRONG["huge in bytes"],
        "values": WRONG["too many leaves"],
        "other": WRONG["huge in depth"],
    }
    assert len(rows) == 11
    for given, named, error in rows:
        schema = given or json.dumps(huge[named.split()[-1]][0])
        with pytest.raises(SchemaError) as caught:
            plan_of_schema(schema)
        assert caught.value.message == error
