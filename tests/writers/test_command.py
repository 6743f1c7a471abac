"""``ask`` and ``summarize`` with a model behind an HTTP API, through the command in its own process."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.test_terminal import on_terminal
from tests.command import REAL, Command, ForkServer, forked
from tests.writers.server import Act, WriterServer, says

PAGE = (
    "Harwick Light was built in 1871 by the engineer Thomas Pell.\n\nIt stands 34 metres tall on the cliff.\n"
)
QUOTES = [
    {"passage": 1, "text": "built in 1871 by the engineer Thomas Pell"},
    {"passage": 1, "text": "made up"},
]
GOOD = {"found": True, "answer": "Thomas Pell built Harwick Light in 1871. Aliens helped.", "quotes": QUOTES}


@pytest.fixture
def command(forks: ForkServer, tmp_path: Path) -> Command:
    """The real command with a home of its own and a key."""
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    variables = {"BROWSEAGENT_HOME": str(tmp_path / "home"), "OPENAI_API_KEY": "sk-secret", "LANG": "C.UTF-8"}
    return forked(forks, {**kept, **variables})


def test_an_answer_and_a_fault(command: Command, tmp_path: Path) -> None:
    """What is carried is answered, what is not is nowhere, a fault is status 6, the key is told to nobody."""
    page, trace = str(tmp_path / "page.txt"), tmp_path / "trace.jsonl"
    with WriterServer([says(GOOD), says(GOOD), Act(status=500, headers={"retry-after": "0"})]) as server:
        options = ("--model", "openai:m", "--base-url", server.base_url, "--json", "--trace", str(trace))
        good = command("ask", "Who built it?", page, *options)
        bad = command("ask", "Who built it?", page, *options)
    assert good.status == 0, good.err
    assert good.json["answer"] == "Thomas Pell built Harwick Light in 1871."
    assert good.json["model"]["name"] == "openai:m" and good.json["model"]["usage"]["prompt_tokens"] == 2000
    assert [quote["text"] for quote in good.json["quotes"]] == [PAGE.splitlines()[0]]
    assert "Aliens" not in good.out and "made up" not in good.out
    assert bad.status == 6 and bad.json["error"]["kind"] == "model" and bad.json["status"] == "failed"
    told = "".join([good.out, good.err, bad.out, bad.err, trace.read_text("utf-8")])
    assert "sk-secret" not in told


def test_each_step_of_a_writer_is_told(command: Command, tmp_path: Path) -> None:
    """-v and the trace tell what it took, how much of what it wrote is verified, and what is not and why."""
    trace = tmp_path / "trace.jsonl"
    with WriterServer([says(GOOD)]) as server:
        options = ("--model", "openai:m", "--base-url", server.base_url, "-v", "--trace", str(trace))
        ended = command("ask", "Who built it?", str(tmp_path / "page.txt"), *options, BROWSEAGENT_PRICE="1,2")
    assert "openai:m is reading" in ended.err
    assert "1,000 tokens in" in ended.err and "cost 0.0" in ended.err
    assert "1 of 2 sentences verified against the page" in ended.err
    assert "not carried (" in ended.err and "): Aliens helped." in ended.err
    steps = [json.loads(line) for line in trace.read_text("utf-8").splitlines()]
    (first, second) = [step for step in steps if step["step"] == "checked"]
    assert (first["verified"], first["written"]) == (1, 2) == (second["verified"], second["written"])
    assert {step["prompt_tokens"] for step in steps if step["step"] == "wrote"} == {1000}
    assert not [step for step in steps if step["step"] == "writing"]


def test_words_are_seen_as_they_are_written(tmp_path: Path) -> None:
    """On a terminal the words stand there, called unchecked, as they come; then how many are verified; at
    the end there is the answer alone."""
    (tmp_path / "page.txt").write_text(PAGE, encoding="utf-8")
    variables = {"BROWSEAGENT_HOME": str(tmp_path / "home"), "LANG": "C.UTF-8", "PATH": os.environ["PATH"]}
    said = says({**GOOD, "answer": "Thomas Pell built Harwick Light in 1871. " + "Aliens helped. " * 9})
    with WriterServer([said]) as server:
        words = ["ask", "Who built it?", str(tmp_path / "page.txt"), "--model", "openai:m"]
        status, received = on_terminal([*words, "--base-url", server.base_url], variables, 60, REAL)
    assert status == 0
    lines = received.split("\r\x1b[2K")
    writing = [line for line in lines if line.startswith("writing, not checked yet: ")]
    assert writing and max(map(len, writing)) < 60
    assert any("of 10 sentences verified" in line for line in lines)
    assert "Thomas Pell built Harwick Light in 1871." in lines[-1] and "Aliens" not in lines[-1]


def test_a_reply_is_written_and_another_language_is_noticed(command: Command, tmp_path: Path) -> None:
    """--reply says what is wanted to the model; where it writes English though German was asked for, a note
    says so."""
    page = str(tmp_path / "page.txt")
    reply = {**GOOD, "answer": "Thomas Pell built Harwick Light in 1871."}
    with WriterServer([says(reply)]) as server:
        options = ("--model", "openai:m", "--base-url", server.base_url)
        ended = command(
            "ask", "Hello, who built the light? Anna", page, "--reply", "--language", "de", *options
        )
        told = json.dumps(server.requests[0])
    assert ended.status == 0, ended.err
    assert "a reply, ready to be sent" in told and "Hello, who built the light? Anna" in told
    assert "note: de was asked for, and this is English" in ended.err
    without = command("ask", "Hello, who built the light?", page, "--reply")
    assert without.status == 2 and "the embedded one only points at words" in without.err
    assert "on this machine" in without.err or "On this machine this would do" in without.err


def test_options_that_need_a_writer_say_so(command: Command, tmp_path: Path) -> None:
    """The embedded model does not write; a wrong address or code is wrong usage."""
    page = str(tmp_path / "page.txt")
    for options in (
        ["--language", "de"],
        ["--keep-unsupported"],
        ["--style", "brief"],
        ["--base-url", "nonsense"],
        ["--language", "??"],
    ):
        assert command("ask", "Who?", page, *options).status == 2
