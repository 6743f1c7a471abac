"""Lines from standard input or a file, one at a time, while the event loop stays free."""

from __future__ import annotations

import asyncio
import io
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO, TextIO, TypeVar

from browseagent.errors import UsageError

T = TypeVar("T")
LONGEST = 1_000_000
"""Bytes of a line; beyond it something else than lines is being given."""


async def lines_of(place: str, stdin: BinaryIO | None = None) -> AsyncIterator[bytes]:
    """The lines of a file, or of standard input for ``-``, each as soon as it is there.

    Raises UsageError where there is no such file, or a line is too long to be one.
    """
    source = (sys.stdin.buffer if stdin is None else stdin) if place == "-" else _opened(place)
    try:
        while line := await in_thread(lambda: source.readline(LONGEST + 1)):
            if len(line) > LONGEST:
                raise UsageError(f"a line of {place} has more than {LONGEST:,} bytes")
            yield line
    finally:
        if place != "-":
            source.close()


def _opened(place: str) -> BinaryIO:
    try:
        return Path(place).expanduser().open("rb")
    except (OSError, ValueError, RuntimeError) as error:
        raise UsageError(f"{place} cannot be read: {error}") from error


class Typed:
    """What a person types, or a pipe brings, line by line. On a terminal with a prompt, line editing and
    the lines typed before."""

    def __init__(self, stdin: TextIO | None = None, *, prompt: str = "? ") -> None:
        self._stdin = sys.stdin if stdin is None else stdin
        if isinstance(self._stdin, io.TextIOWrapper):
            self._stdin.reconfigure(encoding="utf-8", errors="replace")
        self._prompt = prompt
        self.terminal = self._stdin.isatty() and sys.stdout.isatty()
        """Whether a person types and sees the prompt."""
        if self.terminal:
            with suppress(ImportError):  # Python without readline: the terminal's own editing has to do
                import readline  # noqa: F401  input() uses it once it is imported

    async def line(self) -> str | None:
        """The next line without its end; None where there are no more."""
        return await in_thread(self._read)

    def _read(self) -> str | None:
        if self.terminal:
            with suppress(EOFError):
                return input(self._prompt)
            return None
        line = self._stdin.readline()
        return line.rstrip("\r\n") if line else None


@contextmanager
def terminal_kept() -> Iterator[None]:
    """Puts the terminal back as it was, however the block ends: line editing changes it while it waits."""
    try:
        import termios

        before = termios.tcgetattr(sys.stdin.fileno())
    except (ImportError, OSError, ValueError, termios.error):
        yield
        return
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin.fileno(), termios.TCSADRAIN, before)


async def in_thread(read: Callable[[], T]) -> T:
    """What ``read`` gives, from a thread that nobody waits for when the program is to end: a read from a
    terminal cannot be cancelled, and asyncio's own threads would hold the loop open until it returned."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[T] = loop.create_future()

    def settle(value: T | None, error: BaseException | None) -> None:
        if done.cancelled():
            return
        if error is not None:
            done.set_exception(error)
        else:
            done.set_result(value)  # type: ignore[arg-type]

    def work() -> None:
        value, failure = None, None
        try:
            value = read()
        except BaseException as error:  # noqa: BLE001  raised where it is waited for
            failure = error
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, value, failure)

    threading.Thread(target=work, name="lines", daemon=True).start()
    return await done
