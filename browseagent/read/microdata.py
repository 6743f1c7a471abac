"""What a page states of things in its microdata and in the tags for shops, in the shape of JSON-LD."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from browseagent.read.dom import Element, text_of
from browseagent.read.text import clean, fold_space

_ATTRIBUTES = {"meta": "content", "link": "href", "a": "href", "time": "datetime", "data": "value",
               "meter": "value", "img": "src"}  # fmt: skip
_MOST, _DEEPEST = 200, 5
"""Properties of a thing, and things within one another."""
_OFFERED = {"price": ("product:price:amount", "og:price:amount"),
            "priceCurrency": ("product:price:currency", "og:price:currency"),
            "availability": ("product:availability", "og:availability")}  # fmt: skip


def microdata(root: Element) -> list[Mapping[str, Any]]:
    """Every thing that stands in no other one, and what is said of none; an offer alone is that of the page's
    product."""
    tops = (each for each in root.iter() if each.get("itemscope") is not None and not each.get("itemprop"))
    found = (_product_of(_thing(each)) for each in (*tops, root))
    return [each for each in found if len(each) > 1]


def in_tags(tags: Mapping[str, str]) -> list[Mapping[str, Any]]:
    """The product whose price and stock the ``<meta>`` elements of a page tell."""
    offer = {name: next((tags[key] for key in keys if key in tags), "") for name, keys in _OFFERED.items()}
    return [{"@type": "Product", "offers": offer}] if any(offer.values()) else []


def _product_of(thing: Mapping[str, Any]) -> Mapping[str, Any]:
    alone = "offers" not in thing and not thing.keys().isdisjoint(_OFFERED)
    return {"@type": "Product", "offers": thing} if alone else thing


def _thing(element: Element, depth: int = 0) -> Mapping[str, Any]:
    found: dict[str, Any] = {"@type": (element.get("itemtype") or "").split(" ")[0]}
    for each in _properties(element):
        for name in (each.get("itemprop") or "").split():
            if len(found) < _MOST:
                found.setdefault(name, _value(each, depth + 1))
    return found


def _properties(element: Element) -> Iterator[Element]:
    """The properties of a thing, not those of the things in it."""
    stack = [*reversed(element)]
    while stack:
        each = stack.pop()
        if not isinstance(each.tag, str):
            continue
        if each.get("itemprop") is not None:
            yield each
        if each.get("itemscope") is None:
            stack.extend(reversed(each))


def _value(element: Element, depth: int) -> Any:
    if element.get("itemscope") is not None and depth < _DEEPEST:
        return _thing(element, depth)
    text = fold_space(clean(text_of(element)))
    if any(map(str.isdigit, text)):  # people see the number, spelt as they write it
        return text
    return fold_space(
        clean(element.get("content") or element.get(_ATTRIBUTES.get(element.tag, "content")) or text)
    )
