"""The numbers that a page shows beside the items of a numbered list."""

from __future__ import annotations

import re

from browseagent.read.dom import Element

_WHOLE = re.compile(r"\s*([+-]?\d{1,9})")


class Numbers:
    """Counts the items of one ``<ol>`` as HTML has it: from ``start``, upwards or down, and on from the
    ``value`` of an item."""

    __slots__ = ("_next", "_step")

    def __init__(self, element: Element) -> None:
        down = element.get("reversed") is not None
        first = _whole(element.get("start"))
        if first is None:
            first = sum(1 for _ in element.iterchildren("li")) if down else 1
        self._next, self._step = first, -1 if down else 1

    def next(self, item: Element) -> int:
        """The number of the next item."""
        said = _whole(item.get("value"))
        number = self._next if said is None else said
        self._next = number + self._step
        return number


def _whole(value: str | None) -> int | None:
    found = _WHOLE.match(value or "")
    return int(found[1]) if found else None
