"""What stands on a page as a bare value, and what its markup says that it is.

A number that a link dials, the name of the author or the price in the page's data, the panel that a tab
opens: people tell what these are by an icon, by their place or by a click. Each gets a label, which is no
part of the text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from browseagent.read.chunks import Chunk
from browseagent.read.dom import Element, names_with, text_of
from browseagent.read.metadata import Metadata
from browseagent.read.microdata import in_tags
from browseagent.read.structured import price_digits, spellings
from browseagent.read.text import CURRENCY, fold_space
from browseagent.records import BlockKind

PHONE, DATE, PRICE = "Phone", "Published", "Price"
AUTHOR = "Author, who wrote it"
"""In the words of both ways to ask: the reader is .95 and .88 sure then; with "Author" alone .92 and .57."""
SHORT = 80
"""Characters of a line that is hardly more than its value."""
MOST = 2
"""Times that a page names its author, or its date, by itself: above and below its text."""
NAME_CHARS = 40
_AMOUNT = re.compile(r"\d[\d,]*(?:\.\d{1,2})?", re.ASCII)
_BARE = re.compile(r"\d{1,4}(?:[.,]\d{1,2})?", re.ASCII)
names_price = names_with(re.compile(r"(?:^|[\s_-])(?:price|amount)(?=$|[\s_-])"))
_DIALLED = re.compile(r"[+(]?\d(?:\D?\d){4}")
_BREAK = re.compile(r"[\n·•|,;/]")
"""What parts a line into things of their own."""


def add_labels(
    chunks: Sequence[Chunk], said: Metadata, objects: Sequence[Mapping[str, Any]], tags: Mapping[str, str]
) -> None:
    """Labels phone numbers, and the author, the date and the price that the page says in its data."""
    digits = price_digits(objects) or price_digits(in_tags(tags))
    price = _price(digits.replace(",", "")) if _AMOUNT.fullmatch(digits) else None
    lines = [chunk for chunk in chunks if chunk.kind not in (BlockKind.ROW, BlockKind.CODE)]
    for chunk in lines:
        for start, end, url in chunk.links:
            dialled = chunk.text[start:end]
            if url.startswith("tel:") and _DIALLED.match(dialled):
                _say(chunk, start, PHONE)
    short = [c for c in lines if len(c.text) <= SHORT and c.kind is not BlockKind.HEADING and c.post < 0]
    names = [name for name in said.author.split(", ") if name]
    dates = [date.lower() for date in spellings(said.date)] if said.date else []
    for label, begins in ((AUTHOR, names), (DATE, dates)):
        found = [c for c in short if any(_line(c, label).startswith(each) for each in begins)]
        for chunk in found if len(found) <= MOST else ():  # a date that every post has is that of no page
            _say(chunk, len(chunk.text) - len(chunk.text.lstrip()), label)
    for chunk in short:
        if price is not None and len(amounts := list(price.finditer(chunk.text))) == 1:
            _say(chunk, amounts[0].start(), PRICE)


def _line(chunk: Chunk, label: str) -> str:
    """What a chunk says, as it is compared: names with their capitals."""
    text = chunk.text.lstrip()
    return text if label == AUTHOR else text.lower()


def _price(digits: str) -> re.Pattern[str]:
    """Where an amount stands with the mark of a currency, as pages write it."""
    whole, _, cents = digits.partition(".")
    part = rf"[.,]{cents.ljust(2, '0')}" if cents.strip("0") else r"(?:[.,]00?)?"
    grouped = whole if len(whole) < 4 else rf"{whole[:-3]}[.,\s]?{whole[-3:]}"
    amount = rf"(?<![\d.,]){grouped}{part}(?!\d|[.,]\d)"
    return re.compile(rf"[{CURRENCY}]\s?{amount}|{amount}\s?[{CURRENCY}]")


def _say(chunk: Chunk, at: int, label: str) -> None:
    """Labels what begins at an offset, unless words before it in its line say what it is."""
    line = _BREAK.split(chunk.text[:at])[-1]
    if not any(map(str.isalpha, line)) and all(place != at for place, _ in chunk.labels):
        chunk.labels = sorted([*chunk.labels, (at, label)])


def tabs_of(root: Element) -> dict[Element, str]:
    """The panels that tabs open, each with the name of its tab: bound by id, else by their order where there
    are as many of both."""
    found: dict[Element, str] = {}
    tablists = root.xpath("//*[@role='tablist']")
    by_id, by_tab = _panels(root) if tablists else ({}, {})
    for tablist in tablists:
        tabs = [each for each in tablist.iterdescendants() if each.get("role") == "tab"]
        tabs = tabs or list(tablist.iterdescendants("a", "button"))
        panels = [_panel(tab, by_id, by_tab) for tab in tabs]
        if not any(panel is not None for panel in panels):
            around = tablist.getparent()
            held = [] if around is None else around.xpath(".//*[@role='tabpanel']")
            panels = held if len(held) == len(tabs) else []
        for tab, panel in zip(tabs, panels, strict=False):
            name = fold_space(text_of(tab))
            if panel is not None and 0 < len(name) <= NAME_CHARS:
                found.setdefault(panel, name)
    return found


_Elements = dict[str, Element]


def _panels(root: Element) -> tuple[_Elements, _Elements]:
    """The elements of a page by their ids, and by the id of what each says that it is named by."""
    by_id: _Elements = {}
    by_tab: _Elements = {}
    for element in root.iter("*"):
        if name := element.get("id"):
            by_id.setdefault(name, element)
        if name := element.get("aria-labelledby"):
            by_tab.setdefault(name, element)
    return by_id, by_tab


def _panel(tab: Element, by_id: _Elements, by_tab: _Elements) -> Element | None:
    """The element that a tab says that it opens, or that says so of the tab."""
    href = tab.get("href") or ""
    panel = by_id.get(tab.get("aria-controls") or (href[1:] if href.startswith("#") else ""))
    return panel if panel is not None else by_tab.get(tab.get("id") or "")


def is_bare_price(element: Element) -> bool:
    """Whether an element is a number alone that its class calls a price, as on a menu."""
    names = element.get("class")
    bare = not len(element) and bool(element.text) and _BARE.fullmatch(element.text.strip())
    return bool(bare and names and names_price(names))


def icon_label(element: Element) -> str:
    """What an icon, or the tooltip of an element, says in a word or two; empty where it has none."""
    title = next((each.text for each in element.iter("title")), "") if element.tag == "svg" else ""
    return short_label(element.get("alt") or element.get("aria-label") or title or element.get("title") or "")


def short_label(text: str) -> str:
    """Words that may say what a value is: few, and none themselves; else empty."""
    text = fold_space(text).rstrip(":： ")
    few = len(text) <= NAME_CHARS and len(text.split()) <= 4
    return text if few and any(map(str.isalpha, text)) and not any(map(str.isdigit, text)) else ""
