"""The records between a question and its answer from a table: readings, and what they denote."""

from __future__ import annotations

from dataclasses import dataclass

from browseagent.answer.tables.links import Condition


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
    other: RowSet | None = None
    """The rows compared with."""
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
