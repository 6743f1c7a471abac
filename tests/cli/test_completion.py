"""What the tab key completes, in a real shell."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.command import Command

PROGRAM = Path(sys.executable).with_name("browseagent")
ASKED = (
    (["wa"], ["watch"]),
    (["watch", "group", ""], ["add", "list", "remove"]),
    (["watch", "add", "--no"], ["--notify"]),
    (["ask", "--via", ""], ["auto", "http", "chromium"]),
)


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_bash_completes_commands_options_and_choices() -> None:
    """What `completion bash` prints is taken by bash, and names what may follow."""
    lines = ['eval "$(browseagent completion bash)"']
    for typed, _ in ASKED:
        words = shlex.join(["browseagent", *typed])
        lines += [
            f"COMP_WORDS=({words}) COMP_CWORD={len(typed)} COMPREPLY=()",
            "_browseagent_completion browseagent",
            'echo "${COMPREPLY[*]}"',
        ]
    environment = {**os.environ, "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}"}
    ended = subprocess.run(
        ["bash", "--norc", "-c", "\n".join(lines)],
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ended.stderr == ""
    assert [line.split() for line in ended.stdout.splitlines()] == [wanted for _, wanted in ASKED]


def offered(real: Command, *typed: str) -> list[str]:
    """What the program offers for the last of the words, by the protocol that each shell's script speaks."""
    words = {"COMP_WORDS": shlex.join(["browseagent", *typed]), "COMP_CWORD": str(len(typed))}
    ended = real(_BROWSEAGENT_COMPLETE="bash_complete", **words)
    assert ended.err == ""
    return ended.out.splitlines()


def test_paths_are_left_to_the_shell(real: Command) -> None:
    """A source may be a file, and so may what some options name; the shell completes those itself."""
    assert offered(real, "read", "fix") == ["file,fix"]
    assert offered(real, "ask", "How long?", "page.html", "oth") == ["file,oth"]
    assert offered(real, "ask", "--schema", "sch") == ["file,sch"]
    assert offered(real, "summarize", "--sources-from", "li") == ["file,li"]


def test_names_of_watches_and_groups_are_offered(real: Command) -> None:
    """Those that are kept and begin so; a name that the line has already is not offered again."""
    assert real("watch", "group", "add", "shops").status == 0
    for name in ("lamp", "lantern", "tent"):
        assert real("watch", "add", f"http://127.0.0.1:1/{name}", "--name", name).status == 0
    assert offered(real, "watch", "show", "la") == ["plain,lamp", "plain,lantern"]
    assert offered(real, "watch", "check", "lamp", "l") == ["plain,lantern"]
    assert offered(real, "watch", "add", "--group", "s") == ["plain,shops"]


def test_a_data_folder_that_cannot_be_opened_offers_nothing(
    real: Command, environment: dict[str, str]
) -> None:
    """The tab key shows no error in the line that is being typed."""
    home = Path(environment["BROWSEAGENT_HOME"])
    home.mkdir()
    (home / "pages.sqlite").write_text("this is no database of ours", encoding="utf-8")
    assert [line for line in offered(real, "watch", "show", "la") if line] == []


@pytest.mark.skipif(shutil.which("fish") is None, reason="there is no fish here")
def test_fish_says_all_of_what_a_command_does(tmp_path: Path) -> None:
    """A comma in what is said of a command does not end it."""
    environment = {
        **os.environ,
        "PATH": f"{PROGRAM.parent}:{os.environ['PATH']}",
        "BROWSEAGENT_HOME": str(tmp_path),
        "XDG_CONFIG_HOME": str(tmp_path),
        "XDG_DATA_HOME": str(tmp_path),
    }
    asked = 'browseagent completion fish | source; complete -C "browseagent watch gr"'
    ended = subprocess.run(
        ["fish", "--no-config", "-c", asked], env=environment, capture_output=True, text=True, timeout=120
    )
    assert ended.stdout == "group\tSettings that several watches share: add, list, remove.\n"
