"""A question held against one table: the rows, columns and orders that its readings are made of."""

from __future__ import annotations

from dataclasses import dataclass

from browseagent.answer.tables.links import Links
from browseagent.answer.tables.question import Question
from browseagent.answer.tables.reading import RowSet
from browseagent.answer.tables.rowsets import row_sets
from browseagent.answer.tables.table import Column, Kind, Table

MAX_TARGETS = 7
_MAX_ORDERS = 5

FORM_KINDS: dict[str, frozenset[Kind]] = {
    "how many": frozenset((Kind.NUMBER, Kind.MONEY, Kind.RANK)),
    "how much": frozenset((Kind.NUMBER, Kind.MONEY, Kind.TIME)),
    "how long": frozenset((Kind.TIME,)),
    "when": frozenset((Kind.DATE, Kind.YEAR, Kind.TIME)),
    "who": frozenset((Kind.TEXT,)),
    "where": frozenset((Kind.TEXT,)),
}
"""The kinds of column that answer each form of question."""


@dataclass(frozen=True, slots=True)
class Frame:
    """All that readings of one question on one table are made from."""

    question: Question
    links: Links
    sets: tuple[RowSet, ...]
    """Weightiest first; the last is the whole table."""
    targets: tuple[int, ...]
    """Columns that may hold the answer, likeliest first."""
    orders: tuple[int, ...]
    """Columns that rows may be ordered or added up by, likeliest first."""

    @property
    def table(self) -> Table:
        """The table."""
        return self.links.table

    @property
    def everything(self) -> RowSet:
        """All records."""
        return self.sets[-1]

    def words(self, *triggers: str) -> int:
        """The words of the question behind some triggers."""
        mask = 0
        for trigger in triggers:
            mask |= self.question.trigger_words.get(trigger, 0)
        return mask


def frame(question: Question, links: Links) -> Frame:
    """The question held against the table."""
    wanted = FORM_KINDS.get(question.form, frozenset())

    def likely(index: int) -> tuple[float, int]:
        mention, column = links.mentions[index], links.table.columns[index]
        rating = mention.share + 2 * mention.focus + 0.5 * (column.kind in wanted)
        return -(rating + 0.6 * (index == links.table.key)), index

    filled = [i for i, column in enumerate(links.table.columns) if column.filled]
    targets = sorted(filled, key=likely)[:MAX_TARGETS]
    if links.table.key not in targets:
        targets[-1] = links.table.key
    ordered = [i for i in filled if links.table.columns[i].is_ordered]
    orders = sorted(ordered, key=lambda i: (-links.mentions[i].share - links.mentions[i].focus, i))
    return Frame(
        question, links, tuple(row_sets(question, links)), tuple(targets), tuple(orders[:_MAX_ORDERS])
    )


def directions(ordering: str, column: Column) -> tuple[bool, ...]:
    """Whether a superlative asks for the greatest (True) or least (False) of a column; both where it
    may be either: the "highest" rank is 1. Empty where it makes no sense."""
    kind = column.kind
    if ordering in ("most", "least"):
        most = ordering == "most"
        return (False, True) if kind is Kind.RANK else (most,)
    if ordering in ("best", "worst"):
        best = ordering == "best"
        return (best != (kind in (Kind.RANK, Kind.TIME)),)
    if ordering in ("fast", "slow"):
        fast = ordering == "fast"
        if kind in (Kind.DATE, Kind.YEAR):
            return ()
        if kind is Kind.NUMBER:  # seconds, or miles an hour
            return (not fast, fast)
        return (fast != (kind in (Kind.TIME, Kind.RANK)),)
    if kind in (Kind.DATE, Kind.YEAR, Kind.TIME, Kind.RANK):
        return (ordering == "late",)
    return (ordering == "early",) if ordering == "early" and kind is Kind.NUMBER else ()
