"""What speaks for and against a reading: named numbers, weighed by :mod:`choose`.

After the features of Pasupat & Liang (2015, "Compositional Semantic Parsing on Semi-Structured Tables"):
what is asked against what the answer is, what the question says against what the reading uses, and the
words that ask for an operation against the operation.
"""

from __future__ import annotations

import math

from browseagent.answer.tables.frame import Frame
from browseagent.answer.tables.question import Question
from browseagent.answer.tables.reading import Candidate, Denotation, Reading, RowSet
from browseagent.answer.tables.values import tokens

Features = dict[str, float]

_COUNTING = frozenset(("count", "distinct", "mode count", "same count", "run", "run of same", "difference of counts"))
_DECIDING = frozenset(("decide", "exists"))
_ENOUGH = 40
"""Rows beyond which a table is long, whatever their number."""


def shared(frame: Frame, best_match: float) -> Features:
    """What is the same for all readings of a question on one table; ``best_match`` is the match of the
    page's best table."""
    content = max(1, frame.question.content.bit_count())
    links = frame.links
    match = match_of(frame)
    rows = frame.table.body.bit_count()
    return {
        "table match": links.matched.bit_count() / content,
        "table context": (links.context & ~links.matched).bit_count() / content,
        "table behind best": best_match - match,
        "table rows": math.log(min(rows, _ENOUGH)),
        "table small": float(rows < 5),
        "table columns": min(len(frame.table.columns), 8) / 8,
        "table headless": float(not frame.table.has_header),
    }


def match_of(frame: Frame) -> float:
    """How much of the question a table takes up, in words; those above it count half."""
    links = frame.links
    return links.matched.bit_count() + 0.5 * (links.context & ~links.matched).bit_count()


def features(frame: Frame, candidate: Candidate, base: Features) -> Features:
    """The features of one reading, ``base`` (:func:`shared`) among them."""
    reading = candidate.reading
    found = dict(base)
    _operation(frame.question, reading, found)
    _rows(frame, reading.rows, found)
    if reading.operation not in _COUNTING and reading.operation not in _DECIDING:
        _target(frame, reading, found)
    if reading.by >= 0:
        _order(frame, reading, found)
    _coverage(frame, reading, found)
    _answer(frame.question, reading, candidate.denotation, found)
    return found


def _operation(question: Question, reading: Reading, found: Features) -> None:
    operation = reading.operation
    found[f"op {operation}"] = 1.0
    found[f"op {operation} / {question.form}"] = 1.0
    for trigger in question.triggers:
        found[f"op {operation} + {trigger}"] = 1.0
    if not question.orderings:
        found[f"op {operation} - superlative"] = 1.0
    for _, ordering in question.orderings[:2]:
        found[f"op {operation} + {ordering}"] = 1.0


def _rows(frame: Frame, rows: RowSet, found: Features) -> None:
    count = len(rows.conditions)
    found[f"conditions {min(count, 3)}"] = 1.0
    for condition in rows.conditions:
        kind = condition.kind
        found[f"condition {kind}"] = found.get(f"condition {kind}", 0.0) + 1
        mention = frame.links.mentions[condition.column]
        if kind == "cell":
            found["condition exact"] = found.get("condition exact", 0.0) + condition.exact / count
            found["condition words"] = found.get("condition words", 0.0) + condition.words.bit_count() / 4
            if condition.column == frame.table.key:
                found["condition on key"] = 1.0
            if mention.focus:
                found["condition on focus"] = 1.0
        else:
            found[f"condition {kind} named"] = max(found.get(f"condition {kind} named", 0.0), mention.share)
            if not mention.words & ~condition.words:
                found[f"condition {kind} unnamed"] = 1.0
    if rows.negated:
        found["negated"] = 1.0
        found["negated, other"] = float("other" in frame.question.triggers)
    elif count and "not" in frame.question.triggers:
        found["not negated"] = 1.0
    if rows.joined:
        found["joined"] = 1.0
        found["joined, or"] = float("or" in frame.question.triggers)
    if rows.rows.bit_count() == 1:
        found["one row"] = 1.0


def _target(frame: Frame, reading: Reading, found: Features) -> None:
    if reading.target < 0:
        return
    column = frame.table.columns[reading.target]
    mention = frame.links.mentions[reading.target]
    form = frame.question.form
    found[f"answer {form} > {column.kind}"] = 1.0
    found["answer named"] = mention.share
    found["answer focus"] = mention.focus
    found["answer focus elsewhere"] = max(m.focus for m in frame.links.mentions) - mention.focus
    found["answer named elsewhere"] = max(m.share for m in frame.links.mentions) - mention.share
    if reading.target == frame.table.key:
        found[f"answer key / {form}"] = 1.0
        if mention.focus == 0 and not any(m.focus for m in frame.links.mentions):
            found["answer key, nothing named"] = 1.0
    if any(condition.column == reading.target for condition in reading.rows.conditions):
        found["answer in condition"] = 1.0
        if reading.operation in ("select", "extreme", "end"):
            found[f"answer in condition / {reading.operation}"] = 1.0
    if reading.target == reading.by:
        found[f"answer is order / {form}"] = 1.0


def _order(frame: Frame, reading: Reading, found: Features) -> None:
    column = frame.table.columns[reading.by]
    mention = frame.links.mentions[reading.by]
    if reading.ordering:
        way = "greatest" if reading.greatest else "least"
        found[f"order {reading.ordering} {column.kind} {way}"] = 1.0
    family = "order" if reading.ordering else "operand"
    found[f"{family} named"] = mention.share
    found[f"{family} focus"] = mention.focus
    found[f"{family} named elsewhere"] = (
        max(frame.links.mentions[by].share for by in frame.orders) - mention.share if frame.orders else 0.0
    )
    if not mention.words:
        found[f"{family} unnamed"] = 1.0
    if len(frame.orders) == 1:
        found[f"{family} alone"] = 1.0
    if frame.orders and frame.orders[0] == reading.by:
        found[f"{family} likeliest"] = 1.0


def _coverage(frame: Frame, reading: Reading, found: Features) -> None:
    """What of the question the reading leaves unsaid."""
    question = frame.question
    used = reading.rows.words | reading.words
    for column in (reading.target, reading.by):
        if column >= 0:
            used |= frame.links.mentions[column].words
    if reading.operation in _COUNTING:
        used |= sum(1 << index for index in question.focus)
    content = max(1, question.content.bit_count())
    unsaid = question.content & ~used
    found["unsaid"] = (unsaid & ~frame.links.context).bit_count() / content
    found["unsaid words"] = min(4, unsaid.bit_count()) / 4
    found["unsaid in table"] = (unsaid & frame.links.matched).bit_count() / content
    if any(not used >> index & 1 for index, _ in question.orderings):
        found["unsaid superlative"] = 1.0
    for comparison in question.comparisons:
        if comparison.words & ~used:
            found["unsaid comparison"] = 1.0
    if any(q.words & ~used and not q.spelt for q in question.quantities):
        found["unsaid number"] = 1.0
    if any(q.words & ~used and q.ordinal for q in question.quantities):
        found["unsaid ordinal"] = 1.0
    if any(moment.words & ~used for moment in question.moments):
        found["unsaid date"] = 1.0


def _answer(question: Question, reading: Reading, denotation: Denotation, found: Features) -> None:
    number = len(denotation.texts)
    form = question.form
    if number > 1:
        found["several"] = math.log(number)
        found[f"several / {form}"] = 1.0
        plural = any(question.words[i].endswith("s") for i in question.focus[:2])
        found["several, plural" if plural else "several, singular"] = 1.0
        if "only" in question.triggers:
            found["several, only"] = 1.0
        if "and" in question.triggers or "both" in question.words:
            found["several, and"] = 1.0
    text = denotation.texts[0]
    if text == "0":
        found["answer zero"] = 1.0
    if text == "1" and denotation.computed:
        found["answer one"] = 1.0
    if not denotation.computed:
        said = tokens(text)
        known = set(question.words)
        if said and all(word in known for word in said):
            found["echo"] = 1.0
            if "or" in question.triggers:
                found["echo, or"] = 1.0
        if form in ("how many", "how much"):
            found["no number" if not any(c.isdigit() for c in text) else "number"] = 1.0
        if form == "when" and not any(c.isdigit() for c in text):
            found["no date"] = 1.0
        if form in ("who", "where") and any(c.isdigit() for c in text):
            found["digits in name"] = 1.0
        if len(text) > 60:
            found["long"] = 1.0
    if reading.operation == "count" and not reading.rows.conditions:
        found["count of all"] = 1.0
