"""How long after a command was started a terminal shows the first line of what it does.

    python bench/first_line.py    # a minute

Each command is started on a terminal of its own, and ended when the first line has come. The processor's time
(user and system) until then is what holds on a busy machine; the wall clock is what a person sees.
"""

from __future__ import annotations

import os
import pty
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGE = str(ROOT / "fixtures" / "pages" / "news-tram-extension")
ROUNDS = 7
COMMANDS = (
    ("ask", "Who?", PAGE),
    ("chat", PAGE),
    ("summarize", PAGE),
    ("read", PAGE),
    ("crawl", "http://127.0.0.1:9/"),
    ("record", "http://127.0.0.1:9/", "--to", "nowhere"),
    ("watch", "check", "--all"),
)


def first_line(arguments: Sequence[str], home: str) -> tuple[float, float, bytes]:
    """Seconds of the wall clock and of the processor until the first line, and the line."""
    command = [sys.executable, "-m", "browseagent", *arguments]
    environment = {
        **os.environ,
        "BROWSEAGENT_HOME": home,
        "PYTHONPATH": str(ROOT),
        "TERM": "xterm-256color",
    }
    began = time.monotonic()
    child, terminal = pty.fork()
    if child == 0:
        os.execve(command[0], command, environment)
    shown = os.read(terminal, 200)
    seconds = time.monotonic() - began
    fields = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
    ticks = int(fields[11]) + int(fields[12])
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(terminal)
    return seconds, ticks / os.sysconf("SC_CLK_TCK"), shown


def main() -> None:
    print(f"{'command':<12} {'processor s':>12} {'wall s':>8}   (median of {ROUNDS})")
    with tempfile.TemporaryDirectory() as home:
        first_line(COMMANDS[0], home)
        for arguments in COMMANDS:
            rounds = [first_line(arguments, home) for _ in range(ROUNDS)]
            assert all(b"starting" in shown for _, _, shown in rounds), rounds
            wall = statistics.median(seconds for seconds, _, _ in rounds)
            processor = statistics.median(seconds for _, seconds, _ in rounds)
            print(f"{arguments[0]:<12} {processor:>12.2f} {wall:>8.2f}")


if __name__ == "__main__":
    main()
