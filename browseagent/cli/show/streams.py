"""Standard output for the result and standard error for everything else; UTF-8, whatever the locale."""

from __future__ import annotations

import io
import os
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, TextIO

from browseagent.errors import BrowseAgentError

if TYPE_CHECKING:
    from rich.console import Console
import re


class OutputError(BrowseAgentError):
    """The result could not be written to standard output."""

    kind = "output"
    exit_status = 1


class Streams:
    """The two streams of a run. A reader that has gone (``| head -1``) ends output quietly."""

    def __init__(self, out: TextIO, err: TextIO) -> None:
        self._out = out
        self._err = err
        self._status = False  # whether a line of progress stands on the terminal
        self._drawing = threading.RLock()
        self.result_written = False
        """Whether a result was written, so that no failure is put behind it as a second one."""

        self.reader_gone = False
        """Whether nobody reads standard output any more, so that more work for it is wasted."""

    @classmethod
    def of_this_process(cls) -> Streams:
        """``sys.stdout`` and ``sys.stderr`` in UTF-8; a stream that the caller closed is a void."""
        sys.stdout = _in_utf8(sys.stdout)
        sys.stderr = _in_utf8(sys.stderr)
        return cls(sys.stdout, sys.stderr)

    @property
    def shows_progress(self) -> bool:
        """Whether a person watches standard error, on a terminal where a line can be written again."""
        return self._err.isatty() and os.environ.get("TERM") not in ("dumb", "unknown")

    def write(self, text: str) -> None:
        """Writes the result to standard output, ending it with a newline. Raises OutputError."""
        self._write(lambda: self._out.write(text if text.endswith("\n") else text + "\n"))

    def write_bytes(self, data: bytes) -> None:
        """Writes bytes to standard output as they are. Raises OutputError."""
        binary = getattr(self._out, "buffer", None)
        if binary is None:
            self.write(data.decode("utf-8", "replace"))
        else:
            self._write(lambda: binary.write(data))

    def print(self, draw: Callable[[Console], None]) -> None:
        """Writes what ``draw`` prints on a console that is as wide as the terminal."""
        self.write(self.drawn(draw))

    def drawn(self, draw: Callable[[Console], None]) -> str:
        """What ``draw`` prints: styled on a terminal, plain and without line breaks elsewhere."""
        from rich.console import Console

        terminal = self._out.isatty()
        console = Console(
            file=io.StringIO(),
            force_terminal=terminal,
            width=None if terminal else max(_columns(), 1),
            soft_wrap=not terminal,
            highlight=False,
            markup=False,
            emoji=False,
        )
        with console.capture() as capture:
            draw(console)
        text = capture.get()
        if terminal:
            return text
        return "\n".join(line.rstrip() for line in text.split("\n"))  # a table pads its last column

    def tell(self, text: str) -> None:
        """Writes a line for the person to standard error. Never fails: there is nobody to tell."""
        self._told(text + "\n")

    def show(self, words: str, after: str = "", *, newest: bool = False) -> None:
        """Puts a line on the terminal that watches standard error, in place of the one before it; no words
        take it away. What does not fit is left out: of ``newest`` words in front, else behind."""
        shown = _fitted(words, after, _width(self._err), newest) if words else ""
        with self._drawing:
            if words or self._status:
                self._told(shown)
            self._status = bool(words)

    def _told(self, text: str) -> None:
        with self._drawing:
            try:
                self._err.write(_NO_LINE + text if self._status or not text.endswith("\n") else text)
                self._err.flush()
            except (OSError, ValueError):
                _to_nowhere(self._err)
            self._status = False

    def reader_has_gone(self) -> None:
        """Sends what is still to come, and Python's own flush at the end, to nowhere."""
        self.reader_gone = True
        _to_nowhere(self._out)

    def flush(self) -> None:
        """Flushes both streams, whoever reads them."""
        for stream in (self._out, self._err):
            try:
                stream.flush()
            except (OSError, ValueError):
                _to_nowhere(stream)

    def _write(self, write: Callable[[], object]) -> None:
        self.result_written = True
        self.show("")
        try:
            write()
            self._out.flush()
        except BrokenPipeError:
            self.reader_has_gone()
        except OSError as error:
            self.reader_has_gone()
            reason = error.strerror or str(error)
            raise OutputError(f"standard output cannot be written: {reason}") from error


_NO_LINE = "\r\x1b[2K"
"""Takes away what stands on the line of the cursor."""


def _width(stream: TextIO) -> int:
    """Columns of the terminal of a stream."""
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):
        return 80


def _fitted(words: str, after: str, width: int, newest: bool) -> str:
    """A line that a terminal of that width does not break."""
    if words.isascii() and len(words) + len(after) < width:
        return words + after
    from rich.cells import cell_len, set_cell_size

    room = max(width - 1 - cell_len(after), 1)
    if cell_len(words) <= room:
        return words + after
    if not newest:
        return set_cell_size(words, room) + after
    label, _, said = words.partition(": ")
    while said and cell_len(f"{label}: …{said}") > room:
        said = said[1:]
    return set_cell_size(f"{label}: …{said}", room) + after


def _columns() -> int:
    """The width that the environment gives, where there is no terminal to ask."""
    named = os.environ.get("COLUMNS", "")
    return int(named) if named.isdecimal() else 80


def _in_utf8(stream: TextIO | None) -> TextIO:
    if stream is None:  # closed by the caller: `>&-`
        return _void()
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    return stream


def _to_nowhere(stream: TextIO) -> None:
    """Points a stream's file descriptor at the null device; what is buffered goes there too."""
    try:
        target = stream.fileno()
    except (OSError, ValueError):  # not a file of the system: nothing will be flushed to it
        return
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, target)
    os.close(null)


def _void() -> TextIO:
    return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123  lives as long as the process


# C0 but tab and newline, DEL and C1 (0x9b begins an escape sequence in a UTF-8 xterm too), the
# marks that change the direction of what follows, and lone surrogates (undecodable bytes).
_UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_ROWS = re.compile(r"\s*\t\s*")


def clean(text: str) -> str:
    """Without control characters; tabs and newlines stay."""
    return _SURROGATE.sub("�", _UNSAFE.sub("", text))


def one_line(text: str) -> str:
    """Clean, on one line, and with the cells of table rows set apart."""
    return " ".join(clean(_ROWS.sub(" | ", text.strip())).split())


def local_time(moment: datetime) -> str:
    """A moment by this machine's clock."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M:%S}"
