"""The options common to every command that reads pages, and how their values are written."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from typing import Any, Literal

import click

from browseagent.cli.invocation import Invocation
from browseagent.cli.options import json_option
from browseagent.cli.options.session import (
    SESSION_NAMES,
    SESSION_OPTIONS,
    Option,
    new_profile,
    session_settings,
    with_options,
)
from browseagent.config import HELP, Settings, default_settings
from browseagent.errors import UsageError
from browseagent.watch.durations import parse_duration

_AGO = re.compile(r"(?:\d+(?:\.\d+)?[smhdw])+", re.I)


def parse_moment(text: str) -> datetime:
    """The moment of an ISO date or time, or of how long ago it was (``7d``). Without a zone it is local; a
    date alone means the end of that day. Raises ValueError."""
    written = text.strip()
    if _AGO.fullmatch(written):
        return datetime.now(UTC) - timedelta(seconds=parse_duration(written))
    try:
        moment = datetime.fromisoformat(written)
        if re.fullmatch(r"\d{4}-?\d{2}-?\d{2}|\d{4}-?W\d{2}-?\d", written):
            moment = datetime.combine(moment.date(), time.max)
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(f"{text!r} is not a date; write 2026-03-01, 2026-03-01T12:30 or 7d (ago)") from None


class Duration(click.ParamType[float]):
    """A length of time, in seconds."""

    name = "duration"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            return value if isinstance(value, float) else parse_duration(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class Moment(click.ParamType[datetime]):
    """A point in time."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> datetime:
        try:
            return value if isinstance(value, datetime) else parse_moment(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


class ModelName(click.ParamType[str]):
    """The name of a model: which kind, and which one of its kind."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        name = str(value)
        kind, _, rest = name.partition(":")
        if name == "embedded" or (kind in ("hf", "gguf", "openai", "ollama") and rest):
            return name
        self.fail(
            f"{name!r} is no model; write embedded, hf:REPO_OR_FOLDER, gguf:FILE, openai:MODEL or "
            "ollama:MODEL",
            param,
            ctx,
        )


def with_model(settings: Settings, name: str | None) -> Settings:
    """The settings with a model that was named; ``ollama:NAME`` is short for one behind Ollama's API here."""
    kind, _, rest = (name or settings.model).partition(":")
    if kind != "ollama":
        return replace(settings, model=name or settings.model)
    from browseagent.model.nearby import USUAL, base_url

    server = replace(settings.server, base_url=base_url(USUAL["Ollama"]))
    return replace(settings, model=f"openai:{rest}", server=server)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the common options say."""

    settings: Settings
    json: bool
    quiet: bool
    verbose: bool


_OPTIONS: tuple[Option, ...] = (
    json_option,
    click.option(
        "--model",
        type=ModelName(),
        help=HELP["model"],
    ),
    click.option("--via", type=click.Choice(["auto", "http", "chromium"]), help=HELP["via"]),
    click.option("--max-age", type=Duration(), help=HELP["max_age"]),
    click.option("--fresh", is_flag=True, help=HELP["fresh"]),
    click.option("--offline", is_flag=True, help=HELP["offline"]),
    click.option("--as-of", type=Moment(), help=HELP["as_of"]),
    click.option("--timeout", type=Duration(), help=HELP["timeout"]),
    click.option("--max-pages", type=click.IntRange(min=1), help=HELP["max_pages"]),
    click.option("--no-log", is_flag=True, help="Do not keep this question for `history`."),
    click.option("-q", "--quiet", is_flag=True, help="No progress and no warnings."),
    click.option("-v", "--verbose", is_flag=True, help="Each step on standard error."),
    click.option("--trace", type=click.Path(path_type=Path, dir_okay=False), help=HELP["trace"]),
    *SESSION_OPTIONS,
)
_OPTIONS_OF_RUN: tuple[Option, ...] = (
    *_OPTIONS[:2],
    click.option("--no-log", is_flag=True, hidden=True),  # what a watch asks is kept with the watch
    *_OPTIONS[10:13],
)
_NAMES_OF_RUN = ("json", "model", "no_log", "quiet", "verbose", "trace")
_NAMES = (
    "json model via max_age fresh offline as_of timeout max_pages no_log quiet verbose trace".split()  # noqa: SIM905
)


def reading_options(command: Callable[..., int]) -> Callable[..., int]:
    """Adds the common options to a command, which gets them as one argument ``reading``."""

    @functools.wraps(command)
    def with_reading(*args: Any, **given: Any) -> int:
        values = {name: given.pop(name) for name in _NAMES}
        session = {name: given.pop(name) for name in SESSION_NAMES}
        reading = _reading(**values)
        settings = session_settings(reading.settings, **session)
        told = new_profile(settings, session["profile"] or "")
        if told and not reading.quiet:
            _invocation().streams.tell(told)
        return command(*args, reading=replace(reading, settings=settings), **given)

    return with_options(_OPTIONS)(with_reading)


def _invocation() -> Invocation:
    """The run that a command is part of."""
    found = click.get_current_context().find_object(Invocation)
    assert found is not None  # the program gives one to every command
    return found


def hiding(*names: str) -> Callable[[click.Command], click.Command]:
    """Leaves common options out of the help of a command for which they do nothing. They stay accepted:
    a script gives the same ones to every command that reads pages."""

    def hide(command: click.Command) -> click.Command:
        for each in command.params:
            if isinstance(each, click.Option) and each.name in names:
                each.hidden = True
        return command

    return hide


def run_options(command: Callable[..., int]) -> Callable[..., int]:
    """Adds those of the common options that say nothing of pages: form, model, progress."""

    @functools.wraps(command)
    def with_run(*args: Any, **given: Any) -> int:
        values = {name: given.pop(name) for name in _NAMES_OF_RUN}
        silent: dict[str, Any] = dict.fromkeys(_NAMES) | {"fresh": False, "offline": False}
        return command(*args, reading=_reading(**(silent | values)), **given)

    return with_options(_OPTIONS_OF_RUN)(with_run)


def _reading(
    *,
    json: bool,
    model: str | None,
    via: Literal["auto", "http", "chromium"] | None,
    max_age: float | None,
    fresh: bool,
    offline: bool,
    as_of: datetime | None,
    timeout: float | None,
    max_pages: int | None,
    no_log: bool,
    quiet: bool,
    verbose: bool,
    trace: Path | None,
) -> Reading:
    if fresh and (offline or as_of is not None):
        other = "--offline" if offline else "--as-of"
        raise UsageError(f"--fresh asks the server, and {other} forbids it", hint="Give one of the two.")
    if timeout is not None and timeout <= 0:
        raise UsageError("--timeout must be longer than nothing", hint="For example --timeout 30s.")
    given = {
        "via": via,
        "max_age": max_age,
        "as_of": as_of,
        "timeout": timeout,
        "max_pages": max_pages,
        "trace": trace,
    }
    chosen: dict[str, Any] = {name: value for name, value in given.items() if value is not None}
    settings = replace(with_model(default_settings(), model), fresh=fresh, offline=offline, **chosen)
    settings = replace(settings, log=settings.log and not no_log)
    return Reading(settings, json, quiet, verbose)
