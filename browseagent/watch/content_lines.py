"""Calendars and address cards (iCalendar, vCard) as the values that JSON has. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

KINDS = "(?:VCALENDAR|VCARD)"
"""Of documents, as a pattern."""
_BEGINS = re.compile(rf"\s*BEGIN:{KINDS}\b", re.I)
_FOLD = re.compile(r"\r?\n[ \t]")
_ESCAPED = re.compile(r"\\(.)")
_MADE = frozenset(("DTSTAMP",))
"""When a program wrote it down."""
_DEEPEST = 20


def is_content_lines(text: str) -> bool:
    """Whether a text is a calendar or an address card."""
    return bool(_BEGINS.match(text))


def components(text: str) -> Mapping[str, Any]:
    """The components by their kinds, lists of them; each property by its name, without when it was written
    down. What is not closed ends with the text."""
    top: dict[str, Any] = {}
    open_ones = [top]
    for line in _FOLD.sub("", text).splitlines():
        named, _, value = line.partition(":")
        name, _, parameters = named.partition(";")
        name = name.strip().upper()
        if name == "BEGIN" and len(open_ones) <= _DEEPEST:
            inner: dict[str, Any] = {}
            open_ones[-1].setdefault(value.strip().upper(), []).append(inner)
            open_ones.append(inner)
        elif name == "END":
            del open_ones[max(1, len(open_ones) - 1) :]
        elif name and name not in _MADE:
            said = " ".join(filter(None, (_ESCAPED.sub(_plain, value).strip(), parameters)))
            held = open_ones[-1].get(name)
            open_ones[-1][name] = said if held is None else f"{held}\n{said}"
    return top


def without_names(*sides: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
    """Two calendars without the names of their entries where they share none: a program that draws them anew
    each time keeps none."""
    names = [{each["UID"] for each in _entries(side) if "UID" in each} for side in sides]
    if not all(names) or not names[0].isdisjoint(names[1]):
        return sides
    for side in sides:
        for each in _entries(side):
            each.pop("UID", None)
    return sides


def _entries(value: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for held in value.values():
        if isinstance(held, list):
            for each in held:
                yield each
                yield from _entries(each)


def _plain(found: re.Match[str]) -> str:
    return "\n" if found[1] in "nN" else found[1]
