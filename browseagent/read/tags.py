"""What HTML elements mean for text: which end a line, which hold none, which only mark a place."""

from __future__ import annotations

import re

from browseagent.read.dom import Element, names_with

_BLOCK_TAGS_NAMES = """
address article aside blockquote body button center dd details dialog dir div dl dt fieldset
figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu
nav ol optgroup option p pre search section summary table tbody td tfoot th thead tr ul caption
"""
BLOCK_TAGS = frozenset(_BLOCK_TAGS_NAMES.split())
_SKIPPED_NAMES = """
script style noscript template svg iframe object embed applet canvas audio video select datalist
textarea input head map area track param noframes progress meter rp rt annotation
annotation-xml
"""
SKIPPED = frozenset(_SKIPPED_NAMES.split())
_GAPS_NAMES = """
label img output picture
"""
GAPS = frozenset(_GAPS_NAMES.split())
LISTS = frozenset(("ul", "ol", "menu", "dir"))

# Conventions of wikis and documentation generators for marks that are no part of the text.
names_mark = names_with(
    re.compile(
        r"(?:^|\s)(?:mw-editsection|headerlink|anchor-?link|hash-link|heading-anchor|permalink-icon|mw-jump-link"
        r"|line-?(?:no|nos|num|number|numbers)|linenos?|linenodiv|gutter|blob-num|hljs-ln-n(?:umbers)?|lnt?|rouge-gutter)(?=$"
        r"|\s)"
    )
)
_LANGUAGE = re.compile(
    r"(?:^|\s)(?:language-|lang-|highlight-source-|highlight-|brush:\s*|sourceCode\s+|src-)([A-Za-z][\w+#-]*)"
)
_NOT_LANGUAGES = {"default", "none", "text", "block", "wrapper", "container", "box", "snippet", "toolbar"}


def is_mark(element: Element) -> bool:
    """Whether an element is a mark beside the text: an edit link, a paragraph sign, a line number."""
    names = element.get("class")
    return bool(names) and names_mark(names)


def is_block(element: Element) -> bool:
    """Whether an element ends the line of text before it. Custom elements with children do."""
    tag = element.tag
    return tag in BLOCK_TAGS or ("-" in tag and len(element) > 0)


def code_language(element: Element) -> str:
    """The programming language of a ``<pre>``, by the conventions of highlighters; may be empty."""
    around = [element, *element.iterdescendants("pre", "code"), *list(element.iterancestors())[:3]]
    for place in around:
        said = place.get("data-lang") or place.get("data-language")
        found = _LANGUAGE.search(place.get("class") or "")
        name = (said or (found[1] if found else "")).lower()
        if name and name not in _NOT_LANGUAGES:
            return str(name)
    return ""


_WHOLE = re.compile(r"\s*([+-]?\d{1,9})")


class Numbers:
    """Counts the items of one ``<ol>`` as HTML has it: from ``start``, upwards or down, and on from the
    ``value`` of an item."""

    __slots__ = ("_next", "_step")

    def __init__(self, element: Element) -> None:
        down = element.get("reversed") is not None
        first = _whole(element.get("start"))
        if first is None:
            first = sum(1 for _ in element.iterchildren("li")) if down else 1
        self._next, self._step = first, -1 if down else 1

    def next(self, item: Element) -> int:
        """The number of the next item."""
        said = _whole(item.get("value"))
        number = self._next if said is None else said
        self._next = number + self._step
        return number


def _whole(value: str | None) -> int | None:
    found = _WHOLE.match(value or "")
    return int(found[1]) if found else None
