"""The text of one element set in one line, with its links: for table cells and captions."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import urljoin

from lxml import etree

from browseagent.read.chunks import Run
from browseagent.read.dom import Element, all_text, text_of
from browseagent.read.formulas import formula_of, is_raised, raised_sign
from browseagent.read.tags import BLOCK_TAGS, GAPS, SKIPPED, is_mark
from browseagent.read.text import clean, fold_space
from browseagent.read.visibility import Shown, Visibility

_WHOLE = re.compile(r"https?://[\w.-]+(?::\d+)?/[\w/%.~+-]*(?:\?[\w=&%.~+-]+)?(?:#[\w=&%.~+-]+)?", re.ASCII)
_BY_PATH = re.compile(r"(?:/[\w%~+-][\w%.~+-]*)+/?(?:\?[\w=&%.~+-]+)?(?:#[\w=&%.~+-]+)?", re.ASCII)
_ORIGIN = re.compile(r"https?://[\w.-]+(?::\d+)?(?=[/?#]|$)", re.ASCII)
"""Addresses of which it is plain what :func:`urljoin` makes: it takes a twentieth of the time of a page."""


def resolve(base: str, href: str) -> str:
    """An absolute URL, or an empty string for what leads nowhere (``javascript:``, malformed)."""
    href = clean(href).strip()
    if not href or href.lower().startswith(("javascript:", "data:", "vbscript:", "blob:")):
        return ""
    if _WHOLE.fullmatch(href):
        return href
    if _BY_PATH.fullmatch(href) and (origin := _ORIGIN.match(base)):
        return origin[0] + href
    try:
        return urljoin(base, href)
    except ValueError:
        return ""


def open_link(run: Run, element: Element, base: str) -> str:
    """Starts a link in the run; its URL, or an empty string where there is none. Two links that
    touch are two words: pages set them apart by style."""
    url = resolve(base, element.get("href") or "")
    if run.links and run.links[-1][1] == len(run):
        run.space()
    if url:
        run.open(url)
    return url


_SET_APART = frozenset(("a", "abbr", "b", "em", "i", "small", "span", "strong", "time"))


def is_apart(element: Element) -> bool:
    """Whether an inline element is another value than the one that it touches, and set apart by style alone:
    ``<span>Mon</span><span>9:00</span>``. The digits of a counter, and parts of a name in code, are not."""
    if element.tag not in _SET_APART or not (other := all_text(element)) or other[0].isspace():
        return False
    before = element.getprevious()
    while before is not None and before.tag in _SET_APART and not before.tail and not len(before):
        if before.text:
            break
        before = before.getprevious()  # dots between a dish and its price
    if before is None or before.tag not in _SET_APART or before.tail:
        return False
    one = all_text(before)
    if not one or one[-1].isspace():
        return False
    if _is_label(one):
        apart = other[0].isupper() or other[0].isdigit() or unicodedata.category(other[0]) == "Sc"
    elif min(len(one), len(other)) < 2:
        apart = len(one) > 2 and one[-1].isalpha() and other.isdigit()
    else:
        alike = before.tag == element.tag or " " in one.strip() or " " in other.strip()
        apart = _is_past_number(one, other) or (alike and _is_next_word(one[-1], other[0]))
        apart = apart or (other[0] == "(" and " " in other.strip() and one[-1].isalnum())
    return apart and next(element.iterancestors("code", "kbd", "samp", "pre"), None) is None


def _is_label(text: str) -> bool:
    """Whether words end in a colon, or in a bracket that they opened."""
    named = text[-1] == ":" and len(text) > 1 and text[-2].isalpha()
    return named or (text[-1] == ")" and "(" in text)


def _is_next_word(last: str, first: str) -> bool:
    money = last.islower() and unicodedata.category(first) == "Sc"
    return money or (last.isalnum() and first.isdigit()) or (last.islower() and first.isupper())


def _is_past_number(one: str, other: str) -> bool:
    """Whether words or a price follow a number: ``£44.50was £52.00``. One word in small letters may be its
    ending, as of 12th. On 540 real pages some 1,400 places are like this; of those that were looked at
    each was two values."""
    if not one[-1].isdigit():
        return False
    first = other[0]
    return first.isupper() or unicodedata.category(first) == "Sc" or (first.islower() and " " in other)


def flatten(
    run: Run, element: Element, base: str, visibility: Visibility, hidden: list[str], *, lines: bool = False
) -> None:
    """Adds all text in ``element`` to ``run``; its blocks and lines are set apart by one space, or each on a
    line of its own."""
    part = run.part if lines else run.space
    struck: list[Element] = []
    events = etree.iterwalk(element, events=("start", "end"))
    skipped = False
    for event, node in events:
        tag = node.tag
        if event == "start":
            shown = visibility.of(node)
            formula = formula_of(node) if shown is not Shown.HIDDEN else None
            skipped = formula is not None or tag in SKIPPED or is_mark(node)
            if formula is not None:
                run.formula(formula)
            if not skipped and node is not element and shown is Shown.HIDDEN:
                skipped = True
                note_hidden(hidden, node)
            if skipped:
                events.skip_subtree()
                continue
            if node is not element and (tag in BLOCK_TAGS or tag == "br"):
                part()
            elif is_raised(node) and len(run) and (sign := raised_sign(node, run.text)):
                run.touch(sign)
            elif tag in GAPS or is_apart(node):
                run.space()
            if visibility.strikes(node):
                run.strike()
                struck.append(node)
            if tag == "a":
                if is_apart(node):
                    run.space()
                open_link(run, node, base)
            if node.text:
                run.add(node.text)
            continue
        if not skipped:
            if struck and struck[-1] is node:
                run.unstrike()
                struck.pop()
            if tag == "a":
                run.close()
            if node is not element and tag in BLOCK_TAGS:
                part()
            elif tag in GAPS:
                run.space()
        skipped = False
        if node is not element and node.tail:
            run.add(node.tail)


def note_hidden(hidden: list[str], element: Element) -> None:
    """Notes an element's text as hidden from people."""
    text = fold_space(text_of(element))
    if text and len(hidden) < MAX_HIDDEN:
        hidden.append(text[:MAX_HIDDEN_CHARS])


MAX_HIDDEN = 200
"""So many hidden pieces are kept, of so many characters each: a report, not an archive."""
MAX_HIDDEN_CHARS = 2000
