"""Words, links and marks within one block as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from browseagent.records import Link, Mark

_SPECIAL = re.compile(r"([\\`*_\[\]<>]|~(?=~))")
_UNSAFE_IN_URL = {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\n": "", "\t": ""}


def inline(text: str, start: int, end: int, links: Sequence[Link], marks: Sequence[Mark] = ()) -> str:
    """A span of a text with its links and marks; what Markdown would take for its own signs is escaped."""
    parts: list[str] = []
    position = start
    for link in links:
        if link.start < position or link.end > end:
            continue  # overlaps one before it
        parts.append(_marked(text, position, link.start, marks))
        url = "".join(_UNSAFE_IN_URL.get(c, c) for c in link.url)
        parts.append(f"[{_marked(text, link.start, link.end, marks)}]({url})")
        position = link.end
    parts.append(_marked(text, position, end, marks))
    return "".join(parts)


def _marked(text: str, start: int, end: int, marks: Sequence[Mark]) -> str:
    """A span without links: what is struck out between tildes, formulas as they are."""
    parts: list[str] = []
    position = start
    for mark in marks:
        first, last = max(start, mark.start), min(end, mark.end)
        words = text[first:last].strip()
        if first >= last or not words:
            continue
        at = text.index(words, first)
        parts.append(_escaped(text[position:at]))
        parts.append(_formula(words) if mark.kind == "formula" else f"~~{_escaped(words)}~~")
        position = at + len(words)
    parts.append(_escaped(text[position:end]))
    return "".join(parts)


def _formula(tex: str) -> str:
    """A formula between dollar signs, whatever it stood between."""
    if tex[:2] in ("\\(", "\\["):
        sign = "$" if tex[1] == "(" else "$$"
        return f"{sign}{tex[2:-2].strip()}{sign}"
    return tex


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
