"""What a person sees of a page beside its main text: each piece with where it stands, and under its headings.

A document of its own (``Document.rest``), so that main text stays as clean as it is and every quote is found
by the same means. Headings that are main text are repeated above what stands under them, without a place.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from browseagent.read.chunks import Chunk
from browseagent.read.nodes import Node
from browseagent.read.record_rows import rows_of
from browseagent.read.repeated import Group, groups_of
from browseagent.records import BlockKind

_TAGS = {
    "footer": "footer", "contentinfo": "footer", "nav": "menu", "navigation": "menu", "header": "header",
    "banner": "header", "aside": "sidebar", "complementary": "sidebar", "form": "form", "search": "form",
    "dialog": "dialog", "alertdialog": "dialog",
}  # fmt: skip
"""Elements and roles that say where they stand; an element's own names say so too."""
_NAMES = {
    "footer": "footer", "navigation": "menu", "nav": "menu", "navbar": "menu", "menu": "menu",
    "breadcrumb": "menu", "breadcrumbs": "menu", "sidebar": "sidebar", "comments": "comments",
    "comment": "comments", "reviews": "reviews", "review": "reviews",
}  # fmt: skip
_ANYWHERE = "page"
FRAMES = frozenset(("footer", "menu", "header", "sidebar", "form", "dialog"))
"""Places that no heading of the main text heads."""
_DEPTH = 3
_HEAD_CHARS = 60
_NAME = re.compile(r"[A-Za-z]+")
_WITHIN = frozenset(("article", "main", "section"))
"""A header or footer in one of these is that of a part of the page."""


def rest_of(chunks: Sequence[Chunk], chosen: Set[int]) -> Iterator[Chunk]:
    """The chunks whose ``id`` is not among the chosen ones, in order, each below the headings above it; and
    all records of the page, as rows. Sets the ``place`` of what it gives and did not choose."""
    above: dict[int, Chunk] = {}
    given: set[int] = set()
    places: dict[int, str] = {}
    groups = {group.first: group for group in groups_of(chunks)}
    listed = frozenset().union(*(group.chunks for group in groups.values()))
    tables = 1 + max((chunk.table for chunk in chunks), default=-1)
    for number, chunk in enumerate(chunks):
        if number in groups:
            for level in sorted(above):
                if id(above[level]) not in given:
                    given.add(id(above[level]))
                    yield above[level]
            heads = _headings(chunks, groups[number], listed)
            for row, head in zip(rows_of(chunks, groups[number], tables), heads, strict=False):
                row.place = _place(row.node, places)
                row.labels = sorted([(row.cells[0][0], head), *row.labels] if head else row.labels)
                yield row
            tables += 1
        if number in listed:
            continue
        left = id(chunk) not in chosen
        if chunk.kind is BlockKind.HEADING:
            above = {level: each for level, each in above.items() if level < chunk.level}
            above[chunk.level] = chunk
        if left:
            place = _place(chunk.node, places)
            for level in sorted(above):
                of_it = place not in FRAMES or place == _place(above[level].node, places)
                if of_it and id(above[level]) not in given and above[level] is not chunk:
                    given.add(id(above[level]))
                    yield above[level]
            given.add(id(chunk))
            chunk.place = place
            yield chunk


def _headings(chunks: Sequence[Chunk], group: Group, listed: Set[int]) -> Iterator[str]:
    """Of each record of a group the heading between the first of them and it: "Desserts" on a menu; empty for
    those before any."""
    head, at = "", group.first
    for record in group.records:
        first = min((piece.chunk for piece in record), default=at)
        for number in range(at, first):
            if number not in listed and _heads(chunks[number]):
                head = " ".join(chunks[number].text.split())
        at = max(at, first)
        yield head


def _heads(chunk: Chunk) -> bool:
    """Whether a chunk is a heading of several things: no link, as the name of one is, and short."""
    return chunk.kind is BlockKind.HEADING and not chunk.links and len(chunk.text) <= _HEAD_CHARS


def near_of(chunks: Sequence[Chunk], chosen: Set[int]) -> Iterator[Chunk]:
    """The chunks to which :func:`rest_of` gave no place with a name, and which stand in an element that holds
    chosen ones, or one or two below it."""
    kept = (chunk.node for chunk in chunks if id(chunk) in chosen)
    holders = {id(node.parent) for node in kept if node is not None}
    for chunk in chunks:
        at, depth = chunk.node, 0
        if chunk.place != _ANYWHERE or id(chunk) in chosen:
            continue
        while at is not None and depth < _DEPTH and id(at) not in holders:
            at, depth = at.parent, depth + 1
        if at is not None and id(at) in holders:
            yield chunk


def _place(node: Node | None, known: dict[int, str]) -> str:
    """Where an element stands: by the innermost element above that says so."""
    if node is None:
        return _ANYWHERE
    if id(node) not in known:
        known[id(node)] = _own_place(node) or _place(node.parent, known)
    return known[id(node)]


def _own_place(node: Node) -> str:
    said = node.attributes
    place = _TAGS.get(said.get("role") or "") or _TAGS.get(node.tag, "")
    if place in ("header", "footer") and _is_within(node):
        place = ""
    if place:
        return place
    words = _NAME.findall(f"{said.get('id') or ''} {said.get('class') or ''}".lower())
    return next((_NAMES[word] for word in words if word in _NAMES), "")


def _is_within(node: Node) -> bool:
    at = node.parent
    while at is not None and at.tag not in _WITHIN:
        at = at.parent
    return at is not None
