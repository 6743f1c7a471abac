"""``watch export`` and ``watch import``."""

from __future__ import annotations

import json as json_module
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from browseagent.cli import json_output
from browseagent.cli.clean import clean, one_line
from browseagent.cli.invocation import Invocation, pass_invocation
from browseagent.cli.watch_world import Kept, now, open_kept
from browseagent.errors import UsageError
from browseagent.watch.changedetection import from_changedetection
from browseagent.watch.definitions import Definitions, Step, checked, plan, read_toml, write_toml
from browseagent.watch.foreign import Carried, paused_for
from browseagent.watch.settings import without_login
from browseagent.watch.urlwatch import from_urlwatch

_LARGEST = 50_000_000
"""Bytes of a file to import; a backup of changedetection.io keeps its pages beside its settings."""


@click.command()
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="Write this file instead.")
@click.option("--json", is_flag=True, help="Print one JSON document.")
@pass_invocation
def export(invocation: Invocation, to: Path | None, json: bool) -> int:
    """Write all watches, groups and defaults as one commented TOML file."""
    with open_kept() as kept:
        found = stored(kept)
    if json:
        document = {"schema": "browseagent.watch-file/1", **_plain(found), "error": None}
        invocation.streams.write(json_output.dumps(document))
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
    invocation.streams.tell(f"{len(found.watches)} watches are in {to}.")
    return 0


@click.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--dry-run", is_flag=True, help="Show what would change, and change nothing.")
@click.option("--prune", is_flag=True, help="Also remove watches that the file does not name.")
@click.option("--json", is_flag=True, help="Print one JSON document.")
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
        document = {
            "schema": "browseagent.watch-import/1",
            "dry_run": dry_run,
            "steps": [{"do": s.kind, "what": s.what, "name": s.name} for s in steps],
            "left_out": [{"watch": name, "what": what} for name, what in left_out],
            "error": None,
        }
        invocation.streams.write(json_output.dumps(document))
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
    return Definitions(defaults, groups, {entry.watch.name: entry.own for entry in kept.book.entries()})


def _apply(kept: Kept, steps: list[Step]) -> None:
    """Carries the steps out; every one was checked before. Doing it again does nothing more."""
    for step in steps:
        if step.kind == "same":
            continue
        if step.kind == "remove":
            kept.book.remove(step.name)
        elif step.what == "watch":
            kept.book.put(step.name, dict(step.after), now())
        else:
            kept.book.put_group(step.name, dict(step.after))


def _definitions(file: Path) -> tuple[Definitions, list[tuple[str, str]]]:
    try:
        if file.stat().st_size > _LARGEST and file.suffix != ".zip":
            raise UsageError(f"{file} is larger than {_LARGEST // 1_000_000} MB")
        if file.suffix in (".zip", ".json"):
            return _of(from_changedetection(_changedetection(file)))
        text = file.read_text(encoding="utf-8")
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise UsageError(f"{file} cannot be read: {error}") from error
    if file.suffix in (".yaml", ".yml"):
        import yaml

        try:
            return _of(from_urlwatch(yaml.safe_load_all(text)))
        except yaml.YAMLError as error:
            raise UsageError(f"{file} is no YAML: {one_line(str(error))}") from error
    return read_toml(text), []


def _of(carried: Carried) -> tuple[Definitions, list[tuple[str, str]]]:
    return Definitions(watches=carried.watches), carried.left_out


def _changedetection(file: Path) -> dict[str, Any]:
    """The settings of a backup; nothing of the archive is unpacked to disk."""
    data: object
    if file.suffix == ".json":
        data = json_module.loads(file.read_text(encoding="utf-8"))
    else:
        with zipfile.ZipFile(file) as archive:
            names = [name for name in archive.namelist() if name.rpartition("/")[2] == "url-watches.json"]
            if not names:
                raise UsageError(f"{file} is no backup of changedetection.io: url-watches.json is missing")
            if archive.getinfo(names[0]).file_size > _LARGEST:
                raise UsageError(f"{names[0]} is larger than {_LARGEST // 1_000_000} MB")
            data = json_module.loads(archive.read(names[0]))
    if not isinstance(data, dict) or "watching" not in data:
        raise UsageError(f"{file} is no backup of changedetection.io: it names no watches")
    return data


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


def _plain(found: Definitions) -> dict[str, Any]:
    return {
        "defaults": dict(found.defaults),
        "groups": {name: dict(settings) for name, settings in found.groups.items()},
        "watches": {name: dict(settings) for name, settings in found.watches.items()},
    }
