"""Which elements of a page are ordinary: nothing is to be read of them but their text, place and looks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache

from browseagent.read.beside import CONTROLS, TIPS, beside, may_be_sign, names_hidden, names_off
from browseagent.read.dom import Element
from browseagent.read.formulas import names_cents, names_drawn
from browseagent.read.pictures import PLAYED
from browseagent.read.tags import SKIPPED, names_mark
from browseagent.read.text import clean
from browseagent.read.visibility import MARK, STYLE, WRITTEN, Shown, Visibility, names_struck, names_unseen

TELLING = frozenset((
    *TIPS, MARK, STYLE, WRITTEN, "alt", "aria-current", "aria-disabled", "aria-hidden", "aria-label",
    "datetime", "disabled", "hidden", "inert", "open", "popover", "role", "shadowrootmode", "src", "style",
    "type",
))  # fmt: skip
"""Attributes by which something is hidden, drawn or said; no other is asked for where the tag and the classes
say nothing."""
_TELLING_TAGS = SKIPPED | PLAYED | CONTROLS | frozenset((
    "canvas", "data", "datalist", "del", "details", "dialog", "map", "math", "mjx-container", "s", "small",
    "strike", "sup",
))  # fmt: skip
_WITHOUT_TEXT = frozenset(("a", "td", "th"))
"""Of these it is told what they hold where that is no words."""


def is_ordinary(element: Element, visibility: Visibility) -> bool:
    """Whether an element is seen, begins no formula, is no mark, not struck out, and nothing is beside it."""
    tag = element.tag
    if tag in _TELLING_TAGS or not TELLING.isdisjoint(element.keys()) or may_be_sign(element):
        return False
    if tag in _WITHOUT_TEXT and not clean(element.text or "").strip():
        return False
    if (names := element.get("class")) and (_names_tell(names) or visibility.names(names)):
        return False
    return element not in visibility.matched and not (visibility.ids and element.get("id") in visibility.ids)


@lru_cache(maxsize=4096)
def _names_tell(names: str) -> bool:
    """Whether classes say more than how something looks."""
    return any(
        tell(names)
        for tell in (
            names_mark,
            names_unseen,
            names_hidden,
            names_off,
            names_struck,
            names_drawn,
            names_cents,
        )
    )


def beside_in(
    table: Element, visibility: Visibility, base: str, see: Callable[[Element], None]
) -> Iterator[str]:
    """What is beside the text within an element whose text is read as a whole; ``see`` is told of each
    element in it that people see."""
    hidden: set[Element] = set()
    for element in table.iterdescendants():
        if not hidden and is_ordinary(element, visibility):
            see(element)
            continue
        shown = visibility.of(element)
        if element.getparent() in hidden:
            hidden.add(element)
            continue
        if shown is Shown.HIDDEN:
            hidden.add(element)
        else:
            see(element)
        yield from beside(element, shown, visibility, base)
