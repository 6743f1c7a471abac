"""What an HTML document looks like from outside: how much text, which scripts, which forms. Pure.

Not an extraction of its text (that is the read room's work) but the facts that two decisions need:
whether a browser is needed, and whether the page is what it should be. One pass over the tree that the
read room's parser makes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from browseagent.read.dom import flattened, nests_too_deep, parse, steps
from browseagent.read.text import fold_space
from browseagent.read.visibility import MARK

SCANNED = 2_000_000
"""Characters of markup that are looked at: the signs are in the head and the frame of a page."""


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SHOWS = _names("img svg canvas video audio object embed input select textarea iframe picture math")
_BLOCKS = _names(
    "p div li td th tr h1 h2 h3 h4 h5 h6 section article main header footer nav aside ul ol table "
    "form dd dt blockquote pre figure figcaption button label option br"
)
_ASIDE = _names("header footer nav aside button a")
_FIELDS, _UNFILLED = _names("input select textarea"), _names("hidden submit button image reset")
FILLED = _names("div section ul ol dl table tbody")
"""Elements that hold what a script writes into a page."""
_CONSENT = re.compile(
    r"cookie|consent|gdpr|\bcmp\b|onetrust|didomi|usercentrics|privacy-(?:wall|manager|banner)|truste\b|sp_message",
    re.IGNORECASE,
)
_PAYWALL = re.compile(
    r"paywall|pay-wall|regwall|subscribe-?wall|subscription-?wall|metered|premium-?(?:gate|lock|wall)|article-?gate|piano-",
    re.IGNORECASE,
)
_SKELETON = re.compile(
    r"(?:^|[\s_-])(?:skeleton|shimmer|spinner|placeholder-glow|is-loading|loading)(?:$|[\s_-])", re.IGNORECASE
)
_SENTENCES = re.compile(r"^(?=.{40}|.*[。！？]).*[.!?…。！？][\"'”’»)\]]*$", re.DOTALL)
"""A line of a page that says something: long enough (in Chinese less is), and ended as a sentence is."""
_STYLE_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)


@dataclass(slots=True)
class Element:
    """An open element, later a fact about it."""

    tag: str
    id: str = ""
    classes: str = ""
    attributes: Mapping[str, str] = field(default_factory=dict)
    hidden: bool = False
    consent: bool = False
    paywall: bool = False
    main: bool = False
    """Whether it stands in the main part of the page."""
    unscripted: bool = False
    """Whether it stands in ``<noscript>``."""
    filled: bool = False
    text: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Shape:
    """The facts. Text is white-space folded; lengths are in characters."""

    title: str = ""
    headings: list[str] = field(default_factory=list)
    text: str = ""
    """What is not hidden by the markup itself."""
    consent_text: str = ""
    """The part of ``text`` inside dialogs and elements that are named as consent layers."""
    beside_prose: int = 0
    """Characters outside them in paragraphs that are sentences."""
    paywall_text: str = ""
    noscript: str = ""
    paragraphs: int = 0
    """Paragraphs of 80 characters or more: what an article has and a wall has not."""
    prose: int = 0
    """Characters in those paragraphs."""
    lead: str = ""
    """What follows the first heading, at most 200 characters."""
    scripts: int = 0
    inline: list[str] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    """``src`` of scripts and frames, ``action`` of forms, ``href`` of style sheets."""
    links: list[str] = field(default_factory=list)
    """Where its links lead, the first hundred."""
    structured: list[str] = field(default_factory=list)
    """JSON-LD blocks."""
    frames: int = 0
    passwords: int = 0
    fields: int = 0  # to be filled in
    buttons: list[str] = field(default_factory=list)
    empty: list[Element] = field(default_factory=list)
    """Elements with neither text nor anything to see in them, of the kinds that scripts fill."""
    short: list[Element] = field(default_factory=list)
    """Elements with an id or a data attribute whose whole text is short."""
    names: set[str] = field(default_factory=set)
    """Every id and class."""
    busy: bool = False
    skeletons: int = 0
    refresh: str = ""
    """What a ``meta`` refresh says."""
    markdown: str = ""
    """Where the page says that it stands as Markdown (``<link rel=alternate type=text/markdown>``)."""
    size: int = 0


def shape_of(markup: str) -> Shape:
    """The facts about an HTML document."""
    walk = _Walk()
    root = parse(markup[:SCANNED])
    if root is not None:
        walk.through(root)
    if not walk.shape.text and nests_too_deep(markup[:SCANNED]):
        walk = _Walk()
        walk.through(parse(flattened(markup[:SCANNED])))
    walk.shape.size = len(markup)
    return walk.shape


class _Walk:
    """One pass over a document's tree."""

    def __init__(self) -> None:
        self.shape = Shape()
        self.stack: list[Element] = [Element("#root")]
        self.text: list[str] = []
        self.consent: list[str] = []
        self.paywall: list[str] = []
        self.noscript: list[str] = []

    def through(self, root: Any) -> None:
        """All of it, and then what is summed up."""
        for event, node in steps(root):
            if event == "start":
                self._enter(node.tag, node.attrib)
                self._data(node.text or "")
            else:
                self._leave(self.stack.pop())
                self._data(node.tail or "")
        shape = self.shape
        shape.text = fold_space("".join(self.text))
        shape.consent_text = fold_space(" ".join(self.consent))
        shape.paywall_text = fold_space(" ".join(self.paywall))
        shape.noscript = fold_space(" ".join(self.noscript))
        if shape.headings and shape.headings[0]:
            shape.lead = shape.text.partition(shape.headings[0])[2].strip()[:200]

    def _enter(self, tag: str, attributes: Mapping[str, str]) -> None:
        above = self.stack[-1]
        named = f"{attributes.get('id', '')} {attributes.get('class', '')}"
        hidden = (
            above.hidden
            or "hidden" in attributes
            or MARK in attributes
            or bool(_STYLE_HIDDEN.search(attributes.get("style", "")))
            or (tag == "template" and "shadowrootmode" not in attributes)
            or tag in ("script", "style", "noscript", "head")
        )
        self._note(tag, attributes, hidden)
        if tag in _SHOWS:
            above.filled = above.filled or not above.hidden
        if tag in _BLOCKS:
            self.text.append(" ")
        page = tag in ("html", "body", "main")
        self.stack.append(
            Element(
                tag,
                attributes.get("id", ""),
                attributes.get("class", ""),
                attributes,
                hidden,
                above.consent or (not page and (_is_dialog(attributes) or bool(_CONSENT.search(named)))),
                above.paywall or (not page and bool(_PAYWALL.search(named))),
                (above.main and tag not in _ASIDE)
                or tag in ("main", "article")
                or attributes.get("role") == "main",
                above.unscripted or tag == "noscript",
            )
        )

    def _data(self, data: str) -> None:
        top = self.stack[-1]
        if top.tag in ("script", "style"):
            top.text.append(data)
        elif top.tag == "title" and not self.shape.title:
            self.shape.title = fold_space(data)
        if not data.strip():
            self.text.append(" " if data else "")
            return
        if top.unscripted:
            self.noscript.append(data)
        if top.hidden:
            return
        top.filled = True
        top.text.append(data)
        self.text.append(data)
        if top.consent:
            self.consent.append(data)
        if top.paywall:
            self.paywall.append(data)

    def _note(self, tag: str, attributes: Mapping[str, str], hides: bool) -> None:
        shape = self.shape
        if attributes.get("id"):
            shape.names.add(attributes["id"])
        shape.names.update(attributes.get("class", "").split()[:12])
        if attributes.get("aria-busy", "").lower() == "true":
            shape.busy = True
        if _SKELETON.search(attributes.get("class", "")) and not self.stack[-1].hidden:
            shape.skeletons += 1
        if tag == "script" and _executable(attributes.get("type", "").lower()):
            shape.scripts += 1
        if tag in ("script", "iframe") and attributes.get("src"):
            shape.sources.append(attributes["src"])
        if tag == "a" and attributes.get("href") and len(shape.links) < 100:
            shape.links.append(attributes["href"])
        if tag == "link" and "stylesheet" in attributes.get("rel", ""):
            shape.sources.append(attributes.get("href", ""))
        if tag == "form":
            shape.sources.append(attributes.get("action", ""))
        if tag in ("iframe", "frame") and attributes.get("src", "about:").partition(":")[0] != "about":
            shape.frames += 1
        if not hides and tag in _FIELDS and attributes.get("type", "").lower() not in _UNFILLED:
            shape.fields += 1
        if tag == "input" and attributes.get("type", "").lower() == "password" and not hides:
            shape.passwords += 1
        if tag == "input" and attributes.get("type", "").lower() in ("submit", "button") and not hides:
            shape.buttons.append(fold_space(attributes.get("value", "")))
        alternate = tag == "link" and "alternate" in attributes.get("rel", "").lower().split()
        if alternate and attributes.get("type", "").partition(";")[0].strip().lower() == "text/markdown":
            shape.markdown = shape.markdown or attributes.get("href", "").strip()
        refreshes = tag == "meta" and attributes.get("http-equiv", "").lower() == "refresh"
        if refreshes and not self.stack[-1].unscripted:
            shape.refresh = shape.refresh or attributes.get("content", "")

    def _leave(self, element: Element) -> None:
        if element.tag in ("script", "style"):
            self._script(element, "".join(element.text))
            return
        text = fold_space("".join(element.text))
        above = self.stack[-1]
        if not element.hidden:
            above.filled = above.filled or element.filled
            above.text.append(f" {text} " if element.tag in _BLOCKS else text)
            self._facts(element, text)
        if element.tag in _BLOCKS:
            self.text.append(" ")

    def _facts(self, element: Element, text: str) -> None:
        shape = self.shape
        if element.tag in ("h1", "h2"):
            shape.headings.append(text)
        if element.tag == "p" and len(text) >= 80:
            shape.paragraphs += 1
            shape.prose += len(text)
        if element.tag == "p" and not element.consent and _SENTENCES.search(text):
            shape.beside_prose += len(text)
        if element.tag == "button" or element.attributes.get("role") == "button":
            shape.buttons.append(text[:80])
        marked = element.id or any(
            name.startswith(("data-", "x-", "v-", "ng-")) for name in element.attributes
        )
        named = element.main and element.tag in FILLED and bool(element.classes)
        dated = element.main and element.tag == "time"
        if not element.filled and (
            marked or named or "-" in element.tag or element.tag in ("main", "article", "tbody") or dated
        ):
            shape.empty.append(element)
        elif text and len(text) <= 40:
            element.text = [text]
            shape.short.append(element)

    def _script(self, element: Element, code: str) -> None:
        kind = element.attributes.get("type", "").lower() if element.tag == "script" else "text/css"
        if kind == "application/ld+json":
            self.shape.structured.append(code)
        elif _executable(kind) and code.strip():
            self.shape.inline.append(code[:100_000])


def _is_dialog(attributes: Mapping[str, str]) -> bool:
    return attributes.get("aria-modal") == "true" or attributes.get("role") in ("dialog", "alertdialog")


def _executable(kind: str) -> bool:
    return kind in ("", "module", "text/javascript", "application/javascript", "text/ecmascript")
