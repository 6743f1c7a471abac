"""Children that answer JSON lines, and programs that are run once: their seconds and peak memory."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DEADLINE = 1200.0
"""Seconds for one request or one run: a page of 10,000 words takes a minute to feed on a slow machine."""


class ChildError(Exception):
    """A child ended, or was ended at its deadline; says what it last wrote to standard error."""


class Child:
    """A process that is asked with a JSON line and answers with one. A context manager.

    Its first line says that it is ready (:attr:`ready`); where that is ``{"missing": …}`` it has ended.
    """

    def __init__(
        self, argv: Sequence[str], environment: Mapping[str, str] | None = None, root: Path = ROOT
    ) -> None:
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - closed in __exit__
        self._process = subprocess.Popen(
            argv,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._errors,
            text=True,
            env=child_environment(environment, root),
            cwd=root,
        )
        try:
            self.ready = self._receive()
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Child:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def ask(self, **request: Any) -> dict[str, Any]:
        """The child's answer. Raises :class:`ChildError`."""
        assert self._process.stdin is not None
        try:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
        except BrokenPipeError as error:
            raise ChildError(self._last_words()) from error
        return self._receive()

    def close(self) -> None:
        """Ends the child: by the end of its input, else by a signal."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()
        self._errors.close()

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        timer = threading.Timer(DEADLINE, self._process.kill)
        timer.start()
        try:
            line = self._process.stdout.readline()
        finally:
            timer.cancel()
        if not line:
            raise ChildError(self._last_words())
        answer: dict[str, Any] = json.loads(line)
        return answer

    def _last_words(self) -> str:
        self._process.kill()
        self._process.wait()
        self._errors.seek(0)
        lines = self._errors.read().decode("utf-8", "replace").strip().splitlines()
        return " / ".join(lines[-3:]) or f"it ended with status {self._process.returncode}"


@dataclass(frozen=True, slots=True)
class Run:
    """A program that was run to its end."""

    seconds: float
    peak_bytes: int
    status: int
    output: str


def run(argv: Sequence[str], environment: Mapping[str, str] | None = None, root: Path = ROOT) -> Run:
    """Runs a program; its peak is what the kernel counted for it (ours is less, and would count too)."""
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        began = time.perf_counter()
        process = subprocess.Popen(
            argv, stdout=output, stderr=errors, env=child_environment(environment, root), cwd=root
        )
        timer = threading.Timer(DEADLINE, process.kill)
        timer.start()
        try:
            _, status, usage = os.wait4(process.pid, 0)
        finally:
            timer.cancel()
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        output.seek(0)
        errors.seek(0)
        if process.returncode not in (0, 3):  # 3: the answer is not on the page
            raise ChildError(errors.read().decode("utf-8", "replace").strip()[-400:])
        told = output.read().decode("utf-8", "replace")
    return Run(seconds, usage.ru_maxrss * 1024, process.returncode, told)


def child_environment(more: Mapping[str, str] | None = None, root: Path = ROOT) -> dict[str, str]:
    """Ours, with a checkout (mostly this one) first, nothing asked of a hub, and byte code kept: as for a
    person, whose second run does not compile the program again."""
    environment = {**os.environ, "PYTHONPATH": str(root), "HF_HUB_OFFLINE": "1", **(more or {})}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment


def serve(ready: Callable[[], tuple[dict[str, Any], Callable[[dict[str, Any]], dict[str, Any]]]]) -> None:
    """The child's side: gets ready, says so, then answers lines until there are no more.

    What libraries print on standard output goes to standard error.
    """
    protocol = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)

    def tell(message: Mapping[str, Any]) -> None:
        protocol.write(json.dumps(message) + "\n")
        protocol.flush()

    try:
        about, answer = ready()
    except ModuleNotFoundError as error:
        tell({"missing": error.name})
        return
    tell(about)
    for line in sys.stdin:
        tell(answer(json.loads(line)))


def peak_bytes() -> int:
    """This process's peak resident memory: since :func:`forget_peak` where the system can, else ever."""
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text("ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def forget_peak() -> None:
    """Counts the peak from now on (Linux; elsewhere nothing happens)."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", "ascii")
