"""What people see of a page beside its text: controls with their state, what images say, and which pieces
of the text the markup says are not shown."""

from __future__ import annotations

import re
from collections.abc import Iterator

from browseagent.read.dom import Element, text_of
from browseagent.read.text import clean, fold_space
from browseagent.read.visibility import Shown, Visibility

_TAGS = frozenset(("button", "img", "input", "select", "textarea"))
_ROLES = frozenset(("button", "checkbox", "combobox", "menuitemcheckbox", "option", "radio", "switch"))
_UNSEEN = frozenset(("hidden", "image"))
_NAMED_BY_VALUE = frozenset(("button", "reset", "submit"))
_CLASS = re.compile(r"(?:^|[\s_-])(?:d-none|hid(?:e|den)|invisible|not-?visible)(?=$|\s)", re.I)
"""Classes by which style sheets of sites hide things; whether this one does is not known without it."""
_LONGEST = 200
_FIRST = 80
"""Characters by which a piece of text is named."""


def beside(element: Element, shown: Shown) -> str:
    """What an element that is not hidden is beside its text; empty where it is nothing."""
    tag = element.tag
    if tag == "img":
        label = _short(element.get("alt") or "")
        return f"image “{label}”" if label else ""
    if tag in _TAGS or element.get("role") in _ROLES:
        return _control(element)
    if shown is Shown.OFFERED or _CLASS.search(element.get("class") or ""):
        text = _short(text_of(element))[:_FIRST]
        return f"marked as hidden: “{text}”" if text else ""
    return ""


def beside_in(table: Element, visibility: Visibility) -> Iterator[str]:
    """What is beside the text within an element whose text is read as a whole."""
    for element in table.iter(*_TAGS):
        above = (element, *element.iterancestors())
        if not any(visibility.of(each) is Shown.HIDDEN for each in above):
            yield from filter(None, (beside(element, Shown.SEEN),))


def _control(element: Element) -> str:
    kind = element.get("role") or (element.get("type") or "text" if element.tag == "input" else element.tag)
    kind = kind.lower()
    if kind in _UNSEEN:
        return ""
    label, states = _label(element, kind), ", ".join(_states(element, kind))
    if not label and not states:
        return ""
    return f"{kind} “{label}”: {states}" if states else f"{kind} “{label}”"


def _states(element: Element, kind: str) -> Iterator[str]:
    if element.tag == "select":
        options = [*element.iter("option")]
        chosen = [each for each in options if each.get("selected") is not None]
        if not chosen and element.get("multiple") is None:
            chosen = options[:1]
        yield from (_short(each.get("label") or text_of(each)) for each in chosen)
        yield from (
            f"{_short(text_of(each))} disabled" for each in options if each.get("disabled") is not None
        )
    if kind in ("checkbox", "radio", "switch") or element.get("aria-checked") or element.get("aria-pressed"):
        said = (element.get("aria-checked"), element.get("aria-pressed"))
        yield "checked" if element.get("checked") is not None or "true" in said else "not checked"
    fields = (element, *element.iterancestors("fieldset"))
    if any(each.get("disabled") is not None for each in fields) or element.get("aria-disabled") == "true":
        yield "disabled"


def _label(element: Element, kind: str) -> str:
    said = element.get("aria-label")
    if not said and kind in _NAMED_BY_VALUE and element.tag == "input":
        said = element.get("value")
    if not said and element.tag in ("input", "select", "textarea"):
        said = _label_of(element) or element.get("placeholder") or element.get("name")
    return _short(said or text_of(element))


def _label_of(element: Element) -> str:
    around = next(element.iterancestors("label"), None)
    name = element.get("id")
    if around is None and name and '"' not in name:
        found = element.getroottree().xpath("//label[@for=$name]", name=name)
        around = found[0] if found else None
    return "" if around is None else fold_space(around.xpath("string(text())") or text_of(around))


def _short(text: str) -> str:
    return fold_space(clean(text))[:_LONGEST]
