"""Rows × columns as questions are asked of them: columns with a type and words, one the rows' subject.

A frame is made of a :class:`Grid`, whatever that was made of: a table, or records that a page lists.
Sets of rows are kept as bit masks (bit ``i`` is row ``i``), so that conditions combine at no cost.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from browseagent.answer.tables.cells import Value, sort_key, tokens, value_of
from browseagent.answer.tables.grid import Grid, grids, turned
from browseagent.answer.tables.vocabulary import root
from browseagent.records import Document

_MAX_ROWS = 5000
_RANK_NAMES = frozenset(("pos", "posit", "place", "rank", "no", "#", "finish", "seed", "order"))
_PERIOD_NAMES = frozenset(("year", "season", "date"))
_TOTALS = frozenset(("total", "totals", "overall", "sum", "subtotal", "average", "averages", "mean", "career",
                     "source", "notes", "note", "legend"))  # fmt: skip
_EMPTY = frozenset(("n/a", "none", "tba", "tbd"))


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
class Frame:
    """Rows × columns of one document."""

    number: int
    """Of the table within the document."""
    columns: tuple[Column, ...]
    rows: tuple[tuple[int, int], ...]
    """Where each row stands in the document's text, white space at its ends left out."""
    body: int
    """The rows that are records: not totals."""
    totals: int
    subject: int
    """The column that names the rows."""
    context: frozenset[str]
    """Stems of what stands above: headings from the outermost, the paragraph or title before."""
    has_header: bool
    lines: tuple[tuple[int, int], ...] = ()
    """Where the columns are the records: the row of the document that each column was."""


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


def frames_of(document: Document) -> tuple[Frame, ...]:
    """The tables of a document that hold at least two rows of data; parsed once."""
    return _frames(_Same(document))


@lru_cache(maxsize=8)
def _frames(same: _Same) -> tuple[Frame, ...]:
    document = same.document
    found = [side for grid in grids(document) for side in (grid, turned(grid, document.text)) if side]
    made = (frame_of(grid, document.text, document.language or "en") for grid in found)
    return tuple(frame for frame in made if frame is not None)


def frame_of(grid: Grid, text: str, language: str = "en") -> Frame | None:
    """The rows of a grid whose cells are spans of a text, typed; None where there is nothing to ask of."""
    rows = grid.rows[:_MAX_ROWS]
    columns = tuple(
        _column(name, [row.cells[index] for row in rows], text, language)
        for index, name in enumerate(grid.headers)
    )
    if len(rows) < 2 or not any(column.filled for column in columns):
        return None
    totals = sum(1 << number for number in range(len(rows)) if len(rows) > 2 and _is_total(columns, number))
    body = (1 << len(rows)) - 1 & ~totals
    return Frame(
        grid.number,
        columns,
        tuple((row.start, row.end) for row in rows),
        body or totals,
        totals if body else 0,
        _subject(columns, len(rows)),
        frozenset(root(token) for line in grid.context for token in tokens(line)),
        grid.has_header,
        grid.lines,
    )


def _is_total(columns: tuple[Column, ...], number: int) -> bool:
    first = next((column.values[number].text for column in columns if column.values[number].text), "")
    said = tokens(first)
    return 0 < len(said) < 4 and said[0] in _TOTALS


def _column(name: str, spans: list[tuple[int, int]], text: str, language: str) -> Column:
    values = tuple(value_of(text[a:b], language) if b > a >= 0 else Value("") for a, b in spans)
    stems = tuple(root(token) for token in tokens(value_of(name).text)) or (("#",) if "#" in name else ())
    kind = _kind(frozenset(stems), [value for value in values if _is_filled(value.text)])
    words: dict[str, int] = {}
    for number, value in enumerate(values):
        for word in (*map(root, tokens(value.text)), *days_of(value.text)):
            words[word] = words.get(word, 0) | 1 << number
    return Column(
        name,
        stems,
        kind,
        values,
        tuple(spans),
        tuple(_key(value, kind) for value in values),
        words,
        tuple(len(tokens(value.text)) for value in values),
        sum(1 << number for number, value in enumerate(values) if _is_filled(value.text)),
        len({value.text.lower() for value in values if value.text}),
        days_of(name),
    )


def _is_filled(text: str) -> bool:
    return any(character.isalnum() for character in text) and text.lower() not in _EMPTY


def _kind(name: frozenset[str], filled: list[Value]) -> Kind:
    """By what most of the filled cells hold, and by the name where that leaves a choice."""
    if not filled:
        return Kind.EMPTY
    most = 0.6 * len(filled)
    years = sum(
        value.date is not None and value.date[0] > 0 == value.date[1] and len(value.text) <= 11
        for value in filled
    )
    if years >= most and not name & {"no", "rank"}:
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


def _key(value: Value, kind: Kind) -> float | None:
    if kind in (Kind.DATE, Kind.YEAR):
        return sort_key(value.date) if value.date else None
    if kind is Kind.TIME:
        return value.seconds
    if kind is Kind.SCORE:
        return sum(value.score) if value.score else None
    return None if kind in (Kind.TEXT, Kind.EMPTY) else value.number


def _subject(columns: tuple[Column, ...], rows: int) -> int:
    """The leftmost column of texts that are mostly different; else the most varied column."""

    def rating(index: int) -> float:
        column = columns[index]
        return column.distinct / rows - 0.05 * index + 0.5 * (column.kind is Kind.TEXT)

    return max((i for i in range(len(columns)) if columns[i].filled), key=rating)


@lru_cache(maxsize=512)
def bits(mask: int) -> tuple[int, ...]:
    """The rows of a set, in order; kept, because a question asks many things of the same rows."""
    return tuple(row for row, bit in enumerate(reversed(f"{mask:b}")) if bit == "1")


_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = r"(mon|tue|wed|thu|fri|sat|sun)(?:[a-z]*day)?s?\b\.?"
_RANGE = re.compile(rf"\b{_DAY}\s?(?:to|until|through|-|–|—)\s?{_DAY}", re.I)
_SPANS = {"weekend": (5, 6), "weekday": (0, 4), "working day": (0, 4), "every day": (0, 6), "daily": (0, 6)}
_NAMES = tuple(
    root(name) for name in ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)


def days_of(text: str) -> frozenset[str]:
    """The stems of the days that a text spans: "Monday to Friday" is Tuesday's too; empty for most texts."""
    if len(text) > 60:
        return frozenset()
    plain = text.lower()
    found: set[int] = set()
    spans = [span for word, span in _SPANS.items() if word in plain]
    for first, last in [*spans, *((_DAYS.index(a), _DAYS.index(b)) for a, b in _RANGE.findall(plain))]:
        found.update(day % 7 for day in range(first, last + 1 if last >= first else last + 8))
    return frozenset(_NAMES[day] for day in found)
