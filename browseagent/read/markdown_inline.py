"""Words and links within one block as Markdown."""

from __future__ import annotations

import re
from collections.abc import Sequence

from browseagent.records import Link

_SPECIAL = re.compile(r"([\\`*_\[\]<>])")
_UNSAFE_IN_URL = {" ": "%20", "(": "%28", ")": "%29", "<": "%3C", ">": "%3E", "\n": "", "\t": ""}


def inline(text: str, start: int, end: int, links: Sequence[Link]) -> str:
    """A span of a text with its links; what Markdown would take for its own marks is escaped."""
    parts: list[str] = []
    position = start
    for link in links:
        if link.start < position or link.end > end:
            continue  # overlaps one before it
        parts.append(_SPECIAL.sub(r"\\\1", text[position : link.start]))
        url = "".join(_UNSAFE_IN_URL.get(c, c) for c in link.url)
        label = _SPECIAL.sub(r"\\\1", text[link.start : link.end])
        parts.append(f"[{label}]({url})")
        position = link.end
    parts.append(_SPECIAL.sub(r"\\\1", text[position:end]))
    return "".join(parts)
