"""What must stay for the rest to make sense: the other items of a list, the heading or the question above
what is kept, the price of what is described.

The model judges each chunk by itself and lets go of short ones; transcripts of main content do too, so
that word F1 hardly tells (held out, on 406 pages: 0.8249 without these rules, 0.8256 with all of them;
snippets kept 0.783 and 0.789), but an answer often is one short line.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import takewhile

from browseagent.read.chunks import Chunk
from browseagent.read.nodes import Node
from browseagent.read.text import CURRENCY
from browseagent.records import BlockKind

# Tried with 0.1 to 0.5 of the words, and probabilities from 0 to 0.2: no difference beyond chance.
_LIST_SHARE, _LIST_CHANCE = 0.1, 0.05
_ABOVE_CHANCE, _ABOVE_WORDS = 0.1, 12
_PRICE_CHANCE, _PRICE_CHARS = 0.1, 80
# On 158 pages word F1 was 0.8972 without this rule, 0.8969 with it, 0.8955 with 0.6 and 200 characters.
_RECORDS, _RECORD_SHARE, _RECORD_CHARS = 3, 0.66, 60
_TABLE_CHANCE, _TABLE_LINKS = 0.1, 0.5
# Of 62 pages with such lists 7 read otherwise by it: word F1 .870 without, .872 with it; with 0.1 it falls.
_TERM_CHANCE, _TERM_CHARS = 0.3, 200
# On 402 pages word F1 was 0.9001 without this rule, 0.9010 with it, 0.9005 where headings of records stay.
_LONE_CHANCE, _ITEM_CHANCE = 0.5, 0.15
_ASIDE = frozenset(("nav", "header", "footer", "aside", "form"))
_DIALOGS = ("dialog", "alertdialog")
_CONSENT = re.compile(r"cookie|consent|gdpr|\bcmp\b|onetrust|didomi|usercentrics|privacy", re.I)
_MENU = re.compile(r"(?:^|[\s_-])nav(?:bar|box|footer|header|igation|list|menu)?(?:$|[\s_-])", re.I)
# How far above each of two chunks the element that holds both may be, for one to belong to the other.
_NEAR = 2
_ABOVE_TAGS = ("summary", "dt")
_PRICE = re.compile(
    rf"[{CURRENCY}]\s?\d|\d\s?(?:[{CURRENCY}]|(?:USD|EUR|GBP)\b)|\b(?:in|out of) stock\b|\bsold out\b", re.I
)


def coherent(chunks: Sequence[Chunk], kept: Sequence[bool], chances: Sequence[float]) -> list[bool]:
    """Which chunks to keep, with those that the kept ones need."""
    out = list(kept)
    _not_the_consent(chunks, out)
    _whole_lists(chunks, out, chances)
    _whole_records(chunks, out)
    _prices(chunks, out, chances)
    _whole_tables(chunks, out, chances)
    _lone_headings(chunks, out, chances)
    _what_stands_above(chunks, out, chances)
    return out


def _not_the_consent(chunks: Sequence[Chunk], out: list[bool]) -> None:
    """What a dialog about consent says is not the page's own text where there is any beside it."""
    layers: dict[int, bool] = {}
    inside = [_in_consent(chunk.node, layers) for chunk in chunks]
    if any(keep and not layer for keep, layer in zip(out, inside, strict=True)):
        out[:] = [keep and not layer for keep, layer in zip(out, inside, strict=True)]


def _in_consent(node: Node | None, known: dict[int, bool]) -> bool:
    if node is None:
        return False
    if id(node) not in known:
        said = node.attributes
        dialog = node.tag == "dialog" or said.get("aria-modal") == "true" or said.get("role") in _DIALOGS
        own = dialog and any(_CONSENT.search(said.get(name) or "") for name in ("id", "class", "aria-label"))
        known[id(node)] = own or _in_consent(node.parent, known)
    return known[id(node)]


def _whole_lists(chunks: Sequence[Chunk], out: list[bool], chances: Sequence[float]) -> None:
    """Where part of a list is kept, all of it is."""
    start = 0
    while start < len(chunks):
        end = start
        while end < len(chunks) and chunks[end].kind is BlockKind.ITEM:
            end += 1
        sizes = [len(chunk.text.split()) for chunk in chunks[start:end]]
        mine = sum(size for size, keep in zip(sizes, out[start:end], strict=True) if keep)
        if mine and mine >= _LIST_SHARE * sum(sizes):
            for index in range(start, end):
                out[index] = out[index] or chances[index] >= _LIST_CHANCE
        start = max(end, start + 1)


def _whole_records(chunks: Sequence[Chunk], out: list[bool]) -> None:
    """Where most of the chunks that stand alike on the page are kept (the names of all products but one,
    every other rating), all of them are: a listing without some of its values says something else."""
    alike: dict[tuple[int, BlockKind], list[int]] = defaultdict(list)
    places: dict[int, int] = {}
    for index, chunk in enumerate(chunks):
        if chunk.node is not None and len(chunk.text) <= _RECORD_CHARS:
            alike[_place(chunk.node, places), chunk.kind].append(index)
    for members in alike.values():
        if len(members) >= _RECORDS and sum(out[index] for index in members) >= _RECORD_SHARE * len(members):
            for index in members:
                out[index] = True


def _place(node: Node, known: dict[int, int]) -> int:
    """The same for elements that stand alike, one of them set off by a further class ("plan popular")."""
    above = []
    at: Node | None = node
    while at is not None and id(at) not in known:
        above.append(at)
        at = at.parent
    place = known[id(at)] if at is not None else 0
    for each in reversed(above):
        names = (each.attributes.get("class") or "").split()
        place = known[id(each)] = hash((place, each.tag, names[0] if names else ""))
    return place


def _whole_tables(chunks: Sequence[Chunk], out: list[bool], chances: Sequence[float]) -> None:
    """A table of which a row is kept is kept whole, its header and its caption with it; so is one that stands
    beside what is kept and is no menu."""
    tables: dict[int, list[int]] = defaultdict(list)
    for index, chunk in enumerate(chunks):
        if chunk.kind is BlockKind.ROW:
            tables[chunk.table].append(index)
    beside: set[int] = set()
    for chunk, keep in zip(chunks, out, strict=True):
        node = chunk.node if keep else None
        while node is not None and id(node) not in beside:
            beside.add(id(node))
            node = node.parent
    for members in tables.values():
        known = any(out[index] for index in members)
        if not known and not _belongs(chunks, members, chances, beside, chunks[members[0]].node):
            continue
        first = members[0]
        captioned = first and chunks[first - 1].node is chunks[first].node
        for index in [first - 1, *members] if captioned else members:
            out[index] = True
    for terms, members in _terms(chunks):
        if _belongs(chunks, members, chances, beside, terms, _TERM_CHANCE):
            for index in members:
                out[index] = True


def _terms(chunks: Sequence[Chunk]) -> Iterator[tuple[Node, list[int]]]:
    """The lists of terms with what explains each, where that is read at a glance: tables in other markup."""
    lists: dict[int, tuple[Node, list[int]]] = {}
    for index, chunk in enumerate(chunks):
        node = chunk.node
        while node is not None and node.tag != "dl":
            node = node.parent
        if node is not None:
            lists.setdefault(id(node), (node, []))[1].append(index)
    for node, members in lists.values():
        if len(members) > 1 and all(len(chunks[index].text) <= _TERM_CHARS for index in members):
            yield node, members


def _belongs(
    chunks: Sequence[Chunk],
    members: Sequence[int],
    chances: Sequence[float],
    beside: set[int],
    node: Node | None,
    least: float = _TABLE_CHANCE,
) -> bool:
    """Whether a table, which ``node`` holds, is data of the page's own, though its short cells by themselves
    do not look so."""
    words = sum(len(chunks[index].text.split()) for index in members)
    linked = sum(len(chunks[index].text[s:e].split()) for index in members for s, e, _ in chunks[index].links)
    expected = sum(chances[index] * len(chunks[index].text) for index in members)
    return (
        expected >= least * sum(len(chunks[index].text) for index in members)
        and linked <= _TABLE_LINKS * words
        and any(id(above) in beside for above in _ancestors(node)[1 : _NEAR + 1])
        and not any(_is_aside(above) for above in _ancestors(node))
    )


def _is_aside(node: Node) -> bool:
    """Whether an element holds what stands beside a page's text: by its tag, or as menus are named."""
    return node.tag in _ASIDE or bool(_MENU.search(node.attributes.get("class") or ""))


def _lone_headings(chunks: Sequence[Chunk], out: list[bool], chances: Sequence[float]) -> None:
    """A heading of which nothing that stands under it is kept: where that is a list, the list belongs to it;
    else it goes too, unless others that stand alike on the page keep what is theirs."""
    places: dict[int, int] = {}
    lone: list[int] = []
    alike: set[int] = set()
    for index, chunk in enumerate(chunks):
        if not out[index] or chunk.kind is not BlockKind.HEADING or chunk.node is None:
            continue
        under = list(_under(chunks, index))
        own = [each for each in under if chunks[each].kind is not BlockKind.HEADING]
        if not own:
            continue
        if any(out[each] for each in under):
            alike.add(_place(chunk.node, places))
            continue
        first = int(chunks[own[0]].kind is not BlockKind.ITEM)  # the line that introduces it
        items = list(takewhile(lambda each: _is_item(chunks[each]), own[first:]))
        likely = max((chances[each] for each in items), default=0.0)
        if len(items) > 1 and likely >= _ITEM_CHANCE and _near(chunk.node, chunks[items[0]].node):
            for each in (*own[:first], *items):
                out[each] = True
        elif chances[index] < _LONE_CHANCE:
            lone.append(index)
    for index in lone:
        node = chunks[index].node
        out[index] = node is not None and _place(node, places) in alike


def _is_item(chunk: Chunk) -> bool:
    """Whether a chunk is an item of a list, and no button set in one."""
    return chunk.kind is BlockKind.ITEM and (chunk.node is None or chunk.node.tag != "button")


def _under(chunks: Sequence[Chunk], index: int) -> Iterator[int]:
    """The chunks under a heading, up to the next of its level or above."""
    for each in range(index + 1, len(chunks)):
        if chunks[each].kind is BlockKind.HEADING and chunks[each].level <= chunks[index].level:
            return
        yield each


def _what_stands_above(chunks: Sequence[Chunk], out: list[bool], chances: Sequence[float]) -> None:
    """A heading, a term or a question right above what is kept is kept."""
    for index in range(len(chunks) - 2, -1, -1):
        chunk, below = chunks[index], chunks[index + 1]
        if out[index] or not out[index + 1] or chances[index] < _ABOVE_CHANCE:
            continue
        tag = chunk.node.tag if chunk.node is not None else ""
        titles = chunk.kind is BlockKind.HEADING or tag in _ABOVE_TAGS
        out[index] = titles and len(chunk.text.split()) <= _ABOVE_WORDS and _near(chunk.node, below.node)


def _prices(chunks: Sequence[Chunk], out: list[bool], chances: Sequence[float]) -> None:
    """A short line with a price, or that something is sold out, between lines that are kept."""
    own = [index for index, keep in enumerate(out) if keep]
    if not own:
        return
    for index in range(own[0], own[-1]):
        text = chunks[index].text
        if chances[index] >= _PRICE_CHANCE and len(text) < _PRICE_CHARS and _PRICE.search(text):
            out[index] = True


def _near(upper: Node | None, lower: Node | None) -> bool:
    """Whether an element close above the first also holds the second."""
    above = {id(node) for node in _ancestors(lower)}
    return any(id(node) in above for node in _ancestors(upper)[: _NEAR + 1])


def _ancestors(node: Node | None) -> list[Node]:
    found = []
    while node is not None:
        found.append(node)
        node = node.parent
    return found
