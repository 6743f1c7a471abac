"""``watch add``, ``pin``, ``resend`` and ``remove``."""

from __future__ import annotations

import json as json_module
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from browseagent.cli.completing import watches
from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.options import json_option
from browseagent.cli.options.reading import Reading
from browseagent.cli.options.session import new_profile
from browseagent.cli.options.sources import url_of
from browseagent.cli.options.watch import watch_options
from browseagent.cli.show import results as render
from browseagent.cli.show.streams import clean, one_line
from browseagent.config import default_settings
from browseagent.errors import UsageError, why_unread
from browseagent.forms import commands as command_forms
from browseagent.forms import results as forms
from browseagent.forms import watches as watch_forms
from browseagent.records.clock import utc_now
from browseagent.watch.changedetection import from_changedetection, joined
from browseagent.watch.definitions import Definitions, Step, checked, name_for, plan, read_toml, write_toml
from browseagent.watch.durations import duration_text
from browseagent.watch.foreign import Imported, paused_for
from browseagent.watch.judge import Memory
from browseagent.watch.settings import without_login
from browseagent.watch.urlwatch import from_urlwatch
from browseagent.wiring import Kept, open_kept, with_zone


@click.command()
@click.argument("url")
@click.option("--name", help="What to call it.  [default: from the URL]")
@click.option("--preview", is_flag=True, help="Show what would be watched, and add nothing.")
@json_option
@watch_options
@pass_invocation
def add(
    invocation: Invocation,
    url: str,
    name: str | None,
    preview: bool,
    json: bool,
    settings: dict[str, Any],
) -> int:
    """Watch the page at URL. Nothing is fetched yet: `watch run` or `watch check` does that."""
    settings = {"url": url_of(url), **settings}
    with open_kept() as kept:
        settings = with_zone(settings, kept)
        taken = set(kept.book.names()) if name is None else set()
        name = name or name_for(str(settings["url"]), taken)
        watch = kept.book.put(name, settings, utc_now(), new=True, dry=preview)
        if preview:
            from browseagent.cli.commands.watch_check import tried

            reading = Reading(default_settings(), json, quiet=False, verbose=False)
            return tried(invocation, reading, kept, watch, Memory(), text=True)
        told = new_profile(default_settings(), watch.profile or "")
        (entry,) = kept.book.entries([name])
    if json:
        invocation.streams.write(forms.dumps(watch_forms.shown(entry, [])))
        return 0
    how = f"at {watch.cron} ({watch.timezone})" if watch.cron else f"every {duration_text(watch.every or 0)}"
    invocation.streams.write(f"Watching {one_line(watch.url)} as {one_line(name)}, {how}.")
    if told:
        invocation.streams.tell(told)
    if not watch.notify:
        invocation.streams.tell("note: without --notify nobody is told; `watch history` shows what changed.")
    return 0


@click.command()
@click.argument("names", nargs=-1, required=True, metavar="NAME...", shell_complete=watches)
@json_option
@pass_invocation
def remove(invocation: Invocation, names: tuple[str, ...], json: bool) -> int:
    """Forget watches: their settings, history, snapshots and unsent alerts."""
    with open_kept() as kept:
        kept.book.own(names)  # all of them are known, or nothing is removed
        for name in dict.fromkeys(names):
            kept.book.remove(name)
    if json:
        invocation.streams.write(forms.dumps(command_forms.removed(names)))
    else:
        invocation.streams.write("\n".join(f"Removed {one_line(name)}." for name in dict.fromkeys(names)))
    return 0


@click.command()
@click.argument("name", shell_complete=watches)
@click.argument("snapshot", type=int)
@click.option("--off", is_flag=True, help="Let it go again.")
@json_option
@pass_invocation
def pin(invocation: Invocation, name: str, snapshot: int, off: bool, json: bool) -> int:
    """Keep a snapshot (its number is in `watch show`) whatever retention says."""
    with open_kept() as kept:
        kept.book.pin(name, snapshot, pinned=not off)
    if json:
        invocation.streams.write(forms.dumps(command_forms.pinned(name, snapshot, pinned=not off)))
        return 0
    invocation.streams.tell(f"Snapshot {snapshot} of {one_line(name)} {'may go' if off else 'stays'}.")
    return 0


@click.command()
@click.argument("name", required=False, shell_complete=watches)
@click.option("--all", "everything", is_flag=True, help="Of all watches.")
@json_option
@pass_invocation
def resend(invocation: Invocation, name: str | None, everything: bool, json: bool) -> int:
    """Give alerts that could not be sent another try; `watch run` sends them."""
    if everything == (name is not None):
        raise UsageError("give the name of a watch, or --all")
    with open_kept() as kept:
        watch_id = None if name is None else kept.book.entries([name])[0].id
        count = kept.outbox.revive(watch_id, utc_now())
    if json:
        invocation.streams.write(forms.dumps(command_forms.resent(count)))
        return 0
    invocation.streams.tell(f"{render.counted(count, 'alert')} will be sent again.")
    return 0


_LARGEST = 50_000_000
"""Bytes of a file to import; a backup of changedetection.io keeps its pages beside its settings."""


@click.command()
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="Write this file instead.")
@json_option
@pass_invocation
def export(invocation: Invocation, to: Path | None, json: bool) -> int:
    """Write all watches, groups and defaults as one commented TOML file."""
    with open_kept() as kept:
        found = stored(kept)
    if json:
        invocation.streams.write(forms.dumps(command_forms.exported(found)))
        return 0
    text = write_toml(found)
    if to is None:
        invocation.streams.write(text)
        return 0
    from browseagent.durable import write_atomically

    try:
        write_atomically(to, text.encode())
    except OSError as error:
        raise UsageError(f"{to} cannot be written: {error.strerror or error}") from error
    invocation.streams.tell(f"{to}: {render.counted(len(found.watches), 'watch', 'watches')}.")
    return 0


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--prune", is_flag=True, help="Also remove watches that the file does not name.")
@json_option
@pass_invocation
def import_(invocation: Invocation, file: Path, dry_run: bool, prune: bool, json: bool) -> int:
    """Take watches over from FILE: our TOML, a YAML file of urlwatch or webchanges, or a backup (zip) or
    url-watches.json of changedetection.io. What cannot be carried over is named."""
    new, left_out = _definitions(file)
    with open_kept() as kept:
        before = stored(kept)
        new, more = (new, []) if file.suffix == ".toml" else _without_unusable(new)
        new = replace(new, watches={name: without_login(own) for name, own in new.watches.items()})
        checked(new, before)
        steps = plan(new, before, prune=prune)
        if not dry_run:
            _apply(kept, steps)
    left_out = [*left_out, *more]
    if json:
        invocation.streams.write(forms.dumps(command_forms.imported(steps, left_out, dry_run=dry_run)))
    else:
        lines = [line for step in steps if step.kind != "same" for line in step.lines]
        invocation.streams.write(clean("\n".join(lines)) if lines else "Nothing changes.")
    for name, what in left_out:
        invocation.streams.tell(f"not carried over: {one_line(name)}: {one_line(what)}")
    if dry_run:
        invocation.streams.tell("This was a dry run: nothing was changed.")
    return 0


def stored(kept: Kept) -> Definitions:
    """What is stored, as definitions."""
    groups = kept.book.groups()
    defaults = groups.pop("", {})
    return Definitions(defaults, groups, kept.book.own())


def _apply(kept: Kept, steps: list[Step]) -> None:
    """Carries the steps out; every one was checked before. Doing it again does nothing more."""
    for step in steps:
        if step.kind == "same":
            continue
        if step.kind == "remove":
            kept.book.remove(step.name)
        elif step.what == "watch":
            kept.book.put(step.name, dict(step.after), utc_now())
        else:
            kept.book.put_group(step.name, dict(step.after), utc_now())


def _definitions(file: Path) -> tuple[Definitions, list[tuple[str, str]]]:
    try:
        if file.stat().st_size > _LARGEST and file.suffix != ".zip":
            raise UsageError(f"{file} is larger than {_LARGEST // 1_000_000} MB")
        if file.suffix in (".zip", ".json"):
            return _of(from_changedetection(_changedetection(file)))
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise UsageError(f"{file} cannot be read: {why_unread(error)}") from error
    if file.suffix in (".yaml", ".yml"):
        import yaml

        try:
            return _of(from_urlwatch(yaml.safe_load_all(text)))
        except yaml.YAMLError as error:
            raise UsageError(f"{file} is no YAML: {one_line(str(error))}") from error
    return read_toml(text), []


def _of(imported: Imported) -> tuple[Definitions, list[tuple[str, str]]]:
    return Definitions(watches=imported.watches), imported.left_out


def _changedetection(file: Path) -> dict[str, Any]:
    """The settings of a backup; nothing of the archive is unpacked to disk."""
    data: object
    if file.suffix == ".json":
        data = json_module.loads(file.read_text(encoding="utf-8"))
    else:
        with zipfile.ZipFile(file) as archive:
            data = _archived(archive, file)
    if not isinstance(data, dict) or "watching" not in data:
        raise UsageError(f"{file} is no backup of changedetection.io: it names no watches")
    return data


def _archived(archive: zipfile.ZipFile, file: Path) -> object:
    """The settings in an archive, as one file or, of later versions, as one for each watch and tag."""
    members: dict[str, list[str]] = {}
    for name in archive.namelist():
        members.setdefault(name.rpartition("/")[2], []).append(name)

    def read(name: str) -> Any:
        if archive.getinfo(name).file_size > _LARGEST:
            raise UsageError(f"{name} is larger than {_LARGEST // 1_000_000} MB")
        return json_module.loads(archive.read(name))

    def by_folder(name: str) -> dict[str, Any]:
        return {each.split("/")[-2]: read(each) for each in members.get(name, []) if "/" in each}

    if whole := members.get("changedetection.json"):
        return joined(read(whole[0]), by_folder("watch.json"), by_folder("tag.json"))
    if whole := members.get("url-watches.json"):
        return read(whole[0])
    raise UsageError(f"{file} is no backup of changedetection.io: url-watches.json is missing")


def _without_unusable(new: Definitions) -> tuple[Definitions, list[tuple[str, str]]]:
    """What came from another program, without the selectors that are none here: where there are such, paused,
    for another part of the page would be watched."""
    left_out: list[tuple[str, str]] = []
    kept = {}
    for name, settings in new.watches.items():
        usable = {key: value for key, value in settings.items() if not _unusable(key, value)}
        dropped = [key for key in settings if key not in usable]
        if dropped:
            usable["enabled"] = False
            left_out += [*((name, key) for key in dropped), (name, paused_for(dropped))]
        kept[name] = usable
    return Definitions(new.defaults, new.groups, kept), left_out


def _unusable(key: str, value: object) -> bool:
    from browseagent.read.elements import selector

    if key not in ("select", "exclude"):
        return False
    try:
        for text in value if isinstance(value, (list, tuple)) else [value]:
            selector(str(text))
    except ValueError:
        return True
    return False
