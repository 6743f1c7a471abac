"""Watches of other programs as ours: what was carried over, and what could not be. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from browseagent.session_values import header, locale, user_agent


@dataclass(slots=True)
class Imported:
    """What was carried over: settings by name, and by name what was not."""

    watches: dict[str, dict[str, Any]] = field(default_factory=dict)
    left_out: list[tuple[str, str]] = field(default_factory=list)
    _else: dict[str, list[str]] = field(default_factory=dict)

    def name(self, wanted: str, url: str) -> str:
        """A name that is ours in form and not taken."""
        parts = urlsplit(url)
        plain = re.sub(r"[^\w .:/@+-]+", " ", wanted) or f"{parts.hostname or ''}{parts.path}"
        plain = " ".join(plain.split()).strip(" _.-:/@+")[:80] or "watch"
        name, number = plain, 1
        while name in self.watches:
            number += 1
            name = f"{plain} {number}"
        return name

    def lacks(self, name: str, what: str, *, needed: bool = False) -> None:
        """Names a setting that is not carried over; ``needed`` where without it something else would be
        checked than was meant."""
        self.left_out.append((name, what))
        if needed:
            self._else.setdefault(name, []).append(what.partition(";")[0])

    def paused(self) -> Imported:
        """The same, each watch that would check something else paused, and why."""
        for name, whats in self._else.items():
            if name in self.watches:
                self.watches[name]["enabled"] = False
                self.left_out.append((name, paused_for(whats)))
        return self


def paused_for(whats: list[str]) -> str:
    """Why a watch is imported paused."""
    return f"imported paused: without {', '.join(whats)} it would check something else"


_OWN = {"user-agent": "user_agent", "accept-language": "locale"}
"""Headers that are settings of their own."""


def import_headers(
    imported: Imported, name: str, headers: Mapping[Any, Any], settings: dict[str, Any]
) -> None:
    """Request headers; those that cannot be set are named."""
    for key, value in headers.items():
        own, said = _OWN.get(str(key).lower()), str(value)
        if own == "locale":
            said = re.split(r"[,;]", said)[0].strip()
        try:
            if own == "locale":
                settings[own] = locale(said)
            elif own:
                settings[own] = user_agent(said)
            else:
                settings["headers"] = [*settings.get("headers", []), ": ".join(header(str(key), said))]
        except ValueError as error:
            imported.lacks(name, f"the header {key}; {error}", needed=True)


def line_with(text: str) -> str:
    """The regular expression of a line that has some words."""
    return f".*{re.escape(text)}.*"
