"""``browseagent ask`` for typed answers: ``--type``, ``--schema``, ``--rows``."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import click

from browseagent.answer.typed.records import Extracted
from browseagent.cli.completing import files
from browseagent.cli.invocation import Invocation
from browseagent.cli.options.reading import Reading
from browseagent.cli.options.session import with_options
from browseagent.cli.options.sources import sources_of
from browseagent.cli.show import typed as typed_render
from browseagent.cli.show.streams import one_line
from browseagent.cli.working import told, worked
from browseagent.errors import BrowseAgentError, UsageError, why_unread
from browseagent.forms import results as forms
from browseagent.records import Failed

_MOST_SCHEMA = 1_000_000
"""Bytes of a schema file that are looked at; one beyond the limit of schemas is told as such."""


@dataclass(frozen=True, slots=True)
class TypedOptions:
    """What a typed answer must be, and how it is printed."""

    schema: str
    """As :meth:`browseagent.agent.agent.Agent.extract` takes it."""
    way: Literal["type", "schema", "rows"]
    csv: bool = False


_OPTIONS = (
    click.option(
        "--type",
        "type_",
        metavar="TYPE",
        help="Answer with a value: money, number, date, boolean, choice:one,other, list or text.",
    ),
    click.option(
        "--schema",
        metavar="FILE|JSON",
        shell_complete=files,
        help="Answer with JSON that fits this JSON Schema.",
    ),
    click.option("--rows", is_flag=True, help="The tables and listings of the pages, row by row."),
    click.option("--format", "format_", type=click.Choice(["csv"]), help="With --rows: the first as CSV."),
)


def typed_options(command: Callable[..., int]) -> Callable[..., int]:
    """Adds the options to a command, which gets them as one argument ``typed``; None without any."""

    @functools.wraps(command)
    def with_typed(*args: Any, **given: Any) -> int:
        values = {name: given.pop(name) for name in ("type_", "schema", "rows", "format_")}
        return command(*args, typed=_chosen(**values), **given)

    return with_options(_OPTIONS)(with_typed)


def _chosen(
    *, type_: str | None, schema: str | None, rows: bool, format_: Literal["csv"] | None
) -> TypedOptions | None:
    if sum((type_ is not None, schema is not None, rows)) > 1:
        raise UsageError("--type, --schema and --rows exclude each other", hint="Give one of them.")
    if format_ is not None and not rows:
        raise UsageError("--format is for --rows", hint="Add --rows.")
    if rows:
        return TypedOptions("rows", "rows", format_ == "csv")
    if schema is not None:
        return TypedOptions(_schema_text(schema), "schema")
    if type_ is not None:
        if type_.strip() == "rows" or "{" in type_:
            raise UsageError(f"{one_line(type_)!r} is no type of answer", hint="See browseagent ask --help.")
        return TypedOptions(type_, "type")
    return None


def _schema_text(given: str) -> str:
    """The JSON of a schema: as it is given, or from the file that is named."""
    if given.lstrip().startswith("{"):
        return given
    try:
        with Path(given).expanduser().open("rb") as file:
            text = file.read(_MOST_SCHEMA).decode("utf-8-sig")
    except (OSError, ValueError, RuntimeError) as error:
        hint = "Give a file, or the schema itself in braces."
        raise UsageError(
            f"the schema {one_line(given)} cannot be read: {why_unread(error)}", hint=hint
        ) from error
    if not text.lstrip().startswith("{"):
        raise UsageError(f"the schema, at #: {one_line(given)} holds no JSON object")
    return text


def ask_typed(
    invocation: Invocation, question: str, sources: tuple[str, ...], reading: Reading, typed: TypedOptions
) -> int:
    """Answers, prints and gives the exit status."""
    from browseagent.answer.typed.schema import wanted_of

    try:
        wanted_of(typed.schema, question)  # what is wrong with it is told before anything is opened
        opened = sources_of(sources)
        result = worked(
            invocation, reading, lambda agent: agent.extract(typed.schema, *opened, question=question)
        )
    except BrowseAgentError as error:
        result = Extracted(Failed(question=question, failure=error.info()))
    document = forms.typed(result, reading.settings.model)
    return told(
        invocation,
        reading,
        result.answer,
        document,
        lambda console: typed_render.extracted(console, result, typed.way),
        typed_render.notes(result, typed.way, typed.csv),
        typed_render.csv_of(result) if typed.csv and result.answer.error is None else None,
    )
