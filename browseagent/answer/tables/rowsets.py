"""Which rows a question may speak of: those that meet one condition, two at once, either, or not."""

from __future__ import annotations

from itertools import combinations

from browseagent.answer.tables.links import Links
from browseagent.answer.tables.question import Question
from browseagent.answer.tables.reading import Condition, RowSet
from browseagent.answer.tables.table import Kind, bits

MAX_SETS = 18
_MAX_NEGATED = 5


def row_sets(question: Question, links: Links) -> list[RowSet]:
    """The sets of rows worth asking of, weightiest first; the whole table last."""
    body = links.table.body
    found = [RowSet(c.rows, (c,), c.words, c.weight) for c in links.conditions]
    found += _empty(question, links)
    found += _pairs(links.conditions)
    if "not" in question.triggers or "other" in question.triggers:
        found += _negated(found, body)
    if "or" in question.triggers or "and" in question.triggers:
        found += _either(links.conditions)
    found.sort(key=lambda rows: -rows.weight)
    kept: list[RowSet] = []
    for rows in found:
        if rows.rows and not any(k.rows == rows.rows and rows.words | k.words == k.words for k in kept):
            kept.append(rows)
        if len(kept) == MAX_SETS:
            break
    return [*kept, RowSet(body, (), 0, 0.0)]


def _pairs(conditions: tuple[Condition, ...]) -> list[RowSet]:
    """Both of two conditions, said by different words; and a third where it narrows further."""
    pairs = []
    for one, two in combinations(conditions, 2):
        both = one.rows & two.rows
        if one.words & two.words or not both:
            continue
        pairs.append(RowSet(both, (one, two), one.words | two.words, one.weight + two.weight - 0.2))
    triples = []
    for pair in sorted(pairs, key=lambda p: -p.weight)[:6]:
        for third in conditions:
            both = pair.rows & third.rows
            if not third.words & pair.words and both and both != pair.rows:
                triples.append(
                    RowSet(
                        both,
                        (*pair.conditions, third),
                        pair.words | third.words,
                        pair.weight + third.weight - 0.3,
                    )
                )
    return pairs + triples


def _negated(sets: list[RowSet], body: int) -> list[RowSet]:
    """The rows that do not meet a condition, and those of them that meet another."""
    made = []
    singles = [s for s in sets if len(s.conditions) == 1][:_MAX_NEGATED]
    for one in singles:
        rest = body & ~one.rows
        if one.conditions[0].kind in ("compare", "rank", "empty"):
            continue
        made.append(RowSet(rest, one.conditions, one.words, one.weight - 0.1, negated=True))
        for two in singles:
            if two is not one and not two.words & one.words and rest & two.rows:
                made.append(
                    RowSet(rest & two.rows, (*one.conditions, *two.conditions), one.words | two.words,
                           one.weight + two.weight - 0.2, negated=True)
                )  # fmt: skip
    return made


def _either(conditions: tuple[Condition, ...]) -> list[RowSet]:
    """Either of two conditions on one column."""
    made = []
    for one, two in combinations(conditions, 2):
        alike = one.column == two.column and one.kind == two.kind and one.kind in ("cell", "date", "number")
        if alike and not one.words & two.words and not one.rows & two.rows:
            weight = one.weight + two.weight - 0.4
            made.append(RowSet(one.rows | two.rows, (one, two), one.words | two.words, weight, joined=True))
    return made


def _empty(question: Question, links: Links) -> list[RowSet]:
    """The rows with nothing, or zero, in a column that the question mentions beside a "no"."""
    if "not" not in question.triggers:
        return []
    made = []
    for index, (column, mention) in enumerate(zip(links.table.columns, links.mentions, strict=True)):
        if not mention.words:
            continue
        rows = links.table.body & ~column.filled
        if column.kind in (Kind.NUMBER, Kind.MONEY):
            rows |= sum(1 << row for row in bits(links.table.body & column.filled) if column.keys[row] == 0)
        if rows and rows != links.table.body:
            words = mention.words | question.trigger_words["not"]
            condition = Condition("empty", index, rows, words, 1.0, 1.0 + mention.share)
            made.append(RowSet(rows, (condition,), words, condition.weight))
    return made
