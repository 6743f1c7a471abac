"""What the tab key completes, in a real shell."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

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
