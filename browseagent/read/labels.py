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
from browseagent.read.dom import Element, text_of
from browseagent.read.metadata import Metadata
from browseagent.read.structured import price_digits, spellings
from browseagent.read.text import CURRENCY, fold_space
from browseagent.records import BlockKind

PHONE, AUTHOR, DATE, PRICE = "Phone", "Author", "Published", "Price"
SHORT = 80
"""Characters of a line that is hardly more than its value."""
NAME_CHARS = 40
_DIALLED = re.compile(r"[+(]?\d(?:\D?\d){4}")
_BREAK = re.compile(r"[\n·•|,;/]")
"""What parts a line into things of their own."""


def add_labels(
    chunks: Sequence[Chunk], said: Metadata, objects: Sequence[Mapping[str, Any]], tags: Mapping[str, str]
) -> None:
    """Labels phone numbers, and the author, the date and the price that the page says in its data."""
    digits = price_digits(objects) or tags.get("og:price:amount") or tags.get("product:price:amount") or ""
    price = _price(digits) if digits else None
    names = [name for name in said.author.split(", ") if name]
    dates = tuple(spellings(said.date)) if said.date else ()
    for chunk in chunks:
        if chunk.kind is BlockKind.ROW or chunk.kind is BlockKind.CODE:
            continue
        for start, end, url in chunk.links:
            dialled = chunk.text[start:end]
            if url.startswith("tel:") and _DIALLED.match(dialled):
                _say(chunk, start, PHONE)
        if len(chunk.text) > SHORT or chunk.kind is BlockKind.HEADING:
            continue
        begins = chunk.text.lstrip()
        at = len(chunk.text) - len(begins)
        if any(begins.startswith(name) for name in names):
            _say(chunk, at, AUTHOR)
        elif any(begins.lower().startswith(date.lower()) for date in dates):
            _say(chunk, at, DATE)
        if price is not None and len(found := list(price.finditer(chunk.text))) == 1:
            _say(chunk, found[0].start(), PRICE)


def _price(digits: str) -> re.Pattern[str]:
    """The amount with the mark of a currency, as pages write it."""
    whole, _, cents = digits.partition(".")
    part = rf"[.,]{cents.ljust(2, '0')}" if cents.strip("0") else r"(?:[.,]00?)?"
    grouped = re.escape(whole) if len(whole) < 4 else rf"{whole[:-3]}[.,  ]?{whole[-3:]}"
    amount = rf"(?<![\d.,]){grouped}{part}(?![\d]|[.,]\d)"
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
    for tablist in root.xpath("//*[@role='tablist']"):
        tabs = [each for each in tablist.iterdescendants() if each.get("role") == "tab"]
        tabs = tabs or list(tablist.iterdescendants("a", "button"))
        panels = [_panel(root, tab) for tab in tabs]
        if not any(panel is not None for panel in panels):
            around = tablist.getparent()
            held = [] if around is None else around.xpath(".//*[@role='tabpanel']")
            panels = held if len(held) == len(tabs) else []
        for tab, panel in zip(tabs, panels, strict=False):
            name = fold_space(text_of(tab))
            if panel is not None and 0 < len(name) <= NAME_CHARS:
                found.setdefault(panel, name)
    return found


def _panel(root: Element, tab: Element) -> Element | None:
    """The element that a tab says that it opens, or that says so of the tab."""
    href = tab.get("href") or ""
    name = tab.get("aria-controls") or (href[1:] if href.startswith("#") else "")
    for path, value in (("//*[@id=$name]", name), ("//*[@aria-labelledby=$name]", tab.get("id") or "")):
        if value and (held := root.xpath(path, name=value)):
            return held[0]
    return None


def icon_label(element: Element) -> str:
    """What an icon, or the tooltip of an element, says in a word or two; empty where it has none."""
    title = next((each.text for each in element.iter("title")), "") if element.tag == "svg" else ""
    return short_label(element.get("alt") or element.get("aria-label") or title or element.get("title") or "")


def short_label(text: str) -> str:
    """Words that may say what a value is: few, and none themselves; else empty."""
    text = fold_space(text).rstrip(":： ")
    few = len(text) <= NAME_CHARS and len(text.split()) <= 4
    return text if few and any(map(str.isalpha, text)) and not any(map(str.isdigit, text)) else ""
