"""RSS and Atom: the feed's title, then each entry with its title, author, date, link and text, and what else
it says: its categories, a price, a file to fetch."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from html.entities import html5
from urllib.parse import unquote, urlsplit

from lxml import etree

from browseagent.read.chunks import Chunk
from browseagent.read.dom import Element, parse, text_of
from browseagent.read.inline import resolve
from browseagent.read.metadata import iso_date
from browseagent.read.text import clean, fold_space, with_struck
from browseagent.read.visibility import Visibility
from browseagent.read.walk import walk
from browseagent.records import BlockKind

_ENTRIES = ("item", "entry")
_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
_XML_NAMES = frozenset(("amp", "lt", "gt", "quot", "apos"))
_NAMED = re.compile(
    r"<!\[CDATA\[.*?\]\]>|<!DOCTYPE[^\[>]*\[.*?\]\s*>|&(?P<name>[A-Za-z][A-Za-z0-9]{1,31});", re.S
)
_ENTITY = re.compile(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#\d+|#x[0-9A-Fa-f]+);")
_MARKUP = re.compile(
    r"</?(?:a|abbr|b|bdi|br|cite|code|del|em|i|ins|mark|p|q|s|small|span|strong|sub|sup|u|wbr)(?:\s[^<>]*)?/?>",
    re.I,
)
_TEXTS = ("encoded", "content", "description", "summary", "subtitle", "tagline")
_HEAD = ("description", "subtitle", "tagline")
_READ = frozenset(
    (
        *("title", "link", "guid", "id", "author", "creator", "contributor", "source", "comments", *_TEXTS),
        *("pubDate", "published", "date", "updated", "modified", "issued", "created"),
    )
)
"""What an entry is read by, and what else says nothing of it."""
_OF_TALK = ("slash", "wfw", "thread/", "thr:", "syndication/", "sy:", "feedburner")
"""In the names of the modules that tell how an entry is fetched, or how much is said about it elsewhere."""
_ADDRESS = re.compile(r"\w+://\S*|\S+@\S+")
_FIELD_CHARS = 300


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a feed."""

    id: str
    """What names it: its guid or id, else its link, else its title."""
    title: str
    text: str
    """What is read of it, a line a block, with what is struck out between tildes."""
    links: tuple[tuple[str, str, str], ...] = ()
    """Words and address of each of its links, and the block that the words stand in."""


def feed_chunks(text: str, url: str) -> tuple[str, list[Chunk]]:
    """Title and blocks of a feed; nothing where it does not parse at all."""
    root = xml_root(text)
    if root is None:
        return "", []
    title, chunks = _head(root, url)
    for entry in _entries(root):
        chunks += _entry(entry, url)
    return title, chunks


def feed_head(text: str, url: str) -> str:
    """What a feed says of itself, a line a block."""
    root = xml_root(text)
    return "" if root is None else "\n".join(chunk.text for chunk in _head(root, url)[1])


def feed_entries(text: str, url: str) -> Iterator[Entry]:
    """The entries of a feed in their order, each once; of several with one id those after the first are
    numbered."""
    root = xml_root(text)
    known: Counter[str] = Counter()
    given: set[tuple[object, ...]] = set()
    for entry in [] if root is None else _entries(root):
        title = _title(entry) or "(untitled)"
        name = _field(entry, "guid") or _field(entry, "id") or _link(entry) or title
        chunks = _entry(entry, url)
        links = tuple((chunk.text[s:e], goal, chunk.text) for chunk in chunks for s, e, goal in chunk.links)
        said = "\n".join(map(_with_struck, chunks))
        if (name, said, links) in given:
            continue
        given.add((name, said, links))
        known[name] += 1
        name = name if known[name] == 1 else f"{name} ({known[name]})"
        yield Entry(name, title, said, links)


def _with_struck(chunk: Chunk) -> str:
    """The text of a chunk, with what is struck out between tildes."""
    struck = ((start, end) for start, end, kind in chunk.marks if kind == "struck")
    return with_struck(chunk.text, struck, 0, len(chunk.text))


def _head(root: Element, url: str) -> tuple[str, list[Chunk]]:
    channel = next((e for e in root if _name(e) == "channel"), root)
    title = _title(channel)
    chunks = [Chunk(BlockKind.HEADING, title, level=1)] if title else []
    for name in _HEAD:
        chunks += _paragraphs(_child(channel, name), url)
    return title, chunks


def xml_root(text: str) -> Element | None:
    """The root of an XML text, whatever is wrong with it; None where there is nothing."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, huge_tree=False, remove_comments=True
    )
    # The text is decoded already, so what it says of its encoding no longer holds.
    body = text[text.find("?>") + 2 :] if text.lstrip().startswith("<?xml") else text
    body = _NAMED.sub(_character, body)
    found: Element | None = None
    if body.strip():
        found = etree.fromstring(body.strip().encode("utf-8", "replace"), parser)
    return found


def _entries(root: Element) -> list[Element]:
    return [e for e in root.iter() if _name(e) in _ENTRIES]


def _entry(entry: Element, url: str) -> list[Chunk]:
    title = _title(entry) or "(untitled)"
    goal = resolve(*_link_and_base(entry, url))
    heading = Chunk(BlockKind.HEADING, title, level=2, links=[(0, len(title), goal)] if goal else [])
    author = _child(entry, "author")
    name = _field(author, "name") if author is not None and len(author) else _field(entry, "author")
    when = next((v for n in ("pubDate", "published", "date", "updated") if (v := _field(entry, n))), "")
    byline = ", ".join(part for part in (name or _field(entry, "creator"), iso_date(when) or when) if part)
    chunks = [heading, Chunk(BlockKind.PARAGRAPH, byline)] if byline else [heading]
    chunks += next(filter(None, (_paragraphs(_child(entry, kind), url) for kind in _TEXTS)), [])
    said = fold_space(" ".join(chunk.text for chunk in chunks))
    fields: dict[str, list[str]] = {}
    for name, value in _fields(entry):
        if value not in said and value not in fields.get(name, ()):
            fields.setdefault(name, []).append(value)
    chunks += [
        Chunk(BlockKind.ITEM, f"{name}: {', '.join(values)}", level=1) for name, values in fields.items()
    ]
    return chunks + _files(entry, url)


def _fields(entry: Element) -> Iterator[tuple[str, str]]:
    """What else an entry says, by names: a category, a price, how long an episode lasts. No addresses."""
    for child in entry:
        name = _name(child)
        if not name or name in _READ or any(each in child.tag for each in _OF_TALK):
            continue
        for leaf in child.iter():
            names = [_name(each) for each in (*reversed([*leaf.iterancestors()]), leaf)]
            value = leaf.text or (leaf.get("label") or leaf.get("term") if name == "category" else "") or ""
            value = fold_space(clean(value))
            if value and not len(leaf) and len(value) <= _FIELD_CHARS and not _ADDRESS.fullmatch(value):
                yield " ".join(names[names.index(name) :]).replace("_", " "), value


def _files(entry: Element, url: str) -> list[Chunk]:
    """The files that come with an entry, save pictures: the sound of an episode."""
    chunks = []
    for child in entry:
        address = child.get("url") if _name(child) == "enclosure" else None
        if _name(child) == "link" and child.get("rel") == "enclosure":
            address = child.get("href")
        goal = resolve(_base(child, url), address or "")
        if goal and not (child.get("type") or "").startswith("image/"):
            name = unquote(urlsplit(goal).path.rpartition("/")[2]) or child.get("type") or "file"
            chunks.append(Chunk(BlockKind.ITEM, name, links=[(0, len(name), goal)], level=1))
    return chunks


def _paragraphs(element: Element | None, url: str) -> list[Chunk]:
    """The text of an element that holds HTML, escaped or as child elements, or says that it is plain."""
    if element is None:
        return []
    url = _base(element, url)
    if element.get("type") == "text" and not len(element):
        said = fold_space(clean(element.text or ""))
        return [Chunk(BlockKind.PARAGRAPH, said)] if said else []
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
    """The name of an element without its prefix, declared or not; empty for what is none."""
    return element.tag.rpartition("}")[2].rpartition(":")[2] if isinstance(element.tag, str) else ""


def _child(element: Element, name: str) -> Element | None:
    return next((child for child in element if _name(child) == name), None)


def _field(element: Element, name: str) -> str:
    """The plain text of a child."""
    child = _child(element, name)
    return "" if child is None else fold_space(clean("".join(child.itertext())))


def _title(element: Element) -> str:
    """The title of a feed or an entry. One that holds HTML (Atom says so; of RSS it is told by a tag or an
    entity of HTML in it) is read as HTML, once: what is an angle bracket then is one."""
    child = _child(element, "title")
    if child is None:
        return ""
    text = "".join(child.itertext())
    kind = child.get("type") or ("html" if _MARKUP.search(text) else "")
    if not kind:  # "<News> &amp; more" has no markup, and was escaped twice
        text = _ENTITY.sub(lambda found: unescape(found[0]), text)
    if (
        kind.lower() in ("html", "text/html")
        and (root := parse(f"<html><body>{text}</body></html>")) is not None
    ):
        text = text_of(root)
    return fold_space(clean(text))


def _base(element: Element, url: str) -> str:
    """What relative links in an element start from: the feed's address, as ``xml:base`` above it moves it."""
    said = [each.get(_XML_BASE) for each in (element, *element.iterancestors())]
    for base in reversed([each for each in said if each]):
        url = resolve(url, base) or url
    return url


def _character(found: re.Match[str]) -> str:
    """A character that HTML names and XML does not, which feeds use all the same; what is within CDATA, and
    what the feed itself defines, stays."""
    name = found["name"]
    known = html5.get(f"{name};") if name and name not in _XML_NAMES else None
    return found[0] if known is None else known


def _link_and_base(entry: Element, url: str) -> tuple[str, str]:
    """What the link of an entry starts from, and the link as it is written."""
    for child in entry:
        if _name(child) == "link":
            if child.get("href") and child.get("rel", "alternate") == "alternate":
                return _base(child, url), str(child.get("href"))
            if child.text and child.text.strip():
                return _base(child, url), str(child.text).strip()
    guid = _field(entry, "guid")
    return url, guid if guid.startswith(("http://", "https://")) else ""


def _link(entry: Element) -> str:
    return _link_and_base(entry, "")[1]
