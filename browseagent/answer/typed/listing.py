"""Listings: records that repeat on a page without being a table (products, articles, jobs, reviews).

A record begins at a heading, a list item or a paragraph that is a link, and holds what follows up to the
next. Its lines are told apart by their form (a price, a rating, a date, ``Label: words``); what has no
form of its own is text.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from browseagent.answer.typed.lines import form_of, labelled, told
from browseagent.answer.typed.sheet import Links, Sheet, Spot, heading_before, is_provable
from browseagent.answer.values import amounts, date_span, measures
from browseagent.records import Block, BlockKind, Document

_FEWEST = 2
_LINKED = 0.6
"""Share of the records of a listing that have a link, or a line of one form."""
_TELLING_OF = 90
"""Characters of what an item tells of the link that it begins with: more is a sentence."""
_SHORT = 40
"""Characters of what may be a date alone."""
_ADVERTS = frozenset(("advertisement", "sponsored", "promoted", "anzeige", "publicité"))
_TELLING = ("price", "rating", "stock", "date")


@dataclass(frozen=True, slots=True)
class _Page:
    """A document as it is looked through."""

    document: Document
    blocks: tuple[Block, ...]
    links: Links


@dataclass(frozen=True, slots=True)
class _Record:
    """Numbers of the blocks that one record is made of: its head, and the rest of it."""

    head: int
    end: int

    @property
    def body(self) -> range:
        return range(self.head + 1, self.end)


@lru_cache(maxsize=4)
def listing_sheets(document: Document) -> tuple[Sheet, ...]:
    """The listings of a document, in order."""
    page = _Page(document, document.blocks, Links(document))
    taken: set[int] = set()
    found: list[tuple[int, Sheet]] = []
    for run in sorted(_runs(page), key=lambda run: -len(run)):
        blocks = {number for record in run for number in range(record.head, record.end)}
        if taken & blocks or not _is_listing(page, run):
            continue
        taken |= blocks
        found.append((run[0].head, _sheet(page, run)))
    return tuple(sheet for _, sheet in sorted(found, key=lambda each: each[0]))


# --- runs of records


def _runs(page: _Page) -> Iterator[list[_Record]]:
    blocks = page.blocks
    levels = sorted({block.level for block in blocks if block.kind is BlockKind.HEADING})
    for level in levels:
        yield from _heading_runs(page, level)
    yield from _item_runs(page)
    yield from _paragraph_runs(page)


def _heading_runs(page: _Page, level: int) -> Iterator[list[_Record]]:
    """Records that begin at headings of one level, no higher heading between them."""
    run: list[_Record] = []
    head = -1
    for number, block in enumerate((*page.blocks, None)):
        heading = block is not None and block.kind is BlockKind.HEADING and block.level <= level
        if block is not None and not heading and block.kind is not BlockKind.ROW:
            continue
        if head >= 0:
            run.append(_Record(head, number))
        head = number if heading and block is not None and block.level == level else -1
        if head < 0 and run:
            yield from _split(page, run)
            run = []


def _split(page: _Page, run: list[_Record]) -> Iterator[list[_Record]]:
    """A run without those headings among linked ones that are none: they name sections. Where most are none,
    the run, and those that follow each other and are linked ("You might also like" under an article)."""
    linked = [record for record in run if _is_link(page, page.blocks[record.head])]
    if len(linked) >= _LINKED * len(run):
        yield from _ended(page, _adjacent(linked))
        return
    yield from _ended(page, [run])
    for part in _adjacent(linked):
        if len(part) > _FEWEST:
            yield from _ended(page, [part])


def _adjacent(records: Sequence[_Record]) -> list[list[_Record]]:
    """Records in parts of those that follow each other."""
    parts: list[list[_Record]] = []
    for record in records:
        if parts and parts[-1][-1].end == record.head:
            parts[-1].append(record)
        else:
            parts.append([record])
    return parts


def _ended(page: _Page, parts: Sequence[list[_Record]]) -> Iterator[list[_Record]]:
    """The records of some parts. The last of each ends where the longest of the others would: what follows it
    is no longer of it."""
    most = max((len(_pieces(page, record)) for part in parts for record in part[:-1]), default=1)
    ended = [
        record if record is not part[-1] else _cut(page, record, most) for part in parts for record in part
    ]
    if len(ended) >= _FEWEST:
        yield ended


def _pieces(page: _Page, record: _Record) -> list[range]:
    """The blocks of a record, a list in it as one piece."""
    pieces: list[range] = []
    for number in range(record.head, record.end):
        both = pieces and number - 1 > record.head and all(
            page.blocks[each].kind is BlockKind.ITEM for each in (number - 1, number)
        )  # fmt: skip
        if both:
            pieces[-1] = range(pieces[-1].start, number + 1)
        else:
            pieces.append(range(number, number + 1))
    return pieces


def _cut(page: _Page, record: _Record, most: int) -> _Record:
    """A record of at most so many pieces."""
    return _Record(record.head, _pieces(page, record)[:most][-1].stop)


def _item_runs(page: _Page) -> Iterator[list[_Record]]:
    """Lists: each item of the first level with those within it."""
    run: list[_Record] = []
    for number, block in enumerate((*page.blocks, None)):
        if block is not None and block.kind is BlockKind.ITEM:
            if run and block.level > page.blocks[run[0].head].level:
                run[-1] = _Record(run[-1].head, number + 1)
            else:
                run.append(_Record(number, number + 1))
        elif run:
            if len(run) > _FEWEST:
                yield run
            run = []


def _paragraph_runs(page: _Page) -> Iterator[list[_Record]]:
    """Records that begin at a paragraph that is a link of some words, and all of whose lines may be links to
    the same; lists may stand within them."""
    run: list[_Record] = []
    url = ""
    for number, block in enumerate((*page.blocks, None)):
        if block is None or not (block.kind is BlockKind.PARAGRAPH or (run and block.kind is BlockKind.ITEM)):
            if len(run) > _FEWEST and _are_names(page, run):
                yield from _split(page, run)
            run, url = [], ""
            continue
        link = page.links.within(block.start, block.end) if _is_link(page, block) else None
        if link is not None and link.url != url and _is_name(page, block):
            run.append(_Record(number, number + 1))
            url = link.url
        elif run:
            run[-1] = _Record(run[-1].head, number + 1)


def _is_name(page: _Page, block: Block) -> bool:
    """Whether a paragraph says more than a number, a price or a date."""
    return block.kind is BlockKind.PARAGRAPH and sum(map(str.isalpha, _said(page, block))) > 1


def _are_names(page: _Page, run: Sequence[_Record]) -> bool:
    """Whether most records begin with words of their own, not with one remark on another price and date."""
    return 2 * len({_said(page, page.blocks[record.head]) for record in run}) > len(run)


def _said(page: _Page, block: Block) -> str:
    """What a short line says beside prices, measures and a date; a longer one whole."""
    text = page.document.block_text(block)
    if len(text) >= _SHORT:
        return text
    day = date_span(text, page.document.language)
    money = [(each.start, each.end) for each in amounts(text, page.document.language) if each.marked]
    lasts = [(each.start, each.end) for each in measures(text, page.document.language)]
    for start, end in sorted({*money, *lasts, *([day] if day is not None else [])}, reverse=True):
        text = text[:start] + text[end:]
    return " ".join(text.split())


def _is_link(page: _Page, block: Block) -> bool:
    """Whether most of a block's words are a link."""
    link = page.links.within(block.start, block.end)
    return link is not None and (link.end - link.start) * 2 >= block.end - block.start


def _tells_of_link(page: _Page, block: Block) -> bool:
    """Whether a list's item begins with a link and tells a number of it ("Lentil soup 35 min 290 kcal")."""
    link = page.links.within(block.start, block.end) if block.kind is BlockKind.ITEM else None
    rest = "" if link is None or link.start > block.start else page.document.text[link.end : block.end]
    return any(map(str.isdigit, rest)) and len(rest) <= _TELLING_OF


def _leads_within(page: _Page, block: Block) -> bool:
    """Whether a list's item links to a place on its own page, as a table of contents does."""
    link = page.links.within(block.start, block.end)
    here = page.document.url.partition("#")[0]
    return block.kind is BlockKind.ITEM and link is not None and link.url.partition("#")[0] == here


def _is_listing(page: _Page, run: Sequence[_Record]) -> bool:
    """Whether records that begin alike are a listing, not the sections of a text or the points of a list:
    most of them are links, or most tell something of the same form."""
    heads = [page.blocks[record.head] for record in run]
    linked = sum(
        (_is_link(page, head) or _tells_of_link(page, head)) and not _leads_within(page, head)
        for head in heads
    )
    if linked >= _LINKED * len(run):
        return True
    if heads[0].kind is not BlockKind.HEADING:
        return False
    forms = [
        {
            form_of(page.document.block_text(page.blocks[number]), page.document.language)
            for number in record.body
        }
        for record in run
    ]
    return any(sum(form in each for each in forms) >= _LINKED * len(run) for form in _TELLING)


# --- the columns of a record


def _sheet(page: _Page, run: Sequence[_Record]) -> Sheet:
    records = [_cells(page, record) for record in run]
    columns = list(dict.fromkeys(name for cells in records for name in cells))
    rows = tuple(tuple(cells.get(name) for name in columns) for cells in records)
    section = heading_before(page.document, page.blocks[run[0].head].start)
    title = page.document.text[section.start : section.end] if section is not None else page.document.title
    return Sheet(page.document, "listing", tuple(columns), rows, title, section)


def _cells(page: _Page, record: _Record) -> dict[str, Spot]:
    """The cells of one record by column."""
    head = page.blocks[record.head]
    link = page.links.within(head.start, head.end)
    cells: dict[str, Spot] = {}
    if head.kind is BlockKind.ITEM and link is not None and not _is_link(page, head):
        _put(cells, "title", Spot(link.start, link.end))
        _put(cells, "text", Spot(head.start, head.end))
    else:
        _put(cells, "title", Spot(head.start, head.end))
    if link is None:
        within = (page.links.within(b.start, b.end) for b in map(page.blocks.__getitem__, record.body))
        link = next(filter(None, within), None)
    if link is not None:
        _put(cells, "link", Spot(link.start, link.end, link.url))
    for piece in _pieces(page, record)[1:]:
        block, last = page.blocks[piece.start], page.blocks[piece[-1]]
        labels = labelled(page.document, block) if len(piece) == 1 else []
        for label, spot in labels:
            if label.lower() not in _ADVERTS:
                _put(cells, label.lower(), spot)
        if not labels and is_provable(page.document, block.start, last.end):
            listed = [("items", Spot(block.start, last.end))]
            for name, spot in listed if len(piece) > 1 else told(page.document, block.start, last.end):
                _put(cells, name, spot)
    return cells


def _put(cells: dict[str, Spot], name: str, spot: Spot) -> None:
    """Sets a cell; of a second one of its name the name gets a number."""
    number = 1
    while (key := name if number == 1 else f"{name} {number}") in cells:
        number += 1
    cells[key] = spot
