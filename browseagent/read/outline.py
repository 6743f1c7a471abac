"""The parts of a page that a person may choose, each with a CSS selector that matches it alone.

Made of the same tree that :mod:`browseagent.read.elements` matches selectors in. A part is an element that
holds text: a block, or a piece of a line that the page names. What holds nothing but one part is no part of
its own. Nothing of the page's markup is in it but names of elements, ids and classes that are plain words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from browseagent.read.dom import Element, attribute, parse, text_of
from browseagent.read.media import Media, media_of_page, text_of_page
from browseagent.read.tags import SKIPPED, is_block
from browseagent.read.visibility import Shown, Visibility, visibility_of
from browseagent.records import Page

MOST = 500
"""Parts of a page; what comes after them is text of the part around it."""
DEEPEST = 12
"""Parts within parts."""
_DOWN = 150
"""Elements within elements that are looked into; beneath it all is text."""
_PLAIN = re.compile(r"(?=[A-Za-z])(?!.*[0-9]{3})(?!.*[0-9a-f]{8})[\w-]{2,40}", re.ASCII)
"""An id or a class that a person may have written: one with a long number or a hash is another tomorrow."""
_TAG = re.compile(r"[a-z][a-z0-9]*")
_NAMING = ("itemprop", "data-testid", "data-test", "property")
"""Attributes by which pages name what an element holds."""


@dataclass(frozen=True, slots=True)
class Part:
    """An element, and its text and the parts in it, in order."""

    selector: str
    tag: str
    block: bool
    pieces: tuple[str | Part, ...]

    @property
    def text(self) -> str:
        """All its text."""
        return " ".join("".join(_texts(self)).split())


def outline(page: Page) -> tuple[Part, ...]:
    """The parts of a page, outermost first; none of what is no HTML."""
    if media_of_page(page) is not Media.HTML:
        return ()
    root = parse(text_of_page(page))
    body = None if root is None else root.find("body")
    if root is None or body is None:
        return ()
    found = _Outline(visibility_of(root), _Names(root)).pieces(body, 0, 0)
    return tuple(each for each in found if isinstance(each, Part))


def _texts(part: Part) -> Iterator[str]:
    for piece in part.pieces:
        if isinstance(piece, str):
            yield piece
        else:
            yield from _texts(piece)
        yield " " if part.block else ""


class _Outline:
    def __init__(self, visibility: Visibility, names: _Names) -> None:
        self._visibility, self._names = visibility, names
        self._left = MOST

    def pieces(self, element: Element, depth: int, down: int) -> list[str | Part]:
        """What an element holds: text, and parts."""
        found: list[str | Part] = []
        _add(found, element.text or "")
        for child in element:
            if child.tag not in SKIPPED and self._visibility.of(child) is not Shown.HIDDEN:
                if down >= _DOWN:
                    _add(found, text_of(child))
                else:
                    self._take(found, child, depth, down)
            _add(found, child.tail or "")
        return found

    def _take(self, found: list[str | Part], child: Element, depth: int, down: int) -> None:
        block = is_block(child)
        chosen = (block or self._names.named(child)) and depth < DEEPEST and self._left > 0
        chosen = chosen and _TAG.fullmatch(child.tag) is not None
        self._left -= chosen
        inner = self.pieces(child, depth + chosen, down + 1)
        said = [each for each in inner if isinstance(each, Part) or each.strip()]
        if not chosen or not said or (len(said) == 1 and isinstance(said[0], Part)):
            self._left += chosen
            for each in inner:
                if isinstance(each, Part):
                    found.append(each)
                else:
                    _add(found, each)
            if block or child.tag == "a":  # a menu has its gaps from a style sheet
                _add(found, " ")
        else:
            found.append(Part(self._names.selector(child), child.tag, block, tuple(said)))


def _add(found: list[str | Part], text: str) -> None:
    """Text at the end of what was found."""
    folded = re.sub(r"\s+", " ", text)
    if found and isinstance(found[-1], str):
        found[-1] += folded
    elif folded:
        found.append(folded)


class _Names:
    """By which names the elements of a page can be told apart."""

    def __init__(self, root: Element) -> None:
        self._count = Counter(name for element in root.iter() for name in set(_names(element)))
        self._known: dict[Element, str] = {}

    def named(self, element: Element) -> bool:
        """Whether the page names an element otherwise than by its tag."""
        return any(not _TAG.fullmatch(name) for name in _names(element))

    def selector(self, element: Element) -> str:
        """The shortest way to say which element is meant: a name that no other has, or the way to it from the
        nearest element around it that has one."""
        down: list[Element] = []
        while element not in self._known:
            own = next((name for name in _names(element) if self._count[name] == 1), "")
            if own or element.getparent() is None:
                self._known[element] = own or element.tag
                break
            down.append(element)
            element = element.getparent()
        for below in reversed(down):
            same = [each for each in below.getparent() if each.tag == below.tag]
            place = f":nth-of-type({same.index(below) + 1})" if len(same) > 1 else ""
            self._known[below] = f"{self._known[element]} > {below.tag}{place}"
            element = below
        return self._known[element]


def _names(element: Element) -> Iterator[str]:
    """The names of an element as selectors, the one that is likeliest to stay first."""
    tag = element.tag
    if not isinstance(tag, str) or not _TAG.fullmatch(tag):
        return
    own = attribute(element, "id")
    if _PLAIN.fullmatch(own):
        yield f"#{own}"
    for name in _NAMING:
        value = attribute(element, name)
        if _PLAIN.fullmatch(value):
            yield f'{tag}[{name}="{value}"]'
    for each in attribute(element, "class").split():
        if _PLAIN.fullmatch(each):
            yield f"{tag}.{each}"
    yield tag
