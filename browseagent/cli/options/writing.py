"""The options of models that write: where they are, in what manner they write, what if they fail."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

import click
from click.core import ParameterSource

from browseagent.cli.options.reading import Duration, Reading
from browseagent.cli.options.session import Checked, with_options
from browseagent.config import HELP, Settings
from browseagent.errors import UsageError
from browseagent.records import Manner

if TYPE_CHECKING:
    from browseagent.model.nearby import Nearby

_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")


def address(text: str) -> str:
    """The address of a server. Raises ValueError for what is none."""
    parts = urlsplit(text.strip())
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise ValueError(f"{text!r} is no address; write http://127.0.0.1:11434/v1")
    return text.strip().rstrip("/")


def tag(text: str) -> str:
    """The code of a language. Raises ValueError for what is none."""
    if not _TAG.fullmatch(text.strip()):
        raise ValueError(f"{text!r} is no code of a language; write de, fr or zh-Hans")
    return text.strip()


SERVER = (
    click.option(
        "--base-url", type=Checked("url", address), help="Where openai: models are.  [OPENAI_BASE_URL]"
    ),
    click.option("--model-timeout", type=Duration(), help="Deadline of a model that writes.  [default: 2m]"),
)
_WRITING = (
    *SERVER,
    click.option("--fallback", type=click.Choice(["embedded"]), help="What answers where the model fails."),
    click.option("--language", type=Checked("code", tag), help="Language to write in: de, fr, zh."),
    click.option(
        "--style",
        type=click.Choice(["bullets", "paragraph", "brief", "headline"]),
        help="Form of what is written.",
    ),
    click.option("--keep-unsupported", is_flag=True, help="Show, marked, what the pages do not carry."),
)


def writing_options(command: Callable[..., int]) -> Callable[..., int]:
    """Adds these options to a command that has the common ones; they go into its ``reading``."""

    @functools.wraps(command)
    def with_writing(
        *args: Any,
        reading: Reading,
        base_url: str | None,
        model_timeout: float | None,
        fallback: str | None,
        language: str | None,
        style: Literal["bullets", "paragraph", "brief", "headline"] | None,
        keep_unsupported: bool,
        **given: Any,
    ) -> int:
        settings = reading.settings
        if model_timeout is not None and model_timeout <= 0:
            raise UsageError("--model-timeout must be longer than nothing", hint="For example 2m.")
        if language or keep_unsupported:
            need_writer("--language" if language else "--keep-unsupported", settings)
        settings = replace(
            settings,
            server=replace(settings.server, base_url=base_url or settings.server.base_url),
            model_timeout=model_timeout or settings.model_timeout,
            fallback=fallback is not None,
            manner=Manner(language or "", style or "", keep_unsupported),
        )
        return command(*args, reading=replace(reading, settings=settings), **given)

    return with_options(_WRITING)(with_writing)


def need_writer(option: str, settings: Settings) -> None:
    """Raises UsageError where the model does not write, saying which would, of those on this machine."""
    from browseagent.model.nearby import nearby
    from browseagent.model.registry import WITHOUT_LOGITS
    from browseagent.model.writer_card import read_card

    name = settings.model
    if name.startswith(WITHOUT_LOGITS) or (name != "embedded" and read_card(settings, name) is not None):
        return
    lines = would_do(nearby(), settings)
    said = "the embedded one only points at words"
    if name != "embedded":
        said, lines = f"{name} was not measured to", [f"browseagent model eval {name}", *lines]
    raise UsageError(f"{option} is for models that write, and {said}", hint="\n".join(lines))


def would_do(found: Sequence[Nearby], settings: Settings) -> list[str]:
    """Lines for a person: each model of a server on this machine, how to name it, what it was measured to."""
    from browseagent.model.nearby import USUAL
    from browseagent.model.writer_card import read_card

    if not found:
        looked = f"No server of models answers on this machine (looked for: {', '.join(USUAL)})."
        return [f"{looked} docs/writers.md says how to have one."]
    lines = ["On this machine this would do:"]
    for each in found:
        there = replace(settings, server=replace(settings.server, base_url=each.base_url))
        card = read_card(there, f"openai:{each.model}")
        measured = "not measured yet" if card is None else card.verdict
        lines.append(f"{each.options}  ({each.server}; {measured})")
    return lines


SITE_PAGES = 8
"""Pages that --site reads at most where --max-pages does not say."""
_DOMAIN = re.compile(r"(?:\*\.)?(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]*|localhost", re.IGNORECASE)


def domain(text: str) -> str:
    """A domain as it is compared. Raises ValueError for what is none."""
    name = text.strip().rstrip(".").lower()
    if not _DOMAIN.fullmatch(name):
        raise ValueError(f"{text!r} is no domain; write example.org, without https:// and path")
    return name.removeprefix("*.")


_FOLLOWING = (
    click.option("--site", is_flag=True, help=HELP["site"]),
    click.option(
        "--allow-domain",
        "domains",
        type=Checked("domain", domain),
        multiple=True,
        help="Follow links to this domain too. May be repeated.",
    ),
)


def following_options(command: Callable[..., int]) -> Callable[..., int]:
    """Adds these options to a command that has the common ones; they go into its ``reading``."""

    @functools.wraps(command)
    def with_following(
        *args: Any, reading: Reading, site: bool, domains: tuple[str, ...], **given: Any
    ) -> int:
        context = click.get_current_context()
        settings = replace(reading.settings, allow_domains=domains, site=site)
        if site and context.get_parameter_source("max_pages") is ParameterSource.DEFAULT:
            settings = replace(settings, max_pages=SITE_PAGES)
        if domains and settings.max_pages == 1:
            raise UsageError(
                "--allow-domain is for links, and none are followed", hint="Add --site or --max-pages N."
            )
        return command(*args, reading=replace(reading, settings=settings), **given)

    return with_options(_FOLLOWING)(with_following)
