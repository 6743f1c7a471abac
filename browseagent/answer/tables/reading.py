"""The records between a question and its answer from a table: readings, and what they denote."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Condition:
    """Rows that meet something the question says. ``words`` masks the words that say it."""

    kind: str
    """cell, number, date, compare or rank (a comparison of places, where above means fewer)."""
    column: int
    rows: int
    words: int
    exact: float
    """Share of the words of the best matching cell that the question has; 1 for numbers and dates."""
    weight: float
    """For choosing among conditions: how much of the question they say."""


@dataclass(frozen=True, slots=True)
class Mention:
    """How a question mentions a column."""

    words: int
    share: float
    """Share of the column's name that is in the question; words that say the same count 0.6."""
    focus: float
    """The same for the words that say what is asked for."""


@dataclass(frozen=True, slots=True)
class RowSet:
    """Rows that meet some conditions, and the question's words that say so."""

    rows: int
    conditions: tuple[Condition, ...]
    words: int
    weight: float
    negated: bool = False
    joined: bool = False
    """Either condition suffices ("in Minsk or Brest")."""


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to take a question: an operation on some rows, ordered by one column, read from another."""

    operation: str
    rows: RowSet
    target: int = -1
    by: int = -1
    ordering: str = ""
    """Class of the superlative or comparative."""
    greatest: bool = True
    words: int = 0
    """Words of the question that ask for the operation."""
    part: str = ""
    """"year": only the year of a date; "pair": the target and the column after it in the question."""


@dataclass(frozen=True, slots=True)
class Denotation:
    """What a reading gives: the answer in words, and the cells and rows that it rests on."""

    texts: tuple[str, ...]
    rows: tuple[int, ...]
    cells: tuple[tuple[int, int], ...] = ()
    """(row, column)."""
    computed: bool = False
    """Whether the words stand nowhere in the table: a count, a sum, a difference, yes or no."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A reading with what it gives."""

    reading: Reading
    denotation: Denotation
