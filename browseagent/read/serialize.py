"""Documents to JSON bytes and back, exactly: for the store's cache of derived text.

``Document.page`` is not written; the store keeps pages itself. What was joined from several pages is
joined anew from each page's own document.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from browseagent.records import Block, BlockKind, Cell, Document, Label, Link, Look, Mark, Post

_FIELDS = ("url", "text", "title", "author", "date", "language", "kind", "kept", "next_url", "replies")
_TUPLES = ("hidden", "beside", "notes")
_PARTS = ("rest", "near", "head")


def dump_document(document: Document) -> bytes:
    """The document, without its page, as UTF-8 JSON."""
    # ASCII, so that a lone surrogate (which UTF-8 cannot hold) survives too.
    return json.dumps(_plain(document), separators=(",", ":")).encode("ascii")


def _plain(document: Document) -> dict[str, Any]:
    value: dict[str, Any] = {name: getattr(document, name) for name in _FIELDS}
    value |= {name: list(getattr(document, name)) for name in _TUPLES}
    value["blocks"] = [
        [b.kind.value, b.start, b.end, b.level, b.ordered,
         [[c.start, c.end, c.header, c.called] for c in b.cells], b.is_header, b.table, b.language,
         b.anchor, b.page, b.term, b.number,
         [[m.start, m.end, m.kind] for m in b.marks], b.place, b.post,
         [[each.at, each.words] for each in b.labels]]
        for b in document.blocks
    ]  # fmt: skip
    value["links"] = [[link.url, link.text, link.start, link.end] for link in document.links]
    value["looks"] = [[each.text, each.look, each.group, each.among_plain] for each in document.looks]
    parts = {name: getattr(document, name) for name in _PARTS}
    value |= {name: None if part is None else _plain(part) for name, part in parts.items()}
    value["posts"] = [[p.author, p.when, p.accepted, p.votes, p.opens] for p in document.posts]
    return value


def load_document(data: bytes) -> Document:
    """The document that :func:`dump_document` wrote. Raises ValueError for anything else."""
    try:
        return _document(json.loads(data))
    except (KeyError, TypeError, UnicodeDecodeError) as error:
        raise ValueError(f"not a stored document: {error!r}") from error


def _document(value: dict[str, Any]) -> Document:
    blocks = tuple(_block(*each) for each in value["blocks"])
    fields: dict[str, Any] = {name: value[name] for name in _FIELDS}
    fields |= {name: tuple(value[name]) for name in _TUPLES}
    fields["links"] = tuple(Link(*link) for link in value["links"])
    fields["looks"] = tuple(Look(*look) for look in value["looks"])
    fields["posts"] = tuple(Post(*post) for post in value["posts"])
    fields |= {name: None if value[name] is None else _document(value[name]) for name in _PARTS}
    return Document(**fields, blocks=blocks)


def _block(kind: str, start: int, end: int, level: int, ordered: bool, cells: Any, *rest: Any) -> Block:
    *plain, marks, place, post, labels = rest
    made = Block(BlockKind(kind), start, end, level, ordered, tuple(Cell(*cell) for cell in cells), *plain)
    if not marks and not place and post < 0 and not labels:
        return made
    told = tuple(Label(*each) for each in labels)
    return replace(made, marks=tuple(Mark(*mark) for mark in marks), place=place, post=post, labels=told)
