"""Which short lines of a page are about one thing: those that its markup sets together."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache

from browseagent.answer.contents import LISTS
from browseagent.answer.lexical import folded
from browseagent.answer.outline import COLONS
from browseagent.answer.passages import Unit
from browseagent.answer.values import has_amount
from browseagent.read.structured import MARK
from browseagent.records import Block, BlockKind, Document

OF_A_CARD, LABEL_WORDS = 6, 4
"""Units under a heading up to which it names one thing, of which they all tell; words of a label at most."""


class Bonds:
    """Which of a document's units may be told as one, after those that are."""

    def __init__(self, document: Document, under: Sequence[int], linked: Sequence[bool]) -> None:
        """``under``: how many units stand under each unit's nearest heading, 0 without one; ``linked``:
        whether each is a link of its own."""
        self._is_list = document.kind in LISTS
        self._under, self._linked = under, linked
        self._rows, self._firsts, self._pairs = _rows(document)

    def join(self, every: Sequence[Unit], run: Sequence[int], number: int) -> bool:
        """Whether a unit is about what a run of units tells of: in one block or list with the last of them,
        introduced by it, in one record, under the heading of one thing, or the first line without a link
        after the name of a thing that is one."""
        last, unit = every[run[-1]], every[number]
        if last.text.endswith(MARK) != unit.text.endswith(MARK):
            return False
        if last.block == unit.block or last.text.endswith(COLONS):
            return True
        if last.block.kind is unit.block.kind is BlockKind.ITEM and last.group == unit.group:
            return not self._linked[number]
        if self._in_one_record(last.text, unit.text):
            return True
        if not self._is_list and _are_facts(every, run, unit):
            return True
        if self._linked[number]:
            return False
        is_card = 0 < self._under[number] <= OF_A_CARD and sum(self._linked[each] for each in run) < 2
        return is_card or (self._is_list and self._linked[run[0]] and len(run) < OF_A_CARD)

    def is_whole(self, every: Sequence[Unit], run: Sequence[int]) -> bool:
        """Whether lines of a record are told with what that begins with, which names what they tell of."""
        said = [folded(every[number].text) for number in run]
        held = set.intersection(*(self._rows.get(line, set()) for line in said))
        return self._is_list or not held or any(self._firsts[row] in said for row in held)

    def _in_one_record(self, one: str, other: str) -> bool:
        """Whether two lines stand in one record, or in two that are but a label and its value each."""
        some, others = self._rows.get(folded(one)), self._rows.get(folded(other))
        if not some or not others:
            return False
        tables = {table for table, _ in some} & {table for table, _ in others}
        return bool(some & others) or (not self._is_list and not self._pairs.isdisjoint(tables))


def _are_facts(every: Sequence[Unit], run: Sequence[int], unit: Unit) -> bool:
    """Whether a line is a fact with a label that none before has, and follows such, or a name."""
    labels = [_label(every[number].text) for number in run]
    own, same = _label(unit.text), every[run[-1]].section == unit.section
    return same and bool(own) and own not in labels and all(labels[1:])


def _label(text: str) -> str:
    """What a line says before its colon; empty where that is no label."""
    label, colon, value = text.partition(":")
    named = label.replace(" ", "").isalpha() and len(label.split()) <= LABEL_WORDS
    return label.strip() if colon and value.strip() and named else ""


_Rows = dict[str, set[tuple[int, int]]]


@lru_cache(maxsize=2)
def _rows(document: Document) -> tuple[_Rows, dict[tuple[int, int], str], frozenset[int]]:
    """The records in which each line stands, by the number of their table and their own; the first line with
    letters of each; and the tables whose records are labels with their values."""
    firsts: dict[tuple[int, int], str] = {}
    found: _Rows = defaultdict(set)
    others: set[int] = set()
    rest = document.rest
    rows = [block for block in rest.blocks if block.kind is BlockKind.ROW] if rest is not None else []
    for number, row in enumerate(rows):
        lines = [line for line in _lines(rest, row) if line]  # type: ignore[arg-type]
        firsts[row.table, number] = next((line for line in lines if any(map(str.isalpha, line))), "")
        for line in lines:
            found[line].add((row.table, number))
        if len(lines) != 2 or any(map(has_amount, lines)):
            others.add(row.table)
    return found, firsts, frozenset(row.table for row in rows if row.table not in others)


def _lines(document: Document, row: Block) -> Iterator[str]:
    for cell in row.cells:
        for line in document.text[cell.start : cell.end].replace(" · ", "\n").split("\n"):
            yield folded(line)
