"""Where an article goes on: the URL of its next page, for those that stand on several. Pure.

Three things must agree: a link that says so (``rel=next``, "Next page", the next number of a row), an
address that differs in the page number alone (:mod:`browseagent.read.series`), and a page that holds one
text. The pages of a list, a shelf or a thread hold items that stand for themselves: they are no article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from browseagent.read.characters import fold_space
from browseagent.read.chunks import Chunk
from browseagent.read.dom import Element, attribute, text_of
from browseagent.read.inline import resolve
from browseagent.read.metadata import types_of
from browseagent.read.series import follows
from browseagent.records import BlockKind

_NEXT = re.compile(
    r"^\W*(?:(?:go to |continue (?:reading )?(?:on |to )?|read on:? )?(?:the )?next(?: page| part)?|"
    r"(?:continue(?: reading)?|read on)(?: on)? page \d+|(?:page|part|seite|teil) \d+|"
    r"(?:nächste|naechste) seite|weiter(?:lesen)?|page suivante|suivante?|(?:página )?siguiente|"
    r"(?:pagina )?(?:successiva|volgende)|volgende pagina|próxima(?: página)?|"
    r"nästa(?: sida)?|næste(?: side)?|"
    r"下一页|下一頁|下页|次のページ(?:へ)?|次へ|다음(?: 페이지)?|следующая(?: страница)?)"
    r"(?:\s*(?:\(?\d+\s*(?:/|of|von|de|sur)\s*\d+\)?|\d+))?\W*$",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"^\W?\d{1,3}\W?$")
_PROSE_WORDS = 20
"""Words of text outside links that the page of an article holds; the shortest part we know has 30."""
_LINKED_HEADINGS = 3
"""Headings that are links, from which on a page is a list of other pages."""
_ARTICLES = {"article", "newsarticle", "blogposting", "techarticle", "report", "reportagenewsarticle"}
_ONE_TEXT = {"article", "documentation"}


def next_page(
    root: Element,
    chunks: Sequence[Chunk],
    base: str,
    url: str,
    kind: str,
    objects: Sequence[Mapping[str, Any]],
    tags: Mapping[str, str],
) -> str:
    """The URL of the next page of the article, or an empty string. ``chunks`` are the page's main text."""
    found = next((target for target in _candidates(root, base) if follows(url, target)), "")
    return found if found and _is_one_text(root, chunks, kind, objects, tags) else ""


def _candidates(root: Element, base: str) -> Iterator[str]:
    """Links that may lead to the next page, the surest first."""
    anchors = [a for a in root.iter("a") if a.get("href")]
    for element in (*root.iter("link"), *anchors):
        if "next" in attribute(element, "rel").lower().split():
            yield _target(base, element)
    said = [(a, fold_space(f"{text_of(a)}") or attribute(a, "aria-label")) for a in anchors]
    for a, text in said:
        if len(text) < 60 and (_NEXT.match(text) or _NEXT.match(attribute(a, "aria-label"))):
            yield _target(base, a)
    for a, text in said:
        if _NUMBER.match(text):
            yield _target(base, a)


def _target(base: str, element: Element) -> str:
    return resolve(base, attribute(element, "href")).partition("#")[0]


def _is_one_text(
    root: Element,
    chunks: Sequence[Chunk],
    kind: str,
    objects: Sequence[Mapping[str, Any]],
    tags: Mapping[str, str],
) -> bool:
    linked = prose = 0
    for chunk in chunks:
        words = len(chunk.text.split())
        inside = sum(len(chunk.text[s:e].split()) for s, e, _ in chunk.links)
        linked += chunk.kind is BlockKind.HEADING and words > 0 and inside == words
        prose += words - inside if chunk.kind is BlockKind.PARAGRAPH else 0
    if kind == "forum" or linked >= _LINKED_HEADINGS or prose < _PROSE_WORDS:
        return False
    if kind in _ONE_TEXT:
        return True
    # The kind of a short page is often judged wrong; a page that calls its text an article is believed.
    declared = tags.get("og:type", "") == "article" or any(types_of(item) & _ARTICLES for item in objects)
    articles = sum(1 for _ in root.iter("article"))
    return articles == 1 or (declared and articles < 2)
