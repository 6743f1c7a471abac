"""A chat through a pipe and on a terminal: questions, commands, and how it ends."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from browseagent.agent.conversation import Conversation, Exchange
from browseagent.answer.languages import NOT_READ
from browseagent.cli.show.transcript import transcript
from browseagent.records import Answered, Document, ModelInfo, NotFound, Quote
from tests.command import SCRIPTED

Command = Callable[..., Any]
URL = "https://example.org/"


def test_questions_come_through_a_pipe_and_lean_on_each_other(scripted: Command, tmp_path: Path) -> None:
    """Each question is answered with numbered quotes; a follow-up shows what it was completed to; commands
    show the sources, a quote in its place and its link, and save everything as Markdown."""
    kept = tmp_path / "talk.md"
    commands = f"/sources\n/quote 2\n/open 1\n/save {kept}\n/quit\n"
    lines = f"What does a ticket cost?\n\nand for students?\n{commands}No?\n"
    ended = scripted("chat", URL + "read", stdin=lines.encode())
    assert (ended.status, ended.err) == (0, "")
    assert "? and for students?\n→ What does a ticket cost for students?\n42 euros" in ended.out
    assert "[1] “Adults pay" in ended.out
    assert "[2] “Adults pay" in ended.out
    assert f"1. Fares\n   {URL}" in ended.out
    assert ended.out.count(f"{URL}#:~:text=Adults%20pay") == 4
    assert "No?" not in ended.out
    assert "\x1b" not in ended.out
    saved = kept.read_text(encoding="utf-8")
    assert "## What does a ticket cost for students?\n\n(asked as: and for students?)" in saved
    assert "\x1b" not in saved


def test_json_is_one_document_at_the_end(scripted: Command) -> None:
    """With --json nothing but one document is on standard output, every answer in it, commands or none."""
    ended = scripted("chat", URL + "read", "--json", stdin="Was kostet es? – 中文\n/sources\n".encode())
    assert ended.status == 0
    assert ended.json["schema"] == "browseagent.chat/1"
    assert [each["typed"] for each in ended.json["answers"]] == ["Was kostet es? – 中文"]
    assert ended.json["answers"][0]["schema"] == "browseagent.answer/1"
    assert (ended.json["sources"], ended.json["error"]) == ([{"url": URL, "title": "Fares"}], None)
    assert "1. Fares" in ended.err


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/quote 1", "no quote was shown yet"),
        ("/open", "no quote was shown yet"),
        ("/save", "takes the name of a file"),
        ("/save /no/such/folder/x.md", "cannot be written"),
        ("/save {taken}", "is there already"),
        ("/dance", "is no command"),
    ],
)
def test_a_wrong_command_ends_nothing(scripted: Command, tmp_path: Path, line: str, told: str) -> None:
    """It is told with what to type instead, the next question is answered, and a script gets status 2."""
    taken = tmp_path / "taken.md"
    taken.write_text("mine", encoding="utf-8")
    ended = scripted("chat", URL + "read", stdin=f"{line.format(taken=taken)}\nWhat?\n".encode())
    assert ended.status == 2
    assert told in ended.err
    assert "42 euros" in ended.out
    assert taken.read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("word", ["quit", "Exit"])
def test_the_word_alone_ends_it(scripted: Command, word: str) -> None:
    """As people know it from other programs; it is no question about the page."""
    ended = scripted("chat", URL + "read", stdin=f"{word}\nWhat?\n".encode())
    assert (ended.status, ended.out, ended.err) == (0, "", "")


def test_sources_that_cannot_be_read(scripted: Command) -> None:
    """One of several is told and left out; where none can be read the status is that of the first, and with
    --json there is a document; a page on standard input is refused, since the questions come from there."""
    some = scripted("chat", URL + "refused", URL + "read", stdin=b"What?\n")
    assert (some.status, "42 euros" in some.out, "a login page" in some.err) == (5, True, True)
    none = scripted("chat", URL + "refused", "--json", stdin=b"What?\n")
    assert (none.status, none.json["schema"]) == (5, "browseagent.chat/1")
    assert none.json["error"]["kind"] == "login"
    assert scripted("chat", "-", stdin=b"What?\n").status == 2
    assert scripted("chat").status == 2


def test_a_failed_answer_is_told_and_the_chat_goes_on(scripted: Command) -> None:
    """A model that fails is told after each question; the status of the pipe is that of the failure."""
    ended = scripted("chat", URL + "read-broken", "--json", stdin=b"What?\nWhen?\n")
    assert ended.status == 6
    assert [each["status"] for each in ended.json["answers"]] == ["failed", "failed"]


def test_an_interrupt_ends_it_with_what_was_said(environment: dict[str, str], tmp_path: Path) -> None:
    """Ctrl-C in the middle of an answer, or while a question is waited for: everything is closed, the status
    is 130, and with --json the answers so far are written."""
    mark = tmp_path / "closed"
    for source, lines in ((URL + "read", b"What?\n"), (URL + "read-hang", b"What?\n")):
        mark.unlink(missing_ok=True)
        process = subprocess.Popen(
            [*SCRIPTED, "chat", source, "--json", "-v"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            env={**environment, "CLOSED_MARK": str(mark)},
        )
        assert process.stdin and process.stdout and process.stderr
        process.stdin.write(lines)
        process.stdin.flush()
        while (told := process.stderr.readline()) and b"open: opening" not in told:
            pass
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=30) == 130
        written = process.stdout.read()
        assert b'"kind": "interrupted"' in written
        assert mark.exists()
        for stream in (process.stdin, process.stdout, process.stderr):
            stream.close()


def test_a_terminal_gets_a_prompt_and_is_left_as_it_was(environment: dict[str, str]) -> None:
    """On a terminal there is a prompt, the answer, and Ctrl-D ends it; its settings are those from before."""
    import termios

    main, side = pty.openpty()
    before = termios.tcgetattr(side)
    process = subprocess.Popen(
        [*SCRIPTED, "chat", URL + "read"],
        stdin=side,
        stdout=side,
        stderr=side,
        env={"TERM": "xterm-256color", **environment},
    )
    received = b""
    for awaited, typed in ((b"Ask, or type /help", b"What?\n"), (b"42 euros", b"\x04")):
        until = time.monotonic() + 30
        while awaited not in received and time.monotonic() < until:
            if select.select([main], [], [], 1)[0]:
                received += os.read(main, 4096)
        time.sleep(0.2)
        os.write(main, typed)
    assert process.wait(timeout=30) == 0
    assert b"? " in received
    assert termios.tcgetattr(side) == before
    os.close(main)
    os.close(side)


def test_a_transcript_is_markdown_that_nothing_in_it_can_change() -> None:
    """Words of a page or a person are escaped, so that they make no heading, link or markup; a quote in its
    place shows what stands around it."""
    text = "Before it. <b>Opens</b> at [nine](x). After it."
    quote = Quote(text[11:37], 11, 37, URL, URL + "#:~:text=Opens")
    found = Answered(question="# When?\n# Now", answer="*nine*", support=(quote,), confidence=0.9)
    talk = Conversation(
        (Document(URL, text, title="A *page*"),),
        (
            Exchange("# When?", found),
            Exchange("Why?", NotFound(question="Why?")),
            Exchange("Warum?", NotFound(question="Warum?", model=ModelInfo("embedded", note=NOT_READ))),
        ),
    )
    made = transcript(talk)
    assert "## \\# When? \\# Now" in made
    assert "- A \\*page\\* <https://example.org/>" in made
    assert "> \\<b\\>Opens\\</b\\> at \\[nine\\](x)." in made
    assert made.count("**Not on these pages.**") == 1
    assert "**Not read: the model does not know this language.**" in made
    assert talk.around(quote) == ("Before it. ", " After it.")
