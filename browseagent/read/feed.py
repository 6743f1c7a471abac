"""RSS and Atom: the feed's title, then each entry with its title, author, date, link and text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from lxml import etree

from browseagent.read.characters import clean, fold_space
from browseagent.read.chunks import Chunk
from browseagent.read.dom import Element, parse
from browseagent.read.inline import resolve
from browseagent.read.metadata import iso_date
from browseagent.read.visibility import Visibility
from browseagent.read.walk import walk
from browseagent.records import BlockKind

_ENTRIES = ("item", "entry")
_TEXTS = ("encoded", "content", "description", "summary", "subtitle", "tagline")


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed."""

    id: str
    """What names it: its guid or id, else its link, else its title."""
    title: str
    text: str
    """What is read of it, a line a block."""


def feed_chunks(text: str, url: str) -> tuple[str, list[Chunk]]:
    """Title and blocks of a feed; nothing where it does not parse at all."""
    root = _root(text)
    if root is None:
        return "", []
    channel = next((e for e in root if _name(e) == "channel"), root)
    title = _field(channel, "title")
    chunks = [Chunk(BlockKind.HEADING, title, level=1)] if title else []
    for name in ("description", "subtitle", "tagline"):
        chunks += _paragraphs(_child(channel, name), url)
    for entry in _entries(root):
        chunks += _entry(entry, url)
    return title, chunks


def feed_entries(text: str, url: str) -> Iterator[Entry]:
    """The entries of a feed in their order; of several with one id the first."""
    root = _root(text)
    known: set[str] = set()
    for entry in [] if root is None else _entries(root):
        title = _field(entry, "title") or "(untitled)"
        name = _field(entry, "guid") or _field(entry, "id") or _link(entry) or title
        if name not in known:
            known.add(name)
            yield Entry(name, title, "\n".join(chunk.text for chunk in _entry(entry, url)))


def _root(text: str) -> Element | None:
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True
    )
    # The text is decoded already, so what it says of its encoding no longer holds.
    body = text[text.find("?>") + 2 :] if text.lstrip().startswith("<?xml") else text
    found: Element | None = None
    if body.strip():
        found = etree.fromstring(body.strip().encode("utf-8", "replace"), parser)
    return found


def _entries(root: Element) -> list[Element]:
    return [e for e in root.iter() if _name(e) in _ENTRIES]


def _entry(entry: Element, url: str) -> list[Chunk]:
    title = _field(entry, "title") or "(untitled)"
    goal = resolve(url, _link(entry))
    heading = Chunk(BlockKind.HEADING, title, level=2, links=[(0, len(title), goal)] if goal else [])
    author = _child(entry, "author")
    name = _field(author, "name") if author is not None and len(author) else _field(entry, "author")
    when = next((v for n in ("pubDate", "published", "date", "updated") if (v := _field(entry, n))), "")
    byline = ", ".join(part for part in (name or _field(entry, "creator"), iso_date(when) or when) if part)
    chunks = [heading, Chunk(BlockKind.PARAGRAPH, byline)] if byline else [heading]
    for kind in _TEXTS:
        body = _paragraphs(_child(entry, kind), url)
        if body:
            return chunks + body
    return chunks


def _paragraphs(element: Element | None, url: str) -> list[Chunk]:
    """The text of an element that holds HTML, escaped or as child elements."""
    if element is None:
        return []
    inner = "".join([element.text or "", *(etree.tostring(child, encoding="unicode") for child in element)])
    root = parse(f"<html><body>{inner}</body></html>")
    if root is None:
        return []
    chunks = walk(root, url, Visibility()).chunks
    for chunk in chunks:
        chunk.node = None
        if chunk.kind is BlockKind.HEADING:
            chunk.level = min(6, chunk.level + 2)
    return chunks


def _name(element: Element) -> str:
    return etree.QName(element).localname if isinstance(element.tag, str) else ""


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if _name(child) == name), None)


def _field(element: Element, name: str) -> str:
    child = _child(element, name)
    if child is None:
        return ""
    text = fold_space(clean("".join(child.itertext())))
    if "<" in text and ">" in text:
        root = parse(text)
        text = fold_space(clean("".join(root.itertext()))) if root is not None else ""
    return text


def _link(entry: Element) -> str:
    for child in entry:
        if _name(child) == "link":
            if child.get("href") and child.get("rel", "alternate") == "alternate":
                return str(child.get("href"))
            if child.text and child.text.strip():
                return str(child.text).strip()
    guid = _field(entry, "guid")
    return guid if guid.startswith(("http://", "https://")) else ""
