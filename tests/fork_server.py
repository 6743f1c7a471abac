"""A process that has the command loaded and forks for each run of it: a script, with a socket's number, and
with ``scripted`` after it for the command of ``cli/scripted_command.py``.

A line of JSON asks for a run: its arguments, folder and environment, and the files that are its standard
input, output and error. The answers are two lines: the run's process, and its exit status. What runs is the
command itself in a process of its own; only the second in which an interpreter starts and imports is
spared, and that in which it looks at its end through all that was imported (``gc.freeze``).
"""

from __future__ import annotations

import gc
import json
import os
import signal
import socket
import sys
import time

import browseagent.agent.agent
import browseagent.cli.commands.watch
import browseagent.cli.commands.watch_check
import browseagent.cli.options.session
import browseagent.model.openai
import browseagent.read
import browseagent.store.pages
import browseagent.store.watches
import browseagent.web  # noqa: F401
from browseagent.cli import main
from tests.cli.scripted_command import scripted


def serve(line: socket.socket) -> None:
    """Until the other side hangs up. Returns in the forked process, ready for the command."""
    with line, line.makefile("rw", encoding="utf-8") as asked:
        while request := asked.readline():
            child = os.fork()
            if not child:
                break
            print(child, file=asked, flush=True)
            _, status = os.waitpid(child, 0)
            print(os.waitstatus_to_exitcode(status), file=asked, flush=True)
    if not request:
        sys.exit()
    wanted = json.loads(request)
    sys.argv[1:] = wanted["arguments"]
    os.chdir(wanted["folder"])
    os.environ.clear()
    os.environ.update(wanted["environment"])
    time.tzset()
    for number, (path, flags) in enumerate(
        ((wanted["in"], os.O_RDONLY), (wanted["out"], os.O_WRONLY), (wanted["err"], os.O_WRONLY))
    ):
        opened = os.open(path, flags)
        os.dup2(opened, number)
        os.close(opened)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)
    number, *kind = sys.argv[1:]
    agent = scripted() if kind else None
    gc.freeze()
    serve(socket.socket(fileno=int(number)))
    main(agent)
