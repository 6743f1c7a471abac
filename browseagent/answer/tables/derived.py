"""What columns of a listing say of each other: a label beside its values, the price among several."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from browseagent.answer.lexical import STOP_WORDS
from browseagent.answer.tables.cells import tokens
from browseagent.answer.tables.columns import SAVED, Column, Kind, is_delivery
from browseagent.answer.tables.vocabulary import root
from browseagent.answer.typed.lines import is_bare

NONE = (-1, -1)
PRICE = "price"
_PART = 0.3
"""Share of a record's greatest amount of money below which one is no price of it: a rate, a saving."""
_SHORT = 3
"""Words of a cell that is a price, or a label."""
_SAME = 0.8
"""Share of the records whose label is the same."""
_MOST = 0.5
_LINE = 40
_FEWEST_CALLED = 3


def labelled(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns, those of values called by the words of the one before where that says the same in every
    record ("Replies", "18")."""
    return tuple(
        replace(each, standing=replace(each.standing, aliases=each.standing.aliases | label))
        if each.is_ordered and (label := _label(columns[place - 1] if place else None))
        else each
        for place, each in enumerate(columns)
    )


def _label(column: Column | None) -> frozenset[str]:
    if column is None or column.kind is not Kind.TEXT or column.standing.length > _SHORT:
        return frozenset()
    least = _SAME * column.filled.bit_count()
    said = frozenset(word for word, rows in column.words.items() if rows.bit_count() >= least)
    return said - STOP_WORDS if len(said) == column.standing.length else frozenset()


def _is_saving(text: str) -> bool:
    return len(text) <= _LINE and not SAVED.isdisjoint(map(root, tokens(text)))


def price_columns(columns: Sequence[Column]) -> list[Column]:
    """The columns of money that may be what the records cost: not what is saved, nor what delivery costs."""
    return [
        column
        for column in columns
        if column.kind is Kind.MONEY
        and not column.parted
        and SAVED.isdisjoint(column.standing.aliases)
        and not is_delivery(column.values)
    ]


def price_column(columns: Sequence[Column]) -> Column | None:
    """The one that says what most records cost; one of bare amounts before one with words of its own, as
    "compared to $20", where it has half as many."""
    found = price_columns(columns)
    most = max((column.filled.bit_count() for column in found), default=0)

    def rating(column: Column) -> tuple[bool, int]:
        filled, bare = column.filled.bit_count(), sum(is_bare(value.text) for value in column.values)
        return 2 * bare > filled and 2 * filled >= most, filled

    return max(found, key=rating, default=None)


def called_apart(called: Sequence[str]) -> tuple[str, ...]:
    """What the markup calls each column, without what it calls most of them: that is what the records are
    called ("product price", "product rating")."""
    words = [each.split() for each in called]
    held = Counter(word for each in words for word in set(each))
    least = max(_FEWEST_CALLED, _MOST * sum(map(bool, words)))
    return tuple(" ".join(word for word in each if held[word] < least) for each in words)


def price_spans(columns: Sequence[Column], rows: int) -> list[tuple[int, int]]:
    """Where the price of each record stands that tells it in several columns, now and formerly, or in another
    one where it is reduced; empty where one column tells it."""
    money = [column for column in columns if column.kind is Kind.MONEY and not column.parted]
    priced = price_columns(columns)
    if not priced:
        return []
    saved = [column for column in money if column not in priced]
    others = [column for column in columns if column not in priced and column not in saved]
    found = []
    for row in range(rows):
        values = ((column.spans[row], column.values[row]) for column in columns)
        other_in = [span for span, value in values if _is_saving(value.text) or is_delivery([value])]
        told = [
            (value.number, column.spans[row])
            for column in (*priced, *others)
            if (value := column.values[row]).money
            and value.number
            and (column in priced or column.lengths[row] <= _SHORT)
            and not any(start <= column.spans[row][0] < end for start, end in other_in)
        ]
        least = _PART * max((number for number, _ in told), default=0.0)
        found.append(min((pair for pair in told if pair[0] >= least), default=(0.0, NONE))[1])
    known = {column.spans for column in (*priced, *saved)}
    filled = sum(span != NONE for span in found)
    return found if tuple(found) not in known and filled >= max(2, _MOST * rows) else []
