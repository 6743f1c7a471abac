"""Where an article goes on: the URL of its next page, for those that stand on several. Pure.

Three things must agree: a link that says so (``rel=next``, "Next page", the next number of a row), an
address that differs in the page number alone, and a page that holds one text. The pages of a list, a shelf
or a thread hold items that stand for themselves: they are no article.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from browseagent.read.chunks import Chunk
from browseagent.read.dom import Element, attribute, text_of
from browseagent.read.inline import resolve
from browseagent.read.metadata import types_of
from browseagent.read.text import fold_space
from browseagent.records import Block, BlockKind, Document, Link, Page, Part

_NUMBERED = re.compile(
    r"^(?P<stem>.*?)(?:[-_/.,]?(?:page|pg|part|seite|teil|pagina|p)[-_/=]?|[-_/.,])(?P<number>\d{1,3})$",
    re.IGNORECASE,
)
_KEYS = {"page", "p", "pg", "pageno", "page_no", "pagenum", "part", "seite", "pagina", "paged", "artpage"}
_SUFFIX = re.compile(r"\.(?:html?|php|aspx?|jsp|shtml|cms)$", re.IGNORECASE)
_INDEX = re.compile(r"/(?:index|default)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """An address without its page number, and the number; 0 where it shows none."""

    stem: tuple[str, str, tuple[tuple[str, str], ...]]
    """Host with port, path without suffix and number, the rest of the query."""
    number: int = 0


def readings(url: str) -> list[Place]:
    """Every way to read a URL: as it stands (page 0), by a number in its query, by one in its path."""
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2].lower()
    except ValueError:
        return []
    if parts.scheme.lower() not in ("http", "https") or not host:
        return []
    path = _INDEX.sub("", _SUFFIX.sub("", parts.path.rstrip("/")))
    query = tuple(sorted(parse_qsl(parts.query, keep_blank_values=True)))
    found = [Place((host, path, query))]
    for pair in query:
        if pair[0].lower() in _KEYS and pair[1].isascii() and pair[1].isdigit() and len(pair[1]) <= 3:
            rest = tuple(other for other in query if other != pair)
            found.append(Place((host, path, rest), int(pair[1])))
    numbered = _NUMBERED.match(path)
    if numbered:
        found.append(Place((host, numbered["stem"], query), int(numbered["number"])))
    return found


def follows(url: str, candidate: str) -> bool:
    """Whether ``candidate`` is the address of the page after ``url`` in one series."""
    here = readings(url)
    for then in readings(candidate):
        if then.number < 2:
            continue
        for now in here:
            # A page without a number is the first.
            if now.stem == then.stem and then.number == max(now.number, 1) + 1:
                return True
    return False


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
_DIGIT = re.compile(r"\d")
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
    numbered = bool(_DIGIT.search(base))  # without a number in either, no address has one
    anchors = [a for a in root.iter("a") if (href := a.get("href")) and (numbered or _DIGIT.search(href))]
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


MOST_PARTS = 20
"""Pages that are joined at most; the longest article that we met on several pages had 11."""
GAP = "\n\n"
_PAGE_MARK = re.compile(
    r"[\s\-–—|:·,(\[]*\b(?:page|pg\.?|part|seite|teil|pagina|página|страница)\s*\d+(?:\s*(?:of|/|von|de|sur|di)\s*\d+)?"
    r"[)\]]?|[\s\-–—|:·,]*[(\[]?\b\d+\s*(?:/|of|von|de|sur|di)\s*\d+[)\]]?|[\s\-–—|:·]*第\s*\d+\s*[页頁ページ]*",
    re.IGNORECASE,
)


def belongs(whole: Document, part: Document) -> bool:
    """Whether a page goes on with the article: it has its title (but for a page number), in the same
    language, and does not say the same over again."""
    if not part.text or part.language != whole.language:
        return False
    one, other = _unnumbered(whole.title), _unnumbered(part.title)
    if not one or not other:
        return False
    titled = one == other or (
        min(len(one), len(other)) >= 10 and (one.startswith(other) or other.startswith(one))
    )
    return titled and part.text not in whole.text


def join(whole: Document, part: Document) -> Document:
    """The document with the text of the next page set after it; its next page is that page's."""
    parts = whole.parts or (Part(whole.url, 0, len(whole.text), whole.page),)
    blocks = _new_blocks(whole, part)
    if not blocks:
        return replace(whole, next_url=part.next_url, parts=(*parts, _part(part, len(whole.text), 0)))
    start, end = blocks[0].start, blocks[-1].end
    base = len(whole.text) + len(GAP)
    shift = base - start
    tables = 1 + max((block.table for block in whole.blocks), default=-1)
    inside = [
        replace(link, start=link.start + shift, end=link.end + shift)
        if start <= link.start and link.end <= end
        else Link(link.url, link.text)
        for link in part.links
    ]
    chars = len(whole.text) + len(part.text)
    return replace(
        whole,
        text=whole.text + GAP + part.text[start:end],
        blocks=whole.blocks + tuple(_moved(block, shift, tables, len(whole.posts)) for block in blocks),
        links=whole.links + tuple(inside),
        hidden=whole.hidden + part.hidden,
        beside=whole.beside + part.beside,
        rest=_joined_rests(whole.rest, part.rest),
        kept=(whole.kept * len(whole.text) + part.kept * len(part.text)) / max(1, chars),
        notes=tuple(dict.fromkeys((*whole.notes, *part.notes))),
        next_url=part.next_url,
        parts=(*parts, _part(part, base, end - start)),
        posts=whole.posts + part.posts,
    )


def _joined_rests(whole: Document | None, part: Document | None) -> Document | None:
    """What stands beside the text of both pages; what frames every page, once."""
    return join(whole, part) if whole is not None and part is not None else whole or part


def _part(part: Document, start: int, length: int) -> Part:
    page: Page | None = part.page
    return Part(part.url, start, start + length, page)


def _new_blocks(whole: Document, part: Document) -> list[Block]:
    """The blocks of a page without those at its head and at its end that the article has already."""
    said = {_unnumbered(whole.block_text(block)) for block in whole.blocks}
    title = _unnumbered(whole.title)
    blocks = list(part.blocks)

    def repeated(block: Block) -> bool:
        text = _unnumbered(part.block_text(block))
        return text in said or (block.kind is BlockKind.HEADING and text == title) or not text

    # A run from the top only: a heading that returns further down ("Results") is no title.
    head = next((i for i, block in enumerate(blocks) if not repeated(block)), len(blocks))
    blocks = blocks[head:]
    while blocks and repeated(blocks[-1]):
        blocks.pop()
    return blocks


def _moved(block: Block, shift: int, tables: int, posts: int) -> Block:
    return replace(
        block,
        start=block.start + shift,
        end=block.end + shift,
        cells=tuple(replace(cell, start=cell.start + shift, end=cell.end + shift) for cell in block.cells),
        table=block.table + tables if block.table >= 0 else -1,
        post=block.post + posts if block.post >= 0 else -1,
        marks=tuple(replace(mark, start=mark.start + shift, end=mark.end + shift) for mark in block.marks),
        labels=tuple(replace(label, at=label.at + shift) for label in block.labels),
    )


def _unnumbered(text: str) -> str:
    """A title or byline folded, without the number of the page."""
    return " ".join(_PAGE_MARK.sub(" ", text).casefold().split()).strip(" -–—|:·,")
