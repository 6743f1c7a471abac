"""From a JSON Schema, or the name of a type, to a plan. Whatever is wrong with a schema is told here,
with its place, before any page is fetched.

A schema is checked as one (Draft 2020-12) by the ``jsonschema`` library; of what it may hold, the part in
:data:`SUPPORTED` is understood. Local references are followed as far as they end.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from browseagent.answer.question import Question
from browseagent.answer.typed.names import asked_for, spelt
from browseagent.answer.typed.records import Fields, Form, Leaf, Many, Plan, Rows, ValueKind, Wanted
from browseagent.answer.typed.schema_text import SchemaError, checked, pointer
from browseagent.errors import UsageError

MAX_DEPTH = 6
"""Objects and lists within each other."""
MAX_LEAVES = 60
"""Each may be a question to the model, which takes about a second."""

_MAX_REFERENCES = 20

_ANNOTATIONS = frozenset(
    "$schema $id $comment $defs definitions title default examples deprecated readOnly writeOnly".split()  # noqa: SIM905
)
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
SUPPORTED = (
    *("type", "description", "properties", "required", "items", "enum", "const", "format", "nullable"),
    *("anyOf", "$ref", "additionalProperties", *_BOUNDS),
)
_FORMATS = ("date", "uri")
_TYPES = "money number date boolean choice:one,other list text"


def wanted_of(schema: str | Mapping[str, Any], question: str = "") -> Wanted:
    """What is asked for: a JSON Schema, parsed or as JSON in braces, or the name of a type; ``rows`` are all
    tables and listings. Raises UsageError."""
    if schema == "rows":
        return Rows()
    if isinstance(schema, str) and not schema.lstrip().startswith("{"):
        return plan_of_type(schema.strip(), question)
    return plan_of_schema(schema, question)


def plan_of_type(name: str, question: str) -> Plan:
    """The plan of ``--type``: ``money``, ``number``, ``date``, ``boolean``, ``text``, ``list``, or
    ``choice:one,other``. Raises UsageError."""
    sort, colon, rest = name.partition(":")
    asked = Question.of(question)
    if not any(character.isalnum() for character in question):
        raise UsageError("the question has no words", hint="ask in words, for example: 'When does it open?'")
    if sort == "list" and not colon:
        return Many((), Leaf(("[]",), question=asked), question=asked)
    choices = tuple(part.strip() for part in rest.split(",") if part.strip())
    if sort not in list(ValueKind) or (bool(colon) != (sort == "choice")):
        raise UsageError(f"{name!r} is no type of answer", hint=f"Types are: {_TYPES.replace(' ', ', ')}")
    if sort == "choice" and len(choices) < 2:
        raise UsageError(f"{name!r} gives fewer than two choices", hint="For example: choice:open,closed")
    return leaf_of(ValueKind(sort), choices, asked)


def leaf_of(kind: ValueKind, choices: tuple[str, ...], question: Question) -> Leaf:
    """The plan of one value of a type."""
    form = {
        ValueKind.MONEY: Form.MONEY, ValueKind.NUMBER: Form.NUMBER, ValueKind.BOOLEAN: Form.BOOLEAN
    }.get(kind, Form.STRING)  # fmt: skip
    return Leaf((), form, kind, choices, question=question)


def plan_of_schema(schema: str | bytes | Mapping[str, Any], question: str = "") -> Plan:
    """The plan of a JSON Schema, given as JSON or parsed. Raises :class:`SchemaError`."""
    root = checked(schema)
    return _Reading(root, " ".join(question.split())).node(root, "#", (), ())


class _Reading:
    """One schema as it is turned into a plan."""

    def __init__(self, root: Mapping[str, Any], question: str) -> None:
        self.root = root
        self.question = question
        self.leaves = 0

    def node(self, schema: object, place: str, path: tuple[str, ...], within: tuple[str, ...]) -> Plan:
        """The plan of one subschema; ``within`` are the references that led to it."""
        if not isinstance(schema, dict):
            raise SchemaError(place, f"{schema!r} does not say what is asked for")
        if "$ref" in schema:
            return self.referred(schema, place, path, within)
        if "anyOf" in schema:
            return self.either(schema, place, path, within)
        self.check_keys(schema, place)
        kind, nullable = _type_of(schema, place)
        if kind in ("object", "array") and len(path) >= MAX_DEPTH:
            raise SchemaError(place, f"it is deeper than {MAX_DEPTH} objects and lists within each other")
        if kind == "object":
            return self.fields(schema, place, path, within, nullable)
        if kind == "array":
            inner = schema.get("items", {"type": "string"})
            item = self.node(inner, f"{place}/items", (*path, "[]"), within)
            if isinstance(item, Many):
                raise SchemaError(f"{place}/items", "a list of lists cannot be told apart on a page")
            if "[]" in path and isinstance(item, Fields):
                raise SchemaError(place, "a list of objects within another cannot be told apart on a page")
            described = str(schema.get("description", ""))
            named = asked_for(path, described, self.question, "list")
            return Many(path, item, described, nullable, question=Question.of(named))
        self.leaves += 1
        if self.leaves > MAX_LEAVES:
            raise SchemaError(place, f"it asks for more than {MAX_LEAVES} values")
        return self.leaf(schema, place, path, kind, nullable)

    def referred(
        self, schema: Mapping[str, Any], place: str, path: tuple[str, ...], within: tuple[str, ...]
    ) -> Plan:
        """What a local reference names, the keywords beside it added."""
        name = str(schema["$ref"])
        if name in within:
            raise SchemaError(place, f"the reference {name} leads back to itself")
        if len(within) >= _MAX_REFERENCES:
            raise SchemaError(place, f"more than {_MAX_REFERENCES} references lead to each other")
        if name != "#" and not name.startswith("#/"):
            raise SchemaError(place, f"the reference {spelt(name)} is not a place within the schema")
        found: Any = self.root
        for part in name.removeprefix("#").split("/")[1:]:
            part = part.replace("~1", "/").replace("~0", "~")
            if isinstance(found, list) and part.isdigit() and int(part) < len(found):
                found = found[int(part)]
            elif isinstance(found, dict) and part in found:
                found = found[part]
            else:
                raise SchemaError(place, f"the reference {name} names nothing")
        if not isinstance(found, dict):
            raise SchemaError(place, f"the reference {name} names no schema")
        beside = {key: value for key, value in schema.items() if key != "$ref"}
        return self.node({**found, **beside}, place, path, (*within, name))

    def either(
        self, schema: Mapping[str, Any], place: str, path: tuple[str, ...], within: tuple[str, ...]
    ) -> Plan:
        """A schema or null; of other alternatives a page cannot tell which is meant."""
        real = [
            (i, each)
            for i, each in enumerate(schema["anyOf"])
            if each not in ({"type": "null"}, {"const": None})
        ]
        if len(real) != 1 or len(schema["anyOf"]) > 2 or not isinstance(real[0][1], dict):
            raise SchemaError(f"{place}/anyOf", "only a schema or null can be told apart on a page")
        beside = {key: value for key, value in schema.items() if key != "anyOf"}
        one = {**real[0][1], **beside, **({"nullable": True} if len(schema["anyOf"]) == 2 else {})}
        return self.node(one, f"{place}/anyOf/{real[0][0]}", path, within)

    def fields(
        self,
        schema: Mapping[str, Any],
        place: str,
        path: tuple[str, ...],
        within: tuple[str, ...],
        nullable: bool,
    ) -> Plan:
        """An object's plan."""
        properties = schema.get("properties", {})
        if not properties:
            raise SchemaError(place, "an object without properties asks for nothing")
        required = frozenset(schema.get("required", ()))
        unknown = sorted(required - set(properties))
        if unknown:
            raise SchemaError(f"{place}/required", f"{unknown[0]!r} is no property")
        members = tuple(
            (name, self.node(inner, f"{place}/properties/{pointer(name)}", (*path, name), within))
            for name, inner in properties.items()
        )
        return Fields(path, members, required, str(schema.get("description", "")), nullable)

    def leaf(
        self, schema: Mapping[str, Any], place: str, path: tuple[str, ...], kind: str, nullable: bool
    ) -> Leaf:
        """A value's plan."""
        form = Form(kind)
        described = str(schema.get("description", ""))
        choices = _choices(schema, place, kind)
        if form is Form.BOOLEAN:
            means = ValueKind.BOOLEAN
        elif form in (Form.NUMBER, Form.INTEGER):
            means = ValueKind.NUMBER
        elif choices:
            means = ValueKind.CHOICE
        else:
            means = ValueKind.DATE if schema.get("format") == "date" else ValueKind.TEXT
        question = asked_for(path, described, self.question, means.value)
        if not any(character.isalnum() for character in question):
            raise SchemaError(place, "nothing says what is asked for: no name, description or question")
        bounds = tuple((name, float(schema[name])) for name in _BOUNDS if name in schema)
        return Leaf(
            path,
            form,
            means,
            choices,
            described,
            nullable,
            bounds,
            is_link=schema.get("format") == "uri",
            question=Question.of(question),
        )

    def check_keys(self, schema: Mapping[str, Any], place: str) -> None:
        """Raises SchemaError for a keyword that is not understood: leaving it out would give a value that
        the schema forbids."""
        for key in schema:
            if key not in SUPPORTED and key not in _ANNOTATIONS:
                raise SchemaError(
                    f"{place}/{pointer(key)}",
                    f"{spelt(key)} is not supported",
                    hint=f"Supported are: {', '.join(SUPPORTED)}.",
                )
        if not isinstance(schema.get("additionalProperties", True), bool):
            raise SchemaError(f"{place}/additionalProperties", "properties without names are not supported")
        if "format" in schema and schema["format"] not in _FORMATS:
            raise SchemaError(
                f"{place}/format",
                f"the format {spelt(schema['format'])} is not supported",
                hint=f"Supported are: {', '.join(_FORMATS)}.",
            )


def _type_of(schema: Mapping[str, Any], place: str) -> tuple[str, bool]:
    """The one type that is asked for, and whether null may stand in its place."""
    said = schema.get("type")
    kinds = [said] if isinstance(said, str) else list(said or ())
    nullable = "null" in kinds or schema.get("nullable") is True or None in schema.get("enum", ())
    kinds = [kind for kind in kinds if kind != "null"]
    if len(kinds) > 1:
        raise SchemaError(f"{place}/type", f"{' or '.join(kinds)}: one type besides null must be given")
    if not kinds and said is not None:
        raise SchemaError(f"{place}/type", "null alone asks for nothing")
    if kinds:
        return str(kinds[0]), nullable
    return "object" if "properties" in schema else "array" if "items" in schema else "string", nullable


def _choices(schema: Mapping[str, Any], place: str, kind: str) -> tuple[str, ...]:
    """The words that an enum or a const allows."""
    for name in ("enum", "const"):
        if name not in schema:
            continue
        allowed = schema[name] if name == "enum" else [schema[name]]
        words = tuple(each for each in allowed if each is not None)
        if kind != "string" or not words or not all(isinstance(each, str) and each for each in words):
            raise SchemaError(f"{place}/{name}", "only words can be chosen from")
        return words
    return ()
