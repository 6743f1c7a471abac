"""What the style sheets in a page show and hide by selectors of more than one class or id, such as
``.sold .buy`` or ``[data-state=out] .in``. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache

from cssselect import HTMLTranslator, SelectorError
from cssselect import parse as parse_css
from lxml import etree

from browseagent.read.dom import Element

SIMPLE = re.compile(r"^(?:[a-z][a-z0-9]*)?([.#])([\w-]+)$", re.I)
"""A class or an id, of any element or of one kind."""
_NAMES = re.compile(r"([.#])([\w-]+)|\[\s*([\w-]+)")
_LAST = re.compile(r"[^\s>+~]+$")
_NOT = re.compile(r":not\([^():]*\)")
_AT = re.compile(r":(?:before|after)\b[^{}]{0,300}\{([^{}]*)\}")
_CONTENT = re.compile(r"(?<![-\w])content\s*:\s*(?:[\"']([^\"'{}\\]+)[\"']|attr\(\s*([\w-]+)\s*\))")
_WRITES = re.compile(r"(?:^|[\s>])[\w-]*\.([\w-]+)::?(?:before|after)\s*$")
_MOST = 200
"""Selectors of a page that are matched; on 406 pages the busiest has fewer that could match."""
_LONGEST = 200


def generated(css: str) -> Iterator[tuple[str, str]]:
    """The classes before or after whose elements a sheet writes words, and these; ``@name`` for those of an
    attribute."""
    for rule in _AT.finditer(css):
        found = _CONTENT.search(rule[1])
        if found is None or not (found[2] or any(map(str.isalpha, found[1]))):
            continue
        before = max(css.rfind(sign, 0, rule.start()) for sign in "{}")
        for selector in css[before + 1 : rule.start(1) - 1].split(","):
            if match := _WRITES.search(selector):
                yield match[1], f"@{found[2]}" if found[2] else found[1]


@lru_cache(maxsize=4096)
def _compiled(selector: str) -> tuple[tuple[int, int, int], etree.XPath] | None:
    """A selector's weight, and the selector ready to be matched; None for what only a browser can tell."""
    try:
        (tree,) = parse_css(selector)
        path = HTMLTranslator().selector_to_xpath(tree)
        return tree.specificity(), etree.XPath(path)
    except (SelectorError, etree.XPathError, ValueError):
        return None


def verdicts(
    root: Element, rules: Iterable[tuple[str, bool]], simple: frozenset[str]
) -> Mapping[Element, bool]:
    """Which elements the sheets hide (true) or show again (false), the last word being that of the weightiest
    rule. ``rules`` are selectors in their order, each with whether it hides; ``simple`` are the classes and
    ids that simple rules hide, such as ``.gone``: what shows those again counts too."""
    written = [(selector, hides) for selector, hides in rules if not SIMPLE.match(selector)]
    hidden = {name for selector, hides in written if hides for name in _last_names(selector)} | simple
    if not hidden:
        return {}
    present = _present(root)
    found: list[tuple[tuple[int, int, int], int, Element, bool]] = []
    matched = 0
    for order, (selector, hides) in enumerate(written):
        if matched >= _MOST or not _could_match(selector, present):
            continue
        if not hides and hidden.isdisjoint(_last_names(selector)):
            continue
        compiled = _compiled(selector)
        if compiled is not None:
            matched += 1
            found += ((compiled[0], order, element, hides) for element in compiled[1](root))
    found.sort(key=lambda each: each[:2])
    return {element: hides for _, _, element, hides in found}


def _could_match(selector: str, present: frozenset[str]) -> bool:
    if ":" in _NOT.sub("", selector) or len(selector) > _LONGEST:
        return False
    names = list(_written(selector))
    return bool(names) and present.issuperset(names)


def _last_names(selector: str) -> Iterator[str]:
    """The classes and ids of the element that a selector chooses."""
    last = _LAST.search(selector)
    return iter(()) if last is None else (name for name in _written(last[0]) if name[0] in ".#")


def _written(selector: str) -> Iterator[str]:
    for sign, name, attribute in _NAMES.findall(_NOT.sub("", selector)):
        yield f"{sign}{name}" if sign else f"[{attribute.lower()}"


def _present(root: Element) -> frozenset[str]:
    """The classes, ids and names of attributes that a page has."""
    names: set[str] = set()
    classes: set[str] = set()
    ids: set[str] = set()
    for element in root.iter(etree.Element):
        names.update(element.keys())
        if said := element.get("class"):
            classes.add(said)
        if said := element.get("id"):
            ids.add(f"#{said}")
    return frozenset(
        (*(f"[{name}" for name in names), *ids, *(f".{c}" for said in classes for c in said.split()))
    )
