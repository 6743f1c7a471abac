"""``ask --schema`` and ``--type`` with a model behind an HTTP API, through the command in its own process."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema

from tests.command import Command
from tests.writers.server import Act, WriterServer, says
from tests.writers.test_command import command

__all__ = ["command"]  # the fixture
SCHEMA = {
    "type": "object",
    "properties": {
        "builder": {"type": "string", "description": "Who built it?"},
        "height": {"type": "number", "description": "How far does it rise, in metres?"},
        "keeper": {"type": ["string", "null"], "description": "Who keeps it?"},
    },
    "required": ["builder"],
}
GOOD = {
    "1": {"passage": 1, "text": "Thomas Pell"},
    "2": {"passage": 1, "text": "34 metres"},
    "3": {"passage": 1, "text": "Ann Onymous"},
}


def leaves_of(document: Any) -> dict[str, Any]:
    return {leaf["path"]: leaf["value"] for leaf in document["leaves"]}


def test_a_schema_is_one_call_held_to_a_schema(command: Command, tmp_path: Path) -> None:
    """The server gets the schema of the values; what it makes up is null, what is right has its quote."""
    page = str(tmp_path / "page.txt")
    with WriterServer([says(GOOD)]) as server:
        options = ("--model", "openai:m", "--base-url", server.base_url, "--json")
        done = command("ask", "", page, "--schema", json.dumps(SCHEMA), *options)
    assert done.status == 0, done.err
    assert done.json["value"] == {"builder": "Thomas Pell", "height": 34, "keeper": None}
    jsonschema.validate(done.json["value"], SCHEMA)
    assert "Ann Onymous" not in done.out and "1 did not stand where it said" in done.json["model"]["note"]
    assert len(server.requests) == 1
    sent = server.requests[0]["response_format"]["json_schema"]
    assert sent["strict"] and list(sent["schema"]["properties"]) == ["1", "2", "3"]
    jsonschema.validate(GOOD, sent["schema"])


def test_faults_have_their_statuses(command: Command, tmp_path: Path) -> None:
    """Null for what is required is 3; a reply that is none, or a server that fails, is 6."""
    page = str(tmp_path / "page.txt")
    nothing = says({"1": None, "2": None, "3": None})
    acts = [nothing, says("Thomas Pell built it."), Act(status=401)]
    with WriterServer(acts) as server:
        options = ("--model", "openai:m", "--base-url", server.base_url, "--json")
        missing, talk, refused = (
            command("ask", "", page, "--schema", json.dumps(SCHEMA), *options) for _ in acts
        )
    assert missing.status == 3 and missing.json["missing"] == ["builder"]
    assert leaves_of(missing.json) == {"builder": None, "height": None, "keeper": None}
    assert talk.status == 6 and talk.json["error"]["kind"] == "model_reply"
    assert refused.status == 6 and refused.json["error"]["kind"] == "model_unreachable"


def test_a_type_is_read_from_the_pages_words(command: Command, tmp_path: Path) -> None:
    """The model points, the value is ours: 1871 from its words, none from words that are not there."""
    page, ask = str(tmp_path / "page.txt"), ("ask", "In what year did the work end?")
    acts = [
        says({"1": {"passage": 1, "text": "built in 1871"}}),
        says({"1": {"passage": 1, "text": "built in 1971"}}),
    ]
    with WriterServer(acts) as server:
        options = ("--type", "number", "--model", "openai:m", "--base-url", server.base_url)
        right, wrong = command(*ask, page, *options), command(*ask, page, *options)
    assert right.status == 0 and right.out.startswith("1871\n")
    assert wrong.status == 3 and "1971" not in wrong.out
    assert "1 did not stand where it said" in wrong.err
