"""The options of following links: how far to look where the named pages do not answer."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import click
from click.core import ParameterSource

from browseagent.cli.options import Reading
from browseagent.cli.session_options import Checked, with_options
from browseagent.errors import UsageError

SITE_PAGES = 8
"""Pages that --site reads at most where --max-pages does not say."""
_DOMAIN = re.compile(r"(?:\*\.)?(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.)+[^\W\d_][\w-]*|localhost", re.IGNORECASE)


def domain(text: str) -> str:
    """A domain as it is compared. Raises ValueError for what is none."""
    name = text.strip().rstrip(".").lower()
    if not _DOMAIN.fullmatch(name):
        raise ValueError(f"{text!r} is no domain; write example.org, without https:// and path")
    return name.removeprefix("*.")


_OPTIONS = (
    click.option("--site", is_flag=True, help="Look through the site too: 8 pages, or --max-pages."),
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

    return with_options(_OPTIONS)(with_following)
