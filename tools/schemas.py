"""Writes browseagent/forms/schemas.json: a JSON Schema (draft 2020-12) of every public JSON form, by name.

``python tools/schemas.py`` after a change of the shapes; ``--check`` says whether the file is old. They are
made from the types in browseagent/forms/*shapes.py by pydantic, which only this script needs.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any, get_args

from pydantic import TypeAdapter

from browseagent.forms import command_shapes, shapes, stored_shapes, watch_shapes

PLACE = Path(shapes.__file__).with_name("schemas.json")


def forms() -> dict[str, type]:
    """The forms by the name that stands in their ``schema`` key."""
    found: dict[str, type] = {}
    for module in (shapes, stored_shapes, watch_shapes, command_shapes):
        for shape in vars(module).values():
            hints = getattr(shape, "__annotations__", {})
            if "schema" in hints and shape.__module__ == module.__name__:
                (name,) = get_args(_evaluated(hints["schema"], module))
                found.setdefault(name, shape)
    return found


def _evaluated(hint: Any, module: Any) -> Any:
    text = getattr(hint, "__forward_arg__", hint)
    return eval(text, vars(module)) if isinstance(text, str) else hint


def schemas() -> str:
    """All of them, as the file holds them."""
    made = {}
    for name, shape in sorted(forms().items()):
        schema = TypeAdapter(shape).json_schema(mode="serialization")
        made[name] = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    return json.dumps(made, indent=1, sort_keys=True) + "\n"


def main() -> int:
    """Writes the file, or with ``--check`` gives 1 where it is old."""
    if "--check" in sys.argv[1:]:
        return int(PLACE.read_text(encoding="utf-8") != schemas())
    PLACE.write_text(schemas(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
