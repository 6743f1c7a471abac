"""The options that say how a page is asked for and what of it is read: for every command that reads pages."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from browseagent.config import Settings
from browseagent.errors import UsageError
from browseagent.records import Elements
from browseagent.session import Cookie, Session
from browseagent.session_fields import FIELDS

_MOST_NAMED = 8
MAX_COOKIE_FILE = 10_000_000
"""Bytes of a cookie file: a browser keeps a few thousand cookies of at most 4 kB."""


Option = Callable[[Callable[..., int]], Callable[..., int]]
"""Adds an option to a command."""


class Checked(click.ParamType[Any]):
    """A value that one function reads, and refuses with a sentence."""

    def __init__(self, name: str, read: Callable[[str], Any]) -> None:
        self.name = name
        self._read = read

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        try:
            return self._read(value) if isinstance(value, str) else value
        except ValueError as error:
            self.fail(str(error), param, ctx)


def _page_selector(text: str) -> str:
    """A selector that Chromium is to match."""
    from browseagent.read.elements import check_syntax

    check_syntax(text)
    return text


def _document_selector(text: str) -> str:
    """A selector that is matched when a page is read."""
    from browseagent.read.elements import selector

    selector(text)
    return text


def with_options(options: Sequence[Option]) -> Option:
    """Adds several options to a command, in their order."""

    def add(command: Callable[..., int]) -> Callable[..., int]:
        for option in reversed(options):
            command = option(command)
        return command

    return add


_FILE = click.Path(path_type=Path, dir_okay=False)
_SELECTOR = Checked("selector", _page_selector)
_ELEMENT = Checked("css", _document_selector)


def _option(name: str) -> Option:
    """The option of a field of a session."""
    field = FIELDS[name]
    if not field.kind:
        return click.option(field.option, name, is_flag=True, help=field.help)
    kind: click.ParamType[Any] = _SELECTOR if field.kind == "selector" else _FILE
    if field.read is not None:
        kind = Checked(field.kind, field.read)
    return click.option(field.option, name, type=kind, multiple=field.many, help=field.help)


PROFILE = _option("profile")
WHO: tuple[Option, ...] = tuple(
    map(_option, ("user_agent", "contact", "proxy", "locale", "timezone", "viewport"))
)
"""Who asks and from where: also for ``browseagent login``."""
_OF_THE_PAGE = (
    click.option("--screenshot", type=_FILE, help="Write a picture (PNG) of the page as it is read."),
    click.option("--select", "only", type=_ELEMENT, multiple=True, help="Read these elements only."),
    click.option("--exclude", "without", type=_ELEMENT, multiple=True, help="Leave these elements out."),
)
SESSION_OPTIONS: tuple[Option, ...] = (*map(_option, FIELDS), *_OF_THE_PAGE)
SESSION_NAMES = (*FIELDS, "screenshot", "only", "without")


def session_settings(
    settings: Settings,
    *,
    cookies: Path | None,
    screenshot: Path | None,
    only: Sequence[str],
    without: Sequence[str],
    **given: Any,
) -> Settings:
    """The settings with what these options say in them."""
    if screenshot is not None and not screenshot.absolute().parent.is_dir():
        raise UsageError(f"there is no folder {screenshot.parent}", hint="Make it, or name another file.")
    session = session_of(settings.session, cookies=cookies_of(cookies), **given)
    if session.needs_browser and settings.via == "http":
        raise UsageError(
            f"{session.needs_browser} needs a browser, and --via http forbids it", hint="Give one of the two."
        )
    elements = Elements(tuple(only), tuple(without))
    return replace(settings, session=session, elements=elements, screenshot=screenshot)


def new_profile(settings: Settings, name: str) -> str:
    """What to say of a profile that is not there yet, for it may be a typing error; empty of one that is, and
    of none."""
    if not name:
        return ""
    from browseagent.store.profiles import Profiles

    others = Profiles(settings.profiles_path).names()
    if name in others:
        return ""
    shown = ", ".join(others[:_MOST_NAMED]) + (", …" if len(others) > _MOST_NAMED else "")
    return f"note: there was no profile {name!r}; a new one is made. Others: {shown or 'none'}"


def session_of(base: Session, **given: Any) -> Session:
    """A session with what was given in place of the base's. Raises UsageError for what cannot be."""
    return replace(base, **{name: value for name, value in given.items() if value not in (None, "", ())})


def cookies_of(file: Path | None) -> tuple[Cookie, ...]:
    """The cookies of a file. Raises UsageError that names the file and the line."""
    if file is None:
        return ()
    from browseagent.web.cookies import parse_cookie_file

    try:
        with file.open("rb") as opened:
            body = opened.read(MAX_COOKIE_FILE + 1)
        if len(body) > MAX_COOKIE_FILE:
            raise ValueError(f"it holds more than {MAX_COOKIE_FILE // 1_000_000} MB")
        cookies = parse_cookie_file(body.decode("utf-8"), time.time())
    except OSError as error:
        raise UsageError(
            f"--cookie-file {file} cannot be read: {error.strerror or error}", hint="Check the path."
        ) from None
    except UnicodeDecodeError:
        raise UsageError(f"--cookie-file {file} is no text", hint=_NETSCAPE) from None
    except ValueError as error:
        raise UsageError(f"--cookie-file {file}: {error}", hint=_NETSCAPE) from None
    if not cookies:
        raise UsageError(f"--cookie-file {file}: every cookie in it has expired", hint="Export it anew.")
    return cookies


_NETSCAPE = "Export cookies.txt in Netscape's format, as browsers' add-ons, curl and yt-dlp write it."
