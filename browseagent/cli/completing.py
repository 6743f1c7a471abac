"""What the tab key offers for a word: files for a source, the names of watches and of their groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import TYPE_CHECKING

import click
from click.shell_completion import CompletionItem

if TYPE_CHECKING:
    from browseagent.wiring import Kept


def files(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The shell's own completion of paths: a source may be a file, and nobody completes a URL."""
    return [CompletionItem(incomplete, type="file")]


def watches(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The watches whose names begin so, but for those that the line names already."""
    given = ctx.params.get(param.name or "")
    return _beginning(incomplete, lambda kept: kept.book.names(), given if isinstance(given, tuple) else ())


def groups(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The groups of watches whose names begin so."""
    return _beginning(incomplete, lambda kept: kept.book.groups())


def _beginning(
    incomplete: str, names: Callable[[Kept], Iterable[str]], without: tuple[str, ...] = ()
) -> list[CompletionItem]:
    from browseagent.errors import BrowseAgentError
    from browseagent.wiring import open_kept

    found: list[str] = []
    # A line that is being typed is no place for an error; the command itself tells it.
    with suppress(BrowseAgentError, OSError), open_kept() as kept:
        found += sorted(names(kept))
    return [CompletionItem(name) for name in found if name.startswith(incomplete) and name not in without]
