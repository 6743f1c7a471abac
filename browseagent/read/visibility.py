"""Which elements a page hides from people, told from its markup alone.

What a click on the page would show (tab panels, accordions, ``<details>``) is not hidden in this
sense, nor is what a script fades in when the page has loaded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache

from lxml import etree

from browseagent.read.dom import Element, names_with
from browseagent.read.sheets import SIMPLE, generated, verdicts

MARK = "data-browseagent-hidden"
"""Set by the web room on what the browser did not show; its value says why."""
WRITTEN, STYLE = "data-browseagent-written", "data-browseagent-style"
"""Set by it: the words that style sheets write at an element, and the style that draws something."""
READ_UNSEEN = "the page hides its text until scripts have run; it was read nevertheless"
"""A note of a document: hidden text was taken for the page's own, because hardly anything else is there."""
_NONE = re.compile(r"display\s*:\s*none|visibility\s*:\s*(?:hidden|collapse)")
_SHOWN = re.compile(r"display\s*:\s*(?!none)\w|visibility\s*:\s*visible")
_TINY = re.compile(r"font-size\s*:\s*(?:0(?:\.0+)?|[01](?:\.\d+)?px)\s*(?:px|em|rem|pt|%)?\s*(?:;|!|$)")
_CLEAR = re.compile(r"(?<![-\w])opacity\s*:\s*0(?:\.0+)?\s*(?:;|!|$)")
_FADES = re.compile(r"transform|transition|animation|will-change|translate")
_AWAY = re.compile(
    r"(?:left|top|right|text-indent|margin-left|margin-top)\s*:\s*-\d{3,}(?:\.\d+)?(?:px|em|rem)"
    r"|clip\s*:\s*rect\(\s*[01](?:px)?[\s,]|clip-path\s*:\s*inset\(\s*(?:50|100)%"
)
_CLIPS = re.compile(r"overflow\s*:\s*hidden")
_BOX = re.compile(r"(?<![-\w])(?:height|width|max-height|max-width)\s*:\s*[01](?:px)?\s*(?:;|!|$)")
_NO_SCALE = re.compile(r"transform\s*:[^;]*\bscale(?:3d|[xy])?\(\s*0(?:\.0+)?\s*[,)]")
_COLOUR = re.compile(r"(?<![-\w])color\s*:\s*([^;!]+)")
_BACKGROUND = re.compile(r"background(?:-color)?\s*:\s*([^;!]+)")
_OFFERED = re.compile(
    r"tab|accord|collaps|expand|toggle|faq|panel|more|detail|slide|carousel|swiper|content|answer|spoiler",
    re.I,
)
names_unseen = names_with(
    re.compile(
        r"(?:^|\s)(?:sr-only|visually-?hidden|screen-?reader(?:-text|-only)?|a11y-hidden|offscreen|u-hiddenvisually"
        r"|visuallyhidden|element-invisible|cdk-visually-hidden"
        r"|sortkey)(?=$|\s)"  # of MediaWiki, whose site-wide sheet hides what sorts a column
    )
)
_RULE = re.compile(r"(?:^|(?<=[{}@]))([^{}@]+)\{([^{}]*)\}")
_STRUCK = re.compile(r"text-decoration(?:-line)?\s*:[^;]*\bline-through\b")
_STRUCK_NAMES = frozenset(("line-through", "strikethrough", "text-decoration-line-through"))
"""What the large frameworks call it."""
_WHITE = {"white", "#fff", "#ffffff", "rgb(255,255,255)", "rgba(255,255,255,1)", "transparent"}
_SCREEN = re.compile(r"@media\s+(?:only\s+)?(?:all|screen)\s*\{", re.I)
"""What any window is: its rules hold (the brace that closes them harms nothing)."""
_STATEMENT = re.compile(
    r"@(?:import|charset|namespace|layer)\b(?:url\([^)]*\)|\"[^\"]*\"|'[^']*'|[^;{}\"'])*?;", re.I
)
"""What stands between rules and is none; addresses of fonts have semicolons."""
_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)|@media[^{@]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", re.S)


_TEXTUAL = frozenset("span p b i em strong small".split())  # noqa: SIM905


class Shown(IntEnum):
    """How much of an element people see."""

    SEEN = 0
    OFFERED = 1
    """Not until they click."""
    HIDDEN = 2


class _How(IntEnum):
    FOR_GOOD = 1
    """Off screen, too small, or in the colour of its background: a script would not show it."""
    BY_STYLE = 2
    """By its own ``display`` or ``visibility``: a script or a click may show it."""
    BY_SHEET = 3
    """By a rule or an attribute that another rule or script often lifts when the page has loaded."""


# On 406 pages, what a style sheet, ``hidden`` or zero opacity hides in pieces shorter than this was main
# content in 28 % of its words; longer pieces were so in 51 %, whole articles that a script fades in.
LONG = 120


def style_of(element: Element) -> str:
    """An element's own style: as it is written, or as the browser kept of it what draws something."""
    return element.get("style") or element.get(STYLE) or ""


@dataclass(frozen=True, slots=True)
class Visibility:
    """What the page's own style sheets hide, and what its controls open."""

    classes: frozenset[str] = frozenset()
    ids: frozenset[str] = frozenset()
    opened: frozenset[str] = frozenset()
    """Ids that a control on the page shows (``aria-controls`` and the like)."""
    struck: frozenset[str] = frozenset()
    """Classes whose text is struck out."""
    lenient: bool = False
    """Nothing is hidden but for good: the page shows itself only when its scripts have run."""
    matched: Mapping[Element, bool] = field(default_factory=dict)
    """What selectors of more than one name hide (true) or show again."""
    labels: Mapping[str, Element] = field(default_factory=dict)
    """By the id of a control, the first ``<label>`` that is for it."""
    fields: Mapping[str, Element] = field(default_factory=dict)
    """By the id of a ``<datalist>``, the first field that it makes suggestions for."""
    written: Mapping[str, str] = field(default_factory=dict)
    """By a class, the words that a style sheet writes at its elements; ``@name``: those of an attribute."""

    def of(self, element: Element) -> Shown:
        """Whether people see this element and all that is in it."""
        how = self._hides(element)
        if how is None:
            return Shown.OFFERED if _is_closed(element) else Shown.SEEN
        if how is _How.FOR_GOOD:
            return Shown.HIDDEN
        if self.lenient or self.offered(element):
            return Shown.OFFERED
        if how is _How.BY_SHEET and words_in(element, LONG) >= LONG:
            return Shown.OFFERED
        return Shown.HIDDEN

    def names(self, classes: str) -> bool:
        """Whether the page's style sheets hide, strike out or write something by some classes."""
        told = self.classes or self.struck or self.written
        return bool(told) and any(
            name in self.classes or name in self.struck or name in self.written for name in classes.split()
        )

    def in_part(self, element: Element) -> bool:
        """Whether a hidden element is seen, and only kept from being read out; or the other way round."""
        mark, names = element.get(MARK), element.get("class")
        if mark in ("display", "visibility"):
            return False
        if names and _is_read_alone(names):
            return True
        if mark is not None:
            return bool(mark == "aria")
        hidden = element.get("hidden") is not None or _styled_away(element.get("style") or "") is not None
        return bool(element.get("aria-hidden") == "true" and element.tag in _TEXTUAL and not hidden)

    def strikes(self, element: Element) -> bool:
        """Whether an element's own text is struck out: by its tag, its style or the page's style sheets."""
        if element.tag in ("s", "del", "strike"):
            return True
        style, names = element.get("style"), element.get("class")
        if style and _STRUCK.search(style.lower()):
            return True
        if not names:
            return False
        return names_struck(names) or (bool(self.struck) and not self.struck.isdisjoint(names.split()))

    def _hides(self, element: Element) -> _How | None:
        seen = element.get(MARK)
        if seen is not None:
            return _as_rendered(seen, element)
        style = element.get("style")
        if style and (how := _styled_away(style)):
            return how
        if element.get("hidden") is not None:
            # React streams parts of a page in as hidden S:0, S:1, … and moves them into place by script.
            return None if (element.get("id") or "").startswith("S:") else _How.BY_SHEET
        if element.get("aria-hidden") == "true" and element.tag in _TEXTUAL:
            if _is_read_otherwise(element):
                return None
            # Wrappers are often marked while a dialog is open or a slide is out of view; text itself is not.
            return _How.BY_STYLE
        names = element.get("class")
        if names and names_unseen(names):
            return _How.FOR_GOOD
        if element in self.matched:
            return _How.BY_SHEET if self.matched[element] else None
        if names and self.classes and not self.classes.isdisjoint(names.split()):
            return _How.BY_SHEET
        return _How.BY_SHEET if self.ids and element.get("id") in self.ids else None

    def offered(self, element: Element) -> bool:
        """Whether a click on the page would show this hidden element."""
        if (
            element.get("role") == "tabpanel"
            or element.get("hidden") == "until-found"
            or element.get("id") in self.opened
            or _is_disclosed(element)
        ):
            return True
        named = f"{element.get('class') or ''} {element.get('id') or ''}"
        return element.tag not in ("span", "a", "p") and bool(_OFFERED.search(named))


@lru_cache(maxsize=4096)
def names_struck(names: str) -> bool:
    return not _STRUCK_NAMES.isdisjoint(names.split())


def _is_closed(element: Element) -> bool:
    """Whether it is a dialog or the like that a script or a click opens."""
    closed = element.tag == "dialog" and element.get("open") is None
    return closed or element.get("popover") is not None


def _is_read_otherwise(element: Element) -> bool:
    """Whether beside a text that is only seen another stands that is only read out, in its stead."""
    beside = (element.getprevious(), element.getnext())
    return any(each is not None and _is_read_out(each) for each in beside)


def _is_read_out(element: Element) -> bool:
    """Whether an element, or the last in it, is for those alone who hear a page."""
    last = element[-1] if len(element) and not (element[-1].tail or "").strip() else element
    return any(_is_read_alone(names) for each in (element, last) if (names := each.get("class")))


def _is_read_alone(names: str) -> bool:
    """Whether some classes hide a text from those alone who see; a sort key is for nobody."""
    return bool(names_unseen(names)) and "sortkey" not in names


def _is_disclosed(element: Element) -> bool:
    """Whether right before an element a control stands that says that something is closed, or the element is
    an answer by its markup; it holds more than links, as a menu does not."""
    before = element.getprevious()
    closed = before is not None and any(each.get("aria-expanded") == "false" for each in before.iter("*"))
    told = closed or element.get("itemprop") in ("acceptedAnswer", "suggestedAnswer")
    return told and words_in(element, LONG) > sum(words_in(each, LONG) for each in element.iter("a"))


def _as_rendered(why: str, element: Element) -> _How | None:
    """What the browser found, which looked at every style sheet after the scripts had run."""
    if why == "aria":  # Read to nobody, but shown: as above, only text itself is marked so on purpose.
        return _How.BY_STYLE if element.tag in _TEXTUAL and not _is_read_otherwise(element) else None
    return _How.BY_STYLE if why in ("display", "visibility") else _How.FOR_GOOD


def is_rendered(root: Element) -> bool:
    """Whether a browser found something hidden in this document: then it was rendered, and shows all that
    its scripts would show."""
    return bool(root.xpath(f"boolean(//@{MARK})"))


def is_scripted(root: Element) -> bool:
    """Whether a document has scripts that could change what it shows."""
    kinds = (script.get("type") or "" for script in root.iter("script"))
    return any(not kind or "javascript" in kind.lower() or kind == "module" for kind in kinds)


@lru_cache(maxsize=4096)
def _styled_away(style: str) -> _How | None:
    style = style.lower()
    if _NONE.search(style):
        return _How.BY_STYLE
    if _TINY.search(style) or _AWAY.search(style) or same_colour(style):
        return _How.FOR_GOOD
    if _CLEAR.search(style) and not _FADES.search(style):
        return _How.BY_SHEET
    if (_BOX.search(style) and _CLIPS.search(style)) or _NO_SCALE.search(style):
        return _How.BY_STYLE
    return None


def words_in(element: Element, enough: int) -> int:
    """How many words an element holds; counting stops at ``enough``."""
    count = 0
    for text in element.itertext("*"):
        count += len(text.split())
        if count >= enough:
            break
    return count


def same_colour(style: str) -> bool:
    """Whether a style, in small letters, paints text in the colour of its background (or white with none
    given)."""
    colour = _COLOUR.search(style)
    if not colour:
        return False
    text = re.sub(r"\s", "", colour[1])
    behind = _BACKGROUND.search(style)
    if behind is None:
        return text == "transparent"
    back = re.sub(r"\s", "", behind[1])
    return text == back or (text in _WHITE and back in _WHITE)


def shown_rules(css: str) -> Iterator[tuple[str, bool]]:
    """The selectors of a style sheet's rules that hide or show, and whether they hide."""
    for selectors, written in _rules(css):
        declarations = written.lower()
        hides = bool(_NONE.search(declarations) or _TINY.search(declarations) or _AWAY.search(declarations))
        if hides or _SHOWN.search(declarations):
            yield from ((" ".join(selector.split()), hides) for selector in selectors.split(","))


def _rules(css: str) -> list[tuple[str, str]]:
    """The selectors and declarations of a style sheet's rules, outside media queries."""
    return _RULE.findall(_STATEMENT.sub("", _COMMENT.sub("", _SCREEN.sub("", css))))


def _simply_hidden(rules: Iterable[tuple[str, bool]]) -> Iterator[str]:
    """Classes and ids that simple rules hide."""
    hidden: dict[str, bool] = {}
    for selector, hides in rules:
        if (simple := SIMPLE.match(selector)) is not None:
            hidden[f"{simple[1]}{simple[2]}"] = hides
    return (name for name, hides in hidden.items() if hides)


def struck_rules(css: str) -> set[str]:
    """Classes that simple rules of a style sheet strike out."""
    found = (rule for rule in _rules(css) if _STRUCK.search(rule[1].lower()))
    simple = (SIMPLE.match(selector.strip()) for selectors, _ in found for selector in selectors.split(","))
    return {match[2] for match in simple if match and match[1] == "."}


_OPENS = ("aria-controls", "data-target", "data-bs-target", "data-tab")
_OPENERS = frozenset(("a", "button", "li", "div", "span", "label", "h2", "h3", "h4"))
_CONTROL = frozenset((*_OPENS, "role"))


def visibility_of(root: Element, *, lenient: bool = False) -> Visibility:
    """Reads a page's ``<style>`` elements and controls."""
    rules: list[tuple[str, bool]] = []
    struck: set[str] = set()
    written: dict[str, str] = {}
    for sheet in root.iter("style"):
        css = sheet.text or ""
        if len(css) < 300_000:
            rules += shown_rules(css)
            struck |= struck_rules(css) if "line-through" in css else set()
            written.update(generated(css) if "content" in css else ())
    opened: set[str] = set()
    for control in root.iter(etree.Element):
        if _CONTROL.isdisjoint(control.keys()):
            continue
        if control.tag in _OPENERS:
            opened.update(value.lstrip("#") for name in _OPENS if (value := control.get(name)))
        if (
            control.tag == "a"
            and (control.get("href") or "").startswith("#")
            and control.get("role") == "tab"
        ):
            opened.add(control.get("href")[1:])
    hidden = frozenset(_simply_hidden(rules))
    classes, ids = (frozenset(name[1:] for name in hidden if name[0] == sign) for sign in ".#")
    matched = verdicts(root, rules, hidden)
    labels: dict[str, Element] = {}
    for label in root.iter("label"):
        labels.setdefault(label.get("for") or "", label)
    fields: dict[str, Element] = {}
    for control in root.iter("input"):
        if name := control.get("list"):
            fields.setdefault(name, control)
    return Visibility(
        classes, ids, frozenset(opened), frozenset(struck), lenient, matched, labels, fields, written
    )
