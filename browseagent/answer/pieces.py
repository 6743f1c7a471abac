"""What a summary may be made of: a document's sentences, and its short lines where they belong together.

A page of things for sale says "Joco Cup 6oz", "S • 177ml" and "$30.95" in three lines; none says anything
alone. Neighbouring lines under one heading are one piece, which ends at a price and begins anew where a line
is a link of its own, as the names of things in lists are. On a forum no two lines are put together: they may
be two people's. Where a heading names the thing that a piece tells of, it is shown before it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from browseagent.answer.bonds import OF_A_CARD, Bonds
from browseagent.answer.contents import LISTS
from browseagent.answer.headed import EARLY
from browseagent.answer.lexical import folded, is_unspaced, words
from browseagent.answer.named import Name
from browseagent.answer.offer import is_code
from browseagent.answer.outline import BARS, COLONS, PROSE, QUESTION_MARKS
from browseagent.answer.page_name import page_name
from browseagent.answer.passages import Unit, units
from browseagent.answer.posts import authors, names_of
from browseagent.answer.quotes import is_quotable, make_quote
from browseagent.answer.values import days, has_amount
from browseagent.answer.voices import others_blocks
from browseagent.read.placed import PlacedLinks
from browseagent.read.structured import MARK, is_origin
from browseagent.records import Block, BlockKind, Document, Point

MIN_WORDS, SURELY, MAX_CHARS = 6, 12, 500
"""A sentence has at least so many words and ends as one, or has so many that it is one anyway; a longer piece
is no point but a paragraph."""
LINES, LINE_CHARS, TOGETHER_CHARS = 4, 120, 240
"""Lines that are one piece at most, and how long one line and all of them may be."""
OF_A_SENTENCE = 3
"""A heading names a thing before a sentence where no more units stand under it, before lines where no more
than :data:`~browseagent.answer.bonds.OF_A_CARD`."""
CHOICES = 8
"""Lines without a figure in a row from which on they are what a product may be had in, not facts about it."""
NOTICE = 0.05
"""Share of the text up to which what stands before a page's first heading is a notice, or the way to it."""
LONE_WORDS = 3
"""Words with letters of a line that is told alone, unless it has a label."""
ALIKE, PRICES = 3, 2
"""Lines from which on those that differ by a number alone only count; prices that one thing has at most."""
TAGS = 3
"""Words after "#" by which a line is another page's post."""
ACCEPTED = "accepted answer"
ENDS = (".", "!", "…", "。", "！", ".”", '."', ".)", "!”", '!"')
_ENDED = (*ENDS, *QUESTION_MARKS, *COLONS, ";")
_BY = re.compile(r"by\s", re.I)
_RANK = re.compile(r"#\s?\d+|\d+[.)]")
_COUNTS = re.compile(r"^#?\d+[.)]\s")
_ADDRESS = re.compile(r"\w+://\S+")
_TAG = re.compile(r"(?<!\w)#[^\W\d]\w+")
_COUNTED = re.compile(r"[\d.,\s]+\w+")
_DIGITS = re.compile(r"\d+")
_CLOCK = re.compile(r"\d{1,2}:\d{2}")


@dataclass(frozen=True, slots=True)
class Begun:
    """Who began a thread, when, and how many posts follow, as it is told before its first point."""

    text: str
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence, a table row, or a few lines that belong together."""

    units: tuple[Unit, ...]
    place: int
    """Number of its first unit in the document; -1 of what the page says of itself in its head."""
    heading: Name | None
    """The heading that names what it tells of, where that must be shown with it."""
    author: Name | None = None
    """Who wrote it, on a forum."""
    page: Name | None = None
    """What the page is called, where that is told with it."""
    begun: Begun | None = None
    """Of the first point of a thread, how that began; told in the place of who wrote it."""
    post: int = -1
    """Number of the post that it is of, where the page's markup binds it to one."""
    grown: bool = False
    """Whether it is a sentence with others that it needs, or that go on with it."""

    @property
    def document(self) -> Document:
        """The document that it stands in."""
        return self.units[0].passage.document

    @property
    def span(self) -> tuple[int, int]:
        """Where it stands in the document's text."""
        return self.units[0].passage.start, self.units[-1].passage.end

    @property
    def part(self) -> tuple[str | int, ...]:
        """The part of the page that it stands in: its headings, or on a forum the post."""
        if self.post >= 0:
            return (self.document.posts[self.post].author,)
        return self.units[0].section if self.author is None else (self.author.start,)

    @property
    def words_shown(self) -> str:
        """What is read of it, without its heading and without what is struck out."""
        told = ""
        for reading in dict.fromkeys(unit.reading for unit in self.units):
            apart = "" if not told else " " if told.endswith(_ENDED) else "; "
            told += f"{apart}{reading}"
        return told

    @property
    def names(self) -> tuple[Name, ...]:
        """What is shown before it."""
        author = self.author if self.begun is None else None
        return tuple(name for name in (self.page, self.heading, author) if name is not None)

    @property
    def text(self) -> str:
        """The point as it is shown."""
        if self.begun is not None:
            told = f"{self.begun.text[:1].upper()}{self.begun.text[1:]}"
            named = f"{self.page.words} ({self.begun.text})" if self.page is not None else told
            return f"{named}: {self.words_shown}"
        ended = [(name.words, name.words.endswith((*ENDS, *QUESTION_MARKS))) for name in self.names]
        if self.author is not None and self.is_accepted:
            ended[-1] = f"{self.author.words} ({ACCEPTED})", False
        named = "".join(f"{said} " if is_ended else f"{said}: " for said, is_ended in ended)
        return f"{named}{self.words_shown}{MARK if self.place < 0 else ''}"

    @property
    def is_accepted(self) -> bool:
        """Whether it is of the answer that the page marks as accepted."""
        return self.post >= 0 and self.document.posts[self.post].accepted

    @property
    def is_sentence(self) -> bool:
        """Whether it is one sentence, not lines or a row."""
        return self.grown or (len(self.units) == 1 and is_sentence(self.units[0]))

    def point(self) -> Point:
        """The point of a summary that it makes."""
        names = (*self.names, *(self.begun.names if self.begun is not None else ()))
        quotes = (*(name.quote for name in names), make_quote(self.document, *self.span))
        added = self.begun is not None or (self.author is not None and self.is_accepted)
        return Point(text=self.text, support="entailed" if added else "quote", quotes=quotes)


def is_sentence(unit: Unit) -> bool:
    """Whether a unit is prose that says something by itself."""
    if unit.block.kind not in PROSE:
        return False
    text = unit.text
    if is_unspaced(text):
        return len(text) >= 15
    said = len(words(text))
    return said >= SURELY or (said >= MIN_WORDS and text.endswith((*ENDS, "?", ":")))


def pieces(document: Document, every: Sequence[Unit] | None = None) -> list[Piece]:
    """All pieces of a document, of its units, in its order: without code, questions, what introduces
    something, what only repeats a heading, and lines that tell who wrote something or when."""
    every = units(document) if every is None else every
    links = PlacedLinks(document)
    linked = [_is_linked(unit, links) for unit in every]
    headings = [block for block in document.blocks if block.kind is BlockKind.HEADING]
    starts = [block.start for block in headings]
    titles = {folded(document.title)} | {folded(document.block_text(block)) for block in headings}
    under = Counter(bisect_right(starts, unit.passage.start) for unit in every)
    is_of_things = document.kind in (*LISTS, "product")
    no_points = _choices(every) if document.kind == "product" else frozenset[int]()
    no_points |= frozenset[int]() if is_of_things else _numbered(every)
    no_points |= _nameless_prices(every, linked) if document.kind in LISTS else frozenset[int]()
    leading = Counter(link.text.strip() for link in document.links)
    labels = _labels(every, sentences=document.kind in LISTS)
    begins = _begins(document)
    found = []
    names_one = _naming(document, headings)
    shown = [0, *(under[at] * names for at, names in enumerate(names_one, start=1))]
    counts = [shown[bisect_right(starts, unit.passage.start)] for unit in every]
    bonds = Bonds(document, counts, linked)
    for run in _runs(document, every, titles, linked, bonds):
        if len(run) > 1 and not bonds.is_whole(every, run):
            continue
        kept = [n for n in run if n not in no_points and every[n].passage.start >= begins]
        while len(kept) > 1 and (every[kept[-1]].text.endswith(":") or _RANK.fullmatch(every[kept[-1]].text)):
            kept.pop()  # it introduces what comes next, or counts it
        told = [every[number] for number in kept]
        if all(unit.text in labels for unit in told):
            continue
        at = bisect_right(starts, told[0].passage.start)
        most = OF_A_SENTENCE if is_sentence(told[0]) else OF_A_CARD
        names = (
            0 < under[at] <= most
            and at > 0
            and names_one[at - 1]
            and _is_name(document, headings[at - 1], told)
        )
        heading = Name(document, headings[at - 1].start, headings[at - 1].end) if names else None
        piece = Piece(tuple(told), run[0], heading)
        whole = all(linked[number] for number in kept)
        if len(piece.words_shown) > MAX_CHARS or not is_quotable(document, *piece.span):
            continue
        leads = (whole and _of_another(document, piece, links)) or _only_leads(piece, links, leading)
        if _says_something(piece, whole) and not leads:
            found.append(piece)
    if document.kind == "forum":
        return _by_authors(document, found)
    others = others_blocks(document)
    return [piece for piece in found if piece.units[0].block.start not in others]


def _begins(document: Document) -> int:
    """Where what a page says begins: at its heading of the first rank, where little stands before that, or
    less than half and the page is called so. On a forum that may stand under the opening post: only what has
    a heading of its own, as an advertisement has, is outside."""
    heads = [block.start for block in document.blocks if block.kind is BlockKind.HEADING]
    if document.kind == "product" or not heads:
        return 0
    name = page_name(document)
    own = name.start if name is not None and name.document == document else 0
    if document.kind == "forum":
        return own if heads[0] == document.blocks[0].start else 0
    tops = (b.start for b in document.blocks if b.kind is BlockKind.HEADING and b.level == 1)
    first = next(tops, 0)
    return first if first <= (EARLY if first == own else NOTICE) * len(document.text) else 0


def _by_authors(document: Document, every: Sequence[Piece]) -> list[Piece]:
    """The pieces of a thread with their authors; without lines that are but the author's name."""
    repeats = [piece.units[0].block.kind is BlockKind.QUOTE for piece in every]
    some = 2 * sum(repeats) < len(every)  # where posts are set as quotations, all are
    if document.posts:
        names = names_of(document)
        named = [
            replace(piece, author=names[number], post=number) if number >= 0 else piece
            for piece, repeat in zip(every, repeats, strict=True)
            if not (some and repeat)
            for number in (piece.units[0].block.post,)
        ]
    else:
        known = authors(document, [piece.words_shown for piece in every])
        named = [
            replace(piece, author=post.author) if post is not None and not (some and repeat) else piece
            for piece, post, repeat in zip(every, known, repeats, strict=True)
        ]
    return [
        piece
        for piece in named
        if piece.author is None
        or len(words(piece.words_shown)) > SURELY
        or folded(piece.author.words) not in folded(piece.words_shown)
    ]


def _runs(
    document: Document, every: Sequence[Unit], titles: set[str], linked: Sequence[bool], bonds: Bonds
) -> Iterator[list[int]]:
    """The numbers of the units of each piece. ``linked``: whether each is a link of its own."""
    named = Counter(unit.section for unit, link in zip(every, linked, strict=True) if link)
    run: list[int] = []
    ended = many = False
    for number, unit in enumerate(every):
        fit = _is_fit(unit, titles)
        line = fit and _is_line(unit, linked[number])
        of_a_record = named[unit.section] > 1
        anew = not run or every[number - 1].section != unit.section or document.kind == "forum"
        begins = linked[number] and not all(linked[n] for n in run)
        begins = begins or bool(_RANK.fullmatch(unit.text)) or unit.text.endswith(QUESTION_MARKS)
        priced = line and has_amount(unit.text)
        many = many and line and not anew
        anew = anew or begins or ended or (many and priced)
        if run and (not line or anew or not bonds.join(every, run, number)):
            yield run
            run = []
        if not line:
            if fit:
                yield [number]
            continue
        full = len(run) == LINES or sum(len(every[n].text) for n in run) + len(unit.text) > TOGETHER_CHARS
        if of_a_record and (full if run else priced):
            continue  # more about a thing whose name would not be beside it
        if priced and all(linked[n] for n in run):
            run = run[-1:]  # of several names the price is that of the last
        if run and full:
            yield run
            run, many = [], True  # the price after many choices is not that of the last ones
        run.append(number)
        ended = not of_a_record and priced
    if run:
        yield run


def _numbered(every: Sequence[Unit]) -> frozenset[int]:
    """The numbers of the lines that differ by a number alone, which say nothing by themselves: "Step 2"."""
    lines = {
        number: _DIGITS.sub("0", unit.text)
        for number, unit in enumerate(every)
        if unit.block.kind in PROSE and not is_sentence(unit) and not has_amount(unit.text)
    }
    times = Counter(line for line in lines.values() if "0" in line)
    return frozenset(number for number, line in lines.items() if times[line] >= ALIKE)


def _labels(every: Sequence[Unit], *, sentences: bool) -> frozenset[str]:
    """The lines that stand on the page again and again: "Sold out", "Read more"; and the ``sentences``, which
    in a list are the terms of every offer."""
    times = Counter(
        unit.text for unit in every if unit.block.kind in PROSE and (sentences or not is_sentence(unit))
    )
    return frozenset(text for text, count in times.items() if count >= ALIKE and not has_amount(text))


def _nameless_prices(every: Sequence[Unit], linked: Sequence[bool]) -> frozenset[int]:
    """The numbers of the prices of a part of the page that has too few lines to name what they are of."""
    lines = [(number, unit) for number, unit in enumerate(every) if _is_line(unit, linked[number])]
    prices = [(number, unit) for number, unit in lines if has_amount(unit.text)]
    named = Counter(unit.section for _, unit in lines)
    priced = Counter(unit.section for _, unit in prices)
    return frozenset(
        number
        for number, unit in prices
        if priced[unit.section] > max(ALIKE, PRICES * (named[unit.section] - priced[unit.section]))
    )


def _choices(every: Sequence[Unit]) -> frozenset[int]:
    """The numbers of the lines among which a buyer chooses: many in a row without a figure."""

    def is_plain(number: int) -> bool:
        unit = every[number]
        prose = unit.block.kind in PROSE and not is_sentence(unit)
        return prose and not any(character.isdigit() for character in unit.text)

    runs = (list(run) for plain, run in groupby(range(len(every)), is_plain) if plain)
    return frozenset(number for run in runs if len(run) >= CHOICES for number in run)


def _is_line(unit: Unit, linked: bool) -> bool:
    """Whether a unit, be it a link or not, says little by itself, and may be told with its neighbours."""
    if unit.block.kind not in PROSE or len(unit.text) > LINE_CHARS:
        return False
    loose = not unit.text.endswith(ENDS) and (linked or has_amount(unit.text))
    return loose or not is_sentence(unit)


def _is_fit(unit: Unit, titles: set[str]) -> bool:
    text, document = unit.text, unit.passage.document
    repeated = folded(text).removeprefix("re ") in titles or is_origin(text)
    if unit.block.kind is BlockKind.CODE or repeated or _tells_when(unit):
        return False
    if len(_TAG.findall(document.block_text(unit.block))) >= TAGS or (
        document.kind == "product" and _is_code(text)
    ):
        return False
    if is_sentence(unit) or document.kind == "forum":
        return not text.endswith(":") and (document.kind == "forum" or not text.endswith(("?", "？")))
    said = words(text)
    author = document.author.casefold()
    byline = (author and author in text.casefold()) or _BY.match(text)
    return not (byline and len(said) <= SURELY) and text.count("|") < BARS


def _is_code(text: str) -> bool:
    """Whether a line is a product's number with its label."""
    label, colon, value = text.rpartition(":")
    return bool(colon) and len(words(label)) <= 2 and is_code(value.strip())


def _tells_when(unit: Unit) -> bool:
    """Whether a unit says little but when something was written: a date beside a name, or with the time."""
    text, document = unit.text, unit.passage.document
    found = days(text, document.language)
    said, dated = len(words(text)), sum(len(words(text[day.start : day.end])) for day in found)
    timed = document.kind in (*LISTS, "forum") and said <= 2 * SURELY and _CLOCK.search(text)
    return bool(found) and (said - dated <= 2 or bool(timed))


def _is_linked(unit: Unit, links: PlacedLinks) -> bool:
    """Whether nearly all of a unit is a link of its own."""
    start, end = unit.passage.start, unit.passage.end
    inside = (min(link.end, end) - link.start for link in links.within(start, end))
    return max(inside, default=0) >= 0.8 * (end - start)


def _of_another(document: Document, piece: Piece, links: PlacedLinks) -> bool:
    """Whether a piece whose lines are links is of another product than the page: they lead to other pages."""
    if document.kind != "product":
        return False
    here = document.url.partition("#")[0]
    return all(link.url.partition("#")[0] != here for link in links.within(*piece.span))


def _only_leads(piece: Piece, links: PlacedLinks, leading: Counter[str]) -> bool:
    """Whether a piece is nothing but several links, where the page lists no things; or its last words are a
    link that stands again and again on the page ("Read more") and cuts it short."""
    (start, end), text = piece.span, piece.document.text
    inside = links.within(start, end)
    if not inside or len(piece.units) > 1:
        return False
    between = text[start : inside[0].start]
    between += "".join(text[one.end : other.start] for one, other in pairwise(inside))
    between += text[inside[-1].end : end]
    if len(inside) > 1 and piece.document.kind not in LISTS and not any(map(str.isalnum, between)):
        return True
    last = inside[-1]
    before = text[start : last.start].rstrip()
    repeated = leading[last.text.strip()] >= ALIKE and last.end >= end
    return repeated and bool(before) and not before.endswith(ENDS)


def _is_name(document: Document, heading: Block, told: Sequence[Unit]) -> bool:
    """Whether a heading names what stands under it: in a list of things, and before lines that are no
    sentences, but not on a page about one thing; and says more than the title and the words do."""
    text = folded(document.block_text(heading))
    named = document.kind in LISTS or not is_sentence(told[0])
    own = 0 < len(text) <= LINE_CHARS and text not in folded(told[0].text)
    return named and own


def _naming(document: Document, headings: Sequence[Block]) -> list[bool]:
    """Whether each of all headings may be shown as a name: not the page's, nor the only one of the first
    rank, as a site's name or a slogan is, nor one that asks, says a price or how many things are listed ("400
    products"), and none where the page is of one thing."""
    if document.kind in ("product", "forum"):
        return [False] * len(headings)
    name = page_name(document)
    own = (folded(document.title), folded(name.words) if name is not None else "")
    one_top = sum(heading.level == 1 for heading in headings) == 1

    def names(heading: Block) -> bool:
        text = document.block_text(heading)
        counts = document.kind in LISTS and _COUNTED.fullmatch(text)
        alone = heading.level == 1 and one_top
        asks = text.endswith(QUESTION_MARKS)
        return not (folded(text) in own or alone or counts or asks or has_amount(text))

    return [names(heading) for heading in headings]


def _says_something(piece: Piece, linked: bool) -> bool:
    """Whether it has words, and in a list of things names the one that it speaks of; lines without a figure
    say something of a thing that is for sale, or where each is a link (``linked``)."""
    text, kind = piece.words_shown, piece.document.kind
    figures = any(character.isdigit() for character in _COUNTS.sub("", text))
    if piece.heading and kind in LISTS:
        if len(piece.units) == 1 and not (piece.is_sentence or figures or linked or ":" in text):
            return False  # it may be of the next thing
        return has_amount(text) or any(character.isalpha() for character in text)
    if piece.is_sentence or kind == "forum":
        return len(words(text)) > 1
    opening = piece.units[0].text
    if kind in LISTS and has_amount(opening) and sum(map(str.isalpha, opening.split())) < 3:
        return False
    lone = len(piece.units) == 1 and kind not in LISTS and ":" not in text
    lone &= kind != "product" or not has_amount(text)
    if lone and sum(any(map(str.isalpha, word)) for word in text.split()) < LONE_WORDS:
        return False
    if not figures and kind != "product" and not (kind in LISTS and linked):
        return False
    return has_amount(text) or len(words(text)) > 1
