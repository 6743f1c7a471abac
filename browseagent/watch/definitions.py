"""All watches, groups and defaults as one TOML file, and what taking one over would change. Pure."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

from browseagent.errors import UsageError
from browseagent.watch.records import Watch
from browseagent.watch.settings import layer_of, layered, watch_of

_HEAD = """\
# Watches of browseagent. Keep it in git, change it, and take it over again:
#     browseagent watch import FILE --dry-run      shows what would change
#     browseagent watch import FILE                changes it; twice is the same as once
# A watch's own settings win over its group's, and those over the defaults. Settings: url, every ("15m") or
# cron, timezone, between ("08:00-20:00"), select, exclude, ignore, strict, only ("added", "removed"), ask,
# when, about, notify, digest (cron), tags, confirm, via, timeout, profile, headers (["Name: value"]),
# basic ("user:password" in base64), user_agent, proxy, locale, clicks, wait_for, fail_after, keep, keep_for,
# keep_bytes, screenshots (megabytes of pictures), enabled, group.
# Targets of notify, headers and a proxy's address may hold passwords: then this file does too.
"""


@dataclass(frozen=True, slots=True)
class Definitions:
    """What is watched: settings by name, each with its own alone."""

    defaults: Mapping[str, Any] = field(default_factory=dict)
    groups: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    watches: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that taking a file over does."""

    kind: Literal["add", "change", "remove", "same"]
    what: Literal["defaults", "group", "watch"]
    name: str
    before: Mapping[str, Any] = field(default_factory=dict)
    after: Mapping[str, Any] = field(default_factory=dict)

    @property
    def lines(self) -> list[str]:
        """The step for a person, the settings that differ as TOML."""
        name = f" {self.name}" if self.name else ""
        out = [f"{self.kind} {self.what}{name}"]
        if self.kind == "same":
            return out
        for key in sorted({*self.before, *self.after}):
            old, new = self.before.get(key), self.after.get(key)
            if old != new:
                out += [f"  - {key} = {_shown(key, old)}"] if old is not None else []
                out += [f"  + {key} = {_shown(key, new)}"] if new is not None else []
        return out


def read_toml(text: str) -> Definitions:
    """The definitions of a file. Raises UsageError."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"this is no TOML: {error}") from error
    unknown = set(data) - {"defaults", "groups", "watches"}
    if unknown:
        hint = "It has the tables [defaults], [groups.NAME] and [watches.NAME]."
        raise UsageError(f"{sorted(unknown)[0]!r} is no table of such a file", hint=hint)
    for name in ("defaults", "groups", "watches"):
        _tables(name, data.get(name, {}), deep=name != "defaults")
    return Definitions(data.get("defaults", {}), data.get("groups", {}), data.get("watches", {}))


def write_toml(definitions: Definitions) -> str:
    """The definitions as a file, in the order of names; :func:`read_toml` reads them back."""
    parts = [_HEAD, _table("defaults", definitions.defaults)] if definitions.defaults else [_HEAD]
    for kind, tables in (("groups", definitions.groups), ("watches", definitions.watches)):
        parts += [_table(f"{kind}.{_key(name)}", tables[name]) for name in sorted(tables)]
    return "\n".join(parts)


def checked(new: Definitions, stored: Definitions) -> dict[str, Watch]:
    """The watches of a file over what is stored, each with its group's settings. Raises UsageError for
    the first mistake, before anything is changed; a stored watch that could not be read before either, and
    that the file does not name, is left out."""
    layer_of("defaults", new.defaults)
    for name, settings in new.groups.items():
        layer_of(f"group {name}", settings)
    whole = Definitions(
        new.defaults or stored.defaults, {**stored.groups, **new.groups}, {**stored.watches, **new.watches}
    )
    found = {}
    for name in whole.watches:
        try:
            found[name] = _watch(name, whole)
        except UsageError:
            if name in new.watches or _is_readable(name, stored):
                raise
    return found


def _watch(name: str, of: Definitions) -> Watch:
    """A watch with its group's settings and the defaults. Raises UsageError."""
    own = of.watches[name]
    group = own.get("group")
    if group is not None and group not in of.groups:
        raise UsageError(f"{name}: there is no group {group!r}")
    return watch_of(name, layered(of.defaults, of.groups.get(group or "", {}), own))


def _is_readable(name: str, of: Definitions) -> bool:
    try:
        return bool(_watch(name, of))
    except UsageError:
        return False


def plan(new: Definitions, stored: Definitions, *, prune: bool = False) -> list[Step]:
    """What taking a file over would do, groups before watches. ``prune`` also removes watches that the
    file does not name."""
    steps = []
    if new.defaults:
        steps.append(_step("defaults", "", stored.defaults or None, new.defaults))
    for name, settings in new.groups.items():
        steps.append(_step("group", name, stored.groups.get(name), settings))
    for name, settings in new.watches.items():
        steps.append(_step("watch", name, stored.watches.get(name), settings))
    if prune:
        gone = sorted(set(stored.watches) - set(new.watches))
        steps += [Step("remove", "watch", name, stored.watches[name], {}) for name in gone]
    return steps


def value_text(value: object) -> str:
    """A value as TOML."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(k)} = {value_text(v)}" for k, v in value.items()) + " }"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(value_text, value)) + "]"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    # JSON's strings are TOML's, but for DEL, which TOML wants escaped.
    return json.dumps(str(value), ensure_ascii=False).replace("\x7f", "\\u007f")


def shown_lines(settings: Mapping[str, Any]) -> list[str]:
    """Settings for a person, one a line."""
    return [f"{key} = {_shown(key, settings[key])}" for key in sorted(settings)]


def _shown(key: str, value: object) -> str:
    """A value for a person's eyes: without a password."""
    if key == "basic":
        return value_text("…")
    return (
        value_text(re.sub(r"(?<=://)[^/@]*@", "…@", value)) if isinstance(value, str) else value_text(value)
    )


def _step(
    what: Literal["defaults", "group", "watch"],
    name: str,
    before: Mapping[str, Any] | None,
    after: Mapping[str, Any],
) -> Step:
    if before is None:
        return Step("add", what, name, {}, after)
    return Step("same" if dict(before) == dict(after) else "change", what, name, before, after)


def _tables(name: str, value: object, *, deep: bool) -> None:
    if not isinstance(value, dict) or (deep and not all(isinstance(each, dict) for each in value.values())):
        raise UsageError(f"{name} is no table")


def _table(name: str, settings: Mapping[str, Any]) -> str:
    order = sorted(settings, key=lambda key: (key != "url", key != "group", key))
    return "\n".join([f"[{name}]", *(f"{key} = {value_text(settings[key])}" for key in order), ""])


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("-", "").replace("_", "").isalnum() else value_text(name)


def name_for(url: str, taken: set[str]) -> str:
    """A name for a watch of a URL that nobody has yet: its host and the last part of its path."""
    parts = urlsplit(url)
    last = parts.path.rstrip("/").rpartition("/")[2].partition(".")[0]
    host = (parts.hostname or "page").removeprefix("www.")
    plain = re.sub(r"[^\w.-]+", "-", f"{host}-{last}" if last else host).strip("-._")[:60] or "page"
    name, number = plain, 1
    while name in taken:
        number += 1
        name = f"{plain}-{number}"
    return name
