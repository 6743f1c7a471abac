"""Which elements of a page are ordinary: nothing but their text, their place and their looks is to be read.

Most have no more than a tag, classes, an id and an address. What a tag and classes mean (hidden, struck out,
a formula, switched off) is found out once for all that have the same, by an element made for it.
"""

from __future__ import annotations

from lxml import etree

from browseagent.read.beside import beside, may_be_sign
from browseagent.read.dom import Element
from browseagent.read.formulas import formula_of, is_raised
from browseagent.read.tags import SKIPPED, is_mark
from browseagent.read.visibility import Shown, Visibility

SILENT = frozenset(("class", "colspan", "dir", "href", "id", "itemprop", "itemscope", "itemtype", "lang", "rel",
                    "rowspan", "tabindex", "target"))  # fmt: skip
"""Attributes by which nothing is hidden, drawn or said."""
_TOLD_WITHOUT_TEXT = frozenset(("a", "td", "th"))
"""Where there are no words, what these hold is told."""


class Ordinary:
    """Tells ordinary elements of one page from others."""

    def __init__(self, visibility: Visibility) -> None:
        self._visibility = visibility
        self._known: dict[tuple[str, str | None], bool] = {}

    def __contains__(self, element: Element) -> bool:
        if not SILENT.issuperset(element.keys()):
            return False
        make = element.tag, element.get("class")
        silent = self._known.get(make)
        if silent is None:
            silent = self._known[make] = self._is_silent(*make)
        if not silent or may_be_sign(element):
            return False
        if make[0] in _TOLD_WITHOUT_TEXT and not (element.text or "").strip():
            return False
        hidden = self._visibility.ids and element.get("id") in self._visibility.ids
        return not hidden and element not in self._visibility.matched

    def _is_silent(self, tag: str, names: str | None) -> bool:
        """Whether elements of a tag and classes are ordinary by these."""
        if tag in SKIPPED or not self._visibility.written.keys().isdisjoint((names or "").split()):
            return False
        like = etree.Element(tag, {"class": names or "", "href": "#"})
        like.text = "some words"
        shown = self._visibility.of(like)
        return (
            shown is Shown.SEEN
            and formula_of(like) is None
            and not (is_mark(like) or is_raised(like) or self._visibility.strikes(like))
            and not any(beside(like, shown, self._visibility, ""))
        )
