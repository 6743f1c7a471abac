"""Tables as questions are asked of them: columns with a type, rows as places in the document.

Sets of rows are kept as bit masks (bit ``i`` is row ``i``), so that conditions combine at no cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from browseagent.answer.tables.grid import Grid, grids, turned
from browseagent.answer.tables.values import Value, sort_key, tokens, value_of
from browseagent.answer.tables.vocabulary import root
from browseagent.answer.tables.weekdays import days_of
from browseagent.records import Document

_MAX_ROWS = 5000
_RANK_NAMES = frozenset("pos posit place rank no # finish seed order".split())  # noqa: SIM905
_PERIOD_NAMES = frozenset("year season date".split())  # noqa: SIM905
_TOTALS = frozenset(
    "total totals overall sum subtotal average averages mean career source notes note legend".split()  # noqa: SIM905
)


class Kind(StrEnum):
    """What the cells of a column mostly hold."""

    NUMBER = "number"
    MONEY = "money"
    RANK = "rank"
    """Places: first is 1."""
    DATE = "date"
    YEAR = "year"
    TIME = "time"
    """Lengths of time, or times of day."""
    SCORE = "score"
    TEXT = "text"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """One column: its name, the typed value of every row, and an index of its words."""

    name: str
    stems: tuple[str, ...]
    """Stemmed words of the name."""
    kind: Kind
    values: tuple[Value, ...]
    spans: tuple[tuple[int, int], ...]
    """Where each cell stands in the document's text; (-1, -1) where the row has none."""
    keys: tuple[float | None, ...]
    """What the rows are ordered by in this column; None where a cell has nothing of its kind."""
    words: Mapping[str, int]
    """Stem → rows whose cell has it."""
    lengths: tuple[int, ...]
    """Words in each cell."""
    filled: int
    """Rows whose cell is not empty."""
    distinct: int
    """Different texts."""
    days: frozenset[str]
    """Stems of the days of the week that its name stands for."""

    @property
    def is_ordered(self) -> bool:
        """Whether least and greatest mean something here."""
        return self.kind not in (Kind.TEXT, Kind.EMPTY)


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """One table of a document."""

    number: int
    context: tuple[str, ...]
    """What stands above it: headings from the outermost, the paragraph or title before it."""
    columns: tuple[Column, ...]
    rows: tuple[tuple[int, int], ...]
    """Where each row stands in the document's text, white space at its ends left out."""
    body: int
    """The rows that are records: not totals, not titles within the table."""
    totals: int
    key: int
    """The column that names the rows."""
    context_stems: frozenset[str]
    has_header: bool
    lines: tuple[tuple[int, int], ...] = ()
    """Of a table whose columns are the records: the row of the document that each column was."""


class _Same:
    """A document as a cache key: equal where text and blocks are, at no cost where they are the same."""

    __slots__ = ("document",)

    def __init__(self, document: Document) -> None:
        self.document = document

    def __hash__(self) -> int:
        return hash(self.document.text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and (
            other.document is self.document
            or (other.document.text == self.document.text and other.document.blocks == self.document.blocks)
        )


def tables_of(document: Document) -> tuple[Table, ...]:
    """The tables of a document that hold at least two rows of data; parsed once."""
    return _tables(_Same(document))


@lru_cache(maxsize=8)
def _tables(same: _Same) -> tuple[Table, ...]:
    text = same.document.text
    found = [side for grid in grids(same.document) for side in (grid, turned(grid, text)) if side is not None]
    made = (_table(grid, text) for grid in found)
    return tuple(table for table in made if table is not None)


def _table(grid: Grid, text: str) -> Table | None:
    rows = grid.rows[:_MAX_ROWS]
    if len(rows) < 2:
        return None
    columns = tuple(
        _column(name, [row.cells[index] for row in rows], text) for index, name in enumerate(grid.headers)
    )
    if not any(column.filled for column in columns):
        return None
    body = totals = 0
    for number in range(len(rows)):
        texts = [column.values[number].text for column in columns if column.values[number].text]
        first = tokens(texts[0]) if texts else ()
        if len(rows) > 2 and first and first[0] in _TOTALS and len(first) < 4:
            totals |= 1 << number
        else:
            body |= 1 << number
    return Table(
        grid.number,
        grid.context,
        columns,
        tuple((row.start, row.end) for row in rows),
        body or totals,
        totals if body else 0,
        _key_column(columns, len(rows)),
        frozenset(root(token) for line in grid.context for token in tokens(line)),
        grid.has_header,
        grid.lines,
    )


def _column(name: str, spans: list[tuple[int, int]], text: str) -> Column:
    values = tuple(value_of(text[start:end]) if end > start >= 0 else _NOTHING for start, end in spans)
    stems = tuple(root(token) for token in tokens(value_of(name).text)) or (("#",) if "#" in name else ())
    if not stems and "%" in name:
        stems = ("percent",)
    kind = _kind(stems, values)
    words: dict[str, int] = {}
    lengths = []
    filled = 0
    for number, value in enumerate(values):
        found = tokens(value.text)
        lengths.append(len(found))
        bit = 1 << number
        if _is_filled(value.text):
            filled |= bit
        for token in found:
            word = root(token)
            words[word] = words.get(word, 0) | bit
        for day in days_of(value.text):
            words[day] = words.get(day, 0) | bit
    return Column(
        name,
        stems,
        kind,
        values,
        tuple(spans),
        tuple(_key(value, kind) for value in values),
        words,
        tuple(lengths),
        filled,
        len({value.text.lower() for value in values if value.text}),
        days_of(name),
    )


_NOTHING = Value("")


def _is_filled(text: str) -> bool:
    return any(character.isalnum() for character in text) and text.lower() not in (
        "n/a",
        "none",
        "tba",
        "tbd",
    )


def _kind(stems: tuple[str, ...], values: tuple[Value, ...]) -> Kind:
    """By what most of the filled cells hold, and by the name where that leaves a choice."""
    filled = [value for value in values if _is_filled(value.text)]
    if not filled:
        return Kind.EMPTY
    most = 0.6 * len(filled)
    name = set(stems)
    if sum(_is_year(value) for value in filled) >= most and not name & {"no", "rank"}:
        return Kind.YEAR
    if sum(value.date is not None and value.date[1] > 0 for value in filled) >= most:
        return Kind.DATE
    if sum(value.date is not None for value in filled) >= most and name & _PERIOD_NAMES:
        return Kind.YEAR
    if sum(value.seconds is not None for value in filled) >= most:
        return Kind.TIME
    if sum(value.score is not None for value in filled) >= most:
        return Kind.SCORE
    numbers = [value for value in filled if value.number is not None and (value.leads or value.money)]
    if len(numbers) < most:
        return Kind.TEXT
    if name & _RANK_NAMES or sum(value.ordinal for value in numbers) * 2 > len(numbers):
        return Kind.RANK
    return Kind.MONEY if sum(value.money for value in numbers) * 2 > len(numbers) else Kind.NUMBER


def _is_year(value: Value) -> bool:
    return value.date is not None and value.date[0] > 0 and value.date[1] == 0 and len(value.text) <= 11


def _key(value: Value, kind: Kind) -> float | None:
    if kind in (Kind.DATE, Kind.YEAR):
        return sort_key(value.date) if value.date else None
    if kind is Kind.TIME:
        return value.seconds
    if kind is Kind.SCORE:
        return value.score[0] + value.score[1] if value.score else None
    if kind in (Kind.TEXT, Kind.EMPTY):
        return None
    return value.number


def _key_column(columns: tuple[Column, ...], rows: int) -> int:
    """The leftmost column of texts that are mostly different; else the most varied column."""
    best, score = 0, -1.0
    for index, column in enumerate(columns):
        variety = column.distinct / rows
        rating = variety - 0.05 * index + (0.5 if column.kind is Kind.TEXT else 0.0)
        if column.filled and rating > score:
            best, score = index, rating
    return best


@lru_cache(maxsize=512)
def bits(mask: int) -> tuple[int, ...]:
    """The rows of a set, in order; kept, because a question asks many things of the same rows."""
    return tuple(row for row, bit in enumerate(reversed(f"{mask:b}")) if bit == "1")
