"""The JSON Schemas of the public forms."""

from __future__ import annotations

import json

import jsonschema
import pytest

from browseagent.forms import results as forms
from browseagent.records import ErrorInfo
from tools.schemas import PLACE, schemas


def test_the_published_schemas_are_those_of_the_types() -> None:
    """schemas.json is what ``python tools/schemas.py`` writes now."""
    assert PLACE.read_text(encoding="utf-8") == schemas()


def test_each_schema_is_one() -> None:
    """Each is a valid JSON Schema of the draft that it names, and names itself in its document."""
    for name, schema in json.loads(PLACE.read_text(encoding="utf-8")).items():
        jsonschema.Draft202012Validator.check_schema(schema)
        assert schema["properties"]["schema"]["const"] == name
        assert "schema" in schema["required"]


@pytest.mark.parametrize("command", ["ask", "chat", "summarize", "brief", "read", "cache"])
def test_a_failure_is_as_described(command: str) -> None:
    """The document of a command that came to nothing fits its schema too."""
    document = forms.failure(command, ErrorInfo("timeout", "took too long", "try again", "https://e.org/"))
    schema = json.loads(PLACE.read_text(encoding="utf-8"))[document["schema"]]
    jsonschema.validate(document, schema)


def test_a_key_that_is_missing_is_noticed() -> None:
    """The schemas are not so wide that anything fits them."""
    document = dict(forms.failure("ask", ErrorInfo("timeout", "took too long")))
    del document["quotes"]
    schema = json.loads(PLACE.read_text(encoding="utf-8"))["browseagent.answer/1"]
    with pytest.raises(jsonschema.ValidationError, match="quotes"):
        jsonschema.validate(document, schema)
