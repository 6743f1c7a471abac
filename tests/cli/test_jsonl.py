"""Many questions in one run, and sources from a list."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browseagent.cli.commands.ask_lines import Item, item_of
from browseagent.cli.failure import worst
from browseagent.cli.options.sources import listed
from browseagent.errors import UsageError
from tests.command import SCRIPTED

Command = Callable[..., Any]
URL = "https://example.org/"


def line(question: str, *sources: str) -> str:
    """One line that asks."""
    return json.dumps({"question": question, "sources": sources}) + "\n"


def test_every_line_gets_its_answer_and_a_failing_one_ends_nothing(scripted: Command, tmp_path: Path) -> None:
    """One object a line, in order, whatever becomes of the others; the status is that of the worst."""
    lines = (
        line("One?", URL + "answered")
        + "\n"
        + line("Three?", URL + "not-found")
        + "{not JSON\n"
        + line("Five?", URL + "unreachable")
        + line("Six?", URL + "bug")
        + '{"question": "Seven?", "source": "no-such-file.html"}\n'
        + line("Eight?", URL + "answered", URL + "page").rstrip()
    )
    place = tmp_path / "questions.jsonl"
    place.write_text(lines, encoding="utf-8")
    for ended in (
        scripted("ask", "--jsonl", str(place)),
        scripted("ask", "--jsonl", "-", stdin=lines.encode()),
    ):
        assert ended.status == 1
        answers = [json.loads(each) for each in ended.out.splitlines()]
        assert [each["line"] for each in answers] == [1, 3, 4, 5, 6, 7, 8]
        assert [each["question"] for each in answers] == [
            "One?",
            "Three?",
            "",
            "Five?",
            "Six?",
            "Seven?",
            "Eight?",
        ]
        failed = "failed"
        kinds = ["answered", "not_found", failed, failed, failed, failed, "answered"]
        assert [each["status"] for each in answers] == kinds
        assert "line 4: it is no JSON" in answers[2]["error"]["message"]
    assert scripted("ask", "--jsonl", "-", stdin=line("?", URL + "not-found").encode()).status == 3


def test_an_answer_is_written_before_the_next_question_comes(environment: dict[str, str]) -> None:
    """Through a pipe: a program can ask, read the answer, and ask again."""
    process = subprocess.Popen(
        [*SCRIPTED, "ask", "--jsonl", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
    )
    assert process.stdin and process.stdout
    for question in ("First?", "Second?"):
        process.stdin.write(line(question, URL + "answered").encode())
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["question"] == question
    process.stdin.close()
    assert process.wait(timeout=30) == 0
    process.stdout.close()


@pytest.mark.parametrize(
    "text",
    [
        "[1]",
        '"x"',
        "{}",
        '{"question": 3, "source": "x"}',
        '{"question": "x"}',
        '{"question": "x", "sources": []}',
        '{"question": "x", "sources": "a", "source": "b"}',
        '{"question": "x", "sources": [1]}',
        "[" * 100_000,
    ],
)
def test_a_line_that_asks_nothing_is_told_what_to_be(text: str) -> None:
    """Whatever else the JSON is, the error shows what to write."""
    with pytest.raises(UsageError) as caught:
        item_of(text.encode())
    assert '"question"' in caught.value.hint


def test_a_line_may_name_one_source_or_several() -> None:
    """``source`` and ``sources``, each as text or as a list; a byte-order mark before it, more keys in it."""
    assert item_of('\ufeff{"question": "x", "source": "a", "id": 7}'.encode()) == Item("x", ("a",))
    assert item_of(b'{"question": "x", "sources": ["a", "b"]}') == Item("x", ("a", "b"))
    with pytest.raises(UsageError, match="JSON"):
        item_of(b'{"question": "\xff"}')


@pytest.mark.parametrize(
    "arguments",
    [
        ["ask", "What?", URL + "answered", "--jsonl", "-"],
        ["ask", "--jsonl", "-", "--json"],
        ["ask", "--jsonl", "no-such-file"],
        ["ask", "What?", "--sources-from", "no-such-file"],
        ["ask", "What?", "-", "--sources-from", "-"],
        ["ask", "What?", "--sources-from", "-"],
        ["ask", "", URL + "answered", "--rows", "--jsonl", "-"],
    ],
)
def test_what_does_not_go_together(scripted: Command, arguments: list[str]) -> None:
    """Wrong usage is status 2 and says why."""
    ended = scripted(*arguments)
    assert ended.status == 2
    assert "error: " in ended.err


def test_sources_come_from_a_list(scripted: Command, tmp_path: Path) -> None:
    """One a line, after those that are named; empty lines and remarks are passed over."""
    text = f"# pages\n\n{URL}answered \n{URL}page\n"
    assert scripted("ask", "What?", "--sources-from", "-", stdin=text.encode()).status == 0
    place = tmp_path / "sources.txt"
    place.write_text(text, encoding="utf-8")
    assert listed(["a"], str(place)) == ("a", f"{URL}answered", f"{URL}page")
    assert scripted("summarize", URL + "summary", "--sources-from", str(place)).status == 0
    place.write_text("-\n", encoding="utf-8")
    with pytest.raises(UsageError, match="names -"):
        listed([], str(place))


def test_the_worst_of_several_statuses() -> None:
    """What a person has to mend weighs more than a page that is down, and that more than no answer."""
    assert worst([]) == 0
    assert worst([0, 3, 0]) == 3
    assert worst([3, 7, 5, 4]) == 4
    assert worst([2, 3, 4]) == 2
    assert worst([6, 2]) == 6
