"""Who wrote what on a forum. The authors' names stand beside the main text, in the records that posts are.
A sentence is of the post whose words hold it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from browseagent.answer.lexical import folded
from browseagent.answer.named import Name
from browseagent.answer.quotes import trimmed
from browseagent.answer.tables.anchors import Anchors, anchors_of
from browseagent.answer.tables.columns import Column, Kind
from browseagent.answer.tables.frame import Frame
from browseagent.answer.tables.records import page_frames
from browseagent.answer.tables.vocabulary import PEOPLE, root
from browseagent.answer.typed.sheet import is_provable
from browseagent.records import Document

LONG, SHORT, FEWEST_LETTERS = 10, 4, 3
"""Words, at the median, from which on a column holds what people write, and up to which it holds names; a
picture's place has one letter."""
OPENING, OWN = 3, 0.2
"""Sentences among which a thread opens; share of a record's words that its post is at least: of whose record
the main text has less, the words may be what that person repeats."""
_QUOTED = root("blockquote")
_DASH = re.compile(r"[-–—\s]*")
_AFTER_NAME = re.compile(r"\s*[·•|(,\t]")
"""What stands between a name and what is told of the person."""


@dataclass(frozen=True, slots=True)
class Post:
    """One post: the name of its author, and the words of its record."""

    author: Name
    said: str
    """All its words in lower case between single spaces."""


def names_of(document: Document) -> list[Name | None]:
    """The names of the authors of the posts that the page's markup binds, where they can be read on it."""
    found = {author: said_at(document, author) for author in {post.author for post in document.posts}}
    return [found[post.author] for post in document.posts]


def said_at(document: Document, words_said: str) -> Name | None:
    """Where some words are first read beside the main text, else in it."""
    pattern = re.compile(rf"(?<!\w){re.escape(words_said)}(?!\w)")
    for text in (document.rest, document):
        for found in pattern.finditer(text.text) if text is not None else ():
            if text is not None and is_provable(text, *found.span()):
                return Name(text, *found.span())
    return None


def posts(document: Document) -> list[Post]:
    """The posts of a page whose authors it names beside the main text, in their order."""
    found = [
        post for frame in page_frames(document) if frame.document == document.rest for post in _posts(frame)
    ]
    return sorted(found, key=lambda post: post.author.start)


def _posts(frame: Frame) -> Iterator[Post]:
    author = _author(frame)
    if author is None or not any(
        column.kind is Kind.TEXT and _length(column) >= LONG for column in frame.columns
    ):
        return
    anchors = anchors_of(frame.document)
    for row in range(len(frame.rows)):
        name = _name(frame.document, anchors, author.spans[row])
        if name is not None:
            yield Post(name, _said(frame, row))


def _author(frame: Frame) -> Column | None:
    """The column of the authors: one that is called so, or names the records of which each has a day. Those
    who like what is written are named after it, so one before it goes first."""
    named = [column for column in frame.columns if _is_of_names(column)]
    dated = any(column.kind in (Kind.DATE, Kind.TIME) for column in frame.columns)
    subject = frame.columns[frame.subject]
    body = max(frame.columns, key=lambda column: sum(column.lengths))

    def is_called(column: Column) -> bool:
        return not PEOPLE.isdisjoint(column.standing.aliases | column.standing.called)

    def rank(column: Column) -> tuple[bool, bool, bool, int]:
        before = 2 * sum(a < b for (a, _), (b, _) in zip(column.spans, body.spans, strict=True) if a >= 0)
        linked = column.standing.linked >= 0.5
        return before > len(frame.rows), linked, is_called(column), column.distinct

    people = [column for column in named if is_called(column) or (dated and column is subject)]
    return max(people, key=rank, default=None)


def _is_of_names(column: Column) -> bool:
    texts = [value.text for value in column.values if value.text]
    short = bool(texts) and median(map(len, texts)) >= FEWEST_LETTERS and _length(column) <= SHORT
    return short and column.kind in (Kind.TEXT, Kind.NUMBER) and 2 * len(texts) > len(column.values)


def _length(column: Column) -> float:
    return median([length for length in column.lengths if length] or [0])


def _name(document: Document, anchors: Anchors, cell: tuple[int, int]) -> Name | None:
    """A cell's first link, else its words up to what is told of the person; without a dash before."""
    start, end = trimmed(document.text, *cell) if cell[0] >= 0 else (0, 0)
    start = _DASH.match(document.text, start, end).end()  # type: ignore[union-attr]
    link = anchors.first(start, end)
    told = _AFTER_NAME.search(document.text, start + 1, end)
    if link is not None and link.start == start:
        end = link.end
    elif told is not None:
        end = told.start()
    letters = any(map(str.isalnum, document.text[start:end]))
    return Name(document, start, end) if letters and is_provable(document, start, end) else None


def _said(frame: Frame, row: int) -> str:
    """The words of a record, without those that are marked as another's."""
    kept, quotes = [], False
    for column in frame.columns:
        text = column.values[row].text
        if not quotes and _QUOTED not in column.standing.called:
            kept.append(text)
        quotes = text.endswith(":") and column.lengths[row] <= SHORT
    return folded(" ".join(kept))


def authors(document: Document, told: Sequence[str]) -> list[Post | None]:
    """The post of each of some sentences of the main text, given in its order; None where it is not known.

    Where the words that a page opens with stand in a record, that may be another's who repeats them: these
    have no author, unless the page itself is by that person. So may what is but little of a record.
    """
    every = posts(document)
    said = [folded(text) for text in told]
    held = [_first_that_says(every, text) for text in said]
    for each in {number for number in held if number is not None}:
        _keep_last_run(held, each)
    opening = next((each for each in held[:OPENING] if each is not None), None)
    if opening is not None and folded(every[opening].author.words) == folded(document.author):
        opening = None
    size = Counter[int | None]()
    for number, text in zip(held, said, strict=True):
        size[number] += len(text.split())
    return [
        None
        if number is None or number == opening or size[number] < OWN * len(every[number].said.split())
        else every[number]
        for number in held
    ]


def _first_that_says(every: Sequence[Post], text: str) -> int | None:
    return next((number for number, post in enumerate(every) if text and text in post.said), None)


def _keep_last_run(held: list[int | None], number: int) -> None:
    """Takes from a record what stands apart from the end of its own words: that is repeated from before."""
    last = max(place for place, each in enumerate(held) if each == number)
    first = last
    while first > 0 and number in held[max(0, first - 3) : first]:
        first -= 1
    for place in range(first):
        if held[place] == number:
            held[place] = None
