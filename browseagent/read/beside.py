"""What people see of a page beside its text: controls with their state, what images say, and which pieces
of the text the markup says are not shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from unicodedata import category

from browseagent.read.dom import Element, all_text, names_with, text_of
from browseagent.read.inline import resolve
from browseagent.read.looks import look_of
from browseagent.read.pictures import PLAYED, behind, image, is_icon, played, short
from browseagent.read.stated import STATING, stated
from browseagent.read.text import fold_space
from browseagent.read.visibility import STYLE, WRITTEN, Shown, Visibility, style_of

CONTROLS = frozenset(("button", "img", "input", "meter", "progress", "select", "svg", "textarea"))
_READ_OUT = frozenset(("meter", "progress", "progressbar"))
_ROLES = frozenset(("button", "checkbox", "combobox", "menuitemcheckbox", "meter", "option", "progressbar",
                    "radio", "switch"))  # fmt: skip
_WITHOUT_VALUE = frozenset(("button", "checkbox", "image", "radio", "reset", "submit", "switch"))
"""Kinds of fields whose value is not seen, or is their label."""
_TICKED = ("checkbox", "radio")
"""Kinds of fields that stand before what they are about, as in lists of tasks."""
_NAMED_BY_VALUE = frozenset(("button", "reset", "submit"))
names_hidden = names_with(re.compile(r"(?:^|[\s_-])(?:d-none|hid(?:e|den)|invisible|not-?visible)(?=$|\s)"))
"""Classes by which style sheets of sites hide things; whether this one does is not known without it."""
names_off = names_with(
    re.compile(r"(?:^|\s)(?:\w+[-_]+)?(?:disabled|unavailable|sold-?out|out-?of-?stock)(?=$|\s)")
)
"""Classes by which sites style what cannot be chosen, and shops what cannot be had."""
_COLOUR = re.compile(r"(?<![-\w])color\s*:\s*([^;!]+)", re.I)
TITLE = "title “"
"""How what a window is called begins."""
TIPS = ("title", "data-tooltip", "data-original-title", "data-bs-original-title", "data-tippy-content")
"""Where a tooltip is: HTML's own, and those of the large libraries."""
_TIPPED, _STYLED = frozenset(TIPS), frozenset(("style", STYLE))
_BOUNDS = (("min", "≥"), ("max", "≤"), ("step", "by"))
_BOUNDED = frozenset(("date", "datetime-local", "month", "number", "range", "time", "week"))
"""Kinds of fields that offer nothing beyond their bounds."""
_WIDTH = re.compile(r"(?<![-\w])width\s*:\s*(\d[\d.]*%)", re.I)
_SIGNS = 3
"""Characters of a sign that stands alone: a star, a red dot."""
_FIRST = 80
"""Characters by which a piece of text is named."""


def beside(element: Element, shown: Shown, visibility: Visibility, base: str) -> Iterable[str]:
    """What an element is beside its text; ``base`` resolves where it leads."""
    tag, role = element.tag, element.get("role")
    if shown is Shown.HIDDEN:
        return _named("seen or heard alone", element) if visibility.in_part(element) else ()
    if tag in ("img", "svg") or role == "img" or is_icon(element):
        return image(element, base)
    if tag in PLAYED:
        return played(element, base)
    if tag == "canvas":
        return (f"canvas “{short(element.get('aria-label') or '')}”",)
    if tag == "time" and element.get("datetime") and not text_of(element).strip():
        return (f"time “{short(element.get('datetime'))}”",)
    if tag == "datalist":
        return _suggested(element, visibility)
    if tag in STATING:
        return (*stated(element), *_around(element, shown, visibility, base))
    if tag in CONTROLS or role in _ROLES:
        return _control(element, visibility)
    if tag == "map":
        return (said for area in element.iter("area") if area.get("href") for said in _link(area, base))
    link = _link(element, base) if tag == "a" and element.get("href") else ()
    return (*link, *_around(element, shown, visibility, base))


def _around(element: Element, shown: Shown, visibility: Visibility, base: str) -> Iterable[str]:
    """What any element may be beside its text."""
    names = element.keys()
    tip = () if _TIPPED.isdisjoint(names) else _tip(element)
    drawn = () if _STYLED.isdisjoint(names) else behind(element, base)
    return (*_marked(element, shown, visibility), *tip, *drawn)


def _marked(element: Element, shown: Shown, visibility: Visibility) -> Iterator[str]:
    """What the markup says of an element's text."""
    names = element.get("class")
    if shown is Shown.OFFERED or (names and names_hidden(names)):
        yield from _named("marked as hidden", element)
    if element.tag != "a" and _is_off(element):
        yield from _named("marked as unavailable", element)
    yield from _written(element, visibility)
    if element.get("aria-current") == "step":
        yield from _named("marked as the current step", element)
    if element.tag == "details":
        summary = next(element.iterchildren("summary"), None)
        state = "open" if element.get("open") is not None else "closed"
        yield f"details “{'' if summary is None else short(text_of(summary))}”: {state}"
    yield from _sign(element)
    if element.tag in ("td", "th") and not text_of(element).strip():
        yield from _drawn(element)


def _written(element: Element, visibility: Visibility) -> Iterator[str]:
    """The words that style sheets write before or after its text."""
    names = (element.get("class") or "").split() if visibility.written else ()
    for said in (element.get(WRITTEN), *map(visibility.written.get, names)):
        text = said and (element.get(said[1:]) if said[0] == "@" else said)
        if text:
            yield f"drawn “{short(text)}”"


def may_be_sign(element: Element) -> bool:
    """Whether what an element holds is as short as a sign."""
    text = element.text
    return bool(text) and not len(element) and 0 < len(text.strip()) <= _SIGNS


def _sign(element: Element) -> Iterator[str]:
    """By its colour or its class what a sign that stands alone says: a red dot is no green one."""
    text = (element.text or "").strip()
    if not may_be_sign(element) or any(category(each) != "So" for each in text):
        return
    colour = _COLOUR.search(style_of(element))
    if how := colour[1] if colour else element.get("color") or element.get("class"):
        yield f"sign “{text}”: {fold_space(how)[:_FIRST]}"


def _tip(element: Element) -> Iterator[str]:
    """What is shown to who points at an element."""
    said = next(filter(None, (element.get(name) for name in TIPS)), None)
    if said is None or not (tip := short(said)):
        return
    text = short(text_of(element))
    if text and tip not in text:
        yield f"tooltip “{tip}” of “{text[:_FIRST]}”"


def _drawn(cell: Element) -> Iterator[str]:
    """By its class or its file what a cell of a table shows that has no words: a tick, a cross, a colour."""
    row = short(text_of(cell.getparent()))[:_FIRST]
    named = any(each.get(name) for each in cell.iter() for name in ("alt", "aria-label", "title"))
    if not row or named:
        return
    for each in cell.iter():
        file = (each.get("src") or each.get("href") or each.get("xlink:href") or "").rpartition("/")[2]
        if sign := file if each.tag in ("img", "use") else look_of(each, sizes=True):
            yield f"cell “{fold_space(sign)[:_FIRST]}” of “{row}”"


def _named(how: str, element: Element) -> tuple[str, ...]:
    text = short(text_of(element))[:_FIRST]
    return (f"{how}: “{text}”",) if text else ()


def title_of(root: Element) -> Iterator[str]:
    """What a window of the page is called, as what stands beside the text."""
    if said := window_title(root):
        yield f"{TITLE}{said}”"


def window_title(root: Element) -> str:
    """What a window of the page is called; empty where that is not said."""
    titles = (title for title in root.iter("title") if title.getparent().tag != "svg")
    return "" if (title := next(titles, None)) is None else short(text_of(title))


def _link(element: Element, base: str) -> Iterator[str]:
    """A link that has a picture in the place of words, and one that is switched off by itself."""
    if _is_off(element):
        yield f"link “{short(text_of(element))}”: disabled"
    if not all_text(element).strip():
        said = (element.get("aria-label"), *(each.get("alt") for each in element.iter("area", "img")))
        label, url = short(next(filter(None, said), "")), resolve(base, element.get("href"))
        if label and url:
            yield f"link “{label}” → {url}"


def _control(element: Element, visibility: Visibility) -> Iterator[str]:
    kind = element.get("role") or (element.get("type") or "text" if element.tag == "input" else element.tag)
    kind = kind.lower()
    if kind == "hidden":
        return
    label, states = _label(element, kind, visibility), ", ".join(_states(element, kind))
    if label or states:
        yield f"{kind} “{label}”: {states}" if states else f"{kind} “{label}”"
    yield from _options(element, label)


def _options(element: Element, label: str) -> Iterator[str]:
    """A size that is gone, a day that came."""
    for option in element.iter("option"):
        if text := _option(option):
            above = option.getparent()
            group = short(above.get("label") or "") if above.tag == "optgroup" else ""
            yield f"option “{group and f'{group}: '}{text}” of “{label}”"


def _suggested(element: Element, visibility: Visibility) -> Iterator[str]:
    """What a field suggests to who writes in it."""
    control = visibility.fields.get(element.get("id") or "")
    yield from _options(element, _label(control, "text", visibility) if control is not None else "")


def _option(element: Element) -> str:
    return short(element.get("label") or text_of(element) or element.get("value") or "")


def _is_disabled(element: Element) -> bool:
    """Whether a control is switched off: by its attributes, by what holds it, or by its class as sites
    style links."""
    above = element.iterancestors("fieldset", "optgroup", "select")
    return (
        any(each.get("disabled") is not None for each in (element, *above))
        or any(each.get("inert") is not None for each in (element, *element.iterancestors()))
        or _is_off(element)
    )


def _is_off(element: Element) -> bool:
    names = element.get("class")
    return element.get("aria-disabled") == "true" or bool(names and names_off(names))


def _states(element: Element, kind: str) -> Iterator[str]:
    if element.tag == "select":
        options = [*element.iter("option")]
        chosen = [each for each in options if each.get("selected") is not None]
        if not chosen and element.get("multiple") is None:
            chosen = options[:1]
        yield from map(_option, chosen)
        off = (each for each in options if _is_disabled(each)) if not _is_disabled(element) else ()
        yield from (f"{_option(each)} disabled" for each in off)
    if kind in ("checkbox", "radio", "switch") or element.get("aria-checked") or element.get("aria-pressed"):
        said = (element.get("aria-checked"), element.get("aria-pressed"))
        yield "checked" if element.get("checked") is not None or "true" in said else "not checked"
    if element.get("aria-expanded") == "true":
        yield "open"
    if kind in _BOUNDED:
        yield from (f"{sign} {element.get(name)}" for name, sign in _BOUNDS if element.get(name))
    disabled = _is_disabled(element)
    fixed = kind in _READ_OUT or (element.tag in ("input", "textarea") and kind not in _WITHOUT_VALUE)
    if fixed and (kind in _READ_OUT or disabled or element.get("readonly") is not None):
        yield from filter(None, [_value(element)])
    if disabled:
        yield "disabled"


def _value(element: Element) -> str:
    if element.tag == "textarea":
        return short(text_of(element))
    value = element.get("value") or element.get("aria-valuetext") or element.get("aria-valuenow") or ""
    most = element.get("max") if element.tag in _READ_OUT else None
    width = _WIDTH.search(style_of(element)) if not value else None
    return width[1] if width else short(f"{value} of {most}" if value and most else value)


def _label(element: Element, kind: str, visibility: Visibility) -> str:
    said = element.get("aria-label")
    if not said and kind in _NAMED_BY_VALUE and element.tag == "input":
        said = element.get("value")
    if not said and kind == "image":
        said = element.get("alt")
    if not said and element.tag in ("input", "select", "textarea"):
        said = _label_of(element, visibility) or element.get("placeholder") or element.get("name")
    return short(said or text_of(element).strip() or element.get("title") or "")


def _label_of(element: Element, visibility: Visibility) -> str:
    around = next(element.iterancestors("label"), None)
    name = element.get("id")
    if around is None and name:
        around = visibility.labels.get(name)
    if around is None and element.get("type") in _TICKED and len([*element.getparent().iter("input")]) == 1:
        around = element.getparent()
    return "" if around is None else fold_space(around.xpath("string(text())") or text_of(around))
