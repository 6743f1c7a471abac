"""A JSON Schema as it was given: whether it is JSON, not too large, and a schema of Draft 2020-12."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from browseagent.errors import UsageError

MAX_BYTES = 100_000
_MAX_NESTING = 60
"""Of the schema's own JSON: deeper, and checking it would exhaust the stack."""


class SchemaError(UsageError):
    """A schema that is none, or one that cannot be answered from a page."""

    kind = "schema"

    def __init__(self, place: str, what: str, hint: str = "") -> None:
        super().__init__(f"the schema, at {place}: {what}", hint=hint)


def checked(schema: str | bytes | Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema, parsed. Raises :class:`SchemaError`."""
    if isinstance(schema, Mapping):
        try:
            schema = json.dumps(schema)
        except (TypeError, ValueError, RecursionError) as error:
            raise SchemaError("#", f"it is no JSON: {error}") from error
    size = len(schema.encode("utf-8", "surrogatepass") if isinstance(schema, str) else schema)
    if size > MAX_BYTES:
        raise SchemaError("#", f"it has {size:,} bytes; at most {MAX_BYTES:,} are taken")
    try:
        root = json.loads(schema)
    except RecursionError:
        raise SchemaError("#", "it nests too deeply") from None
    except ValueError as error:
        raise SchemaError("#", f"it is no JSON: {error}") from error
    if not isinstance(root, dict):
        raise SchemaError("#", "it is no JSON object", hint='For example: {"type": "string"}')
    _check_nesting(root)
    _check(root)
    return root


def _check_nesting(root: object) -> None:
    layer: list[object] = [root]
    for _ in range(_MAX_NESTING):
        inner: list[object] = []
        for each in layer:
            inner += each.values() if isinstance(each, dict) else each if isinstance(each, list) else ()
        if not inner:
            return
        layer = inner
    raise SchemaError("#", f"it nests deeper than {_MAX_NESTING} levels")


def _check(root: Mapping[str, Any]) -> None:
    """Raises SchemaError where it is no schema of Draft 2020-12."""
    import jsonschema

    try:
        jsonschema.Draft202012Validator.check_schema(root)
    except jsonschema.SchemaError as error:
        place = "/".join(["#", *map(pointer, error.absolute_path)])
        raise SchemaError(place, f"it is no JSON Schema: {_short(error.message)}") from error


def _short(message: str) -> str:
    return message if len(message) <= 160 else message[:100] + " … " + message[-50:]


def pointer(part: object) -> str:
    """One step of a JSON pointer."""
    return str(part).replace("~", "~0").replace("/", "~1")
