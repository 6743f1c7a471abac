"""What the looks of a page say without words: an icon or a bar that a style sheet draws beside some words,
and the classes and colours by which the days of a calendar, seats or the rows of a table differ."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import islice

from browseagent.read.dom import Element
from browseagent.read.text import clean
from browseagent.read.visibility import STYLE, style_of, words_in
from browseagent.records import Look

_SIGNS = frozenset(("b", "div", "em", "i", "span"))
_LIKE = frozenset(("a", "button", "dd", "div", "li", "span", "td", "th", "tr"))
_LONGEST = 80
"""Characters of what is taken in at a glance: of a row, a day, what a sign stands by."""
_WORDS = 15
_ABOVE = 3
"""Elements around a sign among which its words are looked for."""
_CHILDREN = 20
_SAID = ("data-state", "data-status")
"""Attributes by which the large frameworks let style sheets tell states apart."""
_COLOURS = re.compile(r"(?<![-\w])(?:background|background-color|border-color|color)\s*:\s*([^;!]+)", re.I)
_DRAWN = frozenset((*_SAID, "bgcolor", "style", STYLE))
_SIZES = re.compile(r"(?<![-\w])(?:width|height|left)\s*:\s*(\d[\d.]*%)", re.I)
_PLACES = re.compile(
    r"(?:^|[-_])(?:odd|even|first|last|alt|today|past)$|(?:^|[-_])(?:row|item|col|column|index|n)[-_]?\d+$"
)
"""Classes that say where something stands among its like, or what day it is."""
_LAID = re.compile(
    r"^-?(?:[mp][trblxyse]?|[wh]|min|max|gap|space|inset|top|left|right|bottom|flex|grid|basis|order|leading"
    r"|tracking|row|col)-|[:@]"
)
"""Classes of frameworks (Tailwind, Bootstrap) that set an element's place and size, and those that hold only
on some screens or while somebody points at it."""
_BUILT = re.compile(r"(?<=\w)__(?=\w*(?:[A-Z]|\d\w))\w{5}$")
"""What tools that build sites add to a class, another at each build."""


def look_of(element: Element, *, sizes: bool = False) -> str:
    """An element's classes and colours as one text, empty where it has none; with ``sizes`` also how much of
    what holds it it fills."""
    if _DRAWN.isdisjoint(element.keys()):
        return " ".join(_classes(element.get("class") or ""))[:_LONGEST]
    said = [*_classes(element.get("class") or ""), *filter(None, map(element.get, _SAID))]
    if style := style_of(element):
        said += _colours(style)
        said += _SIZES.findall(style) if sizes else ()
    if colour := element.get("bgcolor") or element.get("color"):
        said.append(colour)
    return " ".join(said)[:_LONGEST]


def _sign_of(element: Element) -> str:
    """How a sign without words looks: a drawing by which one of a page's symbols it uses."""
    if element.tag != "svg":
        return look_of(element, sizes=True)
    used = (each.get("href") or each.get("xlink:href") or "" for each in element.iter("use"))
    return next(used, "").rpartition("/")[2].rpartition("#")[2][:_LONGEST]


@lru_cache(maxsize=4096)
def _colours(style: str) -> tuple[str, ...]:
    return tuple(" ".join(found.split()) for found in _COLOURS.findall(style))


@lru_cache(maxsize=4096)
def _classes(names: str) -> tuple[str, ...]:
    """Those that may say how an element looks."""
    return tuple(sorted(filter(None, map(_look_of_class, names.split()))))


@lru_cache(maxsize=4096)
def _look_of_class(name: str) -> str:
    """A class as it tells looks; empty where it tells none."""
    name = _BUILT.sub("", name)
    return "" if _PLACES.search(name.lower()) or _LAID.search(name) else name


class Looks:
    """Gathers the looks of a page, element by element."""

    def __init__(self) -> None:
        self._found: list[tuple[int, str, str, object]] = []
        self._sizes: Counter[object] = Counter()
        self._said: dict[Element, str | None] = {}

    def see(self, element: Element, place: int) -> None:
        """Takes in an element that people see; ``place`` is how many chunks are before it."""
        if element.tag == "svg" or (
            element.tag in _SIGNS and not len(element) and not (element.text or "").strip()
        ):
            if (look := _sign_of(element)) and (words := self._words_by(element)):
                self._found.append((place, words, look, None))
        elif element.tag in _LIKE and (group := _group(element)) is not None:
            self._sizes[group] += 1
            look = look_of(element)
            if not look or len(element) > _CHILDREN:
                return
            if words := _short(element):
                self._found.append((place, words, look, group))
            else:
                self._sizes[group] -= 1

    def _words_by(self, sign: Element) -> str:
        """The few words that a sign stands by, or nothing: an element that only lays the page out has many. A
        bar may stand between words and not among them."""
        fills = bool(_SIZES.search(style_of(sign)))
        if sign.get("aria-label") or sign.get("title"):
            return ""
        inner = sign
        for above in islice(sign.iterancestors(), _ABOVE):
            if self._words_of(above) is not None:
                around = (above, inner.getnext(), inner.getprevious()) if fills else (above,)
                return next(
                    (words for each in around if each is not None and (words := self._words_of(each))), ""
                )
            if above.tag in ("td", "th"):
                return ""
            inner = above
        return ""

    def _words_of(self, element: Element) -> str | None:
        """The words of an element, empty where they are many, None where it has none. Many signs may stand in
        the same one."""
        if element not in self._said:
            self._said[element] = _short(element) if words_in(element, 1) else None
        return self._said[element]

    def all(self) -> list[tuple[int, Look]]:
        """The looks in order, each with the number of chunks before it."""
        styled = Counter(group for *_, group in self._found)
        numbers: dict[object, int] = {None: -1}
        return [
            (
                place,
                Look(
                    words, look, numbers.setdefault(group, len(numbers)), self._sizes[group] > styled[group]
                ),
            )
            for place, words, look, group in self._found
        ]


def _group(element: Element) -> object:
    """What elements that are of one kind have in common: their kind, that of what holds them, and what holds
    that; None for one that stands alone or among words."""
    tag, before, above = element.tag, element.getprevious(), element.getparent()
    if before is None or before.tag != tag:
        after = element.getnext()
        if after is None or after.tag != tag:
            return None
    for text in (element.tail, above.text if before is None else before.tail):
        if text and not text.isspace():
            return None
    return tag, above.tag, above.getparent()


def _short(element: Element) -> str:
    """The words of an element where they are few."""
    words: list[str] = []
    for part in element.itertext("*"):  # words may touch, each in an element of its own
        words += part.split(None, _WORDS)
        if len(words) > _WORDS:
            return ""
    text = clean(" ".join(words))
    return text if len(text) <= _LONGEST else ""
