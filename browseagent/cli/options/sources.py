"""What a person named on the command line: a URL, a file, or standard input."""

from __future__ import annotations

import asyncio
import io
import ipaddress
import re
import sys
import threading
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO, TextIO, TypeVar
from urllib.parse import urlsplit

import click

from browseagent.cli.completing import files
from browseagent.cli.invocation import Source
from browseagent.cli.show.streams import one_line
from browseagent.errors import UsageError, why_unread
from browseagent.records import STANDARD_INPUT, Page

MAX_STDIN = 64_000_000
"""Bytes taken from standard input; beyond it something else than a page is being piped."""

MAX_LIST = 1_000_000
"""Bytes of a list of sources."""

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_HOST = re.compile(r"(?:[^\W_](?:[\w-]*[^\W_])?\.)+[^\W\d_][\w-]*\.?", re.UNICODE)
# Endings that are more likely those of a file with a typing error than of a site.
_FILE_ENDINGS = {"html", "htm", "xhtml", "mhtml", "pdf", "txt", "md", "json", "xml", "csv", "rss", "atom"}


sources_from_option = click.option(
    "--sources-from",
    metavar="FILE|-",
    shell_complete=files,
    help="More sources, one a line, from a file or standard input; # begins a remark.",
)


def listed(arguments: Sequence[str], sources_from: str | None) -> tuple[str, ...]:
    """The arguments and the lines of the file (``-``: standard input) as arguments. Raises UsageError where
    there are none, or standard input is named twice."""
    lines = [] if sources_from is None else _lines_of(sources_from)
    if sources_from == "-" and "-" in arguments:
        raise UsageError(
            "standard input can be read once", hint="It is a page for -, and a list for --sources-from -."
        )
    if "-" in lines:
        raise UsageError(f"{one_line(sources_from or '')} names - as a source", hint="Give - as an argument.")
    if not arguments and not lines:
        raise click.UsageError(
            "Missing argument 'SOURCE...'." if sources_from is None else "no source is listed"
        )
    return (*arguments, *lines)


def _lines_of(place: str) -> list[str]:
    try:
        if place == "-":
            data = sys.stdin.buffer.read(MAX_LIST + 1)
        else:
            with Path(place).expanduser().open("rb") as file:
                data = file.read(MAX_LIST + 1)
        text = data.decode("utf-8-sig")
    except (OSError, ValueError, RuntimeError) as error:
        raise UsageError(f"the sources in {one_line(place)} cannot be read: {why_unread(error)}") from error
    if len(data) > MAX_LIST:
        raise UsageError(f"{one_line(place)} is no list of sources: it has more than {MAX_LIST:,} bytes")
    lines = [line.strip() for line in text.splitlines()]
    return [line for line in lines if line and not line.startswith("#")]


def sources_of(arguments: Sequence[str], stdin: BinaryIO | None = None) -> list[Source]:
    """The sources of the arguments, in order. Raises UsageError for what is no source."""
    if arguments.count("-") > 1:
        raise UsageError("standard input can be read once", hint="Give - once.")
    return [
        _from_stdin(sys.stdin.buffer if stdin is None else stdin) if word == "-" else source_of(word)
        for word in arguments
    ]


def source_of(argument: str) -> str | Path:
    """The URL or the path that an argument means. Raises UsageError where it means neither."""
    if _SCHEME.match(argument):
        return _of_url(argument)
    try:
        path = Path(argument).expanduser()
        if argument and path.is_dir() and not (path / "page.json").is_file():
            raise UsageError(
                f"{one_line(argument)} is a folder", hint="Name a file in it, or a folder that `record` made."
            )
        if argument and path.exists():
            return path
    except (OSError, ValueError, RuntimeError):
        pass  # no possible file name, or no such home folder: it may still be a bare domain
    return _of_bare_domain(argument)


def names_source(argument: str) -> bool:
    """Whether an argument names a page: a URL, a file that is there, a bare domain, or ``-``."""
    try:
        return argument == "-" or bool(source_of(argument))
    except UsageError:
        return False


def url_of(argument: str) -> str:
    """The URL that an argument means where only a URL can be meant. Raises UsageError."""
    hint = "Give an http:// or https:// URL."
    if _SCHEME.match(argument):
        found = _of_url(argument)
        if isinstance(found, Path):
            raise UsageError(f"{one_line(argument)} is a file", hint=hint)
        return found
    try:
        return _of_bare_domain(argument)
    except UsageError as error:
        raise UsageError(f"'{one_line(argument)}' is no URL", hint=hint) from error


def _of_url(argument: str) -> str | Path:
    scheme = argument.split("://", 1)[0].lower()
    try:
        parts = urlsplit(argument)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        raise UsageError(f"{one_line(argument)} is no URL: {error}") from error
    if scheme == "file":
        from urllib.request import url2pathname  # loads what speaks HTTP and TLS

        path = Path(url2pathname(parts.path))  # by the rules of this system: file:///C:/… on Windows
        if host not in (None, "", "localhost") or not path.is_file():
            raise UsageError(f"there is no file {one_line(argument)}")
        return path
    if scheme not in ("http", "https"):
        raise UsageError(
            f"{one_line(argument)}: {scheme} is not supported",
            hint="Give an http:// or https:// URL, or a file.",
        )
    argument = "%20".join(argument.split())
    if not host or re.search(r"\s|%20", host):
        raise UsageError(f"'{one_line(argument)}' is no URL", hint="It looks like https://example.org/page.")
    return argument


def _of_bare_domain(argument: str) -> str:
    """``example.org/page`` with https before it; ``localhost:8000`` and addresses with http."""
    authority = re.split(r"[/?#]", argument, maxsplit=1)[0]
    host = re.sub(r":\d+$", "", authority)
    if host == "localhost" or _is_address(host):
        return f"http://{argument}"
    looks_like_file = authority == argument and host.rpartition(".")[2].lower() in _FILE_ENDINGS
    if _HOST.fullmatch(host) and not looks_like_file and not re.search(r"\s", argument):
        return f"https://{argument}"
    shown = one_line(argument)
    hint = "A source is a URL, a path to a saved page or PDF, or - for standard input."
    if looks_like_file and _HOST.fullmatch(host):
        hint = f"For the site of that name, write https://{shown}"
    elif re.search(r"\s", argument):
        hint = "The question comes first, in quotation marks; sources come after it."
    raise UsageError(f"there is no file '{shown}', and it is no URL", hint=hint)


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return False
    return True


def _from_stdin(stdin: BinaryIO) -> Page:
    from browseagent.web.file import page_from_bytes

    body = stdin.read(MAX_STDIN + 1)
    if len(body) > MAX_STDIN:
        raise UsageError(f"standard input holds more than {MAX_STDIN // 1_000_000} MB")
    if not body.strip():
        raise UsageError("standard input is empty", hint="Pipe a page into it: curl … | browseagent read -")
    return page_from_bytes(body, url=STANDARD_INPUT)


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
        raise UsageError(f"{place} cannot be read: {why_unread(error)}") from error


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
    put_back = _as_it_is()
    try:
        yield
    finally:
        put_back()


def _as_it_is() -> Callable[[], object]:
    """What makes of the terminal what it is now. Windows does that by itself, and has no termios."""
    if sys.platform != "win32":
        with suppress(ImportError):
            import termios

            with suppress(OSError, ValueError, termios.error):
                number = sys.stdin.fileno()
                return partial(termios.tcsetattr, number, termios.TCSADRAIN, termios.tcgetattr(number))
    return lambda: None


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
