"""What a page holds, as one point of its summary: the things that it lists with their number and prices, the
headings that a numbered article goes through, the sections of a manual's page, the rows of its table, of a
product its price and its facts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from browseagent.answer.headed import FEWEST, are_of_another, head_of, place_of
from browseagent.answer.lexical import folded
from browseagent.answer.named import Name, Told
from browseagent.answer.offer import offer_of
from browseagent.answer.outline import (
    QUESTION_MARKS,
    THING_CHARS,
    entries,
    holding,
    is_of_questions,
    labelled_items,
    ranks,
    with_prose,
)
from browseagent.answer.page_name import page_name
from browseagent.answer.stated import stated_number
from browseagent.answer.tables.anchors import anchors_of
from browseagent.answer.tables.columns import Kind
from browseagent.answer.tables.derived import price_column
from browseagent.answer.tables.frame import Frame, bits
from browseagent.answer.tables.records import page_frames
from browseagent.answer.tables.vocabulary import TITLES
from browseagent.answer.typed.sheet import is_provable
from browseagent.answer.values import amounts, has_amount
from browseagent.read.placed import PlacedLinks
from browseagent.records import Block, BlockKind, Document, Point

NUMBERED = 3
"""Numbered headings from which on they count."""
SHOWN_CHARS, SHOWN_LEAST = 260, 3
"""How much is told: as many things as fit, but at least three."""
PRICED, LINKED, OWN = 0.7, 0.5, 0.15
"""Share of the things that have a price, where the range is told; share whose names are links; share of a
name's words that the others do not have."""
PARAGRAPH_CHARS = 80
"""A shorter paragraph is a line."""
NAME_WORDS = 3
"""Words of a name, at the median, up to which names of which nothing else is told are a menu."""
OF_THE_PAGE = 0.3
"""Share of the text that a table is, or a list without prices, where it is what the page is about."""
OFFERED = 10
"""How many sections a page has that offers something: of few "How it works" and "Our customers" are most."""
LISTS = ("listing", "collection")
_NUMBER = re.compile(r"\W*(?:[^\W\d_]+\s+)?#?(\d{1,3})(?:[.):]\s*|\s+[-–—]?\s*)(?=\w)")
_MARKS = "¶§#:： "
_COUNT = re.compile(r"(?<![\w.,$€£#-])(\d{1,2})(?![\w%.,-])")


@dataclass(frozen=True, slots=True)
class Contents:
    """What a page holds."""

    head: Name | None
    """What it is called together."""
    count: str
    """How many things there are and what they cost; empty where that is not told."""
    told: tuple[Told, ...]
    """The first of them, as many as are told."""
    goes_on: bool
    """Whether there are more."""
    counted: tuple[Name, ...] = ()
    """Where the page says how many there are."""
    prices: tuple[Name, ...] = ()
    """The lowest and the highest price, where these are told."""
    begins: int = -1
    until: int = -1
    """Where in the main text the things with prices begin, and the last of them; -1 where they are not."""
    is_first: bool = False
    """Whether it says what the page is, and is told before all else."""

    @property
    def first(self) -> Name:
        """Where it begins on the page."""
        return self.told[0].names[0]

    def of_first(self, things: int) -> Contents:
        """The same with so many things at most."""
        return replace(self, told=self.told[:things], goes_on=self.goes_on or len(self.told) > things)

    @property
    def text(self) -> str:
        """The point as it is shown."""
        named = [self.head.words] if self.head else []
        told = "; ".join([*(each.text for each in self.told), *(["…"] if self.goes_on else [])])
        count = self.count if self.head else f"{self.count[:1].upper()}{self.count[1:]}"
        return ": ".join([*named, *([count] if count else []), told])

    @property
    def point(self) -> Point:
        """The point of a summary: it follows from its quotes and is none itself."""
        names = [*([self.head] if self.head else []), *(name for each in self.told for name in each.names)]
        quotes = dict.fromkeys(name.quote for name in (*names, *self.counted, *self.prices))
        return Point(text=self.text, support="entailed", quotes=tuple(quotes))


def contents(document: Document) -> Contents | None:
    """What a page holds; None where it is one text."""
    if document.kind == "product":
        return _offered(document)
    if document.kind in LISTS:
        held = _listed(document) or _entries(document)
        return None if held is not None and _is_beside_an_article(document, held) else held
    if document.kind == "forum":
        return None
    return _numbered(document) or _table(document) or _entries(document) or _sections(document)


def _is_beside_an_article(document: Document, held: Contents) -> bool:
    """Whether things without prices come below a heading of their own, after some paragraphs under the page's
    that are a good part of its text: an article, with what else the site has below it."""
    name, begins = page_name(document), place_of(document, held.first)
    if held.prices or begins is None:
        return False
    start = name.end if name is not None and name.document == document else 0
    below = [block for block in document.blocks if start <= block.start < begins]
    head = next((block for block in reversed(below) if block.kind is BlockKind.HEADING), None)
    own = [
        block.end - block.start
        for block in below
        if head is not None
        and block.end <= head.start
        and block.kind is BlockKind.PARAGRAPH
        and block.end - block.start > PARAGRAPH_CHARS
    ]
    return len(own) >= FEWEST and sum(own) > OF_THE_PAGE * len(document.text)


AMONG = "among those listed"
"""What is said of things that may not be all."""
SECTIONS = "sections"


def _of_names(head: Name | None, names: Sequence[Name], count: str) -> Contents:
    """Things by their names alone. Their number is not said where the heading says it."""
    told = tuple(_fitting(Told(name.words, (name,)) for name in names))
    said = head is not None and count == _all(len(names)) and str(len(names)) in _COUNT.findall(head.words)
    return Contents(head, "" if said else count, told, len(told) < len(names))


def _all(number: int) -> str:
    return f"{number} listed"


def _fitting(told: Iterable[Told], least: int = SHOWN_LEAST) -> Iterator[Told]:
    size = 0
    for number, each in enumerate(told):
        size += len(each.text) + 2
        if number >= least and size > SHOWN_CHARS:
            return
        yield each


# --- what a page lists


@dataclass(frozen=True, slots=True)
class _Price:
    """An amount of money on the page."""

    name: Name
    number: Decimal
    currency: str


_Row = tuple[Name, _Price | None]


def _listed(document: Document) -> Contents | None:
    frames = [frame for frame in page_frames(document) if frame.listed and _names_things(frame)]
    main = [
        frame
        for frame in frames
        if frame.document == document
        and (_is_priced(frame) or _extent(frame) >= OF_THE_PAGE * len(document.text))
    ]
    beside = [
        frame
        for frame in frames
        if frame.document != document
        and (_are_titles(document, frame) or (_is_priced(frame) and not _is_of_another(document, frame)))
    ]
    best = max((*_joined(main), *_joined(beside)), key=_weight, default=None)
    if best is None:
        return None
    own = page_name(document)
    begins = own.start if own is not None and own.document == document else 0
    every = sorted((row for frame in best for row in _rows(frame)), key=lambda row: row[0].start)
    rows = _distinct(row for row in every if row[0].document != document or row[0].start >= begins)
    prices = [price for _, price in rows if price]
    one_currency = len({price.currency for price in prices}) == 1
    is_priced = one_currency and len(prices) >= PRICED * len(rows)
    rows = [row for row in rows if row[1] or not is_priced]
    names = [name for name, _ in rows]
    if len(rows) < FEWEST or _are_questions(names):
        return None
    head = head_of(document, names)
    stated = stated_number(document, len(names))
    count = AMONG if stated is None else _all(stated[0])
    count += ", among them" if stated is not None and stated[0] > len(names) else ""
    says = (stated[1],) if stated is not None else ()
    if not is_priced:
        return replace(_of_names(head, names, count), counted=says)
    low, high = (choose(prices, key=lambda price: price.number) for choose in (min, max))
    span = f", {low.name.words} to {high.name.words}" if low.number < high.number else ""
    told = tuple(_fitting(Told(f"{n.words} ({p.name.words})", (n, p.name)) for n, p in rows if p))
    places = [
        place for place in (place_of(document, names[0]), place_of(document, names[-1])) if place is not None
    ]
    return Contents(
        head,
        f"{count}{span}",
        told,
        len(told) < len(rows),
        says,
        (low.name, high.name),
        min(places, default=-1),
        max(places, default=-1),
    )


def _names_things(frame: Frame) -> bool:
    """Whether the records have names of their own, which are links or headings; "Under $1,000" is none."""
    column = frame.columns[frame.subject]
    titled = "head" in column.standing.called or not TITLES.isdisjoint(column.standing.called)
    named = column.standing.linked >= LINKED or titled
    own = column.kind in (Kind.TEXT, Kind.NUMBER, Kind.DATE) and column.standing.own > OWN
    others = (each for each in frame.columns if each is not column and each.spans != column.spans)
    told = any(2 * each.filled.bit_count() >= len(frame.rows) for each in others)
    is_menu = not told and column.standing.length < NAME_WORDS
    is_menu |= 2 * sum(has_amount(value.text) for value in column.values) > len(frame.rows)
    return named and own and not is_menu and 2 * column.distinct > len(frame.rows)


def _are_titles(document: Document, frame: Frame) -> bool:
    """Whether the markup calls the records' names titles, which stand in the main text too, and whose records
    are as much as a good part of that."""
    if TITLES.isdisjoint(frame.columns[frame.subject].standing.called):
        return False
    names = [name.words for name, _ in _rows(frame)]
    within = sum(name in document.text for name in names)
    return 2 * within > len(names) and _extent(frame) >= OF_THE_PAGE * len(document.text)


def _is_of_another(document: Document, frame: Frame) -> bool:
    return are_of_another(document, [name for name, _ in _rows(frame)])


def _is_priced(frame: Frame) -> bool:
    money = price_column(frame.columns)
    return money is not None and money.filled.bit_count() >= PRICED * len(frame.rows)


def _joined(frames: Sequence[Frame]) -> list[list[Frame]]:
    """Frames with prices whose records are of one form are one list: a page may set it in columns."""

    def form(frame: Frame) -> tuple[object, ...]:
        money = price_column(frame.columns)
        return (sorted(frame.columns[frame.subject].standing.called), money is not None and money.name)

    alike: list[list[Frame]] = []
    for frame in frames:
        same = next((each for each in alike if _is_priced(frame) and form(each[0]) == form(frame)), None)
        if same is None:
            alike.append([frame])
        else:
            same.append(frame)
    return alike


def _weight(frames: Sequence[Frame]) -> int:
    """How much a list is what the page is for: its length, twice that where it has prices."""
    return sum(len(frame.rows) for frame in frames) * (2 if _is_priced(frames[0]) else 1)


def _rows(frame: Frame) -> list[_Row]:
    subject, money = frame.columns[frame.subject], price_column(frame.columns)
    links, linked = anchors_of(frame.document), LINKED <= subject.standing.linked < 1
    found = []
    for row in bits(frame.body):
        span = subject.spans[row]
        if span[0] < 0 or not is_provable(frame.document, *span):
            continue
        if linked and frame.listed and links.of(*span) is None:
            continue  # a label of the list: the others lead to what they name
        name = Name(frame.document, *span)
        if any(map(str.isalnum, name.words)):
            found.append((name, _price(frame.document, money.spans[row]) if money is not None else None))
    return found


def _distinct(rows: Iterable[_Row]) -> list[_Row]:
    """Each thing once, where it stands first."""
    found: dict[str, _Row] = {}
    for name, price in rows:
        found.setdefault(folded(name.words), (name, price))
    return list(found.values())


def _price(document: Document, span: tuple[int, int]) -> _Price | None:
    """The first amount of a cell that stands; of two side by side the lower is the price."""
    if span[0] < 0:
        return None
    text, stands = document.text[slice(*span)], Name(document, *span).words
    found = [
        (each.number, each)
        for each in amounts(text, document.language or "en")
        if each.marked and not each.bounded and each.number is not None
        and " ".join(text[each.start : each.end].split()) in stands
    ]  # fmt: skip
    if not found:
        return None
    number, best = min(found[:2], key=lambda each: each[0])
    return _Price(Name(document, span[0] + best.start, span[0] + best.end), number, best.currency)


# --- headings and tables


def _numbered(document: Document) -> Contents | None:
    """Headings that count up or down, or as many as the heading or the title above them says."""
    for heads, above in ranks(document):
        numbers = [_NUMBER.match(document.block_text(head)) for head in heads]
        counted = [(head, match) for head, match in zip(heads, numbers, strict=True) if match]
        values = [int(match[1]) for _, match in counted]
        counts = (
            values in (sorted(set(values)), sorted(set(values), reverse=True)) and min(values, default=2) < 2
        )
        if len(values) >= NUMBERED and counts:
            names = [Name(document, head.start + match.end(), head.end) for head, match in counted]
            whole = sorted(values) == [*range(1, len(values) + 1)]
            return _of_headings(document, names, above, _all(len(names)) if whole else AMONG)
        said = f"{document.title} {document.block_text(above) if above else ''}"
        if len(heads) >= NUMBERED and len(heads) in map(int, _COUNT.findall(said)):
            names = [Name(document, head.start, head.end) for head in heads]
            return _of_headings(document, names, above, _all(len(names)))
    return None


def _sections(document: Document) -> Contents | None:
    """The sections of a page, by the headings of the highest rank of which there are enough: of a manual all,
    of what offers something those with prose, where they are many and most of its text. An article's say less
    than its sentences do."""
    if document.kind == "article":
        return None
    least, manual = OFFERED if document.kind == "service" else FEWEST, document.kind == "documentation"
    links = PlacedLinks(document)
    for heads, above in ranks(document):
        if len(heads) < least:
            continue
        kept = holding(document, heads, links) if manual else with_prose(document, heads)
        if len(kept) >= least:
            names = [Name(document, head.start, head.end) for head in kept]
            return _of_headings(document, names, above, SECTIONS)
    return None


def _entries(document: Document) -> Contents | None:
    """What a page goes through one by one: what is set in sections of one form, or what the items of a list
    begin with in bold."""
    heads, above = entries(document)
    if heads:
        names = [Name(document, head.start, head.end) for head in heads]
        return _of_headings(document, names, above, AMONG)
    items = labelled_items(document)
    if document.kind == "article" or _size(items) < OF_THE_PAGE * len(document.text):
        return None
    names = [_unmarked(Name(document, item.start, item.start + item.term)) for item in items]
    return _of_headings(document, names, None, AMONG)


def _size(blocks: Sequence[Block]) -> int:
    return sum(block.end - block.start for block in blocks)


def _of_headings(
    document: Document, names: Sequence[Name], above: Block | None, count: str
) -> Contents | None:
    names = [_unmarked(name) for name in names]
    if _are_questions(names) or not all(_is_short(name) for name in names):
        return None
    own = above is not None and not is_of_questions(document, above)
    head = Name(document, above.start, above.end) if above is not None and own else page_name(document)
    return _of_names(head, names, count)


def _unmarked(name: Name) -> Name:
    """A heading without the sign that links to it."""
    text = name.document.text[name.start : name.end]
    start, end = len(text) - len(text.lstrip(_MARKS)), len(text.rstrip(_MARKS))
    return replace(name, start=name.start + start, end=name.start + end) if start < end else name


def _is_short(name: Name) -> bool:
    said = any(map(str.isalnum, name.words)) and len(name.words) <= THING_CHARS
    return said and is_provable(name.document, name.start, name.end)


def _are_questions(names: Sequence[Name]) -> bool:
    return 2 * sum(name.words.endswith(QUESTION_MARKS) for name in names) >= len(names)


def _table(document: Document) -> Contents | None:
    """The rows of the table that is a good part of the page."""
    frames = [frame for frame in page_frames(document) if not frame.listed and frame.document == document]
    best = max(frames, key=_extent, default=None)
    if best is None or not best.has_header or _extent(best) < OF_THE_PAGE * len(document.text):
        return None
    names = [name for name, _ in _distinct(row for row in _rows(best) if _is_short(row[0]))]
    if best.columns[best.subject].kind is not Kind.TEXT or len(names) < FEWEST:
        return None
    whole = len(names) == len(best.rows) and _is_alone(best, frames) and not _goes_on(document)
    return _of_names(head_of(document, names), names, _all(len(names)) if whole else AMONG)


def _is_alone(frame: Frame, frames: Sequence[Frame]) -> bool:
    """Whether no other table has the same columns, or is as long a list."""

    def names(each: Frame) -> list[str]:
        return [column.name for column in each.columns]

    others = [each for each in frames if each.number != frame.number]
    return all(names(each) != names(frame) and len(each.rows) < len(frame.rows) for each in others)


def _goes_on(document: Document) -> bool:
    """Whether a page leads to a second one by its number."""
    rest = document.rest.links if document.rest is not None else ()
    return bool(document.next_url) or any(link.text.strip() == "2" for link in (*document.links, *rest))


def _extent(frame: Frame) -> int:
    return sum(end - start for start, end in frame.rows)


# --- a product


def _offered(document: Document) -> Contents | None:
    """What a thing costs, whether it can be had, how it is rated, and its first short facts."""
    head = page_name(document)
    told, others = offer_of(document, head) if head is not None else ([], [])
    if not told and not others:
        return None
    return Contents(head, "", tuple(_fitting([*told, *others], len(told))), goes_on=False, is_first=True)
