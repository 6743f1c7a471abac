"""Features of superlatives that look at the whole page: whether another frame has a column that is more what
the superlative is of, a greater value of the same kind, or more rows."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self

from browseagent.answer.tables.columns import Column, Kind
from browseagent.answer.tables.frame import bits
from browseagent.answer.tables.links import Links, RowSet
from browseagent.answer.tables.operations import Reading
from browseagent.answer.tables.question import TableQuestion
from browseagent.answer.tables.vocabulary import COUNTED, GRADED

MOST_NOUN = 3
"""Words of what a superlative is of."""

_OF_ITSELF = frozenset((Kind.MONEY, Kind.DATE, Kind.YEAR, Kind.TIME))
"""Kinds whose values can be compared whatever the columns are called."""


@dataclass(frozen=True, slots=True)
class Order:
    """A column that rows are ordered by."""

    kind: Kind
    names: frozenset[str]
    least: float
    greatest: float


@dataclass(frozen=True, slots=True, eq=False)
class OnPage:
    """What the frames of a page can be ordered by."""

    orders: tuple[Order, ...]
    best_share: float
    """How well the question names the best of them."""
    most_rows: int
    """Rows of the longest frame that can be ordered."""
    best_noun: float
    """How much of what is asked for the best of them is said to list."""

    @classmethod
    def of(cls, linked: Sequence[Links]) -> Self:
        """What is found in frames that a superlative is asked of; nothing for other questions."""
        asked = [one for one in linked if one.question.orderings and one.orders]
        columns = [(one.frame.columns[by], one.frame.body) for one in asked for by in one.orders]
        orders = (_order(column, body) for column, body in columns)
        return cls(
            tuple(order for order in orders if order is not None),
            max((one.mentions[by].share for one in asked for by in one.orders), default=0.0),
            max((one.frame.body.bit_count() for one in asked), default=1),
            max(map(listed_noun, asked), default=0.0),
        )


def _names(column: Column) -> frozenset[str]:
    return column.standing.aliases | frozenset(column.stems)


@lru_cache(maxsize=512)
def _order(column: Column, body: int) -> Order | None:
    keys = [key for row in bits(body) if (key := column.keys[row]) is not None]
    return Order(column.kind, _names(column), min(keys), max(keys)) if keys else None


def graded(question: TableQuestion, place: int) -> str:
    """The stem of what a superlative grades: of "cheapest" itself, of "most expensive" the word after."""
    after = (i for i in range(place + 1, min(place + 4, len(question.words))) if question.content >> i & 1)
    return question.stems[next(after, place) if question.words[place] in COUNTED else place]


@lru_cache(maxsize=1024)
def noun(question: TableQuestion) -> int:
    """The words that say what is asked for: those after a question word, else those that a superlative is of
    ("cheapest *hotel room* in Porto", not "most *reviews*")."""
    mask = sum(1 << index for index in question.focus if question.content >> index & 1)
    for place, _ in question.orderings[:1]:
        grades = question.words[place + 1 : place + 2]
        start = place + 1 + (bool(grades) and grades[0] in GRADED)
        mask &= ~sum(1 << index for index in range(place, start))
        if mask or (start == place + 1 and question.words[place] in COUNTED):
            continue
        for index in range(start, min(start + MOST_NOUN, len(question.words))):
            if not question.content >> index & 1:
                break
            mask |= 1 << index
    return mask


@lru_cache(maxsize=1024)
def listed_noun(links: Links) -> float:
    """The share of what is asked for that the frame is said to list: by headings, by what its names share or
    are called, by the name of their column."""
    words, frame = noun(links.question), links.frame
    subject = frame.columns[frame.subject]
    said = frame.context | frame.heading | subject.standing.aliases | frozenset(subject.stems)
    asked = [one for index, one in enumerate(links.question.stems) if words >> index & 1]
    return sum(one in said for one in asked) / len(asked) if asked else 0.0


@lru_cache(maxsize=1024)
def _narrowed(links: Links, rows: RowSet, page: OnPage) -> dict[str, float]:
    """Of the rows that a superlative is asked of, whether they are but what the frame lists anyway."""
    here = listed_noun(links)
    found = {"noun listed": here, "noun listed elsewhere": page.best_noun - here}
    if words := rows.words & links.question.content:
        share = (words & noun(links.question)).bit_count() / words.bit_count()
        found["condition on the noun"] = share
        found["condition on the noun listed"] = share * here
        found["condition leaves"] = rows.rows.bit_count() / links.frame.body.bit_count()
    return found


def across(links: Links, reading: Reading, page: OnPage) -> dict[str, float]:
    """The features of a reading with a superlative."""
    operation, by = reading.operation, reading.by
    found = _narrowed(links, reading.rows, page)
    if by < 0:
        return found | _unordered(links, operation, page)
    column, rows = links.frame.columns[by], reading.rows.rows
    found |= _ordered(links, by, reading.words, reading.greatest, page)
    found["order filled"] = (column.filled & rows).bit_count() / rows.bit_count()
    found["order ties"] = math.log(len(reading.used))
    found["answer of the order's kind"] = float(
        reading.target not in (-1, by) and links.frame.columns[reading.target].kind is column.kind
    )
    value = column.keys[reading.used[0]]
    if value is not None and (beaten := _beaten(column, value, reading.greatest, page)) is not None:
        some = "" if not reading.rows.conditions else " of some"
        found[f"beaten{some}" if beaten else f"unbeaten{some}"] = 1.0
    return found


def _rows_behind(links: Links, page: OnPage) -> float:
    return math.log(page.most_rows / min(page.most_rows, links.frame.body.bit_count()))


@lru_cache(maxsize=1024)
def _unordered(links: Links, operation: str, page: OnPage) -> dict[str, float]:
    """Of what comes first or last: whether there is a column to order by instead."""
    share = max((links.mentions[by].share for by in links.orders), default=0.0)
    dated = any(links.frame.columns[by].kind in (Kind.DATE, Kind.YEAR) for by in links.orders)
    return {
        f"{operation} / dated": float(dated),
        f"{operation} / rows behind": _rows_behind(links, page),
        f"{operation} / order named here": share,
        f"{operation} / order named elsewhere": page.best_share - share,
    }


@lru_cache(maxsize=1024)
def _ordered(links: Links, by: int, words: int, greatest: bool, page: OnPage) -> dict[str, float]:
    """Of the greatest or least of a column: whether that is what the superlative, one of the words, is of."""
    column, way = links.frame.columns[by], "greatest" if greatest else "least"
    of = graded(links.question, words.bit_length() - 1)
    told = [f"{column.kind} {way}", *_names(column)]
    told += [] if column.unit is None else [f"unit of {column.unit.dimension}"]
    return {f"graded {of} > {each}": 1.0 for each in told} | {
        "order rows behind": _rows_behind(links, page),
        "order named on page": page.best_share - links.mentions[by].share,
    }


def _beaten(column: Column, value: float, greatest: bool, page: OnPage) -> bool | None:
    """Whether another column of the page that tells the same has a value beyond; None if there is none."""
    names = _names(column)
    alike = [
        order
        for order in page.orders
        if order.kind is column.kind and (column.kind in _OF_ITSELF or names & order.names)
    ]
    if len(alike) < 2:
        return None
    return any(order.greatest > value if greatest else order.least < value for order in alike)
