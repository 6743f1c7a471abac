"""Bounds for what a local model writes: a small one fills every string and list until it is stopped.

Servers are sent the schema without them: some know no ``maxLength``, and some take minutes to build a grammar
with one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

LONGEST = 600
"""Characters of a string: an answer is a few sentences, a quote one."""
MOST = 20
"""Members of a list: of changes to be judged there are as many."""
_SENTENCE_END = re.compile(r"[.!?]['\")\]”’»]*(?=\s|$)|[。！？]")


def bounded(schema: Mapping[str, Any]) -> dict[str, Any]:
    """A JSON Schema with a bound on every string and list that has none."""
    out = dict(schema)
    if out.get("type") == "string" and not {"enum", "const", "pattern", "format", "minLength"} & set(out):
        out.setdefault("maxLength", LONGEST)
    if out.get("type") == "array" and "minItems" not in out:
        out.setdefault("maxItems", MOST)
    for name in ("properties", "$defs"):
        if isinstance(out.get(name), dict):
            out[name] = {key: _inner(each) for key, each in out[name].items()}
    if "items" in out:
        out["items"] = _inner(out["items"])
    if isinstance(out.get("anyOf"), list):
        out["anyOf"] = [_inner(each) for each in out["anyOf"]]
    return out


def _inner(schema: Any) -> Any:
    return bounded(schema) if isinstance(schema, dict) else schema


def uncut(reply: str) -> str:
    """A JSON document without the sentences that the bound broke off: a string that is as long as it may be
    ends with its last whole sentence, or is empty. What is no JSON stays as it is."""
    try:
        return json.dumps(_whole(json.loads(reply)), ensure_ascii=False)
    except (ValueError, RecursionError):
        return reply


def _whole(value: Any) -> Any:
    if isinstance(value, str) and len(value) >= LONGEST:
        ends = [found.end() for found in _SENTENCE_END.finditer(value)]
        return value[: ends[-1]] if ends else ""
    if isinstance(value, list):
        return [_whole(each) for each in value]
    if isinstance(value, dict):
        return {name: _whole(each) for name, each in value.items()}
    return value
