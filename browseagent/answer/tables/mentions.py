"""How a question mentions a column: by its name, by what else it is called, by words that mean the same."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from browseagent.answer.lexical import STOP_WORDS
from browseagent.answer.tables import vocabulary
from browseagent.answer.tables.columns import Column
from browseagent.answer.tables.question import TableQuestion


@dataclass(frozen=True, slots=True)
class Mention:
    """How a question mentions a column."""

    words: int
    share: float
    """Share of the column's name that is in the question; words that say the same count 0.6."""
    focus: float
    """The same for the words that say what is asked for."""


def mention_of(question: TableQuestion, column: Column) -> Mention:
    """How much of a column's name is in the question, and with which words."""
    words, total, focused, weights = 0, 0.0, 0.0, 0.0
    for one in column.stems:
        weight = 0.3 if one in STOP_WORDS or one.isdigit() else 1.0
        said = _said(question, one)
        words |= sum(1 << index for index in said)
        weights += weight
        total += weight * max(said.values(), default=0.0)
        focused += weight * max(
            (worth for index, worth in said.items() if index in question.focus), default=0.0
        )
    share, focus = (total / weights, focused / weights) if weights else (0.0, 0.0)
    for alias in column.standing.aliases:
        said = _said(question, alias)
        words |= sum(1 << index for index in said)
        share = max(share, *said.values(), 0.0)
        focus = max(focus, *(worth for index, worth in said.items() if index in question.focus), 0.0)
    if not column.days.isdisjoint(question.stems):
        words |= sum(1 << index for index, one in enumerate(question.stems) if one in column.days)
        share = 1.0
    return Mention(words, share, focus)


@lru_cache(maxsize=4096)
def _said(question: TableQuestion, one: str) -> dict[int, float]:
    """The words of a question that say one word of a column's name, and how well."""
    said = {}
    for index, asked in enumerate(question.stems):
        plain = question.words[index] in STOP_WORDS and one not in STOP_WORDS
        part = len(one) > 3 < len(asked) and (one.startswith(asked) or asked.startswith(one) or asked in one)
        if asked == one and not plain:
            said[index] = 1.0
        elif one in vocabulary.NAMES.get(asked, ()):
            said[index] = 0.6
        elif part and not plain:
            said[index] = 0.7
    return said
