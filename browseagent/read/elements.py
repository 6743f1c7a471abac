"""Narrowing an HTML tree to the elements that a person chose by CSS selectors."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from cssselect import HTMLTranslator, SelectorError, parse
from lxml import etree

from browseagent.read.dom import Element
from browseagent.read.dom import parse as parse_html
from browseagent.read.media import Media, media_of_page, text_of_page
from browseagent.records import Document, Elements, Page


@lru_cache(maxsize=256)
def selector(text: str) -> etree.XPath:
    """A CSS selector, ready to be matched. Raises ValueError for what is none, and for what only a browser
    can tell (``::before``)."""
    try:
        return etree.XPath(HTMLTranslator().css_to_xpath(text))
    except (SelectorError, etree.XPathError) as error:
        raise ValueError(f"{text[:80]!r} is no CSS selector that can be used here: {error}") from None


def check_syntax(text: str) -> None:
    """Raises ValueError where a selector that a browser is to match cannot be one."""
    try:
        parse(text)
    except SelectorError as error:
        raise ValueError(f"{text[:80]!r} is no CSS selector: {error}") from None


def unmatched(root: Element, selectors: Iterable[str]) -> tuple[str, ...]:
    """Those of the selectors that match nothing beneath ``root``."""
    return tuple(text for text in selectors if not selector(text)(root))


_UNMATCHED, _UNSEEN = "nothing on the page matches {}", "people see nothing of what {} matches"
_OF_BODY = etree.XPath("not(ancestor-or-self::head or self::script or self::style or self::template)")


def notes_of(root: Element, elements: Elements) -> list[str]:
    """What is to be said of selectors that match nothing beneath ``root``, or nothing that could be seen."""
    without = unmatched(root, (*elements.only, *elements.without))
    unseen = (text for text in elements.only if not any(map(_OF_BODY, selector(text)(root))))
    found = [_UNMATCHED.format(each) for each in without]
    return found + [_UNSEEN.format(each) for each in unseen if each not in without]


def can_be_empty(selector: str, document: Document) -> bool:
    """Whether what a selector chose is on the page, and may be without text: by the document's notes."""
    return not {_UNMATCHED.format(selector), _UNSEEN.format(selector)} & {*document.notes}


def missing(page: Page, elements: Elements) -> tuple[str, ...]:
    """Which of the elements to keep a page does not have; all of them where it is no HTML."""
    if media_of_page(page) is not Media.HTML:
        return elements.only
    root = parse_html(text_of_page(page))
    return elements.only if root is None else unmatched(root, elements.only)


def narrow(root: Element, elements: Elements) -> None:
    """Takes everything out of the tree but the chosen elements, what holds them, and the head."""
    if elements.only:
        # Matched before anything is taken out: what is kept may stand in what is left out.
        _keep(root, _matched(root, elements.only))
    for element in _matched(root, elements.without):
        _drop(element)


def _matched(root: Element, selectors: Iterable[str]) -> list[Element]:
    return [found for text in selectors for found in selector(text)(root)]


def _keep(root: Element, wanted: list[Element]) -> None:
    kept = set(wanted)
    around = {above for element in wanted for above in element.iterancestors()}
    around.add(root)
    # What holds a chosen element stays (a row needs its table); its own text and its other parts go.
    for element in around - kept - {below for top in kept for below in top.iterdescendants()}:
        element.text = None
        for child in list(element):
            child.tail = None
            if child not in around and child not in kept and child.tag != "head":
                element.remove(child)


def _drop(element: Element) -> None:
    """Takes one element out; the text after it stays."""
    parent = element.getparent()
    if parent is None:
        element.clear()
        return
    before = element.getprevious()
    if element.tail:
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)
