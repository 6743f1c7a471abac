"""Pipes, terminals, encodings and signals: how the command behaves where it is run."""

from __future__ import annotations

import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Sequence
from fcntl import ioctl
from pathlib import Path
from typing import Any

import pytest
from rich.cells import cell_len

from tests.command import SCRIPTED

Command = Callable[..., Any]
URL = "https://example.org/"
ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
COLOURS = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-7]|9[0-7]|38)(?:;\d+)*m")


def on_terminal(
    arguments: list[str], environment: dict[str, str], columns: int, command: Sequence[str] = SCRIPTED
) -> tuple[int, str]:
    """Runs the command with a terminal of that width; its status and what the terminal received."""
    main, side = pty.openpty()
    ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    without = {name: value for name, value in environment.items() if name != "COLUMNS"}
    process = subprocess.Popen(
        [*command, *arguments],
        stdin=side,
        stdout=side,
        stderr=side,
        env={"TERM": "xterm-256color", **without},
    )
    os.close(side)
    received = b""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if not select.select([main], [], [], 1)[0]:
            continue
        try:
            part = os.read(main, 65_536)
        except OSError:  # Linux says so when the other side is closed
            break
        if not part:
            break
        received += part
    os.close(main)
    return process.wait(timeout=10), received.decode("utf-8").replace("\r\n", "\n")


@pytest.mark.parametrize("source", ["answered", "not-found"])
def test_twenty_columns_are_enough(environment: dict[str, str], source: str) -> None:
    """On a terminal of 20 columns prose is wrapped to fit, wide characters too; links stay whole."""
    status, received = on_terminal(["ask", "What?", URL + source], environment, 20)
    assert status == (0 if source == "answered" else 3)
    shown = received[received.rindex("\r\x1b[2K") :] if "\r\x1b[2K" in received else received
    lines = ESCAPES.sub("", shown).replace("\r", "\n").split("\n")
    assert any("#:~:text=Adults%20pay" in line for line in lines)
    prose = [line for line in lines if "://" not in line and "example.org" not in line and "hint" not in line]
    told = [line for line in prose if "warning" not in line]
    assert max(cell_len(line.rstrip()) for line in told if line) <= 20
    assert "中文" in "".join(told)


def test_what_was_asked_is_a_line_each(environment: dict[str, str], scripted: Command) -> None:
    """Cut to the width of a terminal, whole in a pipe; the line that said "starting" is gone."""
    question = "What do the adults of the town and of the villages around it pay on a working day?"
    scripted("ask", question, URL + "answered")
    status, received = on_terminal(["history", "list"], environment, 60)
    (line,) = ESCAPES.sub("", received).strip().split("\n")
    assert status == 0 and line.endswith("…") and cell_len(line) == 60
    assert question in scripted("history", "list").out
    _, told = on_terminal(["ask", "What?", URL + "answered"], environment, 60)
    assert told.startswith("\r\x1b[2Kstarting …")
    assert "starting" not in told[told.rindex("\r\x1b[2K") :]


def test_colour_is_for_terminals_that_want_it(environment: dict[str, str], scripted: Command) -> None:
    """Colour on a terminal, none with NO_COLOR, and no escape at all in a pipe, even where forced."""
    arguments = ["ask", "What?", URL + "answered"]
    _, coloured = on_terminal(arguments, environment, 80)
    assert COLOURS.search(coloured)
    _, plain = on_terminal(arguments, {**environment, "NO_COLOR": "1"}, 80)
    assert not COLOURS.search(plain)
    assert "\x1b" not in scripted(*arguments, FORCE_COLOR="1").out


def test_a_link_is_one_of_the_terminals_where_it_shows_them(environment: dict[str, str]) -> None:
    """Where the terminal says that it knows links, the address is short and leads to the words; else, and in
    a multiplexer, the whole link is printed."""
    arguments = ["ask", "What?", URL + "answered"]
    for terminal in ({"TERM_PROGRAM": "WezTerm"}, {"VTE_VERSION": "7600"}, {"FORCE_HYPERLINK": "1"}):
        _, received = on_terminal(arguments, {**environment, **terminal}, 80)
        assert re.search(r"\x1b\]8;[^;]*;https://example\.org/#:~:text=Adults%20pay\x1b", received)
        assert "#:~:text" not in ESCAPES.sub("", received) and "  https://example.org/" in ESCAPES.sub(
            "", received
        )
    for terminal in ({}, {"TERM_PROGRAM": "WezTerm", "TMUX": "1"}, {"VTE_VERSION": "4800"}):
        _, received = on_terminal(arguments, {**environment, **terminal}, 80)
        assert "\x1b]8" not in received and "https://example.org/#:~:text=Adults%20pay" in received


def test_a_link_is_seen_on_every_theme(environment: dict[str, str]) -> None:
    """Underlined, but not the room before it, and in the bright blue, not in the one that is near black on
    dark themes."""
    for hyperlinks in ("0", "1"):
        shown = {**environment, "FORCE_HYPERLINK": hyperlinks}
        _, received = on_terminal(["ask", "What?", URL + "answered"], shown, 80)
        assert re.search(r"\n  (?:\x1b\]8[^\n]*)?\x1b\[4;94mhttps://example\.org/", received)
        assert "\x1b[34m" not in received


@pytest.mark.parametrize("columns", [20, 80])
def test_a_page_cannot_steer_the_terminal(environment: dict[str, str], columns: int) -> None:
    """Control characters of a page (here a colour and a bell) never arrive."""
    for arguments in (
        ["ask", "What?", URL + "answered"],
        ["read", URL + "read"],
        ["summarize", URL + "summary"],
    ):
        _, received = on_terminal([*arguments, "--quiet"], environment, columns)
        text = ESCAPES.sub("", received)
        assert "\x1b" not in text
        assert "\x9b" not in text
        assert "\x07" not in text
        assert "[31mred" in text.replace("\n", "")  # what is left of the page's own escape is text


@pytest.mark.parametrize(
    "variables", [{"LANG": "C"}, {"LC_ALL": "POSIX"}, {"LC_ALL": "C", "PYTHONUTF8": "0"}]
)
def test_utf8_in_every_locale(scripted: Command, variables: dict[str, str]) -> None:
    """Chinese and dashes come out in UTF-8 whatever the locale says, and so do error messages."""
    ended = scripted("ask", "Où?", URL + "answered", PYTHONCOERCECLOCALE="0", **variables)
    assert ended.status == 0
    assert "– 中文" in ended.out
    failed = scripted("ask", "Où?", "fehlt-völlig.html", "--json", PYTHONCOERCECLOCALE="0", **variables)
    assert failed.status == 2
    assert failed.json["error"]["message"]


def test_a_question_in_undecodable_bytes_does_not_crash(environment: dict[str, str]) -> None:
    """Bytes that are no UTF-8 in an argument are shown spelt out."""
    command = [*(word.encode() for word in SCRIPTED), b"ask", b"What \xff?", b"nowhere\xfe.html", b"--json"]
    ended = subprocess.run(command, capture_output=True, env=environment, timeout=60, check=False)
    assert ended.returncode == 2
    ended.stdout.decode("utf-8")


@pytest.mark.parametrize(
    "arguments", [["read", URL + "long", "--format", "text"], ["read", URL + "long", "--json"], ["--help"]]
)
def test_a_reader_that_goes_ends_it_quietly(environment: dict[str, str], arguments: list[str]) -> None:
    """``| head -1`` gets its line; the command says nothing and its status is that of its work."""
    process = subprocess.Popen(
        [*SCRIPTED, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
    )
    assert process.stdout is not None
    assert process.stderr is not None
    assert process.stdout.readline()
    process.stdout.close()
    errors = process.stderr.read()
    process.stderr.close()
    assert process.wait(timeout=60) == 0
    assert errors == b""


def test_a_reader_that_never_was(environment: dict[str, str]) -> None:
    """A pipe closed from the start, and streams closed by the caller, do no harm either."""
    inside, outside = os.pipe()
    os.close(inside)
    ended = subprocess.run(
        [*SCRIPTED, "read", URL + "read", "--quiet"],
        stdout=outside,
        stderr=subprocess.PIPE,
        env=environment,
        timeout=60,
        check=False,
    )
    os.close(outside)
    assert (ended.returncode, ended.stderr) == (0, b"")
    line = " ".join(f"'{word}'" for word in [*SCRIPTED, "read", URL + "read"])
    for closing in (">&-", "2>&-", ">&- 2>&-", "<&-"):
        closed = subprocess.run(f"{line} {closing}", shell=True, env=environment, timeout=60, check=False)
        assert closed.returncode == 0, closing


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_is_told(environment: dict[str, str]) -> None:
    """A result that could not be written is a failure, not a success."""
    with open("/dev/full", "wb") as full:  # noqa: PTH123
        ended = subprocess.run(
            [*SCRIPTED, "read", URL + "read"],
            stdout=full,
            stderr=subprocess.PIPE,
            env=environment,
            timeout=60,
            check=False,
        )
    assert ended.returncode == 1
    assert b"No space left" in ended.stderr
    assert b"Traceback" not in ended.stderr


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_closes_what_is_open(
    environment: dict[str, str], tmp_path: Path, number: signal.Signals
) -> None:
    """Ctrl-C, SIGTERM and a closed terminal cancel the work, the agent is closed, the status is 130,
    and standard output still holds one JSON document. A thread that still computes delays nothing."""
    mark = tmp_path / "closed"
    process = subprocess.Popen(
        [*SCRIPTED, "ask", "What?", URL + "hang", "--json", "-v"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env={**environment, "CLOSED_MARK": str(mark), "BUSY_THREAD": "1"},
        text=True,
        preexec_fn=lambda: signal.signal(
            number, signal.SIG_DFL
        ),  # nohup, which may run the tests, ignores one
    )
    assert process.stderr is not None
    assert "opening" in process.stderr.readline()
    process.send_signal(number)
    out, err = process.communicate(timeout=15)  # the thread would go on for 30 s
    assert process.returncode == 130
    assert mark.read_text(encoding="utf-8") == "closed"
    assert '"kind": "interrupted"' in out
    assert "Traceback" not in err


def test_a_signal_while_the_program_loads_is_no_traceback(environment: dict[str, str]) -> None:
    """Ctrl-C in the first moments ends it with status 130 and one JSON document, as later on."""
    program = """if True:
        import signal, sys
        class Presses:
            def find_spec(self, name, path=None, target=None):
                if name == "browseagent.cli.program":
                    signal.raise_signal(signal.SIGINT)
        sys.meta_path.insert(0, Presses())
        from browseagent.cli import main
        main()
    """
    ended = subprocess.run(
        [sys.executable, "-c", program, "ask", "What?", URL, "--json"],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ended.returncode, ended.stderr) == (130, "Interrupted.\n")
    assert '"kind": "interrupted"' in ended.stdout


def test_nohup_outlives_the_terminal(environment: dict[str, str], tmp_path: Path) -> None:
    """A hang-up that is to be ignored ends nothing; SIGTERM still does."""
    process = subprocess.Popen(
        ["sh", "-c", 'trap "" HUP; exec "$@"', "sh", *SCRIPTED, "ask", "What?", URL + "hang", "-v"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment,
        text=True,
    )
    assert process.stderr is not None
    assert "opening" in process.stderr.readline()
    process.send_signal(signal.SIGHUP)
    with pytest.raises(subprocess.TimeoutExpired):
        process.wait(timeout=1)
    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=15)
    assert process.returncode == 130
