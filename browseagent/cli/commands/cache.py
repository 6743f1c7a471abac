"""``browseagent cache``: look at the stored versions of pages, compare them, clear them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal

import click

from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.options import json_option
from browseagent.cli.options.reading import Duration, Moment
from browseagent.cli.options.sources import url_of
from browseagent.cli.show import results as render
from browseagent.cli.show.streams import local_time, one_line
from browseagent.config import default_settings
from browseagent.errors import UsageError
from browseagent.forms import commands as command_forms
from browseagent.forms import results as forms
from browseagent.forms import stored as stored_forms
from browseagent.records import Document, Page
from browseagent.store.port import Version
from browseagent.wiring import open_pages

if TYPE_CHECKING:
    from browseagent.store.pages import SqlPageStore


@click.group()
def cache() -> None:
    """Stored page versions: list, show, history, diff, clear."""


@cache.command("list")
@json_option
@pass_invocation
def list_(invocation: Invocation, json: bool) -> int:
    """List the stored pages, the most recently seen first."""
    with open_pages() as store:
        pages, size = store.pages(), store.size()
    if json:
        invocation.streams.write(forms.dumps(stored_forms.cache_list(pages, size)))
        return 0
    now = datetime.now(UTC)
    lines = []
    for page in pages:
        count = render.counted(page.versions, "version")
        seen = f"seen {render.age((now - page.last_seen).total_seconds())}"
        held = ["held by a watch"] if page.held else []
        facts = ", ".join([count, render.size(page.bytes), seen, *held])
        lines += [one_line(page.url), *([f"  {one_line(page.title)}"] if page.title else [])]
        lines += [*([f"  with {one_line(page.variant)}"] if page.variant else []), f"  {facts}"]
    if lines:
        invocation.streams.write("\n".join(lines))
    kept = f"{render.counted(size.pages, 'page')}, {render.counted(size.versions, 'version')}"
    total = f"{kept}, {render.size(size.bytes)}"
    invocation.streams.tell(f"{total} of at most {render.size(size.max_bytes)}")
    return 0


@cache.command()
@click.argument("url")
@click.option("--as-of", type=Moment(), help="The version that was current then.")
@click.option("--version", "number", type=int, help="The version with this number; see `cache history`.")
@click.option("--format", "form", type=click.Choice(["md", "text", "json", "html", "raw"]), default="md")
@json_option
@pass_invocation
def show(
    invocation: Invocation,
    url: str,
    as_of: datetime | None,
    number: int | None,
    form: Literal["md", "text", "json", "html", "raw"],
    json: bool,
) -> int:
    """Print the readable text of a stored page; with --format raw its body as it was received."""
    from browseagent.cli.commands.read import rendered

    if number is not None and as_of is not None:
        raise UsageError("--version and --as-of exclude each other")
    key = url_of(url)
    with open_pages() as store:
        page = (
            store.latest(key, variant=_plain(), as_of=as_of)
            if number is None
            else store.version_page(_version(store, key, number).id)
        )
        others = [] if page is not None else store.history(key)
    if page is None:
        raise _not_stored(key, as_of, otherwise=bool(others))
    if json:
        form = "json"
    if form == "raw":
        invocation.streams.write_bytes(page.body)
    else:
        invocation.streams.write(rendered(_read(page), form))
    return 0


@cache.command()
@click.argument("url")
@json_option
@pass_invocation
def history(invocation: Invocation, url: str, json: bool) -> int:
    """List the stored versions of a page, newest first."""
    key = url_of(url)
    with open_pages() as store:
        versions = store.history(key)
    if not versions:
        raise _not_stored(key)
    if json:
        invocation.streams.write(forms.dumps(stored_forms.history(versions[0].url, versions)))
        return 0
    for version in versions:
        seen = f"{local_time(version.first_seen)} to {local_time(version.last_seen)}"
        facts = f"{render.size(version.bytes)}, {version.via}, {version.sha256[:12]}"
        how = f"\n    with {one_line(version.variant)}" if version.variant else ""
        invocation.streams.write(f"{version.id}  {seen}  {facts}{how}")
    return 0


@cache.command()
@click.argument("url")
@click.argument("before", type=int, required=False)
@click.argument("after", type=int, required=False)
@json_option
@pass_invocation
def diff(invocation: Invocation, url: str, before: int | None, after: int | None, json: bool) -> int:
    """Show how the text of a page changed between two versions (by number; default: the last two)."""
    from browseagent.watch.compare import compare

    key = url_of(url)
    with open_pages() as store:
        versions = store.history(key, variant=_plain())
        if not versions and (others := store.history(key)):
            versions = store.history(key, variant=others[0].variant)
        if not versions:
            raise _not_stored(key)
        if before is None and len(versions) < 2:
            raise UsageError(f"only one version of {key} is stored", hint="There is nothing to compare.")
        old = versions[1] if before is None else _version(store, key, before)
        new = versions[0] if after is None else _version(store, key, after)
        pages = [store.version_page(each.id) for each in (old, new)]
    documents = [_read(page) for page in pages if page is not None]
    if len(documents) < 2:
        raise UsageError("one of the versions was dropped meanwhile", hint="Try again.")
    change = compare(documents[0], documents[1])
    if json:
        document = stored_forms.diff(old, new, change.differences)
        invocation.streams.write(forms.dumps(document))
    elif change.changed:
        invocation.streams.print(lambda console: render.hunks(console, change.differences))
    else:
        invocation.streams.tell(f"The text of versions {old.id} and {new.id} is the same.")
    return 0


@cache.command()
@click.argument("urls", nargs=-1, metavar="[URL]...")
@click.option("--older-than", type=Duration(), help="Versions not seen for this long, such as 30d.")
@click.option("--all", "everything", is_flag=True, help="Every version of every page.")
@json_option
@pass_invocation
def clear(
    invocation: Invocation, urls: tuple[str, ...], older_than: float | None, everything: bool, json: bool
) -> int:
    """Drop stored versions, by page, by age, or all. What a watch holds stays."""
    if everything == bool(urls or older_than is not None):
        raise UsageError("say what to clear: pages by URL, --older-than, or --all alone")
    before = None if older_than is None else datetime.now(UTC) - timedelta(seconds=older_than)
    with open_pages() as store:
        done = store.clear(urls=[url_of(url) for url in urls] or None, before=before)
    if json:
        invocation.streams.write(forms.dumps(command_forms.cleared(done)))
        return 0
    kept = f"; {done.held} held by a watch stay" if done.held else ""
    dropped = render.counted(done.versions, "version")
    invocation.streams.write(f"Dropped {dropped}, {render.size(done.bytes)}{kept}.")
    return 0


def _plain() -> str:
    """How pages are asked for without any option (a contact address may be in the environment)."""
    return default_settings().session.variant()


def _read(page: Page) -> Document:
    from browseagent.read import read_page

    return read_page(page)


def _version(store: SqlPageStore, url: str, number: int) -> Version:
    found = next((version for version in store.history(url) if version.id == number), None)
    if found is None:
        raise UsageError(
            f"{url} has no version {number}", hint=f"`browseagent cache history {url}` lists them."
        )
    return found


def _not_stored(url: str, as_of: datetime | None = None, *, otherwise: bool = False) -> UsageError:
    when = f" as of {local_time(as_of)}" if as_of else ""
    if otherwise:
        return UsageError(
            f"{url} is stored{when} only as it was read with other options",
            hint=f"`browseagent cache history {url}` lists how; --version NUMBER shows one.",
        )
    return UsageError(f"no version of {url} is stored{when}", hint="`browseagent cache list` lists pages.")
