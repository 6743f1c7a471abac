"""What a question says of a table: the columns it mentions, and conditions that some rows meet."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from browseagent.answer.lexical import STOP_WORDS
from browseagent.answer.tables import vocabulary
from browseagent.answer.tables.bounds import value_conditions
from browseagent.answer.tables.question import Question
from browseagent.answer.tables.reading import Condition, Mention
from browseagent.answer.tables.table import Column, Kind, Table, bits

MAX_CONDITIONS = 12
_BREAKS = frozenset(("or", "than", "before", "after", "between"))
_MAX_GAP = 2


@dataclass(frozen=True, slots=True)
class Links:
    """All that a question says of one table."""

    table: Table
    mentions: tuple[Mention, ...]
    conditions: tuple[Condition, ...]
    matched: int
    """Words of the question found in the table or above it."""
    context: int
    """Words found above it: in headings and caption."""


def alternatives(question: Question, index: int) -> tuple[tuple[str, ...], ...]:
    """What may stand in a cell for a word of the question, each as stems."""
    own, word = question.stems[index], question.words[index]
    found: list[tuple[str, ...]] = [(own,), *((other,) for other in vocabulary.CELLS.get(own, ()))]
    found += vocabulary.PEOPLES.get(own, ())
    if own in vocabulary.CODES:
        found.append((vocabulary.CODES[own],))
    if word in vocabulary.ORDINALS:
        number = vocabulary.ORDINALS[word]
        suffix = {1: "st", 2: "nd", 3: "rd"}.get(number, "th")
        found.append((f"{number}{suffix}",))
    return tuple(found)


def link(question: Question, table: Table) -> Links:
    """What the question says of the table."""
    mentions = tuple(_mention(question, column) for column in table.columns)
    alternates = [alternatives(question, index) for index in range(len(question.words))]
    sought = {stems[0] for options in alternates for stems in options}
    conditions: list[Condition] = []
    matched = context = 0
    for index, column in enumerate(table.columns):
        if not column.filled:
            continue
        if not sought.isdisjoint(column.words):
            conditions += [
                condition
                for condition in _cell_conditions(question, table, index, column, alternates)
                # "which party": the word names the column, although cells have it too
                if condition.exact == 1 or condition.words & ~mentions[index].words
            ]
        if column.is_ordered:
            conditions += value_conditions(question, table, index, column, mentions[index])
    for mention in mentions:
        matched |= mention.words
    for condition in conditions:
        matched |= condition.words
    for index, one in enumerate(question.stems):
        if one in table.context_stems or _cardinal(question.words[index]) in table.context_stems:
            context |= 1 << index
    conditions.sort(key=lambda condition: -condition.weight)
    return Links(
        table, mentions, tuple(_best(conditions)), matched & question.content, context & question.content
    )


def _cardinal(word: str) -> str:
    """ "seventh" and "7th" as "seven" and "7": a heading says "Round 7"."""
    number = vocabulary.ORDINALS.get(word)
    if number is not None:
        return next(name for name, n in vocabulary.NUMBERS.items() if n == number)
    return word[:-2] if word[:1].isdigit() and word[-2:] in ("st", "nd", "rd", "th") else ""


def _best(conditions: list[Condition]) -> list[Condition]:
    """The weightiest conditions, of those that pick the same rows by the same words the first."""
    kept: list[Condition] = []
    for condition in conditions:
        if any(
            c.rows == condition.rows and c.column == condition.column and condition.words & ~c.words == 0
            for c in kept
        ):
            continue
        kept.append(condition)
        if len(kept) == MAX_CONDITIONS:
            break
    return kept


def _mention(question: Question, column: Column) -> Mention:
    """How much of a column's name is in the question, and with which words."""
    words, total, focused, weights = 0, 0.0, 0.0, 0.0
    for one in column.stems:
        weight = 0.3 if one in STOP_WORDS or one.isdigit() else 1.0
        said, best, best_focus = _said(question, one)
        words |= said
        weights += weight
        total += weight * best
        focused += weight * best_focus
    if column.days and not column.days.isdisjoint(question.stems):
        named = sum(1 << index for index, one in enumerate(question.stems) if one in column.days)
        return Mention(words | named, 1.0, focused / weights)
    return Mention(words, total / weights, focused / weights) if weights else Mention(0, 0.0, 0.0)


@lru_cache(maxsize=4096)
def _said(question: Question, one: str) -> tuple[int, float, float]:
    """The words of a question that say one word of a column's name, how well the best of them does, and
    the best of those that say what is asked for."""
    words, best, best_focus = 0, 0.0, 0.0
    for index, asked in enumerate(question.stems):
        if question.words[index] in STOP_WORDS and one not in STOP_WORDS:
            continue
        if asked == one:
            worth = 1.0
        elif one in vocabulary.NAMES.get(asked, ()):
            worth = 0.6
        elif len(one) > 3 and len(asked) > 3 and (one.startswith(asked) or asked.startswith(one)):
            worth = 0.7
        else:
            continue
        words |= 1 << index
        best = max(best, worth)
        if index in question.focus:
            best_focus = max(best_focus, worth)
    return words, best, best_focus


def _cell_conditions(
    question: Question,
    table: Table,
    index: int,
    column: Column,
    alternates: list[tuple[tuple[str, ...], ...]],
) -> list[Condition]:
    """Runs of the question's words that stand together in cells of one column."""
    count = len(question.words)
    masks = [_rows_with(column, alternates[i]) & table.body for i in range(count)]
    plain = [question.words[i] in STOP_WORDS for i in range(count)]
    found: list[Condition] = []
    start = 0
    while start < count:
        if plain[start] or not masks[start]:
            start += 1
            continue
        rows, last, words = masks[start], start, 1 << start
        following = start + 1
        while following < count and following - last <= _MAX_GAP + 1:
            if question.words[following] in _BREAKS:
                break
            if plain[following]:
                if masks[following] & rows:
                    words |= 1 << following
                following += 1
                continue
            if not rows & masks[following]:
                break
            rows, last = rows & masks[following], following
            words |= 1 << following
            following += 1
        words &= (2 << last) - 1
        found += _cell_condition(question, table, index, column, rows, words)
        start = last + 1
    return found


def _rows_with(column: Column, options: tuple[tuple[str, ...], ...]) -> int:
    rows = 0
    for stems in options:
        both = -1
        for one in stems:
            both &= column.words.get(one, 0)
        rows |= both
    return rows


def _cell_condition(
    question: Question, table: Table, index: int, column: Column, rows: int, words: int
) -> list[Condition]:
    inside = [i for i in range(len(question.words)) if words >> i & 1]
    bare = all(question.stems[i] in vocabulary.OPERATORS for i in inside)
    number_only = all(question.words[i][0].isdigit() for i in inside)
    typed = column.is_ordered and column.kind is not Kind.SCORE
    if number_only and typed and (column.kind is not Kind.TIME or len(inside) < 2):
        return []
    said = [question.words[i] for i in inside]
    lengths = [(column.lengths[row], row) for row in bits(rows)]
    shortest = min(length for length, _ in lengths)
    exact = min(1.0, len(inside) / shortest) if shortest else 0.0
    if bare and exact < 1:
        return []
    content = bin(words & question.content).count("1")
    made = []
    if rows != table.body or rows & (rows - 1) == 0:
        made.append(Condition("cell", index, rows, words, exact, content + exact))
    whole = sum(1 << row for length, row in lengths if length == len(said))
    if exact == 1 and whole and whole != rows:
        made.append(Condition("cell", index, whole, words, 1.0, content + 1.1))
    return made
